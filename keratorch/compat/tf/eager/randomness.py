"""`tf.random`: KeraTorch's random numbers by TensorFlow's functions.

The distributions are TensorFlow's, the numbers are not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph, random
from keratorch.core import GradArray
from keratorch.ops import convert_to_tensor

_streams: dict[int, np.random.Generator] = {}  # of the seeds of single operations


def restart() -> None:
    """Let the operations with a seed of their own begin anew."""
    _streams.clear()


def _stream(seed: Any) -> np.random.Generator:
    """Return the stream of a seed, which goes on from call to call."""
    if seed is None:
        return random.generator()
    if isinstance(seed, np.random.Generator):
        return seed
    return _streams.setdefault(int(seed), np.random.default_rng(abs(int(seed))))


def _lengths(shape: Any) -> tuple[int, ...]:
    lengths = np.asarray(graph.plain(shape)).ravel()
    return tuple(int(n) for n in lengths)


def normal(shape: Any, mean: Any, stddev: Any, dtype: Any, seed: Any) -> Any:
    """Return mean + stddev * standard normal numbers."""
    drawn = _stream(seed).standard_normal(_lengths(shape)).astype(dtype)
    return drawn * _like(stddev, dtype) + _like(mean, dtype)


def truncated_normal(shape: Any, mean: Any, stddev: Any, dtype: Any, seed: Any) -> Any:
    """Return normal numbers of which none is 2 standard deviations off."""
    drawn = random.truncated_normal(
        _lengths(shape), dtype=str(dtype), seed=_stream(seed)
    )
    return drawn * _like(stddev, dtype) + _like(mean, dtype)


def uniform(shape: Any, minval: Any, maxval: Any, dtype: Any, seed: Any) -> Any:
    """Return numbers in [minval, maxval), each as likely as the others.

    Raises
    ------
    ValueError : integers without maxval.
    """
    lengths, kind = _lengths(shape), np.dtype(dtype).kind
    if kind in "iu":
        if maxval is None:
            raise ValueError("Must specify maxval for integer dtype")
        low, high = graph.plain(minval), graph.plain(maxval)
        return _stream(seed).integers(low, high, lengths).astype(dtype)
    drawn = _stream(seed).random(lengths, _single_or_double(dtype)).astype(dtype)
    low = _like(minval, dtype)
    return drawn * (_like(1 if maxval is None else maxval, dtype) - low) + low


def gamma(shape: Any, alpha: Any, beta: Any, dtype: Any, seed: Any) -> np.ndarray:
    """Return gamma numbers, `shape` of them for each alpha."""
    shapes = np.asarray(graph.plain(alpha))
    drawn = _stream(seed).standard_gamma(shapes, (*_lengths(shape), *shapes.shape))
    return (drawn / (1 if beta is None else graph.plain(beta))).astype(dtype)


def poisson(shape: Any, lam: Any, dtype: Any, seed: Any) -> np.ndarray:
    """Return Poisson numbers, `shape` of them for each rate."""
    rates = np.asarray(graph.plain(lam))
    return _stream(seed).poisson(rates, (*_lengths(shape), *rates.shape)).astype(dtype)


def shuffle(value: Any, seed: Any) -> Any:
    """Return the parts along the first axis in another order."""
    array = value if isinstance(value, GradArray) else np.asarray(graph.plain(value))
    return array[_stream(seed).permutation(len(array))]


def categorical(logits: Any, num_samples: int, dtype: Any, seed: Any) -> np.ndarray:
    """Return classes drawn by unnormalized log probabilities, (batch, num_samples)."""
    scores = np.asarray(graph.plain(logits), dtype="float64")
    size = (scores.shape[0], int(num_samples), scores.shape[1])
    noise = _stream(seed).gumbel(size=size)  # the largest is drawn by softmax
    return np.argmax(scores[:, None] + noise, -1).astype(dtype or "int64")


def stateless_normal(shape: Any, seed: Any, mean: Any, stddev: Any, dtype: Any) -> Any:
    """Return normal numbers that are the same for the same seed, two integers."""
    return normal(shape, mean, stddev, dtype, _of(seed))


def stateless_uniform(
    shape: Any, seed: Any, minval: Any, maxval: Any, dtype: Any
) -> Any:
    """Return uniform numbers that are the same for the same seed, two integers."""
    return uniform(shape, minval, maxval, dtype, _of(seed))


def _of(seed: Any) -> np.random.Generator:
    words = [int(n) % 2**64 for n in np.asarray(graph.plain(seed)).ravel()]
    return np.random.default_rng(words)


def _like(x: Any, dtype: Any) -> Any:
    return x if isinstance(x, GradArray) else np.asarray(x, dtype=dtype)


def _single_or_double(dtype: Any) -> Any:
    return np.float64 if np.dtype(dtype) == np.float64 else np.float32


class Generator:
    """A stream of random numbers of its own.

    Examples
    --------
    >>> first = Generator.from_seed(1).normal((2,))
    >>> bool((first == Generator.from_seed(1).normal((2,))).all())
    True
    """

    def __init__(self, stream: np.random.Generator):
        self._stream = stream

    @classmethod
    def from_seed(cls, seed: Any, alg: Any = None) -> Generator:
        """Return a stream that is the same for the same seed; `alg` is ours."""
        return cls(_of(seed))

    @classmethod
    def from_non_deterministic_state(cls, alg: Any = None) -> Generator:
        """Return a stream that is another one in each run."""
        return cls(np.random.default_rng())

    def normal(
        self, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32"
    ) -> Any:
        """Return normal numbers."""
        return convert_to_tensor(normal(shape, mean, stddev, dtype, self._stream))

    def truncated_normal(
        self, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32"
    ) -> Any:
        """Return normal numbers of which none is 2 standard deviations off."""
        drawn = truncated_normal(shape, mean, stddev, dtype, self._stream)
        return convert_to_tensor(drawn)

    def uniform(
        self, shape: Any, minval: Any = 0, maxval: Any = None, dtype: Any = "float32"
    ) -> Any:
        """Return uniform numbers."""
        return convert_to_tensor(uniform(shape, minval, maxval, dtype, self._stream))

    def make_seeds(self, count: int = 1) -> Any:
        """Return seeds for the stateless functions, (2, count)."""
        words = self._stream.integers(2**31, size=(2, int(count)))
        return convert_to_tensor(words)

    def split(self, count: int = 1) -> list[Generator]:
        """Return streams that do not depend on each other."""
        return [Generator(stream) for stream in self._stream.spawn(int(count))]


def get_global_generator() -> Generator:
    """Return the process's stream."""
    return Generator(random.generator())
