"""Wrong derivatives of functions of each element: which function they belong to."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from keratorch.testing.derivatives import FACTORS, KNOWN, OF_OUTPUT, OWN_FORMULAS, TERMS
from keratorch.testing.evidence import Evidence, evidence_on, same, upstream_name
from keratorch.testing.quiet import Failure
from keratorch.testing.report import Finding

_POINTS = 24
_ENOUGH = 4  # points at which two formulas must agree to be called the same


class Curve(NamedTuple):
    """A function of one number at many points: its value, slope, and wrong slope."""

    x: np.ndarray
    out: np.ndarray
    right: np.ndarray
    found: np.ndarray


def works_on_each_element(evidence: Evidence) -> bool:
    """Return whether each output depends on the inputs in its own place alone."""
    shapes = [x.shape for x in evidence.arrays]
    try:
        if np.broadcast_shapes(*shapes) != evidence.output.shape:
            return False
    except ValueError:
        return False
    return all(_is_diagonal(evidence, i) for i in range(len(shapes)))


def _is_diagonal(evidence: Evidence, i: int) -> bool:
    jacobian = evidence.expected[i].jacobian
    if jacobian is None:
        return False
    shape, output = evidence.arrays[i].shape, evidence.output.shape
    inside = np.arange(evidence.arrays[i].size).reshape(shape)
    own = np.broadcast_to(inside, output)
    belongs = inside.reshape((*shape, *(1 for _ in output))) == own
    return not np.any(np.abs(np.where(belongs, 0, jacobian)) > 1e-8)


def curve(evidence: Evidence) -> Curve | None:
    """Return a function of one array at points in and around the sample's."""
    if len(evidence.arrays) != 1 or not works_on_each_element(evidence):
        return None
    points = around(evidence)
    if points is None or isinstance(points.gradients, Failure):
        points = evidence
    kept = ~points.expected[0].skipped
    upstream = points.upstream[kept]
    found = Curve(
        points.arrays[0][kept],
        points.output[kept],
        points.expected[0].value[kept] / upstream,
        points.gradient(0)[kept] / upstream,
    )
    finite = np.isfinite(found.found)
    return Curve(*(part[finite] for part in found))


def around(evidence: Evidence) -> Evidence | None:
    """Return evidence at points of both signs where the class gives a number."""
    x = evidence.arrays[0]
    if x.size == 0 or x.dtype.kind != "f":
        return None
    reach = float(np.clip(np.abs(x).max(), 0.5, 4.0))
    points = np.linspace(-reach, reach, _POINTS) + 0.0137 * reach
    own = np.linspace(x.min(), x.max(), 5) if x.size > 1 else x.ravel()
    points = np.unique(np.concatenate([points, own + 0.003 * reach]))
    return _where_finite(evidence, points)


def _where_finite(evidence: Evidence, points: np.ndarray) -> Evidence | None:
    """Return evidence on those points at which the value is finite."""
    subject = evidence.subject
    try:
        values = subject.value(points)
    except Exception:  # a class for arrays of another shape
        return None
    if values.shape != points.shape:
        return None
    points = points[np.isfinite(values)]
    return (
        evidence_on(subject, [points], "points around yours") if points.size else None
    )


def as_function_of_input(evidence: Evidence, i: int) -> Finding | None:
    """The derivative of another function of one number, or a part of the right one."""
    found = curve(evidence)
    if found is None or len(np.unique(found.found)) < 2:
        return None
    return _first(evidence, i, found, _OF_INPUT)


def _of_output(evidence: Evidence, curve: Curve) -> tuple | None:
    """Another formula of the output than the right one."""
    name = upstream_name(evidence.subject)
    with np.errstate(all="ignore"):
        found, right = (
            next((f for f, g in OF_OUTPUT if _equal(slopes, g(curve.out))), None)
            for slopes in (curve.found, curve.right)
        )
    if found is None or right is None:
        return None
    found, right = found.replace("{}", "out"), right.replace("{}", "out")
    return (
        "wrong-value",
        f"`{name} * ({found})`; measured is `{name} * ({right})`, out being the output",
        f"Write `{name} * ({right})` with `out = self.output`.",
    )


def in_other_variable(evidence: Evidence, i: int) -> Finding | None:
    """A formula of the input at the output, or the other way round."""
    found = curve(evidence)
    if found is None or len(np.unique(found.found)) < 2:
        return None
    return _first(evidence, i, found, (_in_other_variable,))


def _first(
    evidence: Evidence, i: int, curve: Curve, hypotheses: tuple[Callable, ...]
) -> Finding | None:
    for hypothesis in hypotheses:
        explained = hypothesis(evidence, curve)
        if explained is not None:
            code, problem, fix = explained
            problem = f"{evidence.subject.place()} gave {problem}"
            return evidence.finding(code, i, problem, fix)
    return None


def _power(evidence: Evidence, curve: Curve) -> tuple | None:
    """A constant times another power than the power rule gives."""
    x, name = evidence.subject.names[0], upstream_name(evidence.subject)
    right, found = _monomial(curve.x, curve.right), _monomial(curve.x, curve.found)
    if right is None or found is None or right[1] == 0 or right[1] == found[1]:
        return None
    power = right[1] + 1
    if not np.isclose(right[0], power):  # c * x**n
        return None
    does, should = (_power_text(x, *monomial) for monomial in (found, right))
    return (
        "power-rule",
        f"`{name} * {does}`; the derivative of {x}**{power:g} is {should}",
        f"By the power rule (x**n)' = n * x**(n - 1): write `{name} * {should}`.",
    )


