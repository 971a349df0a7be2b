"""Flatten: each sample as one row."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from keratorch import config
from keratorch.layers.layer import Layer


class Flatten(Layer):
    """Flatten each sample to one axis.

    Parameters
    ----------
    data_format : 'channels_last' (default) or 'channels_first', whose channels are
        moved to the end first, so that both give the same order.

    Shapes
    ------
    inputs : (batch, ...); outputs : (batch, product of the other axes).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Flatten
    >>> Flatten()(np.ones((2, 8, 8))).shape
    (2, 64)
    """

    couples_samples = False
    _integer_dtype = True

    def __init__(self, data_format: str | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        data_format = data_format or config.image_data_format()
        if data_format not in ("channels_last", "channels_first"):
            raise ValueError(
                "Flatten: data_format must be 'channels_last' or 'channels_first'; "
                f"received {data_format!r}."
            )
        self.data_format = data_format

    def call(self, inputs: Any) -> Any:
        if self.data_format == "channels_first" and inputs.ndim > 2:
            inputs = np.transpose(inputs, (0, *range(2, inputs.ndim), 1))
        return np.reshape(inputs, (inputs.shape[0], math.prod(inputs.shape[1:])))

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        rest = input_shape[1:]
        return (input_shape[0], None if None in rest else math.prod(rest))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "data_format": self.data_format}
