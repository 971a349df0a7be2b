"""Initializers without chance: zeros, ones, a constant, the identity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch.initializers.initializer import Initializer, weight_dtype


class Zeros(Initializer):
    """All values 0.

    Examples
    --------
    >>> Zeros()((3,))
    array([0., 0., 0.], dtype=float32)
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> np.ndarray:
        return np.zeros(shape, weight_dtype(dtype))


class Ones(Initializer):
    """All values 1.

    Examples
    --------
    >>> Ones()((3,))
    array([1., 1., 1.], dtype=float32)
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> np.ndarray:
        return np.ones(shape, weight_dtype(dtype))


class Constant(Initializer):
    """All values `value`.

    Parameters
    ----------
    value : number.

    Examples
    --------
    >>> Constant(0.5)((2,))
    array([0.5, 0.5], dtype=float32)
    """

    def __init__(self, value: float = 0.0):
        self.value = value

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> np.ndarray:
        return np.full(shape, self.value, weight_dtype(dtype))

    def get_config(self) -> dict[str, Any]:
        """Return the value, as numbers and lists."""
        return {"value": np.asarray(self.value).tolist()}


class Identity(Initializer):
    """A matrix with `gain` on its diagonal and 0 elsewhere.

    Parameters
    ----------
    gain : float.

    Raises
    ------
    ValueError : a shape that is not that of a matrix.

    Examples
    --------
    >>> Identity(gain=2.0)((2, 3))
    array([[2., 0., 0.],
           [0., 2., 0.]], dtype=float32)
    """

    def __init__(self, gain: float = 1.0):
        self.gain = gain

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> np.ndarray:
        if len(shape) != 2:
            raise ValueError(
                f"Identity initializes matrices only; received shape {tuple(shape)}."
            )
        rows, columns = shape
        return (self.gain * np.eye(rows, columns)).astype(weight_dtype(dtype))

    def get_config(self) -> dict[str, Any]:
        """Return the gain where it is not 1: Keras writes none at all."""
        return {} if self.gain == 1.0 else {"gain": self.gain}
