"""Layers of single networks, which Keras's files name."""

from __future__ import annotations

from typing import Any

from keratorch import initializers
from keratorch.layers.layer import Layer


class CustomScaleLayer(Layer):
    """Add to one array another, times a number: x + scale * y.

    Parameters
    ----------
    scale : float.

    Examples
    --------
    >>> import numpy as np
    >>> CustomScaleLayer(0.5)([np.ones(2), np.array([2.0, 4.0])]).numpy()
    array([2., 3.], dtype=float32)
    """

    _takes_lists = True
    couples_samples = False

    def __init__(self, scale: float, **kwargs: Any):
        super().__init__(**kwargs)
        self.scale = scale

    def call(self, inputs: Any) -> Any:
        x, y = inputs
        return x + y * self.scale

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "scale": self.scale}


class LayerScale(Layer):
    """Multiply each channel by a weight that begins near zero.

    Parameters
    ----------
    init_values : float, the weights at first.
    projection_dim : int, number of channels.

    Source: Touvron et al. (2021), Going deeper with Image Transformers.

    Examples
    --------
    >>> import numpy as np
    >>> LayerScale(0.5, projection_dim=2)(np.array([[2.0, 4.0]])).numpy()
    array([[1., 2.]], dtype=float32)
    """

    couples_samples = False

    def __init__(self, init_values: float, projection_dim: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.init_values = init_values
        self.projection_dim = projection_dim

    def build(self, input_shape: Any) -> None:
        self.gamma = self.add_weight(
            shape=(self.projection_dim,),
            initializer=initializers.Constant(self.init_values),
        )

    def call(self, inputs: Any) -> Any:
        return inputs * self.gamma

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        own = {"init_values": self.init_values, "projection_dim": self.projection_dim}
        return {**super().get_config(), **own}
