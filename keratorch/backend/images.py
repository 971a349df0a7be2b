"""Convolution, pooling, padding and resizing of the old backend."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config, ops
from keratorch.backend.shapes import repeat_elements
from keratorch.backend.tensors import floats, tensor
from keratorch.errors import suggest
from keratorch.kernels.resampling import KERNELS
from keratorch.layers.up_sampling import larger_weights
from keratorch.symbolic import lifted


@lifted
def conv1d(
    x: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Convolution along one axis; see `keratorch.ops.conv`.

    `padding` may be 'causal' too: each output then sees only what lies before it.
    """
    if padding == "causal":
        left = int(np.ravel(dilation_rate)[0]) * (np.shape(kernel)[0] - 1)
        axis = 2 if layout("conv1d", data_format) == "channels_first" else 1
        x, padding = _padded(x, {axis: (left, 0)}), "valid"
    return ops.conv(x, kernel, strides, padding, data_format, dilation_rate)


@lifted
def conv2d(
    x: Any,
    kernel: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """Convolution along two axes; see `keratorch.ops.conv`.

    >>> conv2d(np.ones((1, 4, 4, 3)), np.ones((3, 3, 3, 8))).shape
    (1, 2, 2, 8)
    """
    return ops.conv(x, kernel, strides, padding, data_format, dilation_rate)


@lifted
def conv3d(
    x: Any,
    kernel: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = (1, 1, 1),
) -> Any:
    """Convolution along three axes; see `keratorch.ops.conv`."""
    return ops.conv(x, kernel, strides, padding, data_format, dilation_rate)


@lifted
def conv2d_transpose(
    x: Any,
    kernel: Any,
    output_shape: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """Transposed convolution to images of a shape; see `keratorch.ops.conv_transpose`.

    Parameters
    ----------
    kernel : (height, width, filters, channels): the channels of `x` last.
    output_shape : (batch, height, width, filters), in the order of `data_format`.

    Raises
    ------
    ValueError : a shape that these strides and this padding cannot make.

    >>> x, kernel = np.ones((1, 2, 2, 3)), np.ones((3, 3, 8, 3))
    >>> conv2d_transpose(x, kernel, (1, 4, 4, 8), (2, 2), "same").shape
    (1, 4, 4, 8)
    """
    first = layout("conv2d_transpose", data_format) == "channels_first"
    x = floats(x)
    wanted = [int(n) for n in (output_shape[2:] if first else output_shape[1:3])]
    lengths = x.shape[2:] if first else x.shape[1:3]
    rates = np.broadcast_to(dilation_rate, 2)
    crops, extra = [], []
    for axis, stride in enumerate(np.broadcast_to(strides, 2)):
        span = (kernel.shape[axis] - 1) * int(rates[axis]) + 1
        full = (lengths[axis] - 1) * int(stride) + span
        crop = max(full - wanted[axis], 0) if padding == "same" else 0
        more = wanted[axis] - full + crop
        if not 0 <= more < int(stride) or crop > span:
            raise ValueError(
                f"conv2d_transpose: images of {tuple(lengths)} become no images of "
                f"{tuple(wanted)} by strides={strides} and padding={padding!r}."
            )
        crops.append((crop // 2, crop - crop // 2))
        extra.append(more)
    return ops.conv_transpose(
        x, kernel, strides, crops, extra, data_format, dilation_rate
    )


@lifted
def depthwise_conv2d(
    x: Any,
    depthwise_kernel: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """Convolution of each channel by itself; see `keratorch.ops.depthwise_conv`."""
    return ops.depthwise_conv(
        x, depthwise_kernel, strides, padding, data_format, dilation_rate
    )


@lifted
def separable_conv2d(
    x: Any,
    depthwise_kernel: Any,
    pointwise_kernel: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = (1, 1),
) -> Any:
    """Convolution of each channel, then one across channels of size 1."""
    return ops.separable_conv(
        x,
        depthwise_kernel,
        pointwise_kernel,
        strides,
        padding,
        data_format,
        dilation_rate,
    )


@lifted
def pool2d(
    x: Any,
    pool_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    pool_mode: str = "max",
) -> Any:
    """The largest element, or the mean, of each window of images.

    Parameters
    ----------
    pool_size, strides : pair of int.
    padding : 'valid' or 'same'.
    pool_mode : 'max' or 'avg'.

    >>> pool2d(np.arange(4.0).reshape(1, 2, 2, 1), (2, 2), pool_mode="avg").item()
    1.5
    """
    return _pooled(x, pool_size, strides, padding, data_format, pool_mode)


@lifted
def pool3d(
    x: Any,
    pool_size: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    pool_mode: str = "max",
) -> Any:
    """The largest element, or the mean, of each window of volumes."""
    return _pooled(x, pool_size, strides, padding, data_format, pool_mode)


def _pooled(x: Any, size: Any, strides: Any, padding: str, form: Any, mode: str) -> Any:
    pools = {"max": ops.max_pool, "avg": ops.average_pool}
    if mode not in pools:
        raise ValueError(f"unknown pool_mode {mode!r}. {suggest(mode, pools)}")
    return pools[mode](floats(x), size, strides, padding, form)


@lifted
def temporal_padding(x: Any, padding: tuple[int, int] = (1, 1)) -> Any:
    """Zeros before and behind the time steps of (batch, steps, features).

    >>> temporal_padding(np.ones((1, 2, 1)), (1, 0)).numpy().ravel()
    array([0., 1., 1.])
    """
    return _padded(x, {1: tuple(padding)})


@lifted
def spatial_2d_padding(
    x: Any, padding: Any = ((1, 1), (1, 1)), data_format: str | None = None
) -> Any:
    """Zeros around images: ((top, bottom), (left, right)) rows and columns of them."""
    return _padded_around("spatial_2d_padding", 2, x, padding, data_format)


@lifted
def spatial_3d_padding(
    x: Any, padding: Any = ((1, 1), (1, 1), (1, 1)), data_format: str | None = None
) -> Any:
    """Zeros around volumes, a pair for each axis."""
    return _padded_around("spatial_3d_padding", 3, x, padding, data_format)


def _padded_around(name: str, rank: int, x: Any, padding: Any, form: Any) -> Any:
    if len(padding) != rank or any(np.shape(pair) != (2,) for pair in padding):
        raise ValueError(
            f"{name}: padding must be {rank} pairs of int, such as (1, 1) for each "
            f"axis; received {padding!r}."
        )
    first = 2 if layout(name, form) == "channels_first" else 1
    return _padded(x, {first + i: tuple(pair) for i, pair in enumerate(padding)})


def _padded(x: Any, pairs: dict[int, Any]) -> Any:
    x = tensor(x)
    return np.pad(x, [pairs.get(axis, (0, 0)) for axis in range(x.ndim)])


@lifted
def resize_images(
    x: Any,
    height_factor: int,
    width_factor: int,
    data_format: str,
    interpolation: str = "nearest",
) -> Any:
    """Images made larger by whole factors.

    Parameters
    ----------
    data_format : 'channels_last' or 'channels_first'.
    interpolation : 'nearest', 'bilinear', 'bicubic', 'lanczos3' or 'lanczos5'.

    >>> resize_images(np.ones((1, 2, 2, 3)), 2, 3, "channels_last").shape
    (1, 4, 6, 3)
    """
    if interpolation not in ("nearest", *KERNELS):
        raise ValueError(
            "resize_images: interpolation must be a known one; received "
            f"{interpolation!r}. {suggest(interpolation, ('nearest', *KERNELS))}"
        )
    axis = 2 if layout("resize_images", data_format) == "channels_first" else 1
    x = tensor(x)
    for factor in (height_factor, width_factor):
        if interpolation == "nearest":
            x = repeat_elements(x, factor, axis)
        else:
            weights = larger_weights(
                x.shape[axis], factor, interpolation, floats(x).dtype
            )
            x = np.swapaxes(np.swapaxes(floats(x), axis, -1) @ weights, axis, -1)
        axis += 1
    return x


@lifted
def resize_volumes(
    x: Any, depth_factor: int, height_factor: int, width_factor: int, data_format: str
) -> Any:
    """Volumes made larger by whole factors, each element repeated."""
    axis = 2 if layout("resize_volumes", data_format) == "channels_first" else 1
    for i, factor in enumerate((depth_factor, height_factor, width_factor)):
        x = repeat_elements(x, factor, axis + i)
    return x


def layout(name: str, data_format: str | None) -> str:
    """Return 'channels_last' or 'channels_first', by default the setting."""
    known = ("channels_last", "channels_first")
    form = config.image_data_format() if data_format is None else data_format
    if form not in known:
        raise ValueError(
            f"{name}: unknown data_format {data_format!r}. {suggest(form, known)}"
        )
    return form
