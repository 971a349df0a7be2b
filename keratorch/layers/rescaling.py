"""Rescaling: other units for the data, such as 0 to 1 for pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config
from keratorch.layers.elementwise_layer import ElementwiseLayer


class Rescaling(ElementwiseLayer):
    """Multiply by a scale and add an offset, in training and in inference.

    outputs = inputs * scale + offset

    Parameters
    ----------
    scale : float, or one for each channel.
    offset : float, or one for each channel.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Rescaling
    >>> Rescaling(1 / 127.5, offset=-1)(np.array([[0.0, 255.0]])).numpy()
    array([[-1.,  1.]], dtype=float32)
    """

    couples_samples = False

    def __init__(self, scale: Any, offset: Any = 0.0, **kwargs: Any):
        super().__init__(**kwargs)
        self.scale, self.offset = scale, offset

    def call(self, inputs: Any) -> Any:
        scale = np.asarray(self.scale, self.dtype)
        offset = np.asarray(self.offset, self.dtype)
        if scale.ndim and config.image_data_format() == "channels_first":
            scale = scale.reshape(scale.shape + (1,) * (3 - scale.ndim))
        return inputs * scale + offset

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "scale": _described(self.scale),
            "offset": _described(self.offset),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Rescaling:
        arguments = dict(config)
        for name in ("scale", "offset"):
            value = arguments.get(name)
            if isinstance(value, dict):
                value = value["config"]
                arguments[name] = np.array(value["value"], value["dtype"])
        return super().from_config(arguments)


def _described(value: Any) -> Any:
    """Return numbers as Keras writes them into files."""
    if not isinstance(value, (np.ndarray, np.generic)):
        return value
    array = np.asarray(value)
    return {
        "class_name": "__numpy__",
        "config": {"value": array.tolist(), "dtype": array.dtype.name},
    }
