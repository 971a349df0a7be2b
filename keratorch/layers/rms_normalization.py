"""RMSNormalization: each sample with a mean square of 1."""

from __future__ import annotations

from typing import Any

from keratorch.grads.normalization import NormalizeRowsGrad
from keratorch.layers.layer import Layer
from keratorch.layers.normalization_layer import (
    check_lengths,
    checked_axis,
    known_lengths,
    positive_axes,
)


class RMSNormalization(Layer):
    """Divide each sample by its root mean square along some axes.

    outputs = inputs / sqrt(mean(inputs**2) + epsilon) * scale

    Parameters
    ----------
    axis : int or list of int, the axes of the mean.
    epsilon : float, which keeps small inputs from making large numbers.

    Shapes
    ------
    inputs, outputs : any; scale : the lengths of the inputs along `axis`.

    Raises
    ------
    TypeError, ValueError : an axis that is no int or does not exist, or inputs of
        other lengths along it.

    Source: Zhang & Sennrich (2019).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import RMSNormalization
    >>> RMSNormalization()(np.array([[1.0, 7.0]])).numpy().round(3)
    array([[0.2, 1.4]], dtype=float32)
    """

    couples_samples = False
    _keeps_integers = False

    def __init__(self, axis: Any = -1, epsilon: float = 1e-6, **kwargs: Any):
        super().__init__(**kwargs)
        self.axis = checked_axis("RMSNormalization", axis)
        self.epsilon = epsilon

    def build(self, input_shape: tuple) -> None:
        # Keras's configuration holds a sorted list from now on.
        self.axis = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        axes = positive_axes(self, self.axis, input_shape)
        shape = known_lengths(self, axes, input_shape)
        self.scale = self.add_weight(name="scale", shape=shape, initializer="ones")

    def call(self, inputs: Any) -> Any:
        axes = positive_axes(self, self.axis, inputs.shape)
        check_lengths(self, axes, inputs.shape, self.scale.shape)
        return NormalizeRowsGrad.apply(
            inputs, self.scale, axis=axes, epsilon=self.epsilon, centered=False
        )

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        positive_axes(self, self.axis, input_shape)
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "axis": self.axis,
            "epsilon": self.epsilon,
        }
