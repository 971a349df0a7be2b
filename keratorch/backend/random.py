"""Random tensors of the old backend."""

from __future__ import annotations

from typing import Any

from keratorch.backend.made import made
from keratorch.backend.tensors import tensor, variable
from keratorch.symbolic import is_symbolic


def random_normal(
    shape: Any,
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: Any = None,
    seed: int | None = None,
) -> Any:
    """Return values of the normal distribution.

    >>> random_normal((2, 3), seed=1).shape
    (2, 3)
    """
    return _drawn("normal", shape, dtype, mean=mean, stddev=stddev, seed=seed)


def random_uniform(
    shape: Any,
    minval: float = 0.0,
    maxval: float = 1.0,
    dtype: Any = None,
    seed: int | None = None,
) -> Any:
    """Return values of the uniform distribution over [minval, maxval)."""
    if dtype is not None and "int" in str(dtype):
        return _drawn("randint", shape, dtype, minval=minval, maxval=maxval, seed=seed)
    return _drawn("uniform", shape, dtype, minval=minval, maxval=maxval, seed=seed)


def random_bernoulli(
    shape: Any, p: float = 0.0, dtype: Any = None, seed: int | None = None
) -> Any:
    """Return 1 with probability p, and 0 otherwise.

    >>> random_bernoulli((3,), p=1.0).numpy()
    array([1., 1., 1.], dtype=float32)
    """
    return _drawn("bernoulli", shape, dtype, p=p, seed=seed)


def random_binomial(
    shape: Any, p: float = 0.0, dtype: Any = None, seed: int | None = None
) -> Any:
    """Return 1 with probability p, and 0 otherwise: `random_bernoulli`'s older name."""
    return random_bernoulli(shape, p, dtype, seed)


def truncated_normal(
    shape: Any,
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: Any = None,
    seed: int | None = None,
) -> Any:
    """Return normal values, each farther than two `stddev` from `mean` drawn again."""
    return _drawn("truncated_normal", shape, dtype, mean=mean, stddev=stddev, seed=seed)


def random_normal_variable(
    shape: Any,
    mean: float,
    scale: float,
    dtype: Any = None,
    name: str | None = None,
    seed: int | None = None,
) -> Any:
    """Return a `Variable` with values of the normal distribution."""
    return variable(random_normal(shape, mean, scale, dtype, seed), dtype, name)


def random_uniform_variable(
    shape: Any,
    low: float,
    high: float,
    dtype: Any = None,
    name: str | None = None,
    seed: int | None = None,
) -> Any:
    """Return a `Variable` with values of the uniform distribution over [low, high)."""
    return variable(random_uniform(shape, low, high, dtype, seed), dtype, name)


def _drawn(kind: str, shape: Any, dtype: Any, **options: Any) -> Any:
    drawn = made(kind, shape, dtype, **options)
    return drawn if is_symbolic(drawn) else tensor(drawn)
