"""Constraints: what is done to a weight after each update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from keratorch import config, identifiers


class Constraint:
    """The base of constraints: a function from a weight to one that is allowed."""

    defaults: ClassVar[dict[str, Any]] = {}  # the constructor's arguments

    def __call__(self, w: Any) -> Any:
        """Return the nearest allowed weight."""
        raise NotImplementedError(f"{type(self).__name__} has no __call__(self, w).")

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
        w = np.asarray(w)
        norms = _norm(w, self.axis)
        return w * (np.clip(norms, 0, self.max_value) / (config.epsilon() + norms))


class NonNeg(Constraint):
    """Set negative weights to 0."""

    def __call__(self, w: Any) -> Any:
        return np.maximum(np.asarray(w), 0)


class UnitNorm(Constraint):
    """Scale vectors of weights to length 1.

    Parameters
    ----------
    axis : int or tuple, the axes that make up a vector.
    """

    defaults: ClassVar[dict[str, Any]] = {"axis": 0}

    def __init__(self, axis: Any = 0):
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        w = np.asarray(w)
        return w / (config.epsilon() + _norm(w, self.axis))


class MinMaxNorm(Constraint):
    """Scale vectors of weights towards a length between two values.

    Parameters
    ----------
    min_value, max_value : float, the smallest and the largest norm.
    rate : float, 1 to enforce them at each update, less to approach them.
    axis : int or tuple, the axes that make up a vector.
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
        w = np.asarray(w)
        norms = _norm(w, self.axis)
        clipped = np.clip(norms, self.min_value, self.max_value)
        desired = self.rate * clipped + (1 - self.rate) * norms
        return w * (desired / (config.epsilon() + norms))


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
    """Return the constraint of a name, class, configuration or function."""
    return identifiers.resolve(identifier, CONSTRAINTS, "constraint")


def serialize(constraint: Any) -> dict[str, Any] | None:
    """Describe a constraint in Keras's form, ready for JSON."""
    if constraint is None:
        return None
    return identifiers.serialize(constraint, "keras.constraints")
