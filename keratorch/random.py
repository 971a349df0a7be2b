"""Random arrays: one stream for the whole process, or a stream of one's own by seed.

Each function takes ``seed``: None draws from the process's stream, which `set_seed`
restarts; an int gives the same values at each call; a `SeedGenerator` gives new values
at each call, the same ones in each run.
"""

from __future__ import annotations

import math
import numbers
import threading
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np

from keratorch import config, graph, micro_batch
from keratorch.dtypes import standardize_dtype
from keratorch.errors import ArgumentError
from keratorch.naming import auto_name

_lock = threading.Lock()
_stream: np.random.Generator | None = None  # made at first use: importing costs nothing


class SeedGenerator:
    """A stream of random numbers that goes on from call to call.

    Parameters
    ----------
    seed : int >= 0, or None to take one from the process's stream.
    name : str, or None for 'seed_generator', numbered.

    Raises
    ------
    TypeError, ValueError : a seed that is not an int >= 0.

    Examples
    --------
    >>> stream = SeedGenerator(42)
    >>> first, second = normal((2,), seed=stream), normal((2,), seed=stream)
    >>> bool((first == second).any())
    False
    """

    def __init__(self, seed: int | None = None, name: str | None = None):
        self.name = name or auto_name("SeedGenerator")
        self._initial_seed = seed
        if seed is None:
            seed = int(generator().integers(2**32))
        #: The np.random.Generator behind it, for direct use.
        self.generator = np.random.default_rng(check_seed(seed))

    def next(self, ordered: bool = True) -> np.ndarray:
        """Return two fresh 32-bit words: a seed for something else.

        `ordered` changes nothing here: a stream is drawn from in order.
        """
        return self.generator.integers(2**32, size=2, dtype=np.uint32)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal stream."""
        return {"seed": self._initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> SeedGenerator:
        """Return a stream from `get_config`'s dict."""
        return cls(**config)


Seed: TypeAlias = "int | SeedGenerator | np.random.Generator | None"


def check_seed(seed: Any) -> int:
    """Return `seed` as an int, or say what a seed is."""
    if isinstance(seed, (bool, np.bool_)) or not isinstance(seed, (int, np.integer)):
        raise ArgumentError(
            "seed must be an int, a SeedGenerator, or None; "
            f"received {seed!r} of type {type(seed).__name__}."
        )
    if seed < 0:
        raise ValueError(f"seed must be >= 0; received {seed}.")
    return int(seed)


def set_seed(seed: int) -> None:
    """Restart the process's stream: what follows is the same in each run.

    `keratorch.utils.set_random_seed` does this, and seeds Python and NumPy as well.
    """
    global _stream
    fresh = np.random.default_rng(check_seed(seed))
    with _lock:
        _stream = fresh


def generator(seed: Seed = None) -> np.random.Generator:
    """Return the NumPy generator that `seed` stands for.

    None is the process's stream; an int a new generator, the same at each call; a
    `SeedGenerator` or a `np.random.Generator` its own stream. Generators lock
    themselves, so that threads may share one.

    Examples
    --------
    >>> bool(generator(1).random() == generator(1).random())
    True
    """
    if seed is None:
        return _process_stream()
    if isinstance(seed, SeedGenerator):
        return seed.generator
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng(check_seed(seed))


def _process_stream() -> np.random.Generator:
    global _stream
    with _lock:
        if _stream is None:
            _stream = np.random.default_rng()
        return _stream


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
    final, drawn = _float_types(dtype)
    _check_stddev(stddev)
    values = generator(seed).standard_normal(_lengths(shape), dtype=drawn)
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
    final, drawn = _float_types(dtype)
    _check_stddev(stddev)
    stream = generator(seed)
    values = stream.standard_normal(math.prod(_lengths(shape)), dtype=drawn)
    outside = np.flatnonzero(np.abs(values) > 2)
    while outside.size:
        values[outside] = stream.standard_normal(outside.size, dtype=drawn)
        outside = outside[np.abs(values[outside]) > 2]
    return np.asarray(values.reshape(_lengths(shape)) * stddev + mean, final)


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
    final, drawn = _float_types(dtype)
    if minval > maxval:
        raise ValueError(
            f"minval must be <= maxval; received minval={minval}, maxval={maxval}."
        )
    unit = generator(seed).random(_lengths(shape), dtype=drawn)
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
    return generator(seed).integers(minval, maxval, size=_lengths(shape), dtype=final)


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
    final, _ = _float_types(dtype)
    alpha = _checked("gamma", "alpha", alpha, low=0, with_low=False)
    return generator(seed).standard_gamma(alpha, _lengths(shape)).astype(final)


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
    final, _ = _float_types(dtype)
    alpha = _checked("beta", "alpha", alpha, low=0, with_low=False)
    beta = _checked("beta", "beta", beta, low=0, with_low=False)
    return generator(seed).beta(alpha, beta, _lengths(shape)).astype(final)


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
    final, _ = _float_types(dtype)
    counts = _checked("binomial", "counts", counts, low=0).astype(np.int64)
    probabilities = _checked("binomial", "probabilities", probabilities, 0, high=1)
    return (
        generator(seed).binomial(counts, probabilities, _lengths(shape)).astype(final)
    )


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


