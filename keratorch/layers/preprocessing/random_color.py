"""Brightness, contrast, hue and saturation of images, changed at random."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config
from keratorch.layers.preprocessing import image_layer
from keratorch.layers.preprocessing.image_layer import (
    ImageLayer,
    each,
    rescaled,
    spread,
    uniform,
)
from keratorch.ops import image


class ColorLayer(ImageLayer):
    """An image layer whose random numbers are of a range `factor`."""

    factor: Any
    value_range: Any

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "factor": self.factor,
            "value_range": self.value_range,
            "seed": self.seed,
        }


class RandomBrightness(ColorLayer):
    """Add a random number to all pixels of each image in training.

    The number is uniform over the range `factor`, times the width of `value_range`,
    which the results are clipped to.

    Parameters
    ----------
    factor : float from -1 to 1 for the range (-factor, factor), or (lower, upper).
    value_range : (lowest, highest) of pixel values.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Raises
    ------
    ValueError : a factor outside its range, or a value_range that is no pair.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_color import RandomBrightness
    >>> layer = RandomBrightness((0.5, 0.5), value_range=(0, 1))
    >>> layer(np.array([[[0.0, 0.25, 0.75]]])).numpy()
    array([[[0.5 , 0.75, 1.  ]]], dtype=float32)
    """

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.factor = spread("RandomBrightness", "factor", factor, -1, 1)
        self.value_range = image_layer.value_range("RandomBrightness", value_range)
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        width = self.value_range[1] - self.value_range[0]
        return {"rgb_delta": uniform(stream, (shape[0], 1, 1, 1), *self.factor) * width}

    def _transform(self, images: Any, transformation: Any) -> Any:
        brighter = images + each(transformation["rgb_delta"], images)
        return np.clip(brighter, *self.value_range)


class RandomContrast(ColorLayer):
    """Stretch the pixels of each image around their mean in training.

    outputs = (inputs - mean) * c + mean for each channel, clipped to `value_range`,
    with c uniform over [1 - lower, 1 + upper).

    Parameters
    ----------
    factor : float from 0 to 1 for lower = 0 and upper = factor, as in Keras 3, or
        (lower, upper).
    value_range : (lowest, highest) of pixel values.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Raises
    ------
    ValueError : a factor outside its range.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_color import RandomContrast
    >>> layer = RandomContrast((0.0, 1.0), seed=1)
    >>> float(layer(np.full((1, 2, 2, 3), 7.0)).numpy().max())
    7.0
    """

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.factor = spread("RandomContrast", "factor", factor, 0, 1)
        image_layer.value_range("RandomContrast", value_range)
        self.value_range = value_range
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        low, high = 1 - self.factor[0], 1 + self.factor[1]
        factor = uniform(stream, (shape[0], 1, 1, 1), low, high)
        return {"contrast_factor": factor}

    def _transform(self, images: Any, transformation: Any) -> Any:
        mean = images.mean(axis=(1, 2), keepdims=True)
        factor = each(transformation["contrast_factor"], images)
        return np.clip((images - mean) * factor + mean, *self.value_range)


class RandomHue(ColorLayer):
    """Turn the hue of each image by a random share of half a turn in training.

    The share is uniform over the range `factor`, with a random sign.

    Parameters
    ----------
    factor : float from 0 to 1 for the range (0, factor), or (lower, upper).
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
    >>> from keratorch.layers.preprocessing.random_color import RandomHue
    >>> layer = RandomHue((1.0, 1.0), value_range=(0, 1))
    >>> layer(np.array([[[1.0, 0.0, 0.0]]])).numpy().round(3)
    array([[[0., 1., 1.]]], dtype=float32)
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
        self.factor = spread("RandomHue", "factor", factor, 0, 1)
        image_layer.value_range("RandomHue", value_range)
        self.value_range = value_range
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        sign = np.where(uniform(stream, shape[:1]) > 0.5, -1, 1)
        share = uniform(stream, shape[:1], *self.factor)
        return {"factor": share * np.float32(sign) * np.float32(0.5)}

    def _transform(self, images: Any, transformation: Any) -> Any:
        unit = rescaled(images, self.value_range, (0, 1))
        hsv = image.rgb_to_hsv(unit, "channels_last")
        hue = hsv[..., :1] + each(transformation["factor"], images)
        hue = np.where(hue > 1, hue - 1, hue)
        hue = np.where(hue < 0, hue + 1, hue)
        turned = np.concatenate([hue, hsv[..., 1:]], axis=-1)
        rgb = np.clip(image.hsv_to_rgb(turned, "channels_last"), 0, 1)
        return rescaled(rgb, (0, 1), self.value_range)


