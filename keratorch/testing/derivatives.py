"""Functions of one number and their derivatives: what a wrong one is compared with."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Known(NamedTuple):
    """A function of one number, its derivative, and how both are written."""

    name: str
    function: Callable
    derivative: Callable
    formula: str  # of the derivative


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _sech2(x: np.ndarray) -> np.ndarray:
    return 1 - np.tanh(x) ** 2


def _swish_slope(x: np.ndarray) -> np.ndarray:
    s = _sigmoid(x)
    return s * (1 + x * (1 - s))


KNOWN = (
    Known("x**2", np.square, lambda x: 2 * x, "2 * x"),
    Known("x**3", lambda x: x**3, lambda x: 3 * x**2, "3 * x**2"),
    Known("x**4", lambda x: x**4, lambda x: 4 * x**3, "4 * x**3"),
    Known("1 / x", np.reciprocal, lambda x: -1 / x**2, "-1 / x**2"),
    Known("1 / x**2", lambda x: x**-2.0, lambda x: -2 / x**3, "-2 / x**3"),
    Known("sqrt", np.sqrt, lambda x: 0.5 / np.sqrt(x), "0.5 / sqrt(x)"),
    Known("exp", np.exp, np.exp, "exp(x)"),
    Known("exp(-x)", lambda x: np.exp(-x), lambda x: -np.exp(-x), "-exp(-x)"),
    Known("exp2", np.exp2, lambda x: np.exp2(x) * np.log(2), "2**x * log(2)"),
    Known("log", np.log, lambda x: 1 / x, "1 / x"),
    Known("log2", np.log2, lambda x: 1 / (x * np.log(2)), "1 / (x * log(2))"),
    Known("log10", np.log10, lambda x: 1 / (x * np.log(10)), "1 / (x * log(10))"),
    Known("log1p", np.log1p, lambda x: 1 / (1 + x), "1 / (1 + x)"),
    Known("sin", np.sin, np.cos, "cos(x)"),
    Known("cos", np.cos, lambda x: -np.sin(x), "-sin(x)"),
    Known("tan", np.tan, lambda x: 1 / np.cos(x) ** 2, "1 / cos(x)**2"),
    Known("arcsin", np.arcsin, lambda x: 1 / np.sqrt(1 - x**2), "1 / sqrt(1 - x**2)"),
    Known("arctan", np.arctan, lambda x: 1 / (1 + x**2), "1 / (1 + x**2)"),
    Known("sinh", np.sinh, np.cosh, "cosh(x)"),
    Known("cosh", np.cosh, np.sinh, "sinh(x)"),
    Known("tanh", np.tanh, _sech2, "1 - tanh(x)**2"),
    Known("arcsinh", np.arcsinh, lambda x: 1 / np.sqrt(1 + x**2), "1 / sqrt(1 + x**2)"),
    Known("arctanh", np.arctanh, lambda x: 1 / (1 - x**2), "1 / (1 - x**2)"),
    Known(
        "sigmoid",
        _sigmoid,
        lambda x: _sigmoid(x) * (1 - _sigmoid(x)),
        "sigmoid(x) * (1 - sigmoid(x))",
    ),
    Known("softplus", lambda x: np.logaddexp(x, 0), _sigmoid, "sigmoid(x)"),
    Known(
        "swish",
        lambda x: x * _sigmoid(x),
        _swish_slope,
        "sigmoid(x) * (1 + x * (1 - sigmoid(x)))",
    ),
    Known("relu", lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0, "x > 0"),
    Known("abs", np.abs, np.sign, "sign(x)"),
    Known(
        "softsign",
        lambda x: x / (1 + abs(x)),
        lambda x: 1 / (1 + abs(x)) ** 2,
        "1 / (1 + abs(x))**2",
    ),
    Known(
        "exp(-x**2)",
        lambda x: np.exp(-(x**2)),
        lambda x: -2 * x * np.exp(-(x**2)),
        "-2 * x * exp(-x**2)",
    ),
    Known(
        "erf",
        lambda x: np.full(np.shape(x), np.nan),
        lambda x: 2 / np.sqrt(np.pi) * np.exp(-(x**2)),
        "2 / sqrt(pi) * exp(-x**2)",
    ),
)

# Slopes that a function has in terms of its own value, such as 1 - out**2 of tanh.
OF_OUTPUT = (
    ("{} * (1 - {})", lambda y: y * (1 - y)),
    ("1 - {}**2", lambda y: 1 - y**2),
    ("{}", lambda y: y),
    ("0.5 / {}", lambda y: 0.5 / y),
    ("1 / {}", lambda y: 1 / y),
    ("-{}**2", lambda y: -(y**2)),
    ("1 + {}**2", lambda y: 1 + y**2),
    ("1 - exp(-{})", lambda y: 1 - np.exp(-y)),
    ("exp(-{})", lambda y: np.exp(-y)),
    ("-1 / {}**2", lambda y: -1 / y**2),
    ("cos({})", np.cos),
    ("{} + 1", lambda y: y + 1),
    ("1 - {}", lambda y: 1 - y),
    ("{}**2", lambda y: y**2),
    ("2 * {}", lambda y: 2 * y),
    ("{} * (1 + {})", lambda y: y * (1 + y)),
    ("1 / {}**2", lambda y: 1 / y**2),
)

# Formulas that everyone remembers, and takes for those of other functions.
OWN_FORMULAS = (
    ("sigmoid", "out * (1 - out)", lambda y: y * (1 - y)),
    ("tanh", "1 - out**2", lambda y: 1 - y**2),
)

# What a factor of the chain rule may be, and a term of the product rule.
FACTORS: tuple[tuple[str, Callable], ...] = (
    ("x", lambda x: x),
    ("1 / x", lambda x: 1 / x),
    *(
        (f"{known.formula}, the derivative of {known.name}", known.derivative)
        for known in KNOWN
    ),
    *((f"{known.name}(x)", known.function) for known in KNOWN if known.name.isalnum()),
)
TERMS: tuple[tuple[str, Callable], ...] = (
    *FACTORS,
    *(
        (
            f"x * ({known.formula}), x times the derivative of {known.name}",
            lambda x, slope=known.derivative: x * slope(x),
        )
        for known in KNOWN
    ),
)

# What a constant factor may stand for.
NUMBERS = {
    2.0: "2",
    0.5: "1/2",
    3.0: "3",
    1 / 3: "1/3",
    4.0: "4",
    0.25: "1/4",
    math.log(2): "log(2)",
    1 / math.log(2): "1/log(2)",
    math.log(10): "log(10)",
    1 / math.log(10): "1/log(10)",
    math.pi: "pi",
    1 / math.pi: "1/pi",
    math.pi / 180: "pi/180",
    180 / math.pi: "180/pi",
    (math.pi / 180) ** 2: "(pi/180)**2",
    (180 / math.pi) ** 2: "(180/pi)**2",
    math.sqrt(2): "sqrt(2)",
    1 / math.sqrt(2): "1/sqrt(2)",
}
