"""`tf.nn`: layers as functions, and losses of logits."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph, ops, random
from keratorch.compat.tf.eager.randomness import _stream
from keratorch.core import GradArray
from keratorch.symbolic import is_symbolic


def conv(
    input: Any,
    filters: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilations: Any,
) -> Any:
    """Return the convolution of images, or of sequences, with filters.

    Strides and dilations are one number, one for each axis of space, or for all axes.

    Raises
    ------
    ValueError : padding for each axis.
    """
    rank = input.ndim - 2
    return ops.conv(
        input,
        filters,
        _of_space(strides, rank, data_format),
        _padding(padding),
        _layout(data_format),
        _of_space(dilations, rank, data_format),
    )


def local_response_normalization(
    input: Any, depth_radius: int, bias: float, alpha: float, beta: float
) -> Any:
    """Return each channel over what it and its neighbours hold, as in AlexNet.

    x / (bias + alpha * sum of the squares of the channels around) ** beta
    """
    channels, radius = input.shape[-1], int(depth_radius)
    sides = [(0, 0)] * (len(input.shape) - 1) + [(radius, radius)]
    squares = ops.pad(ops.square(input), sides)
    around = sum(squares[..., k : k + channels] for k in range(2 * radius + 1))
    return input / (bias + alpha * around) ** beta


def depthwise_conv2d(
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilations: Any,
) -> Any:
    """Return the convolution of each channel with filters of its own."""
    return ops.depthwise_conv(
        input,
        filter,
        _of_space(strides, 2, data_format),
        _padding(padding),
        _layout(data_format),
        _of_space(dilations, 2, data_format),
    )


def conv_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
) -> Any:
    """Return the transposed convolution, which makes images larger.

    Raises
    ------
    ValueError : an output_shape that this convolution does not give.
    """
    rank = input.ndim - 2
    found = ops.conv_transpose(
        input,
        filters,
        _of_space(strides, rank, data_format),
        _padding(padding),
        None,
        _layout(data_format),
    )
    wanted = tuple(int(n) for n in np.asarray(graph.plain(output_shape)))
    if wanted != tuple(found.shape):
        raise ValueError(
            f"conv_transpose: output_shape {wanted} is not what strides and padding "
            f"give: {tuple(found.shape)}."
        )
    return found


def max_pool(
    input: Any, ksize: Any, strides: Any, padding: Any, data_format: Any
) -> Any:
    """Return the largest value in each window."""
    return _pooled(ops.max_pool, input, ksize, strides, padding, data_format)


def avg_pool(
    input: Any, ksize: Any, strides: Any, padding: Any, data_format: Any
) -> Any:
    """Return the mean of each window."""
    return _pooled(ops.average_pool, input, ksize, strides, padding, data_format)


def _pooled(
    pool: Any, input: Any, ksize: Any, strides: Any, padding: Any, data_format: Any
) -> Any:
    rank = input.ndim - 2
    sizes = _of_space(ksize, rank, data_format)
    steps = _of_space(strides, rank, data_format)
    return pool(input, sizes, steps, _padding(padding), _layout(data_format))


def _of_space(values: Any, rank: int, data_format: Any) -> Any:
    """Return the numbers for the axes of space, of those for them or for all."""
    if values is None:
        return 1
    if not np.ndim(graph.plain(values)):
        return int(values)
    numbers = tuple(int(n) for n in values)
    if len(numbers) == rank + 2:
        first = str(data_format or "").startswith("NC")
        numbers = numbers[2:] if first else numbers[1:-1]
    return numbers[0] if len(numbers) == 1 else numbers


def _padding(padding: Any) -> str:
    if not isinstance(padding, str):
        raise ValueError(
            f"padding must be 'SAME' or 'VALID'; received {padding!r}. Try tf.pad."
        )
    return padding.lower()


def _layout(data_format: Any) -> str:
    first = str(data_format or "").startswith("NC")
    return "channels_first" if first else "channels_last"


def depth_to_space(input: Any, block_size: Any, data_format: Any) -> Any:
    """Return larger images of fewer channels: a block of places out of each place."""
    return _in_blocks(ops.depth_to_space, input, block_size, data_format)


def space_to_depth(input: Any, block_size: Any, data_format: Any) -> Any:
    """Return smaller images of more channels: one place out of each block."""
    return _in_blocks(ops.space_to_depth, input, block_size, data_format)


def _in_blocks(rearrange: Any, input: Any, block_size: Any, data_format: Any) -> Any:
    """Return images rearranged, the places of a block counted before the channels.

    Keras counts them after the channels where these come first, TensorFlow never does.
    """
    if data_format not in ("NHWC", "NCHW"):
        raise ValueError(
            f"data_format must be 'NHWC' or 'NCHW'; received {data_format!r}."
        )
    if data_format == "NHWC":
        return rearrange(input, int(block_size), "channels_last")
    last = ops.transpose(input, (0, 2, 3, 1))
    return ops.transpose(
        rearrange(last, int(block_size), "channels_last"), (0, 3, 1, 2)
    )


def dropout(x: Any, rate: Any, noise_shape: Any, seed: Any) -> Any:
    """Return the array with a part of its elements 0, and the others larger for it."""
    shape = None if noise_shape is None else tuple(int(n) for n in noise_shape)
    stream = None if seed is None else _stream(seed)
    return random.dropout(x, float(rate), noise_shape=shape, seed=stream)


def bias_add(value: Any, bias: Any, data_format: Any) -> Any:
    """Return the sum with one number for each channel."""
    if _layout(data_format) == "channels_first":
        bias = ops.reshape(bias, (-1, *[1] * (value.ndim - 2)))
    return value + bias


def moments(x: Any, axes: Any, keepdims: bool) -> tuple[Any, Any]:
    """Return the mean and the variance over some axes."""
    axes = tuple(int(a) for a in axes) if np.ndim(axes) else int(axes)
    return np.mean(x, axes, keepdims=keepdims), np.var(x, axes, keepdims=keepdims)


def batch_normalization(
    x: Any, mean: Any, variance: Any, offset: Any, scale: Any, variance_epsilon: Any
) -> Any:
    """Return (x - mean) / sqrt(variance + epsilon) * scale + offset."""
    parts = (mean, variance, offset, scale)
    mean, variance, offset, scale = (
        np.asarray(part, x.dtype) if np.isscalar(part) else part for part in parts
    )
    factor = 1 / np.sqrt(variance + np.asarray(variance_epsilon, x.dtype))
    factor = factor if scale is None else factor * scale
    shift = mean * factor
    return x * factor + (-shift if offset is None else offset - shift)


def embedding_lookup(params: Any, ids: Any) -> Any:
    """Return the rows of a table."""
    return ops.take(params, ids, 0)


def l2_loss(t: Any) -> Any:
    """Return sum(t**2) / 2."""
    return np.sum(np.square(t)) / 2


def weighted_binary_loss(labels: Any, logits: Any, pos_weight: Any) -> Any:
    """Return the cross entropy with the sigmoid of logits; label 1 counts more."""
    rest = np.log1p(np.exp(-np.abs(logits))) + np.maximum(-logits, 0)
    factor = 1 + (pos_weight - 1) * labels
    return (1 - labels) * logits + factor * rest


def zero_fraction(value: Any) -> Any:
    """Return the part of the elements that are 0."""
    return np.float32(np.mean(np.asarray(graph.plain(value)) == 0))


def leaky_relu(features: Any, alpha: Any) -> Any:
    """Return x where it is positive, and else alpha * x."""
    return ops.leaky_relu(features, alpha)


def softmax(logits: Any, axis: Any) -> Any:
    """Return exp(x) / sum(exp(x)) along an axis."""
    return ops.softmax(logits, -1 if axis is None else int(axis))


def log_softmax(logits: Any, axis: Any) -> Any:
    """Return the logarithm of the softmax along an axis."""
    return ops.log_softmax(logits, -1 if axis is None else int(axis))


def gelu(features: Any, approximate: bool) -> Any:
    """Return x times the probability that a normal number is smaller."""
    return ops.gelu(features, approximate=approximate)


def compute_average_loss(
    per_example_loss: Any, sample_weight: Any, global_batch_size: Any
) -> Any:
    """Return the sum of losses over the number of samples."""
    weighted = (
        per_example_loss if sample_weight is None else per_example_loss * sample_weight
    )
    count = len(per_example_loss) if global_batch_size is None else global_batch_size
    return np.sum(weighted) / count


def scale_regularization_loss(regularization_loss: Any) -> Any:
    """Return the sum of losses: there is one device."""
    return np.sum(regularization_loss)


def confusion_matrix(
    labels: Any, predictions: Any, num_classes: Any, weights: Any, dtype: Any
) -> np.ndarray:
    """Return how often a class (row) was taken for another (column)."""
    rows, columns = (np.asarray(graph.plain(x)).ravel() for x in (labels, predictions))
    both = np.concatenate([rows, columns])
    count = int(both.max()) + 1 if num_classes is None else int(num_classes)
    table = np.zeros((count, count), dtype)
    np.add.at(table, (rows, columns), 1 if weights is None else graph.plain(weights))
    return table


def is_tensor(x: Any) -> bool:
    """Return whether a value is an array of this library, or a symbol of one."""
    return isinstance(x, GradArray) or is_symbolic(x)