class RandomSaturation(ColorLayer):
    """Make the colours of each image paler or stronger in training.

    The saturation is multiplied by f / (1 - f), with f uniform over the range `factor`:
    0 gives grey, 0.5 changes nothing, 1 gives the strongest colours.

    Parameters
    ----------
    factor : float from -1 to 1 for the range (-factor, factor), as in Keras, or
        (lower, upper); what is below 0 gives grey.
    value_range, data_format, seed : see `RandomHue`.

    Raises
    ------
    ValueError : a factor outside its range, or images without 3 channels.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_color import RandomSaturation
    >>> layer = RandomSaturation((0.0, 0.0), value_range=(0, 1))
    >>> layer(np.array([[[1.0, 0.5, 0.0]]])).numpy()
    array([[[1., 1., 1.]]], dtype=float32)
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
        self.factor = spread("RandomSaturation", "factor", factor, -1, 1)
        self.value_range = image_layer.value_range("RandomSaturation", value_range)
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        share = uniform(stream, shape[:1], *self.factor)
        return {"factor": share / (1 - share + np.float32(config.epsilon()))}

    def _transform(self, images: Any, transformation: Any) -> Any:
        hsv = image.rgb_to_hsv(images, "channels_last")
        factor = each(transformation["factor"], images)
        saturation = np.clip(hsv[..., 1:2] * factor, *self.value_range)
        stronger = np.concatenate([hsv[..., :1], saturation, hsv[..., 2:]], axis=-1)
        return image.hsv_to_rgb(stronger, "channels_last")


class RandomColorJitter(ImageLayer):
    """Change brightness, contrast, saturation and hue in training, one after another.

    Parameters
    ----------
    value_range : (lowest, highest) of pixel values.
    brightness_factor, contrast_factor, saturation_factor, hue_factor : the factors of
        `RandomBrightness`, `RandomContrast`, `RandomSaturation` and `RandomHue`, None
        to leave that out.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : a factor outside its range.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_color import RandomColorJitter
    >>> layer = RandomColorJitter((0, 1), brightness_factor=(0.5, 0.5))
    >>> layer(np.zeros((1, 1, 3))).numpy()
    array([[[0.5, 0.5, 0.5]]], dtype=float32)
    """

    def __init__(
        self,
        value_range: Any = (0, 255),
        brightness_factor: Any = None,
        contrast_factor: Any = None,
        saturation_factor: Any = None,
        hue_factor: Any = None,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.value_range = value_range
        self.brightness_factor, self.contrast_factor = (
            brightness_factor,
            contrast_factor,
        )
        self.saturation_factor, self.hue_factor = saturation_factor, hue_factor
        self._take_seed(seed)
        factors: list[tuple[Any, Any]] = [
            (RandomBrightness, brightness_factor),
            (RandomContrast, contrast_factor),
            (RandomSaturation, saturation_factor),
            (RandomHue, hue_factor),
        ]
        self._parts = tuple(
            kind(factor, value_range, dtype=self.dtype, data_format="channels_last")
            for kind, factor in factors
            if factor is not None
        )

    def _draw(self, stream: np.random.Generator, shape: tuple) -> Any:
        return [part._draw(stream, shape) for part in self._parts]

    def _transform(self, images: Any, transformation: Any) -> Any:
        for part, drawn in zip(self._parts, transformation, strict=True):
            images = part._transform(images, drawn)
        return images

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "value_range": self.value_range,
            "brightness_factor": self.brightness_factor,
            "contrast_factor": self.contrast_factor,
            "saturation_factor": self.saturation_factor,
            "hue_factor": self.hue_factor,
            "seed": self.seed,
        }
