"""Normalization, and the moments that it takes.

Each takes array_like values and returns GradArrays, differentiable to any order.
Floats keep their dtype; integers and lists become `floatx()`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import config
from keratorch.grads.normalization import (
    NormalizeChannelsGrad,
    NormalizeRowsGrad,
    ScaleChannelsGrad,
    widened,
)
from keratorch.ops.arrays import as_floats, cast
from keratorch.ops.layout import images, restored


def moments(
    x: Any, axes: Any, keepdims: bool = False, synchronized: bool = False
) -> tuple[Any, Any]:
    """The mean and the variance of x along some axes.

    Parameters
    ----------
    x : array_like.
    axes : int or sequence of int, or None for all.
    keepdims : bool, whether these axes stay, with length 1.
    synchronized : False; there is one device.

    float16 is summed in float32, and what exceeds its range becomes its largest number.

    Raises
    ------
    ValueError : synchronized=True.

    >>> mean, variance = moments([[1.0, 2.0], [3.0, 6.0]], axes=[0])
    >>> print(mean.numpy(), variance.numpy())
    [2. 4.] [1. 4.]
    """
    if synchronized:
        raise ValueError(
            "moments: synchronized=True is for several devices; there is one here. "
            "Leave it out."
        )
    x = as_floats(x)
    axes = tuple(axes) if isinstance(axes, list) else axes
    if x.dtype != np.float16:
        return x.mean(axis=axes, keepdims=keepdims), x.var(axis=axes, keepdims=keepdims)
    largest = float(np.finfo(np.float16).max)
    wide = moments(x.astype(np.float32), axes, keepdims)
    mean, variance = (np.clip(v, -largest, largest).astype(x.dtype) for v in wide)
    return mean, variance


def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    axis: int,
    offset: Any = None,
    scale: Any = None,
    epsilon: float = 1e-3,
) -> Any:
    """(x - mean) / sqrt(variance + epsilon) * scale + offset.

    Parameters
    ----------
    x : array_like.
    mean, variance, offset, scale : (channels,), or None for the last two.
    axis : int, the axis of the channels.
    epsilon : float, which keeps small variances from making large numbers.

    Raises
    ------
    ValueError : a vector that has not one number for each channel.

    Source: Ioffe & Szegedy (2015).

    >>> x = [[1.0, 2.0], [3.0, 6.0]]
    >>> mean, variance = moments(x, axes=[0])
    >>> batch_normalization(x, mean, variance, axis=-1, epsilon=0).numpy()
    array([[-1., -1.],
           [ 1.,  1.]], dtype=float32)
    """
    x = as_floats(x)
    name, axes = "batch_normalization", _axes(axis, x.ndim)
    mean = _along(name, "mean", mean, x, axes)
    variance = _along(name, "variance", variance, x, axes)
    slope = 1 / np.sqrt(variance + epsilon)
    if scale is not None:
        slope = slope * _along(name, "scale", scale, x, axes)
    shift = 0.0 if offset is None else _along(name, "offset", offset, x, axes)
    return ScaleChannelsGrad.apply(x, mean, slope, shift, axis=axes[0])


def layer_normalization(
    x: Any,
    gamma: Any = None,
    beta: Any = None,
    axis: Any = -1,
    epsilon: float | None = None,
    **kwargs: Any,
) -> Any:
    """(x - mean) / sqrt(variance + epsilon) * gamma + beta, sample by sample.

    Parameters
    ----------
    x : array_like.
    gamma, beta : of the shape of x along `axis`, or None.
    axis : int or sequence of int, the axes of the mean and the variance.
    epsilon : float, by default `config.epsilon()`.
    rms_scaling : bool, by default False, an older name for what `deviation_scaling`
        does; it warns. Use `rms_normalization`.

    Raises
    ------
    ValueError : gamma or beta of another shape; a beta beside rms_scaling=True.

    Source: Ba et al. (2016).

    >>> layer_normalization([[1.0, 3.0], [2.0, 6.0]]).numpy().round(3)
    array([[-1.,  1.],
           [-1.,  1.]], dtype=float32)
    """
    rms_scaling = kwargs.pop("rms_scaling", False)
    if kwargs:
        raise TypeError(f"layer_normalization got unknown arguments: {list(kwargs)}.")
    if rms_scaling:
        warn_of_rms_scaling("layer_normalization", "rms_normalization(x, scale)")
        if beta is not None:
            raise ValueError(
                "layer_normalization: rms_scaling=True adds no beta. Leave beta out, "
                "or rms_scaling."
            )
        return deviation_scaling(x, gamma, axis, epsilon)
    x = as_floats(x)
    axes = _axes(axis, x.ndim)
    name = "layer_normalization"
    gamma = 1.0 if gamma is None else _along(name, "gamma", gamma, x, axes)
    beta = 0.0 if beta is None else _along(name, "beta", beta, x, axes)
    return NormalizeRowsGrad.apply(x, gamma, beta, axis=axes, epsilon=_epsilon(epsilon))


def deviation_scaling(
    x: Any, gamma: Any = None, axis: Any = -1, epsilon: float | None = None
) -> Any:
    """x / sqrt(variance + epsilon) * gamma: `layer_normalization` that keeps the mean.

    Parameters
    ----------
    x, gamma, axis, epsilon : see `layer_normalization`.

    >>> deviation_scaling([[1.0, 3.0]]).numpy().round(3)
    array([[1., 3.]], dtype=float32)
    """
    x = as_floats(x)
    dtype, x = x.dtype, widened(x)
    axes = _axes(axis, x.ndim)
    out = x / np.sqrt(x.var(axis=axes, keepdims=True) + _epsilon(epsilon))
    if gamma is not None:
        gamma = _along("layer_normalization", "gamma", gamma, x, axes)
        out = out * np.reshape(gamma, _wide(x.shape, axes))
    return out if out.dtype == dtype else out.astype(dtype)


def warn_of_rms_scaling(name: str, instead: str) -> None:
    """Warn that an older argument does something else than it says."""
    warnings.warn(
        f"{name}: rms_scaling=True divides by the standard deviation, not by the root "
        f"of the mean square, and is there for older programs. Use {instead}.",
        stacklevel=3,
    )


def rms_normalization(
    x: Any, scale: Any = None, axis: Any = -1, epsilon: float | None = None
) -> Any:
    """x / sqrt(mean(x**2) + epsilon) * scale, sample by sample.

    Parameters
    ----------
    x : array_like.
    scale : one number, or of the shape of x along `axis`, or None.
    axis : int or sequence of int, the axes of the mean.
    epsilon : float, by default `config.epsilon()`.

    Raises
    ------
    ValueError : a scale of another shape.

    Source: Zhang & Sennrich (2019).

    >>> rms_normalization([[1.0, 7.0]]).numpy().round(3)
    array([[0.2, 1.4]], dtype=float32)
    """
    x = as_floats(x)
    axes = _axes(axis, x.ndim)
    if scale is None:
        scale = 1.0
    elif np.ndim(scale) == 0:
        return cast(scale, x.dtype) * rms_normalization(x, None, axis, epsilon)
    else:
        scale = _along("rms_normalization", "scale", scale, x, axes)
    return NormalizeRowsGrad.apply(
        x, scale, axis=axes, epsilon=_epsilon(epsilon), centered=False
    )


def group_normalization(
    x: Any,
    groups: int,
    gamma: Any = None,
    beta: Any = None,
    epsilon: float = 1e-5,
    data_format: str | None = None,
) -> Any:
    """(x - mean) / sqrt(variance + epsilon) * gamma + beta, by groups of channels.

    The mean and the variance are those of one sample's channels of one group, over all
    places.  One group for each channel is `instance_normalization`.  Keras has this as
    a layer only.

    Parameters
    ----------
    x : (batch, *lengths, channels), or (batch, channels, *lengths).
    groups : int that divides the number of channels.
    gamma, beta : (channels,), or None.
    epsilon : float.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : groups that do not divide the channels, or shapes that do not fit.

    Source: Wu & He (2018).

    >>> x = [[[1.0, 3.0, 5.0, 5.0]]]
    >>> group_normalization(x, groups=2).numpy().round(3)
    array([[[-1.,  1.,  0.,  0.]]], dtype=float32)
    """
    x, first = images("group_normalization", x, data_format)
    channels = x.shape[-1]
    if groups < 1 or channels % groups:
        raise ValueError(
            "group_normalization: groups must divide the number of channels; received "
            f"groups={groups} for {channels} channels."
        )
    out = _by_groups("group_normalization", x, groups, gamma, beta, epsilon)
    return restored(out, first)


def instance_normalization(
    x: Any,
    gamma: Any = None,
    beta: Any = None,
    epsilon: float = 1e-5,
    data_format: str | None = None,
) -> Any:
    """(x - mean) / sqrt(variance + epsilon) * gamma + beta, channel by channel.

    The mean and the variance are those of one channel of one sample, over all places.
    Keras has this as ``GroupNormalization(groups=-1)`` only.

    Parameters, errors: see `group_normalization`.

    Source: Ulyanov et al. (2016).

    >>> x = [[[1.0, 2.0], [3.0, 2.0]]]
    >>> instance_normalization(x).numpy().round(3)
    array([[[-1.,  0.],
            [ 1.,  0.]]], dtype=float32)
    """
    x, first = images("instance_normalization", x, data_format)
    out = _by_groups("instance_normalization", x, None, gamma, beta, epsilon)
    return restored(out, first)


def _by_groups(
    name: str, x: Any, groups: int | None, gamma: Any, beta: Any, epsilon: float
) -> Any:
    """Normalize each group of channels of a sample, by default each channel."""
    last = (x.ndim - 1,)
    gamma = 1.0 if gamma is None else _along(name, "gamma", gamma, x, last)
    beta = 0.0 if beta is None else _along(name, "beta", beta, x, last)
    return NormalizeChannelsGrad.apply(
        x, gamma, beta, groups=groups, together=False, epsilon=epsilon
    )


def normalize(
    x: Any, axis: Any = -1, order: int = 2, epsilon: float | None = None
) -> Any:
    """x / max(norm(x), epsilon), with the norm of an order along an axis.

    Parameters
    ----------
    x : array_like.
    axis : int, or a tuple of int; None for one norm of all.
    order : int >= 1, of the norm.
    epsilon : float, by default `config.epsilon()`.

    Raises
    ------
    ValueError : an order that is no int >= 1.

    >>> normalize([[3.0, 4.0], [0.0, 0.0]]).numpy()
    array([[0.6, 0.8],
           [0. , 0. ]], dtype=float32)
    """
    if not isinstance(order, int) or order < 1:
        raise ValueError(f"normalize: order must be an int >= 1; received {order!r}.")
    x = as_floats(x)
    x = np.reshape(x, (1,)) if x.ndim == 0 else x
    if axis is None:
        return np.reshape(normalize(np.reshape(x, (-1,)), 0, order, epsilon), x.shape)
    axes = _axes(axis, x.ndim)
    if order == 2:  # by its square, which has a derivative at 0 too
        square = np.square(x).sum(axis=axes, keepdims=True)
        return x / np.sqrt(np.maximum(square, _epsilon(epsilon) ** 2))
    norm = np.linalg.norm(x, order, axes if len(axes) > 1 else axes[0], True)
    return x / np.maximum(norm, _epsilon(epsilon))


def _epsilon(epsilon: float | None) -> float:
    return config.epsilon() if epsilon is None else epsilon


def _axes(axis: int | Sequence[int], ndim: int) -> tuple[int, ...]:
    """Return axes as a sorted tuple of numbers from 0 on."""
    axes = axis if isinstance(axis, (list, tuple)) else (axis,)
    for one in axes:
        if not -ndim <= one < ndim:
            raise ValueError(
                f"axis {one} is out of range for an array with {ndim} axes."
            )
    return tuple(sorted(one % ndim for one in axes))


def _along(name: str, what: str, vector: Any, x: Any, axes: tuple) -> Any:
    """Return a vector (or block) with the lengths of axes of x, or raise."""
    vector = cast(vector, x.dtype)
    shape = tuple(x.shape[axis] for axis in axes)
    if vector.shape not in (shape, _wide(x.shape, axes)):
        raise ValueError(
            f"{name}: {what} must have the shape {shape} of the inputs' axes {axes}; "
            f"received shape {vector.shape} for inputs of shape {x.shape}."
        )
    return vector if vector.shape == shape else np.reshape(vector, shape)


def _wide(shape: tuple, axes: tuple) -> tuple:
    """Return a shape with length 1 along the other axes."""
    return tuple(n if i in axes else 1 for i, n in enumerate(shape))
