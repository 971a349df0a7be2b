"""LeakyReLU: ReLU with a slope below 0."""

from __future__ import annotations

from typing import Any

from keratorch import activations
from keratorch.layers.elementwise_layer import ElementwiseLayer, checked_number


class LeakyReLU(ElementwiseLayer):
    """Keep what is positive, and scale down what is negative.

    outputs = inputs where inputs > 0, else negative_slope * inputs

    Parameters
    ----------
    negative_slope : float >= 0.

    Raises
    ------
    ValueError : a slope below 0.

    Source: Maas et al. (2013).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import LeakyReLU
    >>> LeakyReLU(0.5)(np.array([[-1.0, 2.0]])).numpy()
    array([[-0.5,  2. ]], dtype=float32)
    """

    couples_samples = False

    def __init__(self, negative_slope: float = 0.3, **kwargs: Any):
        super().__init__(**kwargs)
        self.negative_slope = checked_number(
            "LeakyReLU", "negative_slope", negative_slope
        )

    def call(self, inputs: Any) -> Any:
        return activations.leaky_relu(inputs, self.negative_slope)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "negative_slope": self.negative_slope}
