"""Images of another size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.kernels.resampling import KERNELS, nearest_places, weight_matrix
from keratorch.ops.arrays import as_floats
from keratorch.ops.image.layout import Layout, check_known
from keratorch.symbolic import lifted

INTERPOLATIONS = ("nearest", *KERNELS)
_METHODS = {
    **dict.fromkeys(("linear", "bilinear", "trilinear"), "bilinear"),
    **dict.fromkeys(("cubic", "bicubic", "tricubic"), "bicubic"),
    "lanczos3": "lanczos3",
    "lanczos5": "lanczos5",
}


@lifted
def resize(
    images: Any,
    size: Sequence[int],
    interpolation: str = "bilinear",
    antialias: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    fill_mode: str = "constant",
    fill_value: float = 0.0,
    data_format: str | None = None,
) -> Any:
    """Images of another height and width.

    Parameters
    ----------
    images : (..., height, width, channels), one or a batch.
    size : (height, width) of the result.
    interpolation : 'nearest', 'bilinear', 'bicubic' (Keys's, with a = -1/2),
        'lanczos3' or 'lanczos5'. Numbers equal those of Keras on JAX.
    antialias : bool, whether a smaller image averages over all pixels that it covers.
    crop_to_aspect_ratio : bool, whether to cut the middle with the shape of `size` out
        first.
    pad_to_aspect_ratio : bool, whether to put borders of `fill_value` around first.
    fill_mode : 'constant'; Keras has no other.
    fill_value : float.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Returns
    -------
    out : (..., size[0], size[1], channels); integers for integers, which are rounded
        and stay within the range of their dtype.

    Raises
    ------
    ValueError : an unknown interpolation, or images, size or options that do not fit.

    >>> resize(np.array([[[0.0], [1.0]]]), (1, 4)).numpy()[..., 0]
    array([[0.  , 0.25, 0.75, 1.  ]])
    """
    check_known("resize", "interpolation", interpolation, INTERPOLATIONS)
    check_known("resize", "fill_mode", fill_mode, ("constant",))
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError(
            "resize: crop_to_aspect_ratio and pad_to_aspect_ratio exclude each other; "
            "received True for both."
        )
    if len(tuple(size)) != 2 or any(int(n) < 1 for n in size):
        raise ValueError(
            f"resize: size must be (height, width), both 1 or more; received {size!r}."
        )
    height, width = (int(n) for n in size)
    layout = Layout("resize", images, data_format)
    x = layout.batch()
    if crop_to_aspect_ratio:
        x = _cropped(x, height, width)
    elif pad_to_aspect_ratio:
        x = _padded(x, height, width, fill_value)
    x = _resampled(x, 1, height, interpolation, antialias)
    return layout.restored_alike(_resampled(x, 2, width, interpolation, antialias))


def _resampled(x: Any, axis: int, length: int, method: str, antialias: bool) -> Any:
    """Return x with another length of one axis."""
    old = x.shape[axis]
    if old == length:
        return x
    if method == "nearest":
        return x[(slice(None),) * axis + (nearest_places(old, length),)]
    weights = weight_matrix(old, length, length / old, 0.0, method, antialias)
    return _weighted(x, axis, weights)


def _weighted(x: Any, axis: int, weights: np.ndarray) -> Any:
    """Return sums over one axis of x, by weights (new length, length)."""
    last = np.swapaxes(x, axis, -1) @ weights.T.astype(x.dtype)
    return np.swapaxes(last, axis, -1)


def middle(length: int, other: int, wanted: int, other_wanted: int) -> slice:
    """Return the middle of an axis that has, with the other axis, the ratio wanted."""
    part = max(min(length, int(float(other * wanted) / other_wanted)), 1)
    start = int(float(length - part) / 2)
    return slice(start, start + part)


def _cropped(x: Any, height: int, width: int) -> Any:
    old = x.shape[1:3]
    rows = middle(old[0], old[1], height, width)
    return x[:, rows, middle(old[1], old[0], width, height)]


def _padded(x: Any, height: int, width: int, value: float) -> Any:
    """Return images with borders above and below, or else left and right."""
    old = x.shape[1:3]
    above = int(float(max(old[0], int(float(old[1] * height) / width)) - old[0]) / 2)
    left = int(float(max(old[1], int(float(old[0] * width) / height)) - old[1]) / 2)
    left = 0 if above else left
    border = [(0, 0), (above, above), (left, left), (0, 0)]
    return np.pad(x, border, constant_values=value)


@lifted
def scale_and_translate(
    images: Any,
    output_shape: Sequence[int],
    scale: Any,
    translation: Any,
    spatial_dims: Sequence[int],
    method: str,
    antialias: bool = True,
) -> Any:
    """Images resampled so that place x of an axis goes to x * scale + translation.

    The centre of the first pixel has the place 1/2.  What comes from outside is 0.

    Parameters
    ----------
    images : array of any number of axes.
    output_shape : shape of the result; axes outside `spatial_dims` keep their length.
    scale, translation : one number for each of `spatial_dims`. They get no gradient.
    spatial_dims : the axes to resample.
    method : 'linear', 'bilinear', 'trilinear', 'cubic', 'bicubic', 'tricubic',
        'lanczos3' or 'lanczos5'.
    antialias : bool, whether a smaller image averages over all pixels that it covers.

    Raises
    ------
    ValueError : an unknown method, or as many numbers as do not fit.

    >>> x = np.array([[1.0, 2.0, 3.0]])
    >>> scale_and_translate(x, (1, 3), [1.0], [1.0], [1], "linear").numpy()
    array([[0., 1., 2.]])
    """
    check_known("scale_and_translate", "method", method, _METHODS)
    x = as_floats(images)
    scales = np.asarray(graph.value(scale), float).reshape(-1)
    shifts = np.asarray(graph.value(translation), float).reshape(-1)
    if len(output_shape) != x.ndim or not (
        len(scales) == len(shifts) == len(spatial_dims)
    ):
        raise ValueError(
            "scale_and_translate needs a length in output_shape for each axis of the "
            "images, and a scale and a translation for each of spatial_dims; received "
            f"output_shape={tuple(output_shape)} for shape {x.shape}, {len(scales)} "
            f"scales, {len(shifts)} translations and spatial_dims={spatial_dims}."
        )
    for axis, factor, shift in zip(spatial_dims, scales, shifts, strict=True):
        weights = weight_matrix(
            x.shape[axis],
            int(output_shape[axis]),
            factor,
            shift,
            _METHODS[method],
            antialias,
        )
        x = _weighted(x, axis % x.ndim, weights)
    return x