def dropout(
    inputs: Any,
    rate: float,
    noise_shape: Sequence[int | None] | None = None,
    seed: Seed = None,
) -> Any:
    """Return the inputs with a share of them 0, and the others scaled up.

    Parameters
    ----------
    inputs : array_like; gradients flow to what stays.
    rate : float from 0 to 1, the share to drop.
    noise_shape : shape of the mask, broadcast to the inputs; None entries are the
        inputs' lengths. By default each element has its own mask.
    seed : see the module.

    Raises
    ------
    ValueError : a rate outside 0 to 1, or a noise_shape that does not broadcast.

    Source: Srivastava et al. (2014), "Dropout", in its inverted form.

    Examples
    --------
    >>> np.unique(dropout(np.ones(100, "float32"), 0.5, seed=1))
    array([0., 2.], dtype=float32)
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"dropout: rate must be from 0 to 1; received {rate}.")
    x = inputs if hasattr(inputs, "_grad_op") else np.asarray(inputs)
    if np.dtype(x.dtype).kind != "f" or not hasattr(inputs, "dtype"):
        x = x.astype(config.floatx())
    shape = x.shape
    if noise_shape is not None:
        wanted = tuple(noise_shape)
        if len(wanted) != len(shape) or any(
            one not in (None, 1, n) for one, n in zip(wanted, shape, strict=False)
        ):
            raise ValueError(
                f"dropout: noise_shape must have 1, None or the length of each axis of "
                f"the inputs, {shape}; received {wanted}."
            )
        shape = tuple(
            n if one is None else one for one, n in zip(wanted, shape, strict=True)
        )
    kept = _kept(shape, rate, generator(seed))
    return x * (kept * np.asarray(1 / (1 - rate) if rate < 1 else 0, x.dtype))


def _kept(shape: tuple[int, ...], rate: float, stream: np.random.Generator) -> Any:
    """Return which elements stay, each with probability 1 - rate.

    An element takes 32 bits of the stream, two of them a word. In a micro-batch these
    are the bits that its samples have in the whole batch.
    """
    if rate == 1:
        return np.zeros(shape, bool)
    count = math.prod(shape)
    if isinstance(stream.bit_generator, np.random.PCG64):
        bits = _bits(count, stream)
    else:  # whose words may have other lengths
        bits = stream.integers(2**32, size=count, dtype=np.uint32)
    return (bits >= np.uint32(min(round(rate * 2**32), 2**32 - 1))).reshape(shape)


def _bits(count: int, stream: np.random.Generator) -> np.ndarray:
    """Return 32 bits for each of some elements of the samples that are computed on."""
    before = after = 0
    part = micro_batch.current.get()
    if part is not None:
        before, after = part.around(count)
    words = (before + count + after + 1) // 2
    if part is not None:
        stream = part.own(stream, words)
    source: Any = stream.bit_generator
    first, skipped = divmod(before, 2)
    last = (before + count + 1) // 2
    source.advance(first)  # which drops half a word that was left over
    bits = source.random_raw(last - first).view(np.uint32)[skipped:][:count]
    source.advance(words - last)
    return bits


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


def _float_types(dtype: Any) -> tuple[np.dtype, Any]:
    """The dtype asked for, and the one to draw in: NumPy draws 32 or 64 bits."""
    final = np.dtype(standardize_dtype(dtype))
    if final.kind != "f":
        raise ValueError(f"dtype must be a float type; received {final}.")
    return final, np.float64 if final.itemsize > 4 else np.float32


def _lengths(shape: Any) -> tuple[int, ...]:
    """Return a shape as a tuple; an int is the length of one axis."""
    lengths = (shape,) if isinstance(shape, numbers.Integral) else shape
    if isinstance(lengths, str) or not isinstance(lengths, Iterable):
        raise ValueError(
            f"shape must be a tuple of int, such as (2, 3); received {shape!r}."
        )
    return tuple(lengths)


def _check_stddev(stddev: Any) -> None:
    if not np.all(graph.value(stddev) >= 0):
        raise ValueError(f"stddev must be >= 0; received {stddev}.")


def _checked(
    function: str,
    name: str,
    given: Any,
    low: float,
    high: float = math.inf,
    with_low: bool = True,
) -> np.ndarray:
    """Return a parameter as an array, or say what its range is."""
    values = np.asarray(graph.value(given), np.float64)
    inside = (values >= low if with_low else values > low) & (values <= high)
    if not inside.all():
        sign = ">=" if with_low else ">"
        most = "" if high == math.inf else f" and <= {high}"
        raise ValueError(
            f"{function}: {name} must be {sign} {low}{most}; received "
            f"{values[~inside].flat[0]:g}."
        )
    return values
