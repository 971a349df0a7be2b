"""Rules that change weights by their gradients: `get` finds one by its name.

    model.compile(optimizer="adam")
    model.compile(optimizer=Adam(learning_rate=0.01, clipnorm=1.0))

or, in PyTorch's style,

    optimizer = Adam(model.parameters(), lr=0.01)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

Each is a formula for one weight (see `SGD.update`); `Optimizer` does the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keratorch import lazy
from keratorch.optimizers.serialization import OPTIMIZERS, deserialize, get, serialize

if TYPE_CHECKING:
    from keratorch.optimizers import schedules
    from keratorch.optimizers.adadelta import Adadelta
    from keratorch.optimizers.adafactor import Adafactor
    from keratorch.optimizers.adagrad import Adagrad
    from keratorch.optimizers.adam import Adam
    from keratorch.optimizers.adamax import Adamax
    from keratorch.optimizers.adamw import AdamW
    from keratorch.optimizers.ftrl import Ftrl
    from keratorch.optimizers.lamb import Lamb
    from keratorch.optimizers.lion import Lion
    from keratorch.optimizers.loss_scale_optimizer import LossScaleOptimizer
    from keratorch.optimizers.multi_optimizer import MultiOptimizer, OptimizerMap
    from keratorch.optimizers.muon import Muon
    from keratorch.optimizers.nadam import Nadam
    from keratorch.optimizers.optimizer import Optimizer
    from keratorch.optimizers.rmsprop import RMSprop
    from keratorch.optimizers.schedule_free_adamw import ScheduleFreeAdamW
    from keratorch.optimizers.sgd import SGD

_FILES = {
    "schedules": "",
    "adadelta": "Adadelta",
    "adafactor": "Adafactor",
    "adagrad": "Adagrad",
    "adam": "Adam",
    "adamax": "Adamax",
    "adamw": "AdamW",
    "ftrl": "Ftrl",
    "lamb": "Lamb",
    "lion": "Lion",
    "loss_scale_optimizer": "LossScaleOptimizer",
    "multi_optimizer": "MultiOptimizer OptimizerMap",
    "muon": "Muon",
    "nadam": "Nadam",
    "optimizer": "Optimizer",
    "rmsprop": "RMSprop",
    "schedule_free_adamw": "ScheduleFreeAdamW",
    "sgd": "SGD",
}
__getattr__, __dir__ = lazy.contents(__name__, _FILES)

__all__ = [
    "OPTIMIZERS",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lamb",
    "Lion",
    "LossScaleOptimizer",
    "MultiOptimizer",
    "Muon",
    "Nadam",
    "Optimizer",
    "OptimizerMap",
    "RMSprop",
    "SGD",
    "ScheduleFreeAdamW",
    "deserialize",
    "get",
    "schedules",
    "serialize",
]