def _monomial(x: np.ndarray, slopes: np.ndarray) -> tuple[float, float] | None:
    """Return c and n where the slopes are c * x**n."""
    with np.errstate(all="ignore"):
        for power in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, -1.0, -2.0, -3.0, 0.5, -0.5):
            values = x**power
            known = np.isfinite(values) & np.isfinite(slopes) & (values != 0)
            if known.sum() < _ENOUGH:
                continue
            factor = float(np.median(slopes[known] / values[known]))
            if factor and same(slopes[known], factor * values[known]):
                return factor, power
    return None


def _power_text(x: str, factor: float, power: float) -> str:
    if power == 0:
        return f"{factor:.6g}"
    start = "" if np.isclose(factor, 1) else f"{factor:.6g} * "
    return f"{start}{x}" if power == 1 else f"{start}{x}**{power:g}"


def _instead_of_slope(evidence: Evidence, curve: Curve) -> tuple | None:
    name = upstream_name(evidence.subject)
    if _equal(curve.found, curve.out):
        return (
            "not-derived",
            f"`{name}` times the output itself, not times its derivative",
            "Derive the function that forward computes.",
        )
    return None


def _in_other_variable(evidence: Evidence, curve: Curve) -> tuple | None:
    x, name = evidence.subject.names[0], upstream_name(evidence.subject)
    with np.errstate(all="ignore"):
        for formula, function in OF_OUTPUT:
            text, own = formula.replace("{}", x), formula.replace("{}", "out")
            if _equal(curve.right, function(curve.out)) and _equal(
                curve.found, function(curve.x)
            ):
                return (
                    "input-for-output",
                    f"`{name} * ({text})`, the right formula with the input in the "
                    "place of the output",
                    f"Write `{name} * ({own})` with `out = self.output`.",
                )
        for owner, formula, function in OWN_FORMULAS:
            if _equal(curve.found, function(curve.out)):
                return (
                    "known-derivative",
                    f"`{name} * ({formula})`, which is the derivative of {owner}",
                    "Derive what forward computes.",
                )
        for known in KNOWN:
            slope = known.derivative
            if _equal(curve.right, slope(curve.x)) and _equal(
                curve.found, slope(curve.out)
            ):
                return (
                    "output-for-input",
                    f"the derivative of {known.name} at the output, not at the input",
                    f"Write `{known.formula}` with `({x},) = self.inputs`.",
                )
    return None


def _known(evidence: Evidence, curve: Curve) -> tuple | None:
    own, name = _named(curve.x, curve.right), _named(curve.x, curve.found)
    if name is None or name == own:
        return None
    text = f"the derivative of {name[0]}, {name[1]}"
    what = f"the function is {own[0]}" if own else "the function is another one"
    fix = (
        f"The derivative here is {own[1]}." if own else "Derive what forward computes."
    )
    return "known-derivative", f"{text}; {what}", fix


def _named(x: np.ndarray, slopes: np.ndarray) -> tuple[str, str] | None:
    """Return name and derivative of the function that has these slopes."""
    with np.errstate(all="ignore"):
        for known in KNOWN:
            if _equal(slopes, known.derivative(x)):
                return known.name, known.formula
    return None


def _factor(evidence: Evidence, curve: Curve) -> tuple | None:
    if _known(evidence, curve) and _named(curve.x, curve.right):
        return None  # two well-known derivatives: no factor is missing
    with np.errstate(all="ignore"):
        lacking = curve.right / curve.found
        for formula, function in FACTORS:
            inverse = formula.partition(",")[0] == "1 / x"
            if inverse and _equal(curve.found, curve.out):
                continue  # of relu, say: the output stands for its slope
            for number, sign in ((1.0, ""), (-1.0, "-")):
                if _equal(lacking, number * function(curve.x)):
                    return (
                        "forgot-inner-derivative",
                        f"a gradient that lacks the factor {sign}{formula}",
                        "By the chain rule (f(g(x)))' = f'(g(x)) * g'(x): multiply "
                        f"by {sign}{formula.partition(',')[0]}.",
                    )
    return None


def _term(evidence: Evidence, curve: Curve) -> tuple | None:
    lacking = curve.right - curve.found
    name = upstream_name(evidence.subject)
    with np.errstate(all="ignore"):
        for number, text in ((1.0, "1"), (-1.0, "-1")):
            if _equal(lacking, np.full(lacking.shape, number)):
                return _term_found(name, text, "A sum is derived term by term")
        for formula, function in TERMS:
            for number, sign in ((1.0, ""), (-1.0, "-")):
                if _equal(lacking, number * function(curve.x)):
                    return _term_found(name, sign + formula)
                if _equal(lacking, 2 * number * function(curve.x)):
                    return (
                        "sign",
                        f"a gradient with the wrong sign at the term {formula}",
                        "Look at the signs of the terms: this one is to be "
                        f"{'added' if number > 0 else 'subtracted'}.",
                    )
        for formula, values in (("the output", curve.out), ("-out", -curve.out)):
            if _equal(lacking, values):
                return _term_found(name, formula)
    return None


def _term_found(
    name: str,
    formula: str,
    rule: str = "By the product rule (f * g)' = f' * g + f * g'",
) -> tuple:
    return (
        "missing-term",
        f"a gradient that lacks the term {formula}",
        f"{rule}: add `{name}` times {formula.partition(',')[0]}.",
    )


def _equal(a: np.ndarray, b: np.ndarray) -> bool:
    """Return whether two functions agree at enough points, where both have a value."""
    known = np.isfinite(a) & np.isfinite(b)
    if known.sum() < max(_ENOUGH, a.size // 3) or (np.isfinite(a) & ~known).any():
        return False
    return same(a[known], b[known]) and bool(np.ptp(b[known]) > 0 or np.all(b == b[0]))


_OF_INPUT = (_power, _factor, _instead_of_slope, _term, _known, _of_output)
