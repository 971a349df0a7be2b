"""The same operation on inputs of other sizes: what is right for one size alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.testing.evidence import Evidence, evidence_on
from keratorch.testing.quiet import Failure
from keratorch.testing.report import Finding

_MOST = 8  # other sizes that are tried
_LARGEST = 64  # elements of inputs that are resized


def resized(evidence: Evidence) -> Iterator[Evidence]:
    """Yield evidence on inputs with shorter or longer axes, as far as forward goes.

    Axes of one length change together, so that a product of matrices still fits; then
    the same axis of all arrays, and each axis alone.
    """
    arrays, subject = evidence.arrays, evidence.subject
    if _holds_constants(subject.arguments):
        return
    if max((x.size for x in arrays), default=0) > _LARGEST or not evidence.is_real:
        return
    seen = {_shapes(arrays)}
    for chosen in _choices(arrays):
        changed = list(arrays)
        for j, axis in chosen:
            changed[j] = _changed(changed[j], axis)
        if _shapes(changed) in seen or len(seen) > _MOST:
            continue
        seen.add(_shapes(changed))
        found = evidence_on(subject, changed, _label(evidence, changed))
        if found is not None:
            yield found


def _choices(arrays: list[np.ndarray]) -> Iterator[list[tuple[int, int]]]:
    """Yield which axes (of which array) change together."""
    axes = [(j, k) for j, x in enumerate(arrays) for k in range(x.ndim)]
    axes = [(j, k) for j, k in axes if arrays[j].shape[k] > 1]
    lengths = {arrays[j].shape[k]: None for j, k in axes}
    for n in lengths:
        yield [(j, k) for j, k in axes if arrays[j].shape[k] == n]
    for n in lengths:
        for axis in sorted({k for _, k in axes}):
            yield [(j, k) for j, k in axes if k == axis and arrays[j].shape[k] == n]
    for pair in axes:
        yield [pair]


def _changed(x: np.ndarray, axis: int) -> np.ndarray:
    """Return an array with one element less along an axis; of two, one more."""
    if x.shape[axis] > 2:
        return np.delete(x, -1, axis)
    return np.concatenate([x, 0.83 * np.take(x, [0], axis)], axis)


def _shapes(arrays: list[np.ndarray]) -> tuple:
    return tuple(x.shape for x in arrays)


def _label(evidence: Evidence, arrays: list[np.ndarray]) -> str:
    names = evidence.subject.names
    return " and ".join(
        f"{name} of shape {x.shape}" for name, x in zip(names, arrays, strict=True)
    )


def _holds_constants(arguments: Any) -> bool:
    """Return whether arrays among the constants fix the sizes, such as labels."""
    found: list[Any] = [*arguments.inputs, *arguments.params.values()]
    while found:
        x = found.pop()
        if isinstance(x, list):
            return True
        if isinstance(x, tuple) and type(x).__name__ != "Slot":
            found += x
        if isinstance(x, (np.ndarray, GradArray)) and x.ndim:
            return True
    return False


def fixed_size(evidence: Evidence, notes: list[str]) -> Finding | None:
    """A gradient that is right for the sizes of the sample alone."""
    noted = False
    for other in resized(evidence):
        if not isinstance(other.gradients, Failure):
            if other.wrong:
                return _finding(evidence, other)
        elif not noted and _alike(evidence.arrays, other.arrays):
            noted = True
            notes.append(
                f"forward takes {other.label} too, but backward fails there: it works "
                "for some sizes alone."
            )
    longer = _with_an_axis(evidence)
    if longer is not None and longer.wrong and _is_multiple(longer):
        return _finding(evidence, longer)
    return None


def _alike(arrays: list[np.ndarray], others: list[np.ndarray]) -> bool:
    """Return whether axes of one length have one length again."""
    lengths: dict[int, int] = {}
    return all(
        lengths.setdefault(n, m) == m
        for x, y in zip(arrays, others, strict=True)
        for n, m in zip(x.shape, y.shape, strict=True)
    )


def _with_an_axis(evidence: Evidence) -> Any:
    """Return evidence on a matrix, where the sample is a vector that is reduced."""
    if len(evidence.arrays) != 1 or evidence.output.ndim or not evidence.is_real:
        return None
    (x,) = evidence.arrays
    if x.ndim != 1 or x.size > _LARGEST or _holds_constants(evidence.subject.arguments):
        return None
    arrays = [np.stack([x, 0.83 * x[::-1]])]
    found = evidence_on(evidence.subject, arrays, _label(evidence, arrays))
    if found is None or found.output.ndim or isinstance(found.gradients, Failure):
        return None
    return found


def _is_multiple(evidence: Evidence) -> bool:
    """Return whether the gradient is right but for a factor: another size of a mean."""
    right, found = evidence.expected[0].value, evidence.gradient(0)
    largest = np.unravel_index(np.argmax(np.abs(right)), right.shape)
    factor = found[largest] / right[largest]
    return bool(np.allclose(found, factor * right, 1e-6, 1e-9))


def _finding(evidence: Evidence, other: Evidence) -> Finding:
    i = other.wrong[0]
    return other.finding(
        "fixed-size",
        i,
        f"{evidence.subject.place()} gave a gradient of {evidence.subject.names[i]} "
        "that is right for the given shapes, but wrong for others",
        "Write no size as a number, and take the size that the operation uses: x.size "
        "for a mean of all elements, x.shape[axis] for one along an axis.",
    )
