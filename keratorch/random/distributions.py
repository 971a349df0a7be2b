"""Random arrays of a distribution, and arrays in random order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.dtypes import standardize_dtype
from keratorch.random.arguments import check_stddev, checked, float_types, lengths
from keratorch.random.seeds import Seed, generator


def normal(
    shape: Sequence[int],
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: Any = None,
    seed: Seed = None,
) -> np.ndarray:
    """Return values of the normal distribution.

    Parameters
    ----------
    shape : sequence of int.
    mean, stddev : float, or GradArray that broadcasts to `shape`; stddev >= 0.
    dtype : float dtype, or None for `floatx()`.
    seed : see the module.

    Raises
    ------
    ValueError : stddev < 0, or a dtype that holds no floats.

    Examples
    --------
    >>> normal((2, 3), seed=1).dtype
    dtype('float32')
    """
    final, drawn = float_types(dtype)
    check_stddev(stddev)
    values = generator(seed).standard_normal(lengths(shape), dtype=drawn)
    scaled = values * stddev + mean
    # of a mean that a layer computed, gradients flow back to it
    return scaled if hasattr(scaled, "_grad_op") else np.asarray(scaled, final)


def truncated_normal(
    shape: Sequence[int],
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: Any = None,
    seed: Seed = None,
) -> np.ndarray:
    """Return normal values, each farther than two `stddev` from `mean` drawn again.

    Parameters, errors: see `normal`.

    Examples
    --------
    >>> bool(np.abs(truncated_normal((100,), seed=1)).max() <= 2)
    True
    """
    final, drawn = float_types(dtype)
    check_stddev(stddev)
    stream = generator(seed)
    values = stream.standard_normal(math.prod(lengths(shape)), dtype=drawn)
    outside = np.flatnonzero(np.abs(values) > 2)
    while outside.size:
        values[outside] = stream.standard_normal(outside.size, dtype=drawn)
        outside = outside[np.abs(values[outside]) > 2]
    return np.asarray(values.reshape(lengths(shape)) * stddev + mean, final)


def uniform(
    shape: Sequence[int],
    minval: float = 0.0,
    maxval: float = 1.0,
    dtype: Any = None,
    seed: Seed = None,
) -> np.ndarray:
    """Return values of the uniform distribution over [minval, maxval).

    Raises
    ------
    ValueError : minval > maxval, or a dtype that holds no floats.

    Examples
    --------
    >>> uniform((2, 2), minval=-1, maxval=1, seed=1).shape
    (2, 2)
    """
    final, drawn = float_types(dtype)
    if minval > maxval:
        raise ValueError(
            f"minval must be <= maxval; received minval={minval}, maxval={maxval}."
        )
    unit = generator(seed).random(lengths(shape), dtype=drawn)
    values = np.asarray(unit * (maxval - minval) + minval, final)
    # Rounding may reach maxval itself, which is not in the range.
    below = np.nextafter(final.type(maxval), final.type(minval))
    return np.asarray(np.minimum(values, below))


def randint(
    shape: Sequence[int],
    minval: int,
    maxval: int,
    dtype: Any = "int32",
    seed: Seed = None,
) -> np.ndarray:
    """Return integers of the uniform distribution over [minval, maxval).

    Raises
    ------
    ValueError : minval >= maxval, or a dtype that holds no integers.

    Examples
    --------
    >>> randint((4,), 0, 10, seed=1).dtype
    dtype('int32')
    """
    final = np.dtype(standardize_dtype(dtype))
    if final.kind not in "iu":
        raise ValueError(f"randint needs an integer dtype; received {final}.")
    if minval >= maxval:
        raise ValueError(
            f"minval must be < maxval; received minval={minval}, maxval={maxval}."
        )
    return generator(seed).integers(minval, maxval, size=lengths(shape), dtype=final)


def gamma(
    shape: Sequence[int], alpha: Any, dtype: Any = None, seed: Seed = None
) -> np.ndarray:
    """Return values of the gamma distribution of scale 1, its mean being `alpha`.

    Parameters
    ----------
    shape : sequence of int.
    alpha : float > 0, or an array of them that broadcasts to `shape`.

    Raises
    ------
    ValueError : alpha <= 0, or a dtype that holds no floats.

    Examples
    --------
    >>> gamma((2, 3), alpha=0.5, seed=1).shape
    (2, 3)
    """
    final, _ = float_types(dtype)
    alpha = checked("gamma", "alpha", alpha, low=0, with_low=False)
    return generator(seed).standard_gamma(alpha, lengths(shape)).astype(final)


def beta(
    shape: Sequence[int], alpha: Any, beta: Any, dtype: Any = None, seed: Seed = None
) -> np.ndarray:
    """Return values of the beta distribution, their mean being alpha / (alpha + beta).

    Parameters
    ----------
    shape : sequence of int.
    alpha, beta : float > 0, or arrays of them that broadcast to `shape`.

    Raises
    ------
    ValueError : alpha or beta <= 0, or a dtype that holds no floats.

    Examples
    --------
    >>> bool((beta((100,), 2.0, 3.0, seed=1) < 1).all())
    True
    """
    final, _ = float_types(dtype)
    alpha = checked("beta", "alpha", alpha, low=0, with_low=False)
    beta = checked("beta", "beta", beta, low=0, with_low=False)
    return generator(seed).beta(alpha, beta, lengths(shape)).astype(final)


def binomial(
    shape: Sequence[int],
    counts: Any,
    probabilities: Any,
    dtype: Any = None,
    seed: Seed = None,
) -> np.ndarray:
    """Return how many of `counts` trials succeed, as floats.

    Parameters
    ----------
    shape : sequence of int.
    counts, probabilities : numbers >= 0 and from 0 to 1, or arrays of them that
        broadcast to `shape`.

    Raises
    ------
    ValueError : numbers outside these ranges, or a dtype that holds no floats.

    Examples
    --------
    >>> binomial((2,), counts=10, probabilities=1.0, seed=1)
    array([10., 10.], dtype=float32)
    """
    final, _ = float_types(dtype)
    counts = checked("binomial", "counts", counts, low=0).astype(np.int64)
    probabilities = checked("binomial", "probabilities", probabilities, 0, high=1)
    return generator(seed).binomial(counts, probabilities, lengths(shape)).astype(final)


def categorical(
    logits: Any, num_samples: int, dtype: Any = "int32", seed: Seed = None
) -> np.ndarray:
    """Return class numbers drawn with the probabilities softmax(logits), row by row.

    Parameters
    ----------
    logits : (batch, classes), log-probabilities up to a constant per row.
    num_samples : int, draws per row.

    Returns
    -------
    (batch, num_samples) integers in [0, classes).

    Raises
    ------
    ValueError : logits that are not a matrix.

    Examples
    --------
    >>> categorical([[0.0, -np.inf]], 3, seed=1)
    array([[0, 0, 0]], dtype=int32)
    """
    rows = np.asarray(graph.value(logits), np.float64)
    if rows.ndim != 2:
        raise ValueError(
            f"logits must have shape (batch, classes); received shape {rows.shape}."
        )
    # exp would overflow without the maximum taken off
    weights = np.exp(rows - rows.max(axis=1, keepdims=True))
    steps = np.cumsum(weights, axis=1)
    steps /= steps[:, -1:]
    draws = generator(seed).random((len(rows), num_samples))
    # The first step above the draw: a class of probability 0 has no step of its own.
    classes = [
        np.searchsorted(step, draw, side="right")
        for step, draw in zip(steps, draws, strict=True)
    ]
    return np.array(classes, dtype).reshape(len(rows), num_samples)


def shuffle(x: Any, axis: int = 0, seed: Seed = None) -> Any:
    """Return a copy of `x` with its slices along `axis` in random order.

    Examples
    --------
    >>> sorted(shuffle(np.arange(4), seed=1).tolist())
    [0, 1, 2, 3]
    """
    if hasattr(x, "_grad_op"):
        return np.take(x, generator(seed).permutation(x.shape[axis]), axis=axis)
    return generator(seed).permutation(np.asarray(x), axis=axis)
