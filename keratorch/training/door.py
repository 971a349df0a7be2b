"""The door of `fit`: data, model and loss are checked against each other, once."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from keratorch import activations
from keratorch.modes import no_grad
from keratorch.training import checks
from keratorch.training.data import ArrayBatches


def check_ready(
    model: Any, data: Any, method: str, role: str = "", check_finite: bool = True
) -> None:
    """Raise unless the model is compiled, and the data fit it and its loss."""
    if not model.compiled:
        raise ValueError(
            f"{method} needs a compiled model. Call model.compile(optimizer=..., "
            "loss=...) first."
        )
    check_inputs(model, data, role)
    if not isinstance(data, ArrayBatches):
        return
    x, y, _ = data.arrays
    checks.not_empty(x, role)
    if check_finite:
        checks.finite(x, f"{role}x")
        checks.finite(y, f"{role}y")
    if not model._checks_loss:
        return
    if y is None:
        raise ValueError(
            f"{role}y is missing: the loss compares it with the outputs. Pass "
            f"model.{method[:-2]}(x, y)."
        )
    check_targets(model, x, y, role)


def check_inputs(model: Any, data: Any, role: str = "") -> None:
    """Raise unless the inputs have the shape that the model was built for."""
    if isinstance(data, ArrayBatches):
        x, y, _ = data.arrays
        if not model.built and len(x):
            model.build_for((min(len(x), data.batch_size), *x.shape[1:]))
        shape = getattr(model, "input_shape", None) if model.built else None
        name = f"{type(model).__name__} '{model.name}'"
        checks.input_shape(shape, x, y, name, role)


def check_targets(model: Any, x: np.ndarray, y: np.ndarray, role: str = "") -> None:
    """Raise unless targets fit the loss and the outputs, by the first samples."""
    with no_grad():
        outputs = model(x[: min(len(x), 2)], training=False).numpy()
    shape = (len(x), *outputs.shape[1:])
    try:
        model._loss.validate_targets(y, shape)
        model._loss.validate_outputs(outputs)
    except ValueError as error:
        if role:
            raise type(error)(f"{role}{error}") from error
        raise


def check_output_activation(model: Any, loss: Any) -> None:
    """Warn where the loss repeats the last activation; raise for a useless one."""
    layers = getattr(model, "layers", None) or [None]
    activation = getattr(layers[-1], "activation", None)
    if activation is activations.softmax and getattr(layers[-1], "units", 0) == 1:
        raise ValueError(
            f"'{layers[-1].name}' is a softmax over 1 unit, which is always 1. Use "
            "activation='sigmoid'."
        )
    if not getattr(loss, "from_logits", False):
        return
    if activation in (activations.softmax, activations.sigmoid):
        warnings.warn(
            f"The loss {loss.name!r} has from_logits=True, but the last layer "
            f"'{layers[-1].name}' applies {activation.__name__} already. Drop the "
            "activation or from_logits=True.",
            UserWarning,
            stacklevel=3,
        )


def empty_output(model: Any, x: np.ndarray) -> np.ndarray:
    """Return the outputs for no samples: an empty array of the right shape."""
    shape = model.compute_output_shape((None, *x.shape[1:]))
    return np.empty((0, *shape[1:]), model.dtype)
