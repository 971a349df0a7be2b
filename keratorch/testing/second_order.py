"""The second derivative: measured on the first, which was found right."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.testing.evidence import (
    Evidence,
    Expected,
    backward_source,
    reals,
    upstream_for,
    upstream_name,
)
from keratorch.testing.quiet import Failure, attempt
from keratorch.testing.report import Finding
from keratorch.transforms.gradients import gradients

_LIMIT = 48  # elements of each input


def check_second_order(evidence: Evidence) -> Finding | None:
    """Return what is wrong with the derivative of ``backward``, if anything."""
    directions = [upstream_for(x, seed=i + 1) for i, x in enumerate(evidence.arrays)]
    found = attempt(second_derivatives, evidence, directions)
    place = f"The second derivative through {evidence.subject.place()}"
    if isinstance(found, Failure):
        line = found.line(evidence.subject.filename())
        at = f" in {line}" if line else ""
        problem = (
            f"{place} cannot be computed{at}: {found.describe()}. First derivatives "
            "are right"
        )
        return Finding("bypasses-graph", problem, _fix(evidence, found))

    def first(*arrays: np.ndarray) -> np.ndarray:
        """Return the gradients of all inputs, end to end."""
        given = attempt(_first, evidence, arrays)
        return lost if isinstance(given, Failure) else given

    lost = np.full(sum(x.size for x in evidence.arrays), np.nan)
    points = [*evidence.arrays, evidence.upstream]
    limit = min(_LIMIT, evidence.limit)
    names = [*evidence.subject.names, upstream_name(evidence.subject)]
    for i, second in enumerate(found):
        expected = Expected(first, points, i, _joined(directions), limit)
        expected.bounded[...] = False  # a kink of a slope may be anything
        wrong = expected.differs(second)
        if wrong.any():
            zero = second is None or not np.any(second)
            analytic = np.zeros(wrong.shape) if second is None else reals(second)
            index = tuple(map(int, np.argwhere(wrong)[0]))
            one, other = float(analytic[index]), float(expected.value[index])
            state = "is lost" if zero else "is wrong"
            problem = (
                f"{place} {state}; first derivatives are right. By {names[i]}"
                f"{list(index)} it is {one:.6g}; measured is {other:.6g}."
            )
            fix = _fix(evidence, None)
            if not np.isfinite(one):
                fix = _NO_NUMBER
            elif not (wrong | expected.skipped).all() and wrong.sum() < wrong.size / 2:
                fix = f"At the other elements it is right. {_CASES}"
            return Finding("bypasses-graph", problem, fix, (), i, index, one, other)
    return None


def _first(evidence: Evidence, arrays: tuple) -> np.ndarray:
    found = evidence.subject.use(list(arrays[:-1])).gradients(arrays[-1])
    return _joined(
        [
            np.zeros(x.shape) if g is None else g
            for g, x in zip(found, arrays, strict=False)
        ]
    )


def second_derivatives(evidence: Evidence, directions: list[np.ndarray]) -> list:
    """Return the slope of the gradients, by each input and what comes in."""
    use = evidence.subject.use(evidence.arrays)
    upstream = GradArray(evidence.upstream)
    first = use.gradients(upstream, create_graph=True)
    kept = [
        (g, d)
        for g, d in zip(first, directions, strict=True)
        if isinstance(g, GradArray) and g.requires_grad  # np.zeros_like is plain
    ]
    targets = [*use.leaves, upstream]
    if not kept:
        return [None] * len(targets)
    return gradients([g for g, _ in kept], targets, [d for _, d in kept])


def _joined(arrays: list) -> np.ndarray:
    return np.concatenate([np.asarray(x).ravel() for x in arrays])


_LEAVES = {
    r"\._array": "._array",
    r"\.numpy\(\)": ".numpy()",
    r"\.item\(": ".item()",
    r"\bfloat\(": "float()",
    r"\bmath\.\w+\(": "the math module",
    r"\bnp\.(as)?array\(": "np.array",
    r"\bgraph\.(value|plain)\(": "graph.value",
    r"\.detach\(\)": ".detach()",
    r"\]\s*[-+*/]?=[^=]": "writing into an array (`dx[...] = `)",
    r"\bnp\.\w+\.at\(": "ufunc.at (it writes into an array)",
}


_FIRST = "Where first derivatives are enough, check with order=1."


_NO_NUMBER = (
    "Look for a division by zero or a root of it: a mask makes 0 * inf, which is nan, "
    "of them. Choose a harmless argument before: np.sqrt(np.where(x > 0, x, 1))."
)
_CASES = (
    "Look at the case of np.where, or the mask, that holds there: what is constant in "
    "it has the derivative 0."
)


def _holds_floats(x: Any) -> bool:
    """Return whether a value is, or holds, an array of floats."""
    if isinstance(x, dict):
        x = list(x.values())
    if isinstance(x, (list, tuple)):
        return any(map(_holds_floats, x))
    return isinstance(x, (np.ndarray, np.floating)) and x.dtype.kind in "fc"


def _fix(evidence: Evidence, failure: Failure | None) -> str:
    """Say which part of `backward` leaves the graph, as far as its text tells."""
    start = "Compute with self.inputs, self.output and the incoming gradient alone, in "
    start += "operators, NumPy functions and methods: these record themselves."
    source = backward_source(evidence.subject)
    hints = [text for pattern, text in _LEAVES.items() if re.search(pattern, source)]
    kept = [
        f"self.{name}"
        for name, x in vars(evidence.use.op).items()
        if not name.startswith("_") and _holds_floats(x) and f"self.{name}" in source
    ]
    if kept:
        are, them = ("are", "them") if len(kept) > 1 else ("is", "it")
        return (
            f"{' and '.join(kept)} {are} put aside as plain numbers: compute {them} "
            f"again in backward from self.inputs, or take self.output. {_FIRST}"
        )
    if hints:
        leave = "leave" if len(hints) > 1 else "leaves"
        return f"{' and '.join(hints)} {leave} the graph. {start} {_FIRST}"
    if failure is not None and "has no derivative" in str(failure.error):
        return f"Write backward in functions that have a derivative. {start}"
    return start
