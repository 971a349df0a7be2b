"""Functions of neural networks in the old backend: activations, losses, batches.

Where Keras 3 has changed a formula the old one stands here: `hard_sigmoid` has a slope
of 0.2, and `binary_crossentropy` adds `epsilon()` inside its logarithms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import activations, config, graph, losses, ops, random
from keratorch.backend.images import layout
from keratorch.backend.tensors import floats, tensor
from keratorch.logits import logits_behind
from keratorch.symbolic import lifted


@lifted
def relu(
    x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Any:
    """max(x, 0), or a variant of it: see `keratorch.activations.relu`.

    Parameters
    ----------
    alpha : float, the slope below the threshold.
    max_value : float, the largest output, or None.
    threshold : float, below which the slope is `alpha`.

    >>> relu([-2.0, 3.0], alpha=0.5).numpy()
    array([-1.,  3.], dtype=float32)
    """
    return activations.relu(floats(x), alpha, max_value, threshold)


@lifted
def elu(x: Any, alpha: Any = 1.0) -> Any:
    """x, or alpha * (exp(x) - 1) where x < 0."""
    return ops.elu(floats(x), alpha)


@lifted
def softmax(x: Any, axis: Any = -1) -> Any:
    """exp(x) / sum(exp(x)) along an axis.

    >>> softmax([0.0, 0.0]).numpy()
    array([0.5, 0.5], dtype=float32)
    """
    return ops.softmax(floats(x), axis)


@lifted
def softplus(x: Any) -> Any:
    """log(1 + exp(x))."""
    return ops.softplus(floats(x))


@lifted
def softsign(x: Any) -> Any:
    """x / (1 + abs(x))."""
    return ops.softsign(floats(x))


@lifted
def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x))."""
    return ops.sigmoid(floats(x))


@lifted
def hard_sigmoid(x: Any) -> Any:
    """0.2 * x + 0.5, kept from 0 to 1: Keras 2's, where Keras 3's slope is 1 / 6.

    >>> hard_sigmoid([-3.0, 0.0, 1.0]).numpy().round(2)
    array([0. , 0.5, 0.7], dtype=float32)
    """
    return np.clip(floats(x) * 0.2 + 0.5, 0, 1)


@lifted
def tanh(x: Any) -> Any:
    """The hyperbolic tangent."""
    return np.tanh(floats(x))


@lifted
def l2_normalize(x: Any, axis: Any = None) -> Any:
    """x / sqrt(max(sum(x**2), 1e-12)) along an axis, by default all.

    >>> l2_normalize([3.0, 4.0]).numpy()
    array([0.6, 0.8], dtype=float32)
    """
    x = floats(x)
    axes = tuple(range(x.ndim)) if axis is None else axis
    return ops.normalize(x, axes, order=2, epsilon=1e-6)


@lifted
def dropout(
    x: Any,
    level: float,
    noise_shape: Sequence[int | None] | None = None,
    seed: int | None = None,
) -> Any:
    """x with the share `level` of it 0, and the others scaled up."""
    return random.dropout(floats(x), level, noise_shape, seed)


# Losses


@lifted
def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """-(target * log(output) + (1 - target) * log(1 - output)), element by element.

    Keras 2's: `output` is kept `epsilon()` away from 0 and 1, and `epsilon()` is added
    to what the logarithms get. What a sigmoid returned is compared by its logits, as
    it was on TensorFlow.

    >>> binary_crossentropy([1.0, 0.0], [0.5, 0.5]).numpy().round(4)
    array([0.6931, 0.6931], dtype=float32)
    """
    output = floats(output)
    target = ops.cast(tensor(target), output.dtype)
    if from_logits or logits_behind(output) is not None:
        return ops.binary_crossentropy(target, output, from_logits)
    tiny = config.epsilon()
    output = np.clip(output, tiny, 1 - tiny)
    of_ones = target * np.log(output + tiny)
    return -(of_ones + (1 - target) * np.log(1 - output + tiny))


@lifted
def categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """-sum(target * log(output / sum(output))) along an axis."""
    return ops.categorical_crossentropy(target, floats(output), from_logits, axis)


@lifted
def sparse_categorical_crossentropy(
    target: Any,
    output: Any,
    from_logits: bool = False,
    axis: int = -1,
    ignore_class: int | None = None,
) -> Any:
    """-log(output / sum(output)) along an axis, at the label of each sample.

    Parameters
    ----------
    target : integers, of the shape of `output` without the axis, or with it at length
        1; floats that are whole numbers do too.
    ignore_class : int, a label whose loss is 0.
    """
    labels = np.asarray(graph.plain(target)).astype(np.int64)
    return losses.sparse_categorical_crossentropy(
        labels, floats(output), from_logits, ignore_class, axis
    )


@lifted
def binary_focal_crossentropy(
    target: Any,
    output: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
) -> Any:
    """`binary_crossentropy` times (1 - p)**gamma, p that of the right class."""
    output = floats(output)
    target = ops.cast(tensor(target), output.dtype)
    p = ops.sigmoid(output) if from_logits else output
    right = target * p + (1 - target) * (1 - p)
    loss = binary_crossentropy(target, output, from_logits) * (1 - right) ** gamma
    if apply_class_balancing:
        loss = loss * (target * alpha + (1 - target) * (1 - alpha))
    return loss


@lifted
def categorical_focal_crossentropy(
    target: Any,
    output: Any,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    axis: int = -1,
) -> Any:
    """-sum(alpha * (1 - p)**gamma * target * log(p)) along an axis."""
    return losses.categorical_focal_crossentropy(
        target, floats(output), alpha, gamma, from_logits, axis=axis
    )


