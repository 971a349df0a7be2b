"""AutoContrast and Equalization: images that use all values that there are."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.preprocessing import image_layer
from keratorch.layers.preprocessing.image_layer import ImageLayer, rescaled


class AutoContrast(ImageLayer):
    """Stretch each channel of each image over all values, in inference as well.

    outputs = (inputs - low) / (high - low), from the lowest value to the highest.  A
    channel of one value stays as it is.

    Parameters
    ----------
    value_range : (lowest, highest) of pixel values.

    Raises
    ------
    ValueError : a value_range that is no pair.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.contrast import AutoContrast
    >>> AutoContrast()(np.array([[[50.0], [75.0], [100.0]]])).numpy()[..., 0]
    array([[  0. , 127.5, 255. ]], dtype=float32)
    """

    _in_inference = True

    def __init__(self, value_range: Any = (0, 255), **kwargs: Any):
        super().__init__(**kwargs)
        self.value_range = image_layer.value_range("AutoContrast", value_range)

    def _transform(self, images: Any, transformation: Any) -> Any:
        x = rescaled(images, self.value_range, (0, 255))
        low = x.min(axis=(1, 2), keepdims=True)
        width = x.max(axis=(1, 2), keepdims=True) - low
        flat = graph.value(width) == 0
        scale = 255.0 / np.where(flat, np.ones((), images.dtype), width)
        wide = np.clip(x * scale - low * scale, 0, 255)
        return np.where(flat, images, rescaled(wide, (0, 255), self.value_range))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "value_range": self.value_range}


class Equalization(ImageLayer):
    """Make all values equally frequent in training: histogram equalization.

    As in Keras, one histogram for each channel counts the whole batch. No gradient
    flows through it.

    Parameters
    ----------
    value_range : (lowest, highest) of pixel values.
    bins : int > 0, of the histogram.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : bins below 1, or a value_range that is no pair.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.contrast import Equalization
    >>> Equalization()(np.array([[[1.0], [2.0], [3.0]]])).numpy()[..., 0]
    array([[  0., 128., 255.]], dtype=float32)
    """

    def __init__(
        self,
        value_range: Any = (0, 255),
        bins: int = 256,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.bins = check_positive_integer("Equalization", "bins", bins)
        self.value_range = image_layer.value_range("Equalization", value_range)

    def _transform(self, images: Any, transformation: Any) -> Any:
        x = graph.value(images)
        channels = [self._equalized(x[..., i]) for i in range(x.shape[-1])]
        out = np.stack(channels, axis=-1).astype(x.dtype)
        return GradArray(out, requires_grad=False)

    def _equalized(self, channel: np.ndarray) -> np.ndarray:
        x = rescaled(channel, self.value_range, (0, 255))
        places = np.clip((x * (self.bins - 1) / 255).astype(int), 0, self.bins - 1)
        counts = np.bincount(places.ravel(), minlength=self.bins)
        if np.count_nonzero(counts) <= 1:
            return channel
        below = counts.cumsum()
        first = below[below > 0][0]
        table = np.clip(np.round((below - first) * 255 / (below[-1] - first)), 0, 255)
        index = np.clip(x / 255 * (self.bins - 1), 0, self.bins - 1).astype(int)
        return rescaled(table[index], (0, 255), self.value_range)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "bins": self.bins,
            "value_range": self.value_range,
        }
