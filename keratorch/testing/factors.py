"""Gradients that are off by a factor: a constant, a number of elements, or a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from keratorch.testing.derivatives import NUMBERS
from keratorch.testing.evidence import Evidence, evidence_on, same
from keratorch.testing.quiet import Failure
from keratorch.testing.report import Finding
from keratorch.testing.sizes import resized

_NEAR = 0.01  # a gradient this close is right but for a small term


def constant_factor(evidence: Evidence, i: int) -> Finding | None:
    """A constant times the right gradient."""
    factor = _factor(evidence, i)
    if factor is None or abs(factor) < 1e-6 or _depends_on_values(evidence, i, factor):
        return None
    if abs(factor - 1) < _NEAR:
        return nearly_right(evidence, i)
    where = f"{evidence.subject.place()} gave {{}} times the right gradient of "
    where += evidence.name(i)
    length = _length_behind(evidence, i, factor)
    if length is not None:
        divides = abs(factor) < 1
        return evidence.finding(
            "mean-for-sum",
            i,
            where.format(_over(length) if divides else length)
            + f", here {_number(factor, {})}",
            f"The operation takes no mean of that many: do not divide by {length}."
            if divides
            else f"The operation takes a mean: divide by {length}.",
        )
    length = _function_of_length(evidence, i, factor)
    if length is not None:
        return evidence.finding(
            "constant-factor",
            i,
            where.format(length) + f", here {_number(factor, {})}",
            f"Divide by {length}: derive the formula again, with its constants.",
        )
    ratio = _change_with_size(evidence, i, factor)
    if ratio is not None and not np.isclose(ratio, (1, 3, 1 / 3), rtol=1e-5).any():
        return None  # it is no constant
    sizes = None if ratio is None else not np.isclose(ratio, 1, rtol=1e-5)
    counts = _counts(evidence, i)
    is_count = any(np.isclose(factor, [n, 1 / n]).any() for n in counts)
    reduces = evidence.output.size < evidence.arrays[i].size
    if sizes or (sizes is None and is_count and reduces):
        few = abs(factor) < 1
        how = "divides by a number of elements" if few else "lacks the division"
        problem = where.format(_number(factor, counts)) + (
            f", and the factor changes with the number of elements: it {how}"
            if sizes
            else f": it {how}, as it seems"
        )
        fix = (
            "The operation does not take a mean there: do not divide by the number "
            "of elements."
            if few
            else "The operation takes a mean: divide by the number of elements that "
            "it averages."
        )
        return evidence.finding("mean-for-sum", i, problem, fix)
    lacks = _number(1 / factor, {})
    return evidence.finding(
        "constant-factor",
        i,
        where.format(_number(factor, {})),
        f"Multiply by {lacks}: derive the formula again, with its constants.",
    )


def _over(length: str) -> str:
    return f"1/({length})" if " " in length else f"1/{length}"


def nearly_right(evidence: Evidence, i: int) -> Finding | None:
    """A gradient that is off by less than a hundredth."""
    kept = ~evidence.expected[i].skipped
    gradient, right = evidence.gradient(i)[kept], evidence.expected[i].value[kept]
    size = np.abs(right).max(initial=0)
    if not size or not np.abs(gradient - right).max() < _NEAR * size:
        return None
    off = np.abs(gradient - right).max() / size
    return evidence.finding(
        "missing-term",
        i,
        f"{evidence.subject.place()} gave a gradient of {evidence.name(i)} that is "
        f"nearly right, off by {off:.1g} of it",
        "Look for a small term of forward that backward leaves out, such as an "
        "epsilon, or a constant with few digits.",
    )


def scaled_by_output(evidence: Evidence, i: int) -> Finding | None:
    """A gradient that is a function of the output times the right one."""
    if evidence.output.size >= evidence.arrays[i].size or len(evidence.arrays) > 1:
        return None
    others = [evidence, *_with_other_values(evidence)]
    found = [(e, _scales(e, i)) for e in others]
    pairs = [(e, scale) for e, scale in found if scale is not None]
    if len(pairs) < max(2, len(found)):
        return None
    x = evidence.subject.names[i]
    for text, function in _VALUES:
        text = text.format(x=x)
        for divided in (False, True):
            with np.errstate(all="ignore"):
                values = [
                    function(e.arrays[i], e.output) ** (-1.0 if divided else 1.0)
                    for e, _ in pairs
                ]
            scales = zip(pairs, values, strict=True)
            if all(
                same(np.broadcast_to(value, np.shape(scale)), scale)
                for (_, scale), value in scales
            ):
                fix = f"Multiply by {text}" if divided else f"Divide by {text}"
                fix += ", with `out = self.output`." if "out" in text else "."
                return evidence.finding(
                    "wrong-factor",
                    i,
                    f"{evidence.subject.place()} gave "
                    f"{'1 / ' if divided else ''}{text} times the right gradient of "
                    f"{evidence.name(i)}",
                    fix,
                )
    return None


_VALUES = (
    ("out", lambda x, out: out),
    ("out**2", lambda x, out: out**2),
    ("(2 * out)", lambda x, out: 2 * out),
    ("sum(exp({x}))", lambda x, out: np.exp(x).sum()),
    ("sum({x}**2)", lambda x, out: (x**2).sum()),
    ("sum({x})", lambda x, out: x.sum()),
    ("sum(abs({x}))", lambda x, out: np.abs(x).sum()),
    ("norm({x})", lambda x, out: np.sqrt((x**2).sum())),
    ("std({x})", lambda x, out: x.std()),
    ("exp(out)", lambda x, out: np.exp(out)),
    ("prod({x})", lambda x, out: x.prod()),
)


def _scales(evidence: Evidence, i: int) -> np.ndarray | None:
    """Return for each output the number by which its share is off, if it is one."""
    right, matrices = evidence.expected[i].jacobian, evidence.matrices
    if right is None or matrices is None or evidence.expected[i].skipped.any():
        return None
    found = matrices[i].reshape(-1, evidence.output.size)
    right = right.reshape(found.shape)
    rows = np.argmax(np.abs(right), axis=0), np.arange(right.shape[1])
    if not (np.abs(right[rows]) > 1e-9).all():
        return None
    scales = found[rows] / right[rows]
    if not same(found, scales * right):
        return None
    return scales.reshape(evidence.output.shape)


def _with_other_values(evidence: Evidence) -> Iterator[Evidence]:
    """Yield evidence on other numbers in the same shapes."""
    for factor in (0.8, 0.6):
        arrays = [np.asarray(factor * np.roll(x, 1)) for x in evidence.arrays]
        other = evidence_on(evidence.subject, arrays, "")
        if other is not None and not isinstance(other.gradients, Failure):
            yield other


def _depends_on_values(evidence: Evidence, i: int, factor: float) -> bool:
    for other in _with_other_values(evidence):
        again = _factor(other, i)
        if again is not None and not np.isclose(again, factor, rtol=1e-5):
            return True
    return False


def _length_behind(evidence: Evidence, i: int, factor: float) -> str | None:
    """Return the length that a factor changes with, such as ``a.shape[0]``."""
    known = _at_other_sizes(evidence, i, factor)
    if not known:
        return None
    power = -1 if abs(factor) < 1 else 1
    for text, first in _lengths(evidence, i).items():
        if all(
            np.isclose(again / factor, (found[text] / first) ** power, rtol=1e-5)
            for again, found in known
        ):
            return text
    return None


def _function_of_length(evidence: Evidence, i: int, factor: float) -> str | None:
    """Return what a factor is of a length, such as ``np.sqrt(a.shape[0])``."""
    known = _at_other_sizes(evidence, i, factor)
    if not known:
        return None
    for text, first in _lengths(evidence, i).items():
        for form, function in _OF_LENGTH:
            if all(
                np.isclose(again, function(found[text]), rtol=1e-5)
                for again, found in [(factor, {text: first}), *known]
            ):
                return form.format(n=text)
    return None


_OF_LENGTH: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("np.sqrt({n})", lambda n: n**0.5),
    ("1 / np.sqrt({n})", lambda n: n**-0.5),
    ("{n} / ({n} - 1)", lambda n: n / (n - 1) if n > 1 else 0.0),
    ("({n} - 1) / {n}", lambda n: (n - 1) / n),
    ("{n} - 1", lambda n: n - 1),
    ("1 / ({n} - 1)", lambda n: 1 / (n - 1) if n > 1 else 0.0),
)


def _at_other_sizes(
    evidence: Evidence, i: int, factor: float
) -> list[tuple[float, dict[str, float]]]:
    """Return the factor on inputs of other sizes, if it changes, and the lengths."""
    known = []
    for other in resized(evidence):
        if isinstance(other.gradients, Failure):
            continue
        again = _factor(other, i)
        if again is not None:
            known.append((again, _lengths(other, i)))
    if all(np.isclose(again, factor, rtol=1e-5) for again, _ in known):
        return []
    return known


def _lengths(evidence: Evidence, i: int) -> dict[str, float]:
    """Return sizes of the inputs and the output by how they are written."""
    found: dict[str, float] = {}
    for j in sorted(range(len(evidence.arrays)), key=lambda j: j != i):
        name, x = evidence.subject.names[j], evidence.arrays[j]
        found[f"{name}.size"] = x.size
        found.update({f"{name}.shape[{k}]": n for k, n in enumerate(x.shape)})
    found["the size of the output"] = evidence.output.size
    return {text: float(n) for text, n in found.items()}


def _factor(evidence: Evidence, i: int) -> float | None:
    """Return the number by which a gradient is off everywhere, if there is one."""
    kept = ~evidence.expected[i].skipped
    gradient, right = evidence.gradient(i)[kept], evidence.expected[i].value[kept]
    if not right.size or not np.abs(right).max() > 1e-9:
        return None
    largest = np.argmax(np.abs(right))
    factor = float(gradient[largest] / right[largest])
    return factor if same(gradient, factor * right) else None


def _counts(evidence: Evidence, i: int) -> dict[float, str]:
    """Return the numbers of elements that a mean may have divided by."""
    shape, output = evidence.arrays[i].shape, evidence.output
    size = evidence.arrays[i].size
    counts = {float(n): f"{n} (the length of axis {k})" for k, n in enumerate(shape)}
    counts[float(output.size)] = f"{output.size} (the elements of the output)"
    counts[float(size)] = f"{size} (the elements of the input)"
    if output.size and size % output.size == 0:
        each = size // output.size
        counts[float(each)] = f"{each} (the elements for each output)"
    return {n: text for n, text in counts.items() if n > 1}


def _number(x: float, counts: dict[float, str]) -> str:
    """Return a number as a reader would write it."""
    for n, text in counts.items():
        if np.isclose(abs(x), n):
            return f"-{text}" if x < 0 else text
        if np.isclose(abs(x), 1 / n):
            return f"-1/{text}" if x < 0 else f"1/{text}"
    for number, text in NUMBERS.items():
        if np.isclose(abs(x), number, rtol=1e-6):
            return f"-{text}" if x < 0 else text
    return f"{x:.6g}"


def _change_with_size(evidence: Evidence, i: int, factor: float) -> float | None:
    """Return how the factor changes for inputs three times as long; None if unknown."""
    known, untried = None, False
    for axis in (0, -1):
        if any(x.ndim == 0 for x in evidence.arrays):
            continue
        longer = [np.concatenate([x, x, x], axis) for x in evidence.arrays]
        other = evidence_on(evidence.subject, longer, "")
        if other is None or isinstance(other.gradients, Failure):
            untried = True
            continue
        again = _factor(other, i)
        if again is not None and (known is None or np.isclose(known, 1, rtol=1e-5)):
            known = again / factor
    return None if untried and known is not None and abs(known - 1) < 1e-5 else known
