"""What goes into a tape's walk back, and what comes out of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.nested import flatten


class UnconnectedGradients:
    """What a gradient is where the target does not depend on the source."""

    NONE = "none"
    ZERO = "zero"


def arrays(name: str, nested: Any) -> list[GradArray]:
    """Return nested arrays in a list; numbers and NumPy's arrays are constants."""
    if nested is None:
        raise TypeError(
            f"Argument `{name}` should be a list or nested structure of Tensors or "
            "Variables; received None."
        )
    arrays = [
        x if isinstance(x, GradArray) else GradArray(np.asarray(x), requires_grad=False)
        for x in flatten(nested)
    ]
    for x in arrays:
        if x._array.dtype.kind not in "fc":
            log(f"The dtype of the {name} tensor must be floating, got {x.dtype}")
    return arrays


def seed(root: GradArray, gradient: Any) -> Any:
    """Return the gradient that arrives at a target: 1 for each element by default."""
    if gradient is None:
        return np.ones(root.shape, root._array.dtype)
    if isinstance(gradient, GradArray):
        return gradient
    return np.broadcast_to(np.asarray(gradient, root._array.dtype), root.shape)


def stacked(rows: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Return gradients, one for each element of an array of this shape, as one."""
    first = next((row for row in rows if row is not None), None)
    if first is None:
        return None
    zero = np.zeros(first.shape, first.dtype)
    array = np.stack([zero if row is None else row for row in rows])
    return array.reshape((*shape, *first.shape))


def connected(
    found: Sequence[Any], sources: Sequence[GradArray], shape: tuple, zero: bool
) -> list[Any]:
    """Return gradients as tensors; those that are missing as None, or as zeros."""
    results = []
    for gradient, x in zip(found, sources, strict=True):
        if gradient is None and zero:
            gradient = np.zeros((*shape, *x.shape), x._array.dtype)
        if isinstance(gradient, np.ndarray):
            gradient = GradArray(gradient, requires_grad=False)
        results.append(gradient)
    return results


def is_zero(unconnected_gradients: Any) -> bool:
    """Return whether a missing gradient is to be zeros, and not None."""
    if unconnected_gradients not in ("none", "zero"):
        raise ValueError(
            "unconnected_gradients must be 'none' or 'zero'; received "
            f"{unconnected_gradients!r}."
        )
    return unconnected_gradients == "zero"


def log(message: str) -> None:
    """Say something that TensorFlow logs as a warning."""
    logging.getLogger("tensorflow").warning("%s", message)
