"""Training: data adapters, checks at the door, the loops of `fit`."""

from keratorch.training.trainer import Trainer

__all__ = ["Trainer"]
