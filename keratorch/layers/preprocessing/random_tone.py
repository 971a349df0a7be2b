"""Grey, negative, coarse or solarized images, at random."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.layers.preprocessing import image_layer
from keratorch.layers.preprocessing.image_layer import (
    ImageLayer,
    chances,
    each,
    is_number,
    rescaled,
    spread,
    uniform,
)
from keratorch.layers.preprocessing.random_color import ColorLayer
from keratorch.ops import image


class RandomColorDegeneration(ColorLayer):
    """Mix each image with its grey version in training.

    outputs = inputs + f * (grey - inputs), clipped to `value_range`, with f uniform
    over the range `factor`.

    Parameters
    ----------
    factor : float from 0 to 1 for the range (-factor, factor), or (lower, upper).
    value_range : (lowest, highest) of pixel values.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Raises
    ------
    ValueError : a factor outside its range, or images without 3 channels.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_tone import RandomColorDegeneration
    >>> layer = RandomColorDegeneration((1.0, 1.0))
    >>> layer(np.array([[[100.0, 0.0, 0.0]]])).numpy().round(2)
    array([[[29.89, 29.89, 29.89]]], dtype=float32)
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
        self.factor = spread("RandomColorDegeneration", "factor", factor, -1, 1)
        self.value_range = image_layer.value_range(
            "RandomColorDegeneration", value_range
        )
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        return {"factor": uniform(stream, (shape[0], 1, 1, 1), *self.factor)}

    def _transform(self, images: Any, transformation: Any) -> Any:
        grey = image.rgb_to_grayscale(images, "channels_last")
        mixed = images + each(transformation["factor"], images) * (grey - images)
        return np.clip(mixed, *self.value_range)


class RandomGrayscale(ImageLayer):
    """Make each image grey in training with a probability; it keeps 3 channels.

    Parameters
    ----------
    factor : float from 0 to 1, the probability.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Raises
    ------
    ValueError : a factor outside its range, or images without 3 channels.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_tone import RandomGrayscale
    >>> RandomGrayscale(1.0)(np.array([[[0.0, 1.0, 0.0]]])).numpy()
    array([[[0.587, 0.587, 0.587]]], dtype=float32)
    """

    def __init__(
        self,
        factor: float = 0.5,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        if not is_number(factor) or not 0 <= factor <= 1:
            raise ValueError(
                "RandomGrayscale: factor must be a probability, from 0 to 1; received "
                f"{factor!r}."
            )
        self.factor = factor
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> Any:
        return uniform(stream, (shape[0], 1, 1, 1)) < self.factor

    def _transform(self, images: Any, transformation: Any) -> Any:
        grey = image.rgb_to_grayscale(images, "channels_last")
        return np.where(each(transformation, images), grey, images)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor}


class RandomInvert(ColorLayer):
    """Make each image its negative in training with a probability.

    outputs = highest value - inputs.

    Parameters
    ----------
    factor : float from 0 to 1 for the range (0, factor), or (lower, upper), of the
        probability, which is drawn for each image.
    value_range : (lowest, highest) of pixel values.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : a factor outside its range.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_tone import RandomInvert
    >>> RandomInvert((1.0, 1.0))(np.array([[[0.0, 5.0, 255.0]]])).numpy()
    array([[[255., 250.,   0.]]], dtype=float32)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.factor = spread("RandomInvert", "factor", factor, 0, 1)
        image_layer.value_range("RandomInvert", value_range)
        self.value_range = value_range
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        return {"apply_inversion": chances(stream, self.factor, shape[0])}

    def _transform(self, images: Any, transformation: Any) -> Any:
        applies = each(transformation["apply_inversion"], images)
        return np.where(applies, self.value_range[1] - images, images)


class RandomPosterization(ColorLayer):
    """Leave each image only some bits of its eight in training.

    No gradient flows through it.

    Parameters
    ----------
    factor : int from 1 to 8, the number of bits, or (lower, upper): then uniform over
        lower, ..., upper - 1, as in Keras.
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
    >>> from keratorch.layers.preprocessing.random_tone import RandomPosterization
    >>> RandomPosterization((2, 2))(np.array([[[10.0, 100.0, 255.0]]])).numpy()
    array([[[  0.,  64., 192.]]], dtype=float32)
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
        self.factor = spread("RandomPosterization", "factor", factor, 1, 8)
        self.value_range = image_layer.value_range("RandomPosterization", value_range)
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        low, high = (int(bound) for bound in self.factor)
        bits = stream.integers(low, max(high, low + 1), shape[0], np.uint8)
        return {"shift_factor": 8 - bits}

    def _transform(self, images: Any, transformation: Any) -> Any:
        shift = np.asarray(graph.value(transformation["shift_factor"]), np.uint8)
        shift = shift.reshape(-1, 1, 1, 1)
        scaled = rescaled(graph.value(images), self.value_range, (0, 255))
        coarse = (scaled.astype(np.uint8) >> shift) << shift
        coarse = rescaled(coarse.astype(images.dtype), (0, 255), self.value_range)
        return GradArray(coarse, requires_grad=False)


class Solarization(ImageLayer):
    """Add a random number to each image and invert what is bright in training.

    Of values from 0 to 255: x + a, clipped; where that is t or more, 255 minus it. a
    is uniform over `addition_factor` times 255, t over `threshold_factor` times 255
    (of both the lower bound is taken as it is, as in Keras).

    Parameters
    ----------
    addition_factor, threshold_factor : float from 0 to 1 for the range (0, x), or
        (lower, upper).
    value_range : (lowest, highest) of pixel values.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Raises
    ------
    ValueError : a factor outside its range.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_tone import Solarization
    >>> Solarization(0.0, 0.0)(np.array([[[0.0, 100.0, 255.0]]])).numpy()
    array([[[255., 155.,   0.]]], dtype=float32)
    """

    def __init__(
        self,
        addition_factor: Any = 0.0,
        threshold_factor: Any = 0.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.addition_factor = _from_zero("addition_factor", addition_factor)
        self.threshold_factor = _from_zero("threshold_factor", threshold_factor)
        self.value_range = image_layer.value_range("Solarization", value_range)
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        wide = (shape[0], 1, 1, 1)
        ranges = {
            "additions": self.addition_factor,
            "thresholds": self.threshold_factor,
        }
        return {
            name: uniform(stream, wide, low, max(low, high * 255))
            for name, (low, high) in ranges.items()
        }

    def _transform(self, images: Any, transformation: Any) -> Any:
        x = rescaled(images, self.value_range, (0, 255))
        x = np.clip(x + each(transformation["additions"], images), 0, 255)
        dark = x < each(transformation["thresholds"], images)
        return rescaled(np.where(dark, x, 255 - x), (0, 255), self.value_range)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "addition_factor": self.addition_factor,
            "threshold_factor": self.threshold_factor,
            "value_range": self.value_range,
            "seed": self.seed,
        }


def _from_zero(argument: str, value: Any) -> tuple:
    """Return the range that a number x, for (0, x), or a pair from 0 to 1 means."""
    pair = value if isinstance(value, (tuple, list)) else (0, value)
    if len(pair) != 2 or not all(is_number(x) and 0 <= x <= 1 for x in pair):
        raise ValueError(
            f"Solarization: {argument} must be a number, or a pair of numbers (lower, "
            f"upper), from 0 to 1; received {value!r}."
        )
    return tuple(sorted(pair))
