"""ReLU: max(inputs, 0) as a layer of its own, with its variants."""

from __future__ import annotations

from typing import Any

from keratorch import activations
from keratorch.layers.elementwise_layer import ElementwiseLayer, checked_number


class ReLU(ElementwiseLayer):
    """Keep what is above a threshold.

    outputs = inputs where inputs > threshold, at most max_value;
    else negative_slope * (inputs - threshold)

    Parameters
    ----------
    max_value : float >= 0, the largest output, or None for no limit.
    negative_slope : float >= 0, the slope below the threshold.
    threshold : float >= 0.

    Raises
    ------
    ValueError : a number below 0.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import ReLU
    >>> ReLU(max_value=6)(np.array([[-1.0, 2.0, 9.0]])).numpy()
    array([[0., 2., 6.]], dtype=float32)
    """

    couples_samples = False

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if max_value is not None:
            checked_number("ReLU", "max_value", max_value)
        self.max_value = max_value
        self.negative_slope = checked_number("ReLU", "negative_slope", negative_slope)
        self.threshold = checked_number("ReLU", "threshold", threshold)

    def call(self, inputs: Any) -> Any:
        return activations.relu(
            inputs, self.negative_slope, self.max_value, self.threshold
        )

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "max_value": self.max_value,
            "negative_slope": self.negative_slope,
            "threshold": self.threshold,
        }
