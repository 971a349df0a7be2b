"""Functions in pieces: which of their cases is wrong, and where it begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from keratorch.testing.derivatives import FACTORS
from keratorch.testing.elementwise import curve
from keratorch.testing.evidence import Evidence, evidence_on, same, upstream_name
from keratorch.testing.factors import nearly_right
from keratorch.testing.quiet import Failure
from keratorch.testing.report import Finding

_BOUNDARIES = (0.0, 1.0, -1.0, 0.5, -0.5)
_EACH = 3  # points on a side, at the least


def exchanged_cases(evidence: Evidence, i: int) -> Finding | None:
    """The formulas of the two sides of a boundary, each on the other side."""
    found = curve(evidence)
    if found is None:
        return None
    x, name = evidence.subject.names[i], upstream_name(evidence.subject)
    for boundary in _BOUNDARIES:
        low = found.x < boundary
        if min(low.sum(), (~low).sum()) < _EACH:
            continue
        for below, one in _formulas(found.x[low], found.right[low]):
            if not _agrees(one, found.x[~low], found.found[~low]):
                continue
            for above, other in _formulas(found.x[~low], found.right[~low]):
                if _agrees(other, found.x[low], found.right[low]):
                    continue  # one formula on both sides
                if _agrees(other, found.x[low], found.found[low]):
                    return evidence.finding(
                        "wrong-region",
                        i,
                        f"{evidence.subject.place()} exchanged the two cases of the "
                        f"gradient of {evidence.name(i)}",
                        f"Write `{name}` times {below} where {x} < {boundary:g}, and "
                        f"times {above} elsewhere.",
                    )
    return None


def _formulas(x: np.ndarray, slopes: np.ndarray) -> Iterator[tuple[str, Callable]]:
    """Yield formulas that give these slopes: a constant, or a known function."""
    if np.ptp(slopes) < 1e-6 * max(1.0, np.abs(slopes).max()):
        number = float(np.median(slopes))
        yield f"{number:.6g}", lambda x: np.full(x.shape, number)
        return
    for formula, function in FACTORS:
        if any(piece in formula for piece in (">", "abs", "sign")):
            continue
        if _agrees(function, x, slopes):
            yield formula.partition(",")[0], function


def _agrees(function: Callable, x: np.ndarray, slopes: np.ndarray) -> bool:
    with np.errstate(all="ignore"):
        return same(np.asarray(function(x), float), slopes)


def in_a_region(evidence: Evidence, i: int) -> Finding | None:
    """Right on one side of a boundary, or where the output depends on the input."""
    wrong = evidence.expected[i].differs(evidence.gradients[i])
    kept = ~evidence.expected[i].skipped
    right, gradient = evidence.expected[i].value, evidence.gradient(i)
    correct = kept & ~wrong & (np.abs(right) > 1e-9)
    place, name = evidence.subject.place(), evidence.name(i)
    if np.abs(right[wrong]).max(initial=0) < 1e-9 and correct.any():
        alone = evidence.arrays[i].shape == evidence.output.shape
        side = _boundary(evidence.arrays[i], wrong, correct) if alone else None
        return evidence.finding(
            "forgot-mask",
            i,
            f"{place} gave a gradient to elements of {name} on which the output does "
            f"not depend{f', those {side}' if side else ''}",
            "Multiply by a mask that is 1 where the output depends on the element, "
            "and 0 elsewhere.",
        )
    side = _boundary(evidence.arrays[i], wrong, kept & ~wrong)
    if side is None or not _holds_around(evidence, i, side):
        return None
    found = curve(evidence)
    if found is not None and same(found.found, found.out):
        return None  # the output itself, which is a better explanation
    zero = "zero there" if not np.any(gradient[wrong]) else "wrong there"
    return evidence.finding(
        "wrong-region",
        i,
        f"{place} gave a gradient of {name} that is right elsewhere, but {zero}: "
        f"{side}",
        "Look at the case of the formula that holds there: np.where(condition, "
        "one, other).",
    )


def _holds_around(evidence: Evidence, i: int, side: str) -> bool:
    """Return whether more points, where there are any, lie on sides of a boundary too.

    A gradient that is nowhere right may be so by chance at some elements.
    """
    found = curve(evidence)
    if found is None:
        return nearly_right(evidence, i) is None and _holds_again(evidence, i, side)
    wrong = ~np.isclose(found.found, found.right, 1e-5, 1e-7)
    if wrong.all() or not wrong.any():
        return False
    return _boundary(found.x, wrong, ~wrong) is not None


def _holds_again(evidence: Evidence, i: int, side: str) -> bool:
    """Return whether the same numbers are wrong in other places, too."""
    for shift in (1, 2, 3):
        arrays = [np.roll(x, shift) for x in evidence.arrays]
        other = evidence_on(evidence.subject, arrays, "")
        if other is None or isinstance(other.gradients, Failure):
            continue
        wrong = other.expected[i].differs(other.gradients[i])
        right = ~other.expected[i].skipped & ~wrong
        if wrong.any() and _boundary(arrays[i], wrong, right) != side:
            return False
    return True


def _boundary(x: np.ndarray, wrong: np.ndarray, right: np.ndarray) -> str | None:
    """Say on which side of a number all wrong elements lie, and no right one."""
    bad, good = x[wrong], x[right]
    if not bad.size or not good.size:
        return None
    if bad.size + good.size < 4:
        return None
    for values, others, how in ((bad, good, "{}"), (abs(bad), abs(good), "abs({})")):
        low, high = values.max(), others.min()
        below = low < high
        if not below:
            low, high = others.max(), values.min()
        if low >= high:
            continue
        side = how.format("x") + (" < " if below else " > ")
        for number in (0.0, 1.0, -1.0, 0.5):
            if low <= number <= high:
                return f"where {side}{number:g}"
        if min(bad.size, good.size) >= 2:
            return f"where {side}{(low + high) / 2:.3g}"
    return None
