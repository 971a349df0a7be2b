"""Reshape: each sample in another shape."""

from __future__ import annotations

import math
from operator import index
from typing import Any

import numpy as np

from keratorch.layers.arguments import brief
from keratorch.layers.layer import Layer


class Reshape(Layer):
    """Give each sample another shape.

    Parameters
    ----------
    target_shape : tuple of int, the shape of a sample without the batch axis; one
        entry may be -1, for what is left.

    Shapes
    ------
    inputs : (batch, ...); outputs : (batch, *target_shape).

    Raises
    ------
    ValueError : the numbers of elements differ.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Reshape
    >>> Reshape((4, -1))(np.ones((2, 12))).shape
    (2, 4, 3)
    """

    couples_samples = False
    _integer_dtype = True

    def __init__(self, target_shape: Any, **kwargs: Any):
        super().__init__(**kwargs)
        self.target_shape = _as_lengths(target_shape)
        if self.target_shape.count(-1) > 1 or min(self.target_shape, default=0) < -1:
            raise ValueError(
                "Reshape: target_shape must hold lengths of 0 or more, and may hold -1 "
                f"once, for what is left; received {self.target_shape}."
            )
        self._build_at_init()

    def call(self, inputs: Any) -> Any:
        shape = self.compute_output_shape(inputs.shape)
        return np.reshape(inputs, shape)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        batch, *rest = input_shape
        if None in rest:
            return (batch, *(None if n == -1 else n for n in self.target_shape))
        size = math.prod(rest)
        known = math.prod(n for n in self.target_shape if n != -1)
        if -1 in self.target_shape:
            fits = known > 0 and size % known == 0
        else:
            fits = size == known
        if not fits:
            raise ValueError(
                f"Reshape '{self.name}' cannot give samples of shape {tuple(rest)} "
                f"({size} elements) the shape {self.target_shape}. Both need as many "
                "elements; one entry of target_shape may be -1, for what is left."
            )
        free = size // known if known else 0
        return (batch, *(free if n == -1 else n for n in self.target_shape))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "target_shape": self.target_shape}


def _as_lengths(target_shape: Any) -> tuple[int, ...]:
    """Return a shape as a tuple of int, or raise."""
    try:
        return tuple(map(index, target_shape))
    except TypeError:
        raise TypeError(
            "Reshape: target_shape must be a tuple of integers, such as (28, 28, 1); "
            f"received {brief(target_shape)}."
        ) from None
