"""Convolutions of sequences, images and volumes, by Keras's names.

Each takes array_like values and returns a GradArray, differentiable to any order by the
inputs and by the kernels.  Floats keep their dtype; integers and lists become
`floatx()`.

Kernels have the layout ``(*size, channels, filters)``, whatever the `data_format`.
"""

from __future__ import annotations

from typing import Any

from keratorch.ops.convolving import (
    Lying,
    convolve,
    convolve_depthwise,
    convolve_separable,
    convolve_transposed,
)


def conv(
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: Any = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Convolution: each output is a window of the input times a filter, summed up.

    out[b, i, f] = sum of inputs[b, i * stride + k * dilation - before, c]
    * kernel[k, c, f] over k and c, where `before` is the padding; with several spatial
    axes i and k are tuples.  The kernel is not flipped.

    Parameters
    ----------
    inputs : (batch, *lengths, channels), or (batch, channels, *lengths) for
        'channels_first', with one to three spatial axes or more.
    kernel : (*size, channels / groups, filters). Where it has fewer channels than the
        inputs, channels and filters fall into groups, each convolved by itself.
    strides : positive int, or one for each spatial axis: the step from window to
        window.
    padding : how many zeros surround the inputs.
        'valid': none. 'same': so many that a stride of 1 keeps the lengths, and a
        stride of s divides them by s, rounded up; an odd one goes to the end.
        'causal' (one spatial axis): all before, so that no output sees the future.
        An int, or one for each spatial axis: that many on both sides, as in PyTorch.
        A pair (before, after) for each spatial axis; negative numbers crop.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.
    dilation_rate : positive int, or one for each spatial axis: the distance between
        neighbours within a window.

    Returns
    -------
    out : (batch, *counts, filters), channels first if they were first in the inputs.

    Raises
    ------
    ValueError : shapes do not fit, no window fits, or an argument is none of the above.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import ops
    >>> signal = np.float32([1, 2, 4, 8]).reshape(1, 4, 1)
    >>> slope = np.float32([-1, 1]).reshape(2, 1, 1)
    >>> ops.conv(signal, slope).numpy().ravel()
    array([1., 2., 4.], dtype=float32)
    >>> ops.conv(signal, slope, padding="causal").numpy().ravel()
    array([1., 1., 2., 4.], dtype=float32)
    """
    lying = Lying(strides, padding, data_format, dilation_rate)
    return convolve(inputs, kernel, lying)


def depthwise_conv(
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: Any = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Convolution of each channel by filters of its own.

    out[b, i, c * multiplier + m] = sum of inputs[b, i * stride + k * dilation, c]
    * kernel[k, c, m] over k.  Equals `conv` with as many groups as channels.

    Parameters
    ----------
    inputs : (batch, *lengths, channels), or (batch, channels, *lengths).
    kernel : (*size, channels, multiplier).
    strides, padding, data_format, dilation_rate : those of `conv`.

    Returns
    -------
    out : (batch, *counts, channels * multiplier), channels first if they were first.

    Raises
    ------
    ValueError : shapes do not fit, no window fits, or an argument is not as in `conv`.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import ops
    >>> x = np.float32([[[1, 10], [2, 20], [3, 30]]])
    >>> ops.depthwise_conv(x, np.ones((2, 2, 1), "float32")).numpy()
    array([[[ 3., 30.],
            [ 5., 50.]]], dtype=float32)
    """
    lying = Lying(strides, padding, data_format, dilation_rate)
    return convolve_depthwise(inputs, kernel, lying)


def separable_conv(
    inputs: Any,
    depthwise_kernel: Any,
    pointwise_kernel: Any,
    strides: Any = 1,
    padding: Any = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Convolution of each channel by itself, then of all channels at each point.

    Equals `depthwise_conv` followed by `conv` with windows of one element.

    Parameters
    ----------
    inputs : (batch, *lengths, channels), or (batch, channels, *lengths).
    depthwise_kernel : (*size, channels, multiplier).
    pointwise_kernel : (1, ..., 1, channels * multiplier, filters).
    strides, padding, data_format, dilation_rate : those of `conv`, for the first step.

    Returns
    -------
    out : (batch, *counts, filters), channels first if they were first in the inputs.

    Raises
    ------
    ValueError : shapes do not fit, no window fits, or an argument is not as in `conv`.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import ops
    >>> x = np.float32([[[1, 10], [2, 20], [3, 30]]])
    >>> sums, total = np.ones((2, 2, 1), "float32"), np.ones((1, 2, 1), "float32")
    >>> ops.separable_conv(x, sums, total).numpy().ravel()
    array([33., 55.], dtype=float32)
    """
    lying = Lying(strides, padding, data_format, dilation_rate)
    return convolve_separable(inputs, depthwise_kernel, pointwise_kernel, lying)


def conv_transpose(
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: Any = "valid",
    output_padding: Any = None,
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Transposed convolution: each input spreads over a window of the output.

    out[b, i * stride + k * dilation - before, f] gains inputs[b, i, c]
    * kernel[k, f, c]: this is the gradient of `conv`, and makes images larger as that
    makes them smaller.

    Parameters
    ----------
    inputs : (batch, *lengths, channels), or (batch, channels, *lengths).
    kernel : (*size, filters, channels): the channels last.
    strides, dilation_rate, data_format : those of `conv`.
    padding : what is cropped from the full output, (length - 1) * stride + span long,
        where a window spans (size - 1) * dilation + 1 elements.
        'valid': nothing; where the stride is larger than the span zeros are added, up
        to length * stride. 'same': down to length * stride. An int, one for each
        spatial axis, or a pair (before, after) for each: that much, as in PyTorch.
    output_padding : int less than the stride, one for each spatial axis, or None:
        elements more at the end. With 'valid' and 'same' it replaces the rule above:
        'same' then gives (length - 1) * stride + span % 2 + output_padding elements.

    Returns
    -------
    out : (batch, *larger, filters), channels first if they were first in the inputs.

    Raises
    ------
    ValueError : shapes do not fit, the output would be empty, or an argument is none of
        the above.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import ops
    >>> x = np.float32([1, 2]).reshape(1, 2, 1)
    >>> ops.conv_transpose(x, np.ones((3, 1, 1)), strides=2).numpy().ravel()
    array([1., 1., 3., 2., 2.])
    """
    lying = Lying(strides, padding, data_format, dilation_rate)
    return convolve_transposed(inputs, kernel, lying, output_padding)
