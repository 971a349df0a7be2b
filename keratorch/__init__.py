"""KeraTorch: deep learning on NumPy alone, read like a textbook, trained for real.

    import keratorch as keras

The heart is in `keratorch.core`: `GradArray`, an array that remembers the operation
that made it, and `Grad`, the derivative of one operation.
"""

from keratorch import (
    activations,
    callbacks,
    config,
    constraints,
    datasets,
    grads,
    initializers,
    layers,
    losses,
    metrics,
    models,
    ops,
    optimizers,
    random,
    regularizers,
    utils,
)
from keratorch.core import Grad, GradArray, gradients
from keratorch.initializers import Initializer
from keratorch.layers import Input, Layer
from keratorch.losses import Loss
from keratorch.metrics import Metric
from keratorch.models import Model, Sequential
from keratorch.modes import detect_anomaly, enable_grad, no_grad
from keratorch.optimizers import Optimizer
from keratorch.regularizers import Regularizer
from keratorch.variable import Variable

__version__ = "0.1.0"

__all__ = [
    "Grad",
    "GradArray",
    "Initializer",
    "Input",
    "Layer",
    "Loss",
    "Metric",
    "Model",
    "Optimizer",
    "Regularizer",
    "Sequential",
    "Variable",
    "activations",
    "callbacks",
    "config",
    "constraints",
    "datasets",
    "detect_anomaly",
    "enable_grad",
    "gradients",
    "grads",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "no_grad",
    "ops",
    "optimizers",
    "random",
    "regularizers",
    "utils",
]
