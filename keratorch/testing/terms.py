"""Terms that a gradient lacks where an element changes a sum, a mean or a norm too."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from keratorch.testing.evidence import Evidence, same, upstream_name
from keratorch.testing.report import Finding

_ENOUGH = 3  # elements that have one factor, at the least


def off_by_a_term(evidence: Evidence, i: int) -> Finding | None:
    """The right gradient but for one number times the output, an input, or 1.

    That number is one for all elements, or one along an axis.
    """
    expected = evidence.expected[i]
    if expected.skipped.any() or not evidence.is_real:
        return None
    gradient = evidence.gradient(i)
    lacking = expected.value - gradient
    for axes in _axes(lacking.shape):
        for text, values in _candidates(evidence, i):
            if any(_is_multiple(x, values, axes) for x in (gradient, expected.value)):
                continue  # no term, but the whole
            if not _is_multiple(lacking, values, axes):
                continue
            over = f"axis {axes[0]}" if len(axes) < lacking.ndim else "all elements"
            term = _term(evidence, lacking, text, values, axes)
            return evidence.finding(
                "missing-term",
                i,
                f"{evidence.subject.place()} gave a gradient of {evidence.name(i)} "
                f"that is off by a term: {term}",
                "Look at the product and quotient rules. Does each element also "
                f"change a sum, mean or norm over {over} in forward? Add the "
                "derivative by way of each, with its sign and factor.",
            )
    return None


def _term(
    evidence: Evidence,
    lacking: np.ndarray,
    text: str,
    values: np.ndarray,
    axes: tuple[int, ...],
) -> str:
    """Return how a term is written: ``grad * x`` times 2, where that is known."""
    if evidence.output.ndim == 0 and len(axes) == lacking.ndim:
        number = (lacking * values).sum() / (values * values).sum() / evidence.upstream
        times = f" * {text}" if text else ""
        return f"`{upstream_name(evidence.subject)}{times}` times {number:.6g}"
    where = "for all elements" if len(axes) == lacking.ndim else f"along axis {axes[0]}"
    what = "the output" if text == "out" else text
    return f"{what} times one number {where}" if text else f"one number {where}"


def _axes(shape: tuple) -> Iterator[tuple[int, ...]]:
    """Yield all axes together, then each alone."""
    axes = tuple(range(len(shape)))
    for chosen in itertools.chain([axes], ((k,) for k in axes if len(axes) > 1)):
        if np.prod([shape[k] for k in chosen]) >= _ENOUGH:
            yield chosen


def _candidates(evidence: Evidence, i: int) -> Iterator[tuple[str, np.ndarray]]:
    shape = evidence.arrays[i].shape
    yield "", np.ones(shape)
    if evidence.output.shape == shape:
        yield "out", evidence.output
    for name, x in zip(evidence.subject.names, evidence.arrays, strict=True):
        if x.shape == shape:
            yield name, x


def _is_multiple(x: np.ndarray, of: np.ndarray, axes: tuple[int, ...]) -> bool:
    """Return whether `x` is `of` times numbers that are constant along the axes."""
    size = (of * of).sum(axis=axes, keepdims=True)
    if not (size > 0).all():
        return False
    return same(x, of * ((x * of).sum(axis=axes, keepdims=True) / size))
