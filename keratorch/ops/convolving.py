"""What the functions of `convolution` compute, with a bias and an activation after it.

Layers call these, so that one operation does all; the functions with Keras's names call
them without.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from keratorch.grads.convolution import (
    ConvActivationGrad,
    ConvGrad,
    ConvInputGrad,
    ConvTransposeActivationGrad,
)
from keratorch.kernels.windows import Windows
from keratorch.ops.arrays import as_floats
from keratorch.ops.layout import images, restored


class Lying(NamedTuple):
    """Where the windows lie, and the channels: arguments of `keratorch.ops.conv`."""

    strides: Any = 1
    padding: Any = "valid"
    data_format: str | None = None
    dilation_rate: Any = 1


class After(NamedTuple):
    """What follows a convolution: a bias, (filters,), and 'relu'; or None for none."""

    bias: Any = None
    activation: str | None = None


NOTHING = After()


def convolve(inputs: Any, kernel: Any, lying: Lying, after: After = NOTHING) -> Any:
    """Compute `keratorch.ops.conv` and what follows it."""
    x, first = images("conv", inputs, lying.data_format)
    kernel = as_floats(kernel)
    _check_rank("conv", "kernel", kernel.shape, x.ndim, "channels / groups, filters")
    _check_groups(x.shape[-1], kernel.shape)
    return restored(_conv(x, kernel, lying, after), first)


def convolve_depthwise(
    inputs: Any, kernel: Any, lying: Lying, after: After = NOTHING
) -> Any:
    """Compute `keratorch.ops.depthwise_conv` and what follows it."""
    x, first = images("depthwise_conv", inputs, lying.data_format)
    out = _depthwise_conv("depthwise_conv", "kernel", x, kernel, lying, after)
    return restored(out, first)


def convolve_separable(
    inputs: Any,
    depthwise_kernel: Any,
    pointwise_kernel: Any,
    lying: Lying,
    after: After = NOTHING,
) -> Any:
    """Compute `keratorch.ops.separable_conv` and what follows it."""
    name = "separable_conv"
    x, first = images(name, inputs, lying.data_format)
    pointwise = as_floats(pointwise_kernel)
    between = _depthwise_conv(
        name, "depthwise_kernel", x, depthwise_kernel, lying, NOTHING
    )
    expected = (1,) * (x.ndim - 2) + (between.shape[-1],)
    if pointwise.ndim != x.ndim or pointwise.shape[:-1] != expected:
        raise ValueError(
            f"{name}: pointwise_kernel must have shape "
            f"({', '.join(map(str, expected))}, filters), as the depthwise step gives "
            f"{between.shape[-1]} channels; received shape {pointwise.shape}."
        )
    return restored(_conv(between, pointwise, Lying(), after), first)


def convolve_transposed(
    inputs: Any,
    kernel: Any,
    lying: Lying,
    output_padding: Any = None,
    after: After = NOTHING,
) -> Any:
    """Compute `keratorch.ops.conv_transpose` and what follows it."""
    strides, padding, data_format, dilation_rate = lying
    x, first = images("conv_transpose", inputs, data_format)
    kernel = as_floats(kernel)
    _check_rank("conv_transpose", "kernel", kernel.shape, x.ndim, "filters, channels")
    if kernel.shape[-1] != x.shape[-1]:
        raise ValueError(
            "conv_transpose: kernel must have the channels of the inputs on its last "
            f"axis, (*size, filters, channels); received inputs with {x.shape[-1]} "
            f"channels and a kernel of shape {kernel.shape}. {_CHANNELS}"
        )
    windows, larger = Windows.transposed(
        x.shape[1:-1],
        kernel.shape[:-2],
        strides,
        padding,
        output_padding,
        dilation_rate,
    )
    shape = (x.shape[0], *larger, kernel.shape[-2])
    if after.bias is None and after.activation is None:
        return restored(ConvInputGrad.apply(x, kernel, windows, shape), first)
    out = ConvTransposeActivationGrad.apply(x, kernel, *after, windows, shape)
    return restored(out, first)


def _conv(x: Any, kernel: Any, lying: Lying, after: After) -> Any:
    how = lying.strides, lying.padding, lying.dilation_rate
    if after.bias is None and after.activation is None:
        return ConvGrad.apply(x, kernel, *how)
    return ConvActivationGrad.apply(x, kernel, *after, *how)


_CHANNELS = (
    "Where are the channels? Say data_format='channels_last' or 'channels_first'."
)


def _depthwise_conv(
    name: str,
    argument: str,
    x: Any,
    kernel: Any,
    lying: Lying,
    after: After,
) -> Any:
    kernel = as_floats(kernel)
    _check_rank(name, argument, kernel.shape, x.ndim, "channels, multiplier")
    *size, channels, multiplier = kernel.shape
    if channels != x.shape[-1]:
        raise ValueError(
            f"{name}: {argument} must have shape (*size, channels, multiplier); "
            f"received inputs with {x.shape[-1]} channels and a kernel of shape "
            f"{kernel.shape}, for {channels}. {_CHANNELS}"
        )
    grouped = np.reshape(kernel, (*size, 1, channels * multiplier))
    return _conv(x, grouped, lying, after)


def _check_rank(
    name: str, argument: str, shape: tuple[int, ...], rank: int, last: str
) -> None:
    if len(shape) != rank:
        raise ValueError(
            f"{name}: {argument} must have {rank} axes, (*size, {last}), as the inputs "
            f"have {rank - 2} spatial ones; received shape {shape}."
        )


def _check_groups(channels: int, shape: tuple[int, ...]) -> None:
    """Raise unless the channels and the filters fall into groups."""
    *_, wide, filters = shape
    if wide < 1 or channels < 1 or channels % wide:
        raise ValueError(
            "conv: the inputs' channels must be those of the kernel, or a multiple of "
            f"them (groups); received inputs with {channels} channels and a kernel of "
            f"shape {shape}, (*size, channels / groups, filters). {_CHANNELS}"
        )
    if filters % (channels // wide):
        raise ValueError(
            f"conv: inputs with {channels} channels and a kernel for {wide} make "
            f"{channels // wide} groups, into which its filters must fall; received "
            f"{filters} filters, in a kernel of shape {shape}."
        )
