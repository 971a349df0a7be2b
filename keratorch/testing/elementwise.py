"""Wrong derivatives of functions of each element: which function they belong to."""

from __future__ import annotations

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
    for hypothesis in (_in_other_variable, _factor, _instead_of_slope, _term, _known):
        explained = hypothesis(evidence, found)
        if explained is not None:
            code, problem, fix = explained
            problem = f"{evidence.subject.place()} gave {problem}"
            return evidence.finding(code, i, problem, fix)
    return None


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
    with np.errstate(all="ignore"):
        lacking = curve.right / curve.found
        for formula, function in FACTORS:
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
                return _term_found(name, text)
        for formula, function in TERMS:
            for number, sign in ((1.0, ""), (-1.0, "-")):
                if _equal(lacking, number * function(curve.x)):
                    return _term_found(name, sign + formula)
        for formula, values in (("the output", curve.out), ("-out", -curve.out)):
            if _equal(lacking, values):
                return _term_found(name, formula)
    return None


def _term_found(name: str, formula: str) -> tuple:
    return (
        "missing-term",
        f"a gradient that lacks the term {formula}",
        "By the product rule (f * g)' = f' * g + f * g': add "
        f"`{name}` times {formula.partition(',')[0]}.",
    )


def _equal(a: np.ndarray, b: np.ndarray) -> bool:
    """Return whether two functions agree at enough points, where both have a value."""
    known = np.isfinite(a) & np.isfinite(b)
    if known.sum() < max(_ENOUGH, a.size // 3) or (np.isfinite(a) & ~known).any():
        return False
    return same(a[known], b[known]) and bool(np.ptp(b[known]) > 0 or np.all(b == b[0]))


def as_function_of_two(evidence: Evidence, i: int) -> Finding | None:
    """Another simple formula of two numbers than the right one."""
    if len(evidence.arrays) != 2 or not works_on_each_element(evidence):
        return None
    right = _formula(evidence, i, evidence.expected[i].value)
    found = _formula(evidence, i, evidence.gradient(i))
    if right is None or found is None:
        return None
    return evidence.finding(
        "wrong-value",
        i,
        f"{evidence.subject.place()} gave `{found}` for {evidence.name(i)}; measured "
        f"is `{right}`",
        f"Return `{right}` for {evidence.subject.names[i]}.",
    )


_OF_TWO = (
    ("", lambda a, b: np.ones(np.broadcast_shapes(a.shape, b.shape))),
    (" * a", lambda a, b: a),
    (" * b", lambda a, b: b),
    (" / a", lambda a, b: 1 / a),
    (" / b", lambda a, b: 1 / b),
    (" * a * b", lambda a, b: a * b),
    (" * a / b", lambda a, b: a / b),
    (" * b / a", lambda a, b: b / a),
    (" / a**2", lambda a, b: a**-2.0),
    (" / b**2", lambda a, b: b**-2.0),
    (" * a / b**2", lambda a, b: a / b**2),
    (" * b / a**2", lambda a, b: b / a**2),
    (" * 2 * a", lambda a, b: 2 * a),
    (" * 2 * b", lambda a, b: 2 * b),
    (" * (a - b)", lambda a, b: a - b),
    (" * 2 * (a - b)", lambda a, b: 2 * (a - b)),
    (" * a**b", lambda a, b: a**b),
    (" * b * a**b", lambda a, b: b * a**b),
    (" * a**(b - 1)", lambda a, b: a ** (b - 1)),
    (" * b * a**(b - 1)", lambda a, b: b * a ** (b - 1)),
    (" * log(a)", lambda a, b: np.log(a)),
    (" * a**b * log(a)", lambda a, b: a**b * np.log(a)),
    (" * a**b * log(b)", lambda a, b: a**b * np.log(b)),
    (" * (a > b)", lambda a, b: (a > b) * 1.0),
    (" * (a < b)", lambda a, b: (a < b) * 1.0),
    (" * a / hypot(a, b)", lambda a, b: a / np.hypot(a, b)),
    (" * b / hypot(a, b)", lambda a, b: b / np.hypot(a, b)),
)


def _formula(evidence: Evidence, i: int, gradient: np.ndarray) -> str | None:
    """Return the formula that a gradient of one of two inputs is."""
    a, b = evidence.arrays
    upstream, shape = evidence.upstream, evidence.arrays[i].shape
    names = dict(zip("ab", evidence.subject.names, strict=True))
    if gradient.size < _ENOUGH:
        return None
    with np.errstate(all="ignore"):
        for formula, function in _OF_TWO:
            for sign, number in (("", 1.0), ("-", -1.0)):
                value = _summed_to(number * upstream * function(a, b), shape)
                if same(gradient, value):
                    for letter in "ab":
                        formula = _renamed(formula, letter, names[letter])
                    return sign + upstream_name(evidence.subject) + formula
    return None


def _renamed(formula: str, letter: str, name: str) -> str:
    """Return a formula with a variable of one letter by its name."""
    words = formula.replace("(", "( ").replace(")", " )").replace("**", " ** ").split()
    if name == letter:
        return formula
    text = " ".join(name if w.strip(",") == letter else w for w in words)
    return " " + text.replace("( ", "(").replace(" )", ")").replace(" ** ", "**")


def _summed_to(gradient: np.ndarray, shape: tuple) -> np.ndarray:
    """Return a gradient summed over the axes along which `shape` was stretched."""
    extra = gradient.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(
        extra + k
        for k, n in enumerate(shape)
        if n == 1 and gradient.shape[extra + k] != 1
    )
    return gradient.sum(axis=axes).reshape(shape)


def in_a_region(evidence: Evidence, i: int) -> Finding | None:
    """Right on one side of a boundary, or where the output depends on the input."""
    wrong = evidence.expected[i].differs(evidence.gradients[i])
    kept = ~evidence.expected[i].skipped
    right, gradient = evidence.expected[i].value, evidence.gradient(i)
    correct = kept & ~wrong & (np.abs(right) > 1e-9)
    place, name = evidence.subject.place(), evidence.name(i)
    if np.abs(right[wrong]).max(initial=0) < 1e-9 and correct.any():
        side = _boundary(evidence.arrays[i], wrong, correct)
        return evidence.finding(
            "forgot-mask",
            i,
            f"{place} gave a gradient to elements of {name} on which the output does "
            f"not depend{f', those {side}' if side else ''}",
            "Multiply by a mask that is 1 where the output depends on the element, "
            "and 0 elsewhere.",
        )
    side = _boundary(evidence.arrays[i], wrong, kept & ~wrong)
    if side is None:
        return None
    zero = "zero there" if not np.any(gradient[wrong]) else "wrong there"
    return evidence.finding(
        "wrong-region",
        i,
        f"{place} gave a gradient of {name} that is right elsewhere, but {zero}: "
        f"{side}",
        "Look at the case of the formula that holds there: np.where(condition, "
        "one, other).",
    )


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
