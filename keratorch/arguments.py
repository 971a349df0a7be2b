"""What users pass to `GradArray`, `backward` and `gradients`, checked.

Each error names the argument, what came, what was needed and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from keratorch.contract import is_masked, no_super_init
from keratorch.errors import GraphError, describe
from keratorch.gradient_values import as_constant, conjugated
from keratorch.graph import value


def as_array(values: Any, dtype: Any, requires_grad: bool | None) -> np.ndarray:
    """Return `values` as an ndarray of numbers; Python integers become floats."""
    refuse_masked(values)
    try:
        array = np.asarray(values, dtype=dtype)
    except ValueError as error:
        raise ValueError(
            f"value must be a regular array of numbers: {error}. Give each row the "
            "same length, or pad them."
        ) from error
    if array.dtype.kind not in "biufc":
        raise TypeError(
            f"value must hold numbers; received dtype {array.dtype}. Encode text and "
            "objects as numbers first."
        )
    untyped = dtype is None and not hasattr(values, "dtype")
    if array.dtype.kind == "i" and untyped and requires_grad is None:
        return array.astype(float)
    return array


def refuse_masked(values: Any) -> None:
    """Raise for a masked array, whose mask would be lost."""
    if is_masked(values):
        raise TypeError(
            "A masked array would lose its mask. Fill it, x.filled(0), and write the "
            "mask where it counts: np.sum(x, where=mask), np.where(mask, x, 0)."
        )


def check_differentiable(array: np.ndarray) -> None:
    """Raise unless the array holds floats or complex numbers."""
    if array.dtype.kind not in "fc":
        raise TypeError(
            f"requires_grad=True needs an array of floats; received dtype "
            f"{array.dtype}. Only float arrays have gradients: use x.astype(float)."
        )


def check_operation(op: Any, kind: type) -> None:
    """Raise unless `op` is a Grad that knows its inputs."""
    if isinstance(op, type):
        raise TypeError(
            f"grad_op must be an operation, not a class: received {op.__name__}. "
            f"Write grad_op={op.__name__}(x)."
        )
    if not isinstance(op, kind):
        raise TypeError(
            f"grad_op must be a Grad; received {type(op).__name__}. Write a class "
            "that inherits from keratorch.Grad."
        )
    if op._inputs is None:  # type: ignore[attr-defined]
        raise no_super_init(type(op))


def seed_gradient(root: Any, gradient: Any, twice: bool, leaf: bool = False) -> Any:
    """Return the gradient that the walk starts with, as an array like `root`.

    It is the conjugate of the gradient that users see.
    """
    if root._grad_op is None and not (leaf and root._requires_grad):
        _raise_no_graph(root)
    array = root._array
    dtype = array.dtype
    if gradient is None:
        _check_scalar(root)
        gradient = np.array(1, dtype, ndmin=array.ndim)
    elif type(gradient) is ndarray and gradient.dtype is dtype:
        gradient = gradient.copy()
    elif not twice or not hasattr(gradient, "_grad_op"):
        gradient = np.asarray(value(gradient), dtype).copy()
    if gradient.shape != array.shape:
        raise GraphError(
            f"gradient must have the shape of the array, {root.shape}; received shape "
            f"{gradient.shape}."
        )
    if twice and not hasattr(gradient, "_grad_op"):
        gradient = as_constant(root, gradient)
    return gradient if dtype.kind == "f" else conjugated(gradient)


def _check_scalar(root: Any) -> None:
    """Raise unless the gradient that arrives at an array is 1 if none is given."""
    if root.size != 1:
        raise GraphError(
            f"{root!r} is no scalar, so the gradient that arrives there must be "
            f"given, of shape {root.shape}; received none. Write "
            "loss.sum().backward() or loss.backward(np.ones_like(loss.numpy()))."
        )
    if root.dtype.kind == "c":
        raise GraphError(
            f"{root!r} is complex, so the gradient that arrives there must be "
            "given. A loss is real: np.abs(x).backward(), or x.real.backward()."
        )


def _raise_no_graph(root: Any) -> None:
    if root._requires_grad:
        raise GraphError(
            f"{root!r} is a leaf: no operation made it, so there is nothing to go back "
            "through. Call backward() on a result, such as a loss."
        )
    if root.dtype.kind not in "fc":
        raise GraphError(
            f"{root!r} has no graph: it holds {root.dtype}, and only floats have "
            "gradients. Make the inputs floats: x.astype(float)."
        )
    raise GraphError(
        f"{root!r} has no graph: it was computed under no_grad(), or from arrays that "
        "want no gradient: plain, detached, of integers, or requires_grad=False. Make "
        "an input GradArray(x) and compute it again."
    )


def check_targets(
    outputs: Sequence[Any], gradients: Sequence[Any], inputs: Sequence[Any], kind: type
) -> None:
    """Raise unless outputs, their gradients and inputs are what `gradients` needs."""
    for i, x in enumerate(outputs):
        if not isinstance(x, kind):
            raise GraphError(
                f"outputs[{i}] must be a GradArray, which knows its graph; received "
                f"{describe(x)}."
            )
    if len(gradients) != len(outputs):
        raise ValueError(
            f"output_gradients must hold one for each of the {len(outputs)} outputs; "
            f"received {len(gradients)}."
        )
    for i, x in enumerate(inputs):
        if not isinstance(x, kind) or not x._requires_grad:  # type: ignore[attr-defined]
            raise GraphError(
                f"inputs[{i}] must be a GradArray with requires_grad=True; received "
                f"{describe(x)}. Make it GradArray(x) before computing the outputs."
            )


def no_switching_off(array: Any) -> GraphError:
    """The error for a result that shall want no gradient any more."""
    return GraphError(
        f"requires_grad of a result cannot be switched off: {array!r} is inside a "
        "graph. Use x.detach(), or compute it under no_grad()."
    )


def as_gradient(array: Any, gradient: Any) -> Any:
    """Return what a user assigns to ``grad``, as an array like `array`."""
    if not hasattr(gradient, "_grad_op"):
        try:
            gradient = np.asarray(gradient, dtype=array._array.dtype)
        except (TypeError, ValueError):
            gradient = np.asarray(gradient)
    if gradient.shape != array.shape or gradient.dtype.kind not in "fc":
        raise ValueError(
            f"grad must be an array of floats of shape {array.shape}; received "
            f"{describe(gradient)}."
        )
    return gradient


def no_writing(array: Any, lost: bool) -> GraphError:
    """The error for writing into an array that a graph needs, or a graph's value."""
    if lost and array._grad_op is None and not array._requires_grad:
        return GraphError(
            f"Cannot write a recorded value into {array!r}: its gradient would be "
            "lost. Make a new array: x = x.at[index].set(value), or np.stack([...]). "
            "Or write the value alone: value.detach()."
        )
    return GraphError(
        f"Cannot write into {array!r}: its graph needs the old values. Make a new "
        "array: x = x.at[index].set(value), or .add(value) for x[index] += value, or "
        "np.where(mask, value, x). A leaf may be written under no_grad()."
    )
