"""What `detect_anomaly` looks at: NaN, Inf, and saved arrays that were overwritten."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.errors import AnomalyError, calling_line, location
from keratorch.graph import value


def forward(op: Any, values: list) -> Any:
    """Compute the operation, and raise if it makes a NaN or Inf or overwrites an input.

    Its line, inputs and output are remembered for `backward`.
    """
    op._line = calling_line()
    op._copies = [np.array(x) for x in values]
    with np.errstate(all="ignore"):  # the error says more than NumPy's warning
        output = op.forward(*values)
    for i, (x, copied) in enumerate(zip(values, op._copies, strict=True)):
        if not _same(x, copied):
            raise AnomalyError(
                f"{type(op).__name__}.forward ({location(type(op).forward)}), called "
                f"at {op._line}, has overwritten its input {i}. Write into a copy."
            )
    op._output_copy = np.array(output)
    if _finite(output):
        return output
    for i, x in enumerate(values):
        if not _finite(x):
            if np.isnan(x).any() and getattr(op._inputs[i], "_grad_op", None) is None:
                raise AnomalyError(
                    f"{type(op).__name__} received {_first(x)} of input {i}, "
                    f"called at {op._line}. Clean the data before this line."
                )
            return output  # not made here
    raise AnomalyError(
        f"{type(op).__name__} made {_first(output)} of its result, called at "
        f"{op._line} with inputs that are all finite. Check their range."
    )


def backward(op: Any, grad: Any) -> Any:
    """Go back through the operation, and raise if what it saved was overwritten.

    Raises as well where a finite gradient becomes NaN or Inf.
    """
    line = getattr(op, "_line", "a line outside detect_anomaly()")
    for i, copied in enumerate(getattr(op, "_copies", ())):
        if not _same(value(op._inputs[i]), copied):
            raise _overwritten(f"Input {i}", op, line)
    if hasattr(op, "_output_copy") and not _same(op._output, op._output_copy):
        raise _overwritten("The output", op, line)
    with np.errstate(all="ignore"):
        returned = op.backward(grad)
    if not _finite(grad):
        return returned
    for i, gradient in enumerate(returned if type(returned) is tuple else (returned,)):
        if gradient is not None and not _finite(gradient):
            raise AnomalyError(
                f"{type(op).__name__}.backward ({location(type(op).backward)}) made "
                f"{_first(gradient)} of the gradient of input {i} from a finite "
                f"gradient; the operation was called at {line}."
            )
    return returned


def _overwritten(what: str, op: Any, line: str) -> AnomalyError:
    return AnomalyError(
        f"{what} of {type(op).__name__}, called at {line}, was overwritten between "
        "forward and backward, so its gradient would be wrong. Write into a copy, or "
        "after backward()."
    )


def _same(x: Any, copied: np.ndarray) -> bool:
    return np.array_equal(x, copied, equal_nan=_floats(copied))


def _floats(x: Any) -> bool:
    return getattr(value(x), "dtype", np.dtype(object)).kind in "fc"


def _finite(x: Any) -> bool:
    return not _floats(x) or bool(np.isfinite(value(x)).all())


def _first(x: Any) -> str:
    """Return ``nan at index (0, 2)`` for the first value that is not finite."""
    array = np.asarray(value(x))
    index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
    return f"{array[index]} at index {index}"
