"""Constraints: what is done to a weight after each update.

    layer = Dense(10, kernel_constraint="non_neg")
    layer = Dense(10, kernel_constraint=MaxNorm(3.0))

A constraint is called with an array and returns one of the same shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from keratorch import config, identifiers
from keratorch.ops.arrays import float_array


class Constraint:
    """The base of constraints: a function from a weight to one that is allowed.

    A subclass defines ``__call__(w)`` and `get_config`.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.constraints import Constraint
    >>> class AtMostOne(Constraint):
    ...     def __call__(self, w):
    ...         return np.minimum(w, 1.0)
    >>> AtMostOne()(np.array([0.5, 3.0]))
    array([0.5, 1. ])
    """

    defaults: ClassVar[dict[str, Any]] = {}  # the constructor's arguments

    def __call__(self, w: Any) -> Any:
        """Return the nearest allowed weight; here the weight itself."""
        return w

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {name: getattr(self, name) for name in self.defaults}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Constraint:
        """Make the constraint that `get_config` described."""
        return cls(**config)


def _norm(w: np.ndarray, axis: Any) -> np.ndarray:
    axis = tuple(axis) if isinstance(axis, list) else axis
    return np.sqrt(np.sum(np.square(w), axis=axis, keepdims=True))


class MaxNorm(Constraint):
    """Scale vectors of weights that are longer than `max_value` back to it.

    Parameters
    ----------
    max_value : float, the largest norm.
    axis : int or tuple, the axes that make up a vector.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.constraints import MaxNorm
    >>> MaxNorm(1.0)(np.array([[3.0], [4.0]])).round(3)
    array([[0.6],
           [0.8]])
    """

    defaults: ClassVar[dict[str, Any]] = {"max_value": 2, "axis": 0}

    def __init__(self, max_value: float = 2, axis: Any = 0):
        self.max_value, self.axis = max_value, axis

    def __call__(self, w: Any) -> Any:
        w = float_array(w, None)
        norms = _norm(w, self.axis)
        return w * (np.clip(norms, 0, self.max_value) / (config.epsilon() + norms))


class NonNeg(Constraint):
    """Set negative weights to 0.

    Examples
    --------
    >>> from keratorch.constraints import NonNeg
    >>> NonNeg()([-1.0, 2.0])
    array([0., 2.], dtype=float32)
    """

    def __call__(self, w: Any) -> Any:
        return np.maximum(float_array(w, None), 0)


class UnitNorm(Constraint):
    """Scale vectors of weights to length 1.

    Parameters
    ----------
    axis : int or tuple, the axes that make up a vector.

    Examples
    --------
    >>> from keratorch.constraints import UnitNorm
    >>> UnitNorm()([[3.0], [4.0]]).round(3)
    array([[0.6],
           [0.8]], dtype=float32)
    """

    defaults: ClassVar[dict[str, Any]] = {"axis": 0}

    def __init__(self, axis: Any = 0):
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        w = float_array(w, None)
        return w / (config.epsilon() + _norm(w, self.axis))


class MinMaxNorm(Constraint):
    """Scale vectors of weights towards a length between two values.

    Parameters
    ----------
    min_value, max_value : float, the smallest and the largest norm.
    rate : float, 1 to enforce them at each update, less to approach them.
    axis : int or tuple, the axes that make up a vector.

    Examples
    --------
    >>> from keratorch.constraints import MinMaxNorm
    >>> MinMaxNorm(max_value=1.0, rate=0.5)([[3.0], [4.0]]).round(3)
    array([[1.8],
           [2.4]], dtype=float32)
    """

    defaults: ClassVar[dict[str, Any]] = {
        "min_value": 0.0,
        "max_value": 1.0,
        "rate": 1.0,
        "axis": 0,
    }

    def __init__(
        self,
        min_value: float = 0.0,
        max_value: float = 1.0,
        rate: float = 1.0,
        axis: Any = 0,
    ):
        self.min_value, self.max_value = min_value, max_value
        self.rate, self.axis = rate, axis

    def __call__(self, w: Any) -> Any:
        w = float_array(w, None)
        norms = _norm(w, self.axis)
        clipped = np.clip(norms, self.min_value, self.max_value)
        desired = self.rate * clipped + (1 - self.rate) * norms
        return w * (desired / (config.epsilon() + norms))


# Keras's lower-case names for the classes.
max_norm = MaxNorm
min_max_norm = MinMaxNorm
non_neg = NonNeg
unit_norm = UnitNorm

CONSTRAINTS: dict[str, type[Constraint]] = {
    "MaxNorm": MaxNorm,
    "MinMaxNorm": MinMaxNorm,
    "NonNeg": NonNeg,
    "UnitNorm": UnitNorm,
    "max_norm": MaxNorm,
    "min_max_norm": MinMaxNorm,
    "non_neg": NonNeg,
    "unit_norm": UnitNorm,
}


def get(identifier: Any) -> Callable | None:
    """Return the constraint of a name, class, configuration or function.

    Examples
    --------
    >>> from keratorch import constraints
    >>> constraints.get("max_norm").get_config()
    {'max_value': 2, 'axis': 0}
    """
    return identifiers.resolve(identifier, CONSTRAINTS, "constraint")


def serialize(constraint: Any) -> dict[str, Any] | None:
    """Describe a constraint in Keras's form, ready for JSON."""
    if constraint is None:
        return None
    return identifiers.serialize(constraint, "keras.constraints")


def deserialize(
    config: Mapping[str, Any],
    custom_objects: Mapping[str, type[Constraint]] | None = None,
) -> Constraint:
    """Return the constraint that `serialize` described.

    Parameters
    ----------
    config : dict with 'class_name' and 'config'.
    custom_objects : dict from names to classes that are found as well.

    Raises
    ------
    ValueError : no constraint of this name.
    """
    known = {**CONSTRAINTS, **(custom_objects or {})}
    return identifiers.from_config(config, known, "constraint")
