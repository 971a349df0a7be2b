"""UnitNormalization: each sample with a length of 1."""

from __future__ import annotations

from typing import Any

from keratorch import ops
from keratorch.layers.arguments import may_take_batch
from keratorch.layers.layer import Layer
from keratorch.layers.normalization_layer import checked_axis, positive_axes


class UnitNormalization(Layer):
    """Divide by the Euclidean length along some axes.

    outputs = inputs / sqrt(sum(inputs**2))

    Parameters
    ----------
    axis : int or list of int, the axes of the sum.

    Raises
    ------
    TypeError, ValueError : an axis that is no int, or does not exist.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import UnitNormalization
    >>> UnitNormalization()(np.array([[3.0, 4.0], [0.0, 0.0]])).numpy()
    array([[0.6, 0.8],
           [0. , 0. ]], dtype=float32)
    """

    supports_masking = True
    _keeps_integers = False

    def __init__(self, axis: Any = -1, **kwargs: Any):
        super().__init__(**kwargs)
        self.axis = checked_axis("UnitNormalization", axis)
        self._build_at_init()

    @property
    def couples_samples(self) -> bool:
        """Whether the axis may be that of the samples."""
        return may_take_batch(self.axis)

    def call(self, inputs: Any) -> Any:
        axes = positive_axes(self, self.axis, inputs.shape)
        return ops.normalize(inputs, axis=axes, order=2, epsilon=1e-12)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        positive_axes(self, self.axis, input_shape)
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "axis": self.axis}
