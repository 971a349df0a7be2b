"""KeraTorch: deep learning on NumPy alone, read like a textbook, trained for real.

    import keratorch as keras

The heart is in `keratorch.core`: `GradArray`, an array that remembers the operation
that made it, and `Grad`, the derivative of one operation.  The rooms of the Keras side
are loaded when they are first named, so that importing KeraTorch costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from keratorch import compat, config, grads
from keratorch.core import Grad, GradArray
from keratorch.errors import suggest
from keratorch.modes import detect_anomaly, enable_grad, no_grad
from keratorch.naming import name_scope
from keratorch.transforms import (
    checkpoint,
    elementwise_grad,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
)
from keratorch.variable import Variable

remat = checkpoint  # Keras's name

if TYPE_CHECKING:
    from keratorch import (
        activations,
        applications,
        backend,
        callbacks,
        constraints,
        datasets,
        distillation,
        distribution,
        dtype_policies,
        export,
        initializers,
        inspect,
        layers,
        losses,
        metrics,
        mixed_precision,
        models,
        ops,
        optimizers,
        preprocessing,
        quantizers,
        random,
        regularizers,
        saving,
        testing,
        transforms,
        tree,
        utils,
        visualization,
        wrappers,
    )
    from keratorch.dtype_policies import DTypePolicy, FloatDTypePolicy
    from keratorch.initializers import Initializer
    from keratorch.layers import Input, InputSpec, Layer
    from keratorch.layers.rematerialization import RematScope
    from keratorch.losses import Loss
    from keratorch.metrics import Metric
    from keratorch.models import Model, Sequential
    from keratorch.models.function import Function
    from keratorch.operation import Operation
    from keratorch.optimizers import Optimizer
    from keratorch.quantizers import Quantizer
    from keratorch.regularizers import Regularizer
    from keratorch.stateless_scope import StatelessScope, SymbolicScope
    from keratorch.symbolic import KerasTensor

__version__ = "0.1.0"

_ROOMS = (
    "activations",
    "applications",
    "backend",
    "callbacks",
    "constraints",
    "datasets",
    "distillation",
    "distribution",
    "dtype_policies",
    "export",
    "initializers",
    "inspect",
    "layers",
    "losses",
    "metrics",
    "mixed_precision",
    "models",
    "ops",
    "optimizers",
    "preprocessing",
    "quantizers",
    "random",
    "regularizers",
    "saving",
    "testing",
    "tree",
    "utils",
    "visualization",
    "wrappers",
)
_ROOM_OF = {
    "DTypePolicy": "dtype_policies",
    "FloatDTypePolicy": "dtype_policies",
    "Function": "models.function",
    "Initializer": "initializers",
    "Input": "layers",
    "InputSpec": "layers",
    "KerasTensor": "symbolic",
    "Layer": "layers",
    "Loss": "losses",
    "Metric": "metrics",
    "Model": "models",
    "Operation": "operation",
    "Optimizer": "optimizers",
    "Quantizer": "quantizers",
    "Regularizer": "regularizers",
    "RematScope": "layers.rematerialization",
    "Sequential": "models",
    "StatelessScope": "stateless_scope",
    "SymbolicScope": "stateless_scope",
}

__all__ = [
    "DTypePolicy",
    "FloatDTypePolicy",
    "Function",
    "InputSpec",
    "dtype_policies",
    "mixed_precision",
    "name_scope",
    "remat",
    "tree",
    "Grad",
    "GradArray",
    "Initializer",
    "Input",
    "KerasTensor",
    "Layer",
    "Loss",
    "Metric",
    "Model",
    "Operation",
    "Optimizer",
    "Quantizer",
    "Regularizer",
    "RematScope",
    "Sequential",
    "StatelessScope",
    "SymbolicScope",
    "Variable",
    "activations",
    "applications",
    "backend",
    "callbacks",
    "checkpoint",
    "config",
    "constraints",
    "datasets",
    "distillation",
    "distribution",
    "export",
    "detect_anomaly",
    "elementwise_grad",
    "enable_grad",
    "grad",
    "gradients",
    "grads",
    "hessian",
    "hvp",
    "initializers",
    "inspect",
    "jacobian",
    "jvp",
    "layers",
    "losses",
    "metrics",
    "models",
    "no_grad",
    "ops",
    "optimizers",
    "preprocessing",
    "quantizers",
    "random",
    "regularizers",
    "saving",
    "testing",
    "transforms",
    "utils",
    "value_and_grad",
    "visualization",
    "vjp",
    "wrappers",
]


def __getattr__(name: str) -> Any:
    """Load a room, or a name out of one, when it is first asked for."""
    if name in _ROOMS:
        return importlib.import_module(f"keratorch.{name}")
    if name in _ROOM_OF:
        room = importlib.import_module(f"keratorch.{_ROOM_OF[name]}")
        return getattr(room, name)
    if name.startswith("__"):
        raise AttributeError(name)
    raise AttributeError(f"keratorch has no {name!r}. {suggest(name, __all__)}")


def __dir__() -> list[str]:
    return sorted({*__all__, "__version__"})


def version() -> str:
    """Return the version of KeraTorch."""
    return __version__


# Older spellings of Keras's names are answered from the first room on.
compat.watch()
