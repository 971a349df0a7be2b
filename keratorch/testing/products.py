"""Gradients of matrix products: which one a wrong one is, and which is right."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from keratorch.testing.evidence import Evidence, evidence_on, same, upstream_name
from keratorch.testing.report import Finding


def product_of(evidence: Evidence, i: int) -> Finding | None:
    """Another product of the same arrays than the right one."""
    right = _named(evidence, i, evidence.expected[i].value)
    found = _named(evidence, i, evidence.gradient(i))
    if right is None or found is None:
        return None
    return evidence.finding(
        "transposed",
        i,
        f"{evidence.subject.place()} gave `{found}` as the gradient of "
        f"{evidence.name(i)}; measured is `{right}`",
        f"Return `{right}` for {evidence.subject.names[i]}.",
    )


def product_hint(evidence: Evidence) -> str | None:
    """Say which products the gradients are, where the operation is one."""
    hints = []
    for i, expected in enumerate(evidence.expected):
        formula = _named(evidence, i, expected.value)
        if formula is None:
            return None
        hints.append(f"`{formula}` for {evidence.subject.names[i]}")
    return f"The measured gradients equal {' and '.join(hints)}." if hints else None


def _named(evidence: Evidence, i: int, gradient: np.ndarray) -> str | None:
    """Return the product of the incoming gradient and an input, or None.

    The input is the other one, or the only one; where a single number comes in, it is
    a factor of a product of the inputs.
    """
    count, names = len(evidence.arrays), evidence.subject.names
    if count > 2 or not evidence.is_real or not gradient.ndim:
        return None
    upstream, name = evidence.upstream, upstream_name(evidence.subject)
    arrays = list(zip(names, evidence.arrays, strict=True))
    one, start = (name, upstream), ""
    other = arrays[i if count == 1 else 1 - i]
    if upstream.ndim == 0:
        if count == 1:
            return None
        one, start, gradient = arrays[i], f"{name} * ", gradient / upstream
        if other[1].ndim < 2:
            return None
    if min(other[1].ndim, one[1].ndim) < 1:
        return None
    for formula, value in _products(one, other):
        if same(gradient, value):
            return start + formula
    return None


def _products(
    one: tuple[str, np.ndarray], two: tuple[str, np.ndarray]
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the products of two arrays: of matrices, with vectors, and outer ones."""
    vectors = one[1].ndim == two[1].ndim == 1
    if one[1].ndim == 1 < two[1].ndim:
        one, two = two, one  # A.T @ g reads better than g @ A
    for (name, a), (other, b) in ((one, two), (two, one)):
        if vectors:
            yield f"np.outer({name}, {other})", np.outer(a, b)
            continue
        for left, x in _turned(name, a):
            for right, y in _turned(other, b):
                rows = y.shape[-2] if y.ndim > 1 else y.shape[0]
                if x.shape[-1] != rows or (min(x.ndim, y.ndim) == 1 and x.ndim > 2):
                    continue
                try:
                    value = x @ y
                except ValueError:  # leading axes that do not broadcast
                    continue
                yield f"{left} @ {right}", value
                yield f"2 * {left} @ {right}", 2 * value


def _turned(name: str, x: np.ndarray) -> list[tuple[str, np.ndarray]]:
    if x.ndim < 2:
        return [(name, x)]
    turn, turned = ".T" if x.ndim == 2 else ".mT", np.swapaxes(x, -1, -2)
    found = [(name, x), (name + turn, turned)]
    if x.ndim == 2 and x.shape == turned.shape:
        found.append((f"({name} + {name}.T)", x + turned))
    return found


def flipped(evidence: Evidence, i: int) -> Finding | None:
    """The gradient that would be right, were the other input flipped: a convolution."""
    if len(evidence.arrays) != 2 or not evidence.is_real:
        return None
    j = 1 - i
    other = evidence.arrays[j]
    if not 1 <= other.ndim <= 4 or other.size < 2:
        return None
    arrays = list(evidence.arrays)
    arrays[j] = np.flip(other, tuple(range(max(other.ndim - 2, 0), other.ndim))).copy()
    turned = evidence_on(evidence.subject, arrays, "")
    if turned is None or turned.output.shape != evidence.output.shape:
        return None
    if not same(evidence.gradient(i), turned.expected[i].value):
        return None
    name = evidence.subject.names[j]
    return evidence.finding(
        "wrong-order",
        i,
        f"{evidence.subject.place()} gave the gradient of {evidence.name(i)} for "
        f"{name} flipped",
        f"Flip {name} once more, `{name}[::-1]`: the gradient of a convolution is a "
        "correlation, and that of a correlation a convolution.",
    )
