"""Permute: the axes of each sample in another order."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.layers.layer import Layer


class Permute(Layer):
    """Give the axes of each sample another order.

    Parameters
    ----------
    dims : tuple of int, which axis of the inputs comes first, second, ...; the axes of
        a sample count from 1, as 0 is the batch.

    Shapes
    ------
    inputs : (batch, ...); outputs : (batch, ...), in the order of dims.

    Raises
    ------
    ValueError : dims that are no order of 1, 2, ..., or inputs of another number of
        axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Permute
    >>> Permute((2, 1))(np.ones((2, 10, 64))).shape
    (2, 64, 10)
    """

    couples_samples = False
    _integer_dtype = True

    def __init__(self, dims: Any, **kwargs: Any):
        super().__init__(**kwargs)
        axes = tuple(dims) if isinstance(dims, (tuple, list)) else ()
        if not axes or set(axes) != set(range(1, len(axes) + 1)):
            raise ValueError(
                "Permute: dims must hold each of the axes 1, 2, ... of a sample once; "
                f"received {dims!r}. The batch, axis 0, stays where it is."
            )
        self.dims = tuple(map(int, axes))

    def call(self, inputs: Any) -> Any:
        self.compute_output_shape(inputs.shape)
        return np.transpose(inputs, (0, *self.dims))

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        if len(input_shape) != len(self.dims) + 1:
            raise ValueError(
                f"Permute '{self.name}' with dims={self.dims} expects inputs with "
                f"{len(self.dims) + 1} axes, the batch among them; received shape "
                f"{tuple(input_shape)}. Name all axes of a sample in dims."
            )
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "dims": self.dims}
