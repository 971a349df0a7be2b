"""RandomSharpness and RandomGaussianBlur: images through small windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.layers.preprocessing import image_layer
from keratorch.layers.preprocessing.image_layer import (
    chances,
    each,
    spread,
    uniform,
)
from keratorch.layers.preprocessing.random_color import ColorLayer
from keratorch.ops import image
from keratorch.ops.image.filters import filtered


class RandomSharpness(ColorLayer):
    """Make each image sharper or softer in training.

    outputs = inputs + (1 - 2 f) * (soft - inputs), clipped to `value_range`, with f
    uniform over the range `factor`: 0 softens, 0.5 changes nothing, 1 sharpens. `soft`
    is an average over 3 by 3 pixels, with zeros outside.

    Parameters
    ----------
    factor : float from 0 to 1 for the range (0, factor), or (lower, upper).
    value_range : (lowest, highest) of pixel values.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Raises
    ------
    ValueError : a factor outside its range.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_filters import RandomSharpness
    >>> x = np.arange(9.0).reshape(3, 3, 1)
    >>> np.allclose(RandomSharpness((0.5, 0.5))(x).numpy(), x)
    True
    """

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.factor = spread("RandomSharpness", "factor", factor, 0, 1)
        self.value_range = image_layer.value_range("RandomSharpness", value_range)
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        return {"factor": uniform(stream, shape[:1], *self.factor)}

    def _transform(self, images: Any, transformation: Any) -> Any:
        window = np.full((3, 3), 1 / 13)
        window[1, 1] = 5 / 13
        soft = filtered(images, window)
        factor = 1 - 2 * each(transformation["factor"], images)
        return np.clip(images + factor * (soft - images), *self.value_range)


class RandomGaussianBlur(ColorLayer):
    """Blur each image in training with a probability: see `ops.image.gaussian_blur`.

    Parameters
    ----------
    factor : float from 0 to 1 for the range (0, factor), or (lower, upper), of the
        probability, which is drawn for each image.
    kernel_size : odd int, or a pair, of pixels.
    sigma : float from 0 to 1 for the range (0, sigma), or (lower, upper), of the
        deviations across and down, drawn once for a batch.
    value_range, data_format, seed : see `RandomSharpness`.

    Raises
    ------
    ValueError : a factor outside its range, or an even kernel_size.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_filters import RandomGaussianBlur
    >>> RandomGaussianBlur(seed=1)(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        kernel_size: Any = 3,
        sigma: Any = 1.0,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.factor = spread("RandomGaussianBlur", "factor", factor, 0, 1)
        pair = isinstance(kernel_size, (tuple, list))
        sizes = tuple(kernel_size) if pair else (kernel_size, kernel_size)
        if len(sizes) != 2 or any(size % 2 != 1 for size in sizes):
            raise ValueError(
                "RandomGaussianBlur: kernel_size must be an odd number, or a pair of "
                f"them; received {kernel_size!r}."
            )
        self.kernel_size = sizes
        self.sigma = spread("RandomGaussianBlur", "sigma", sigma, 0, 1)
        image_layer.value_range("RandomGaussianBlur", value_range)
        self.value_range = value_range
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        return {
            "should_apply_blur": chances(stream, self.factor, shape[0]),
            "blur_factor": uniform(stream, (2,), *self.sigma) + np.float32(1e-6),
        }

    def _transform(self, images: Any, transformation: Any) -> Any:
        sigma = graph.value(transformation["blur_factor"])
        blurred = image.gaussian_blur(images, self.kernel_size, sigma, "channels_last")
        applies = each(transformation["should_apply_blur"], images)
        return np.clip(np.where(applies, blurred, images), *self.value_range)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "sigma": self.sigma,
        }
