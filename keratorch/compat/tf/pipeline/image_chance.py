"""``tf.image.random_*``: what is done to images by chance."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import random
from keratorch.compat.tf.pipeline import image_colours, image_files
from keratorch.compat.tf.pipeline.image_dtypes import image_of, is_plain
from keratorch.utils.element import as_element
from keratorch.utils.pipeline.values import as_value

Draw = np.random.Generator


@functools.cache
def _stream(function: str, seed: Any) -> Draw:
    return np.random.default_rng(seed)


def chance_of(function: str, seed: Any) -> Draw:
    """Return where a function draws from: with a seed, from a stream of its own."""
    return random.generator() if seed is None else _stream(function, int(seed))


def _stateless(seed: Any) -> Draw:
    """Return the stream of a pair of numbers, which begins anew with each call."""
    return np.random.default_rng([int(n) % 2**32 for n in np.asarray(as_value(seed))])


def _flipped(image: Any, axis: int, draw: Draw) -> Any:
    """Return images turned around with probability 1/2, each by itself."""
    image = image_of(image)
    batch = np.shape(image)[0] if np.ndim(image) == 4 else 1
    turned = draw.random(batch) < 0.5
    if np.ndim(image) == 3:
        return np.flip(image, axis) if turned[0] else image
    chosen = np.where(turned[:, None, None, None], np.flip(image, axis), image)
    return as_element(chosen)


def _between(name: str, lower: float, upper: float, draw: Draw) -> float:
    if not lower < upper:
        raise ValueError(
            f"{name} needs lower < upper; received lower={lower} and upper={upper}."
        )
    return float(draw.uniform(lower, upper))


def _around(name: str, max_delta: float, draw: Draw) -> float:
    if max_delta < 0:
        raise ValueError(f"{name} needs max_delta >= 0; received {max_delta}.")
    return float(draw.uniform(-max_delta, max_delta))


def _left_right(draw: Draw, image: Any) -> Any:
    """Return each image seen in a mirror, or not."""
    return _flipped(image, -2, draw)


def _up_down(draw: Draw, image: Any) -> Any:
    """Return each image with the top below, or not."""
    return _flipped(image, -3, draw)


def _brightness(draw: Draw, image: Any, max_delta: float) -> Any:
    """Return images with up to `max_delta` added or taken off."""
    delta = _around("random_brightness", max_delta, draw)
    return image_colours.adjust_brightness(image, delta)


def _contrast(draw: Draw, image: Any, lower: float, upper: float) -> Any:
    """Return images with a contrast between `lower` and `upper` times theirs."""
    factor = _between("random_contrast", lower, upper, draw)
    return image_colours.adjust_contrast(image, factor)


def _hue(draw: Draw, image: Any, max_delta: float) -> Any:
    """Return images with up to `max_delta` added to their hue or taken off."""
    return image_colours.adjust_hue(image, _around("random_hue", max_delta, draw))


def _saturation(draw: Draw, image: Any, lower: float, upper: float) -> Any:
    """Return images with a saturation between `lower` and `upper` times theirs."""
    factor = _between("random_saturation", lower, upper, draw)
    return image_colours.adjust_saturation(image, factor)


def _jpeg_quality(
    draw: Draw, image: Any, min_jpeg_quality: int, max_jpeg_quality: int
) -> Any:
    """Return an image as it looks after being a JPEG file of some quality."""
    if not 0 <= min_jpeg_quality < max_jpeg_quality <= 100:
        raise ValueError(
            "random_jpeg_quality needs 0 <= min_jpeg_quality < max_jpeg_quality <= "
            f"100; received {min_jpeg_quality} and {max_jpeg_quality}."
        )
    quality = int(draw.integers(min_jpeg_quality, max_jpeg_quality))
    return image_files.adjust_jpeg_quality(image, quality)


def _crop(draw: Draw, value: Any, size: Any) -> Any:
    """Return a part of an array, of a size, from anywhere in it."""
    array = as_element(as_value(value)) if is_plain(value) else value
    wanted = [int(n) for n in np.asarray(as_value(size)).ravel()]
    shape = np.shape(array)
    wanted = [n if w == -1 else w for w, n in zip(wanted, shape, strict=False)]
    if len(wanted) != len(shape) or any(
        w > n for w, n in zip(wanted, shape, strict=True)
    ):
        raise ValueError(
            f"random_crop: size must be at most {shape}, the shape of value; received "
            f"{wanted}."
        )
    starts = [int(draw.integers(n - w + 1)) for w, n in zip(wanted, shape, strict=True)]
    where = tuple(slice(s, s + w) for s, w in zip(starts, wanted, strict=True))
    return array[where]


def _pair(name: str, change: Callable[..., Any]) -> tuple[Any, Any]:
    """Return the functions with a stream, and with a pair of numbers, for a seed."""

    def by_stream(*args: Any, seed: Any = None, name: Any = None, **kwargs: Any) -> Any:
        count = change.__code__.co_argcount - 1
        if len(args) > count and seed is None:  # the seed stands behind the others
            args, seed = args[:count], args[count]
        return change(chance_of(change.__name__, seed), *args, **kwargs)

    def by_pair(*args: Any, seed: Any = None, name: Any = None, **kwargs: Any) -> Any:
        count = change.__code__.co_argcount - 1
        if len(args) > count and seed is None:
            args, seed = args[:count], args[count]
        if seed is None:
            raise TypeError("a stateless function needs seed=(number, number).")
        return change(_stateless(seed), *args, **kwargs)

    by_stream.__name__, by_pair.__name__ = f"random_{name}", f"stateless_random_{name}"
    by_stream.__doc__ = by_pair.__doc__ = change.__doc__
    return by_stream, by_pair


random_flip_left_right, stateless_random_flip_left_right = _pair(
    "flip_left_right", _left_right
)
random_flip_up_down, stateless_random_flip_up_down = _pair("flip_up_down", _up_down)
random_brightness, stateless_random_brightness = _pair("brightness", _brightness)
random_contrast, stateless_random_contrast = _pair("contrast", _contrast)
random_hue, stateless_random_hue = _pair("hue", _hue)
random_saturation, stateless_random_saturation = _pair("saturation", _saturation)
random_jpeg_quality, stateless_random_jpeg_quality = _pair(
    "jpeg_quality", _jpeg_quality
)
random_crop, stateless_random_crop = _pair("crop", _crop)
