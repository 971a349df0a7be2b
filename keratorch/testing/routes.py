"""Gradients that `backward` takes from the wrong place: another input, or index."""

from __future__ import annotations

import numpy as np

from keratorch.testing.evidence import Evidence, same, upstream_name
from keratorch.testing.report import Finding


def of_another_input(evidence: Evidence, i: int) -> Finding | None:
    """The gradient of another input a second time."""
    for j, name in enumerate(evidence.subject.names):
        if j != i and same(evidence.gradient(i), evidence.expected[j].value):
            return evidence.finding(
                "swapped-inputs",
                i,
                f"{evidence.subject.place()} gave the gradient of {name} for "
                f"{evidence.name(i)} too",
                f"Return for {evidence.subject.names[i]} the gradient of its own "
                "part: look for a repeated name, index or slice.",
            )
    return None


def taken_from_elsewhere(evidence: Evidence, i: int) -> Finding | None:
    """Each element goes to one output, and its gradient comes from another one."""
    places = route(evidence, i)
    if not places:
        return None
    return evidence.finding(
        "wrong-order",
        i,
        f"{evidence.subject.place()} takes the gradient of {evidence.name(i)} from the "
        f"wrong places: {places}",
        "Take each number from where the operation put the element: look at the axis, "
        "the slice and the order of the indices.",
    )


def route(evidence: Evidence, i: int) -> str:
    """Say where one element goes and where its gradient comes from, if both are one."""
    matrices, right = evidence.matrices, evidence.expected[i].jacobian
    if matrices is None or right is None or evidence.expected[i].skipped.any():
        return ""
    shape, count = evidence.arrays[i].shape, evidence.output.size
    does, should = (x.reshape(-1, count) for x in (matrices[i], right))
    near = 1e-7 * max(np.abs(should).max(initial=0), 1e-12)
    single = ((np.abs(x) > near).sum(axis=1) == 1 for x in (does, should))
    if count < 2 or not all(each.all() for each in single):
        return ""
    if not same(does.sum(axis=1), should.sum(axis=1)):
        return ""  # the factors differ too
    came, went = (np.abs(x).argmax(axis=1) for x in (does, should))
    wrong = np.flatnonzero(came != went)
    if not wrong.size:
        return ""
    first = int(wrong[0])
    element = _index(first, shape)
    out, taken = (_index(int(k[first]), evidence.output.shape) for k in (went, came))
    return (
        f"{evidence.subject.names[i]}{element} went to output{out}, its gradient is "
        f"taken from {upstream_name(evidence.subject)}{taken}"
    )


def _index(position: int, shape: tuple) -> str:
    return str([int(k) for k in np.unravel_index(position, shape)])
