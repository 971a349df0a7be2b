"""Wrong derivatives of simple functions of two numbers: which formula they are."""

from __future__ import annotations

import numpy as np

from keratorch.testing.elementwise import works_on_each_element
from keratorch.testing.evidence import Evidence, same, upstream_name
from keratorch.testing.report import Finding

_ENOUGH = 4  # elements in which two formulas must agree to be called the same


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
                value = summed_to(number * upstream * function(a, b), shape)
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


def summed_to(gradient: np.ndarray, shape: tuple) -> np.ndarray:
    """Return a gradient summed over the axes along which `shape` was stretched."""
    extra = gradient.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(
        extra + k
        for k, n in enumerate(shape)
        if n == 1 and gradient.shape[extra + k] != 1
    )
    return gradient.sum(axis=axes).reshape(shape)
