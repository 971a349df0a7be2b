"""Regularizers: penalties that keep weights or outputs small, added to the loss.

    layer = Dense(10, kernel_regularizer="l2")
    layer = Dense(10, kernel_regularizer=L1L2(l1=1e-5, l2=1e-4))

A regularizer is called with an array and returns a number to add to the loss.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from keratorch import config, identifiers
from keratorch.ops.arrays import as_floats


class Regularizer:
    """The base of regularizers: a function from an array to a penalty.

    A subclass defines ``__call__(x)`` and `get_config`.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.regularizers import Regularizer
    >>> class Largest(Regularizer):
    ...     def __call__(self, x):
    ...         return np.max(np.abs(x))
    >>> Largest()(np.array([1.0, -3.0])).item()
    3.0
    """

    def __call__(self, x: Any) -> Any:
        """Return the penalty of an array, a number; here none."""
        return 0.0

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        raise NotImplementedError(f"{type(self).__name__} has no get_config(self).")

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Regularizer:
        """Make the regularizer that `get_config` described."""
        return cls(**config)


class L1(Regularizer):
    """l1 * sum(abs(x)): pulls each number towards 0 by the same step.

    Parameters
    ----------
    l1 : float >= 0, factor of the penalty.

    Raises
    ------
    ValueError : a negative, infinite or missing number.

    Examples
    --------
    >>> from keratorch.regularizers import L1
    >>> L1(0.5)([1.0, -3.0]).item()
    2.0
    """

    def __init__(self, l1: float | None = 0.01):
        self.l1 = _factor("l1", 0.01 if l1 is None else l1)

    def __call__(self, x: Any) -> Any:
        return self.l1 * np.abs(as_floats(x)).sum()

    def get_config(self) -> dict[str, Any]:
        return {"l1": self.l1}


class L2(Regularizer):
    """l2 * sum(x**2): pulls large numbers towards 0 more than small ones.

    Parameters
    ----------
    l2 : float >= 0, factor of the penalty.

    Raises
    ------
    ValueError : a negative, infinite or missing number.

    Examples
    --------
    >>> from keratorch.regularizers import L2
    >>> L2(0.5)([1.0, -3.0]).item()
    5.0
    """

    def __init__(self, l2: float | None = 0.01):
        self.l2 = _factor("l2", 0.01 if l2 is None else l2)

    def __call__(self, x: Any) -> Any:
        return self.l2 * np.square(as_floats(x)).sum()

    def get_config(self) -> dict[str, Any]:
        return {"l2": self.l2}


class L1L2(Regularizer):
    """l1 * sum(abs(x)) + l2 * sum(x**2).

    Parameters
    ----------
    l1, l2 : float >= 0, factors of the penalties. A factor of 0 leaves its penalty out.

    Raises
    ------
    ValueError : a negative, infinite or missing number.

    Examples
    --------
    >>> from keratorch.regularizers import L1L2
    >>> L1L2(l1=0.5, l2=0.5)([1.0, -3.0]).item()
    7.0
    """

    def __init__(self, l1: float | None = 0.0, l2: float | None = 0.0):
        self.l1 = _factor("l1", 0.0 if l1 is None else l1)
        self.l2 = _factor("l2", 0.0 if l2 is None else l2)

    def __call__(self, x: Any) -> Any:
        x = as_floats(x)
        penalties = []
        if self.l1:
            penalties.append(self.l1 * np.abs(x).sum())
        if self.l2:
            penalties.append(self.l2 * np.square(x).sum())
        return sum(penalties[1:], penalties[0]) if penalties else 0 * x.sum()

    def get_config(self) -> dict[str, Any]:
        return {"l1": self.l1, "l2": self.l2}


class OrthogonalRegularizer(Regularizer):
    """The mean size of the products of different rows, or columns, of a matrix.

    factor * mean(abs(a @ b)), over all pairs of different rows a and b of length 1

    It is 0 where they are orthogonal; their lengths play no part.

    Parameters
    ----------
    factor : float >= 0, factor of the penalty.
    mode : 'rows' or 'columns'.

    Raises
    ------
    ValueError : a factor outside its range, another mode, or, when called, an array
        that is no matrix.

    Examples
    --------
    >>> from keratorch.regularizers import OrthogonalRegularizer
    >>> OrthogonalRegularizer(factor=0.5)([[3.0, 0.0], [0.0, 2.0], [0.0, 4.0]]).item()
    0.1666666716337204
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows"):
        self.factor = _factor("factor", factor)
        if mode not in ("rows", "columns"):
            raise ValueError(f"mode must be 'rows' or 'columns'; received {mode!r}.")
        self.mode = mode

    def __call__(self, inputs: Any) -> Any:
        x = as_floats(inputs)
        if x.ndim != 2:
            raise ValueError(
                "OrthogonalRegularizer regularizes matrices; received an array of "
                f"shape {x.shape}. Reshape it to two axes."
            )
        if self.mode == "columns":
            x = x.T
        rows = len(x)
        squares = np.square(x).sum(axis=1, keepdims=True)
        x = x / np.sqrt(np.maximum(squares, config.epsilon() ** 2))
        others = (1 - np.eye(rows)).astype(x.dtype)
        pairs = max(rows * (rows - 1) / 2, 1)  # one row has none: no penalty
        return self.factor * 0.5 * np.abs((x @ x.T) * others).sum() / pairs

    def get_config(self) -> dict[str, Any]:
        return {"factor": self.factor, "mode": self.mode}


# Keras's lower-case names for the classes.
l1 = L1
l2 = L2
l1_l2 = L1L2
orthogonal_regularizer = OrthogonalRegularizer

REGULARIZERS: dict[str, type[Regularizer]] = {
    "L1": L1,
    "L1L2": L1L2,
    "L2": L2,
    "OrthogonalRegularizer": OrthogonalRegularizer,
    "l1": L1,
    "l1_l2": L1L2,
    "l1l2": L1L2,
    "l2": L2,
    "orthogonal_regularizer": OrthogonalRegularizer,
}


def get(identifier: Any) -> Callable[[Any], Any] | None:
    """Return the regularizer of a name, class, configuration or function.

    Examples
    --------
    >>> from keratorch import regularizers
    >>> regularizers.get("l2").get_config()
    {'l2': 0.01}
    """
    if identifier == "l1_l2":
        return L1L2(l1=0.01, l2=0.01)  # Keras's older default for the name alone
    return identifiers.resolve(identifier, REGULARIZERS, "regularizer")


def serialize(regularizer: Any) -> dict[str, Any] | None:
    """Describe a regularizer in Keras's form, ready for JSON; None stays None."""
    if regularizer is None:
        return None
    return identifiers.serialize(regularizer, "keras.regularizers")


def deserialize(
    config: Mapping[str, Any],
    custom_objects: Mapping[str, type[Regularizer]] | None = None,
) -> Regularizer:
    """Return the regularizer that `serialize` described.

    Parameters
    ----------
    config : dict with 'class_name' and 'config'.
    custom_objects : dict from names to classes that are found as well.

    Raises
    ------
    ValueError : no regularizer of this name.
    """
    known = {**REGULARIZERS, **(custom_objects or {})}
    return identifiers.from_config(config, known, "regularizer")


def _factor(name: str, value: Any) -> float:
    """Return the factor of a penalty as a float, or raise."""
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not number or not 0 <= value < math.inf:
        raise ValueError(
            f"{name} must be a finite number of at least 0, such as 0.01; received "
            f"{value!r}."
        )
    return float(value)