# Sequences without an alignment


@lifted
def ctc_batch_cost(
    y_true: Any, y_pred: Any, input_length: Any, label_length: Any
) -> Any:
    """-log of the probability that the predictions spell the labels.

    Parameters
    ----------
    y_true : (batch, labels), integers; those beyond `label_length` do not count.
    y_pred : (batch, steps, classes), behind a softmax. The last class stands for no
        label.
    input_length, label_length : (batch, 1), how many steps and labels count.

    Returns
    -------
    (batch, 1) : the loss of each sample.

    >>> two_steps = np.full((1, 2, 2), 0.5, "float32")
    >>> ctc_batch_cost([[0]], two_steps, [[2]], [[1]]).numpy().round(4)
    array([[0.2877]], dtype=float32)
    """
    scores = np.log(floats(y_pred) + config.epsilon())
    labels, steps, counts = (
        np.asarray(graph.plain(x)).astype(np.intp)
        for x in (y_true, input_length, label_length)
    )
    blank = scores.shape[-1] - 1
    loss = ops.ctc_loss(labels, scores, counts.ravel(), steps.ravel(), blank)
    return np.expand_dims(loss, 1)


@lifted
def ctc_decode(
    y_pred: Any,
    input_length: Any,
    greedy: bool = True,
    beam_width: int = 100,
    top_paths: int = 1,
) -> tuple[list[Any], Any]:
    """The labels that predictions spell.

    Parameters
    ----------
    y_pred : (batch, steps, classes), behind a softmax. The last class stands for no
        label.
    input_length : (batch,), how many steps count.
    greedy : bool, whether to take the best class of each step; otherwise the
        `top_paths` best of a search with `beam_width` labellings.

    Returns
    -------
    labels : list of (batch, steps), -1 behind the last label; greedy one of them.
    scores : (batch, 1) greedy, minus the sum of the logarithms; else
        (batch, top_paths), the log-probabilities.
    """
    scores = np.log(floats(y_pred).detach() + config.epsilon())
    labels, best = ops.ctc_decode(
        scores,
        np.ravel(graph.plain(input_length)),
        "greedy" if greedy else "beam_search",
        beam_width,
        top_paths,
        mask_index=scores.shape[-1] - 1,
    )
    paths = labels if greedy else map(_merged, labels)
    return [tensor(np.asarray(path, np.int64)) for path in paths], tensor(best)


def _merged(labels: np.ndarray) -> np.ndarray:
    """Return rows with equal neighbours once, as the old beam search gave them."""
    merged = np.full_like(labels, -1)
    for row, out in zip(labels, merged, strict=True):
        kept = row[np.append(True, row[1:] != row[:-1]) & (row >= 0)]
        out[: len(kept)] = kept
    return merged


# Batches


@lifted
def bias_add(x: Any, bias: Any, data_format: str | None = None) -> Any:
    """x plus a number for each channel, or for each place of a sample.

    Parameters
    ----------
    bias : (channels,), or the shape of a sample with its channels last.

    Raises
    ------
    ValueError : a bias of another number of axes.
    """
    x, bias = tensor(x), tensor(bias)
    if bias.ndim not in (1, x.ndim - 1):
        raise ValueError(
            f"bias_add: bias must have 1 axis or {x.ndim - 1}; received shape "
            f"{bias.shape} for x of shape {x.shape}."
        )
    first = layout("bias_add", data_format) == "channels_first"
    if first and x.ndim > 2:
        if bias.ndim > 1:  # its numbers in their order, as Keras takes them
            bias = np.reshape(bias, (bias.shape[-1], *bias.shape[:-1]))
        else:
            bias = np.reshape(bias, (-1,) + (1,) * (x.ndim - 2))
    return x + bias


@lifted
def batch_normalization(
    x: Any,
    mean: Any,
    var: Any,
    beta: Any,
    gamma: Any,
    axis: int = -1,
    epsilon: float = 1e-3,
) -> Any:
    """(x - mean) / sqrt(var + epsilon) * gamma + beta; beta and gamma may be None.

    `mean`, `var`, `beta` and `gamma` have one number for each channel, the length of
    `axis`, or broadcast against `x`.
    """
    x = floats(x)

    def along(vector: Any) -> Any:
        vector = floats(vector)
        if vector.ndim != 1 or axis in (-1, x.ndim - 1):
            return vector
        return np.reshape(vector, [-1 if i == axis else 1 for i in range(x.ndim)])

    slope = 1 / np.sqrt(along(var) + epsilon)
    slope = slope if gamma is None else slope * along(gamma)
    out = (x - along(mean)) * slope
    return out if beta is None else out + along(beta)


@lifted
def normalize_batch_in_training(
    x: Any, gamma: Any, beta: Any, reduction_axes: Sequence[int], epsilon: float = 1e-3
) -> tuple[Any, Any, Any]:
    """Return x with mean 0 and variance 1 along axes, then that mean and variance."""
    x = floats(x)
    axes = tuple(axis % x.ndim for axis in reduction_axes)
    mean, var = ops.moments(x, axes, keepdims=True)

    def along(vector: Any) -> Any:
        return None if vector is None else np.reshape(tensor(vector), mean.shape)

    out = batch_normalization(x, mean, var, along(beta), along(gamma), epsilon=epsilon)
    return out, np.squeeze(mean, axes), np.squeeze(var, axes)
