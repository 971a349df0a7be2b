"""Models: layers put together and trained."""

from keratorch.models.model import Model
from keratorch.models.sequential import Sequential

__all__ = ["Model", "Sequential"]
