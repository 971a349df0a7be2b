"""Images with a border more, or less."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.ops.image.layout import Layout
from keratorch.symbolic import lifted


@lifted
def pad_images(
    images: Any,
    top_padding: int | None = None,
    left_padding: int | None = None,
    bottom_padding: int | None = None,
    right_padding: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Any:
    """Images with zeros around.

    Parameters
    ----------
    images : (..., height, width, channels), one or a batch.
    top_padding, bottom_padding, target_height : two of the three, in pixels.
    left_padding, right_padding, target_width : two of the three.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : not two of three, or a padding below 0.

    >>> x = np.ones((1, 2, 1))
    >>> pad_images(x, 0, 1, target_height=1, target_width=4)[..., 0]
    array([[0., 1., 1., 0.]])
    """
    layout = Layout("pad_images", images, data_format)
    x, axis = layout.images, layout.height_axis
    rows = _three("pad_images", "padding", "height", top_padding, bottom_padding,
                  target_height, x.shape[axis], 1)  # fmt: skip
    columns = _three("pad_images", "padding", "width", left_padding, right_padding,
                     target_width, x.shape[axis + 1], 1)  # fmt: skip
    border = [(0, 0)] * x.ndim
    border[axis], border[axis + 1] = rows, columns
    return np.pad(x, border)


@lifted
def crop_images(
    images: Any,
    top_cropping: int | None = None,
    left_cropping: int | None = None,
    bottom_cropping: int | None = None,
    right_cropping: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Any:
    """Images without what lies on their borders.

    Parameters
    ----------
    images : (..., height, width, channels), one or a batch.
    top_cropping, bottom_cropping, target_height : two of the three, in pixels.
    left_cropping, right_cropping, target_width : two of the three.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : not two of three, or more than the image has.

    >>> x = np.arange(4.0).reshape(1, 4, 1)
    >>> crop_images(x, 0, 1, 0, target_width=2)[..., 0]
    array([[1., 2.]])
    """
    layout = Layout("crop_images", images, data_format)
    x, axis = layout.images, layout.height_axis
    height, width = x.shape[axis], x.shape[axis + 1]
    top, bottom = _three("crop_images", "cropping", "height", top_cropping,
                         bottom_cropping, target_height, height, -1)  # fmt: skip
    left, right = _three("crop_images", "cropping", "width", left_cropping,
                         right_cropping, target_width, width, -1)  # fmt: skip
    index = [slice(None)] * x.ndim
    index[axis] = slice(top, height - bottom)
    index[axis + 1] = slice(left, width - right)
    return x[tuple(index)]


def _three(
    name: str,
    what: str,
    side: str,
    before: int | None,
    after: int | None,
    target: int | None,
    length: int,
    sign: int,
) -> tuple[int, int]:
    """Return how much goes before and after, of which two of three say the third."""
    ends = ("top", "bottom") if side == "height" else ("left", "right")
    names = (f"{ends[0]}_{what}", f"{ends[1]}_{what}", f"target_{side}")
    given = (before, after, target)
    if given.count(None) != 1:
        raise ValueError(
            f"{name} needs exactly two of {', '.join(names)}; received {given}."
        )
    if before is None:
        before = sign * (target - length) - after  # type: ignore[operator]
    elif after is None:
        after = sign * (target - length) - before  # type: ignore[operator]
    left = length + sign * (before + after)  # type: ignore[operator]
    if before < 0 or after < 0 or left < 0:  # type: ignore[operator]
        raise ValueError(
            f"{name}: {', '.join(names)} must be 0 or more and fit a {side} of "
            f"{length}; received {given}, which means {before} and {after}."
        )
    return int(before), int(after)  # type: ignore[arg-type]
