"""Initializers by chance: normal, uniform, scaled to the weight's fans, orthogonal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import random
from keratorch.errors import suggest
from keratorch.identifiers import serialize
from keratorch.initializers.initializer import Initializer, weight_dtype

# Standard deviation of a standard normal variable truncated at -2 and 2.
_TRUNCATED_STDDEV = 0.87962566103423978
_MODES = ("fan_in", "fan_out", "fan_avg")
_DISTRIBUTIONS = ("truncated_normal", "untruncated_normal", "uniform")


class RandomInitializer(Initializer):
    """What initializers that draw numbers share: the seed.

    Parameters
    ----------
    seed : None draws from the process's stream, which `keratorch.random.set_seed`
        restarts; an int gives the same values at each call; a `SeedGenerator` gives
        new values at each call.

    Raises
    ------
    TypeError, ValueError : anything else.
    """

    def __init__(self, seed: random.Seed | dict[str, Any] = None):
        if isinstance(seed, dict):
            seed = random.SeedGenerator.from_config(seed["config"])
        elif seed is not None and not isinstance(seed, random.SeedGenerator):
            seed = random.check_seed(seed)
        self.seed: int | random.SeedGenerator | None = seed

    def get_config(self) -> dict[str, Any]:
        """Return the seed."""
        if isinstance(self.seed, random.SeedGenerator):
            return {"seed": serialize(self.seed, "keras.random")}
        return {"seed": self.seed}


class RandomNormal(RandomInitializer):
    """Normal values.

    Parameters
    ----------
    mean, stddev : float; stddev >= 0.
    seed : see `RandomInitializer`.

    Examples
    --------
    >>> RandomNormal(stddev=0.1, seed=1)((2, 3)).shape
    (2, 3)
    """

    def __init__(
        self, mean: float = 0.0, stddev: float = 0.05, seed: random.Seed = None
    ):
        super().__init__(seed)
        self.mean = mean
        self.stddev = stddev

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> np.ndarray:
        return random.normal(shape, self.mean, self.stddev, dtype, self.seed)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {**super().get_config(), "mean": self.mean, "stddev": self.stddev}


class TruncatedNormal(RandomNormal):
    """Normal values within two standard deviations of the mean.

    Parameters: see `RandomNormal`.

    Examples
    --------
    >>> bool(np.abs(TruncatedNormal(stddev=1.0, seed=1)((100,))).max() <= 2)
    True
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> np.ndarray:
        return random.truncated_normal(shape, self.mean, self.stddev, dtype, self.seed)


class RandomUniform(RandomInitializer):
    """Uniform values in [minval, maxval).

    Parameters
    ----------
    minval, maxval : float.
    seed : see `RandomInitializer`.

    Examples
    --------
    >>> RandomUniform(0.0, 1.0, seed=1)((2, 3)).shape
    (2, 3)
    """

    def __init__(
        self, minval: float = -0.05, maxval: float = 0.05, seed: random.Seed = None
    ):
        super().__init__(seed)
        self.minval = minval
        self.maxval = maxval

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> np.ndarray:
        return random.uniform(shape, self.minval, self.maxval, dtype, self.seed)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {**super().get_config(), "minval": self.minval, "maxval": self.maxval}


class VarianceScaling(RandomInitializer):
    """Values whose variance is ``scale / n``, so that signals keep their size.

    n is the number of inputs that reach one output (fan_in), of outputs that one input
    reaches (fan_out), or the mean of both (fan_avg); see `compute_fans`.

    Parameters
    ----------
    scale : float > 0.
    mode : 'fan_in', 'fan_out' or 'fan_avg'.
    distribution : 'truncated_normal' (also called 'normal'), 'untruncated_normal' or
        'uniform', over [-sqrt(3 scale / n), sqrt(3 scale / n)).
    seed : see `RandomInitializer`.
    input_axes, output_axes : sequences of int, the axes of the weight that count for
        fan_in and fan_out; None to tell them from the shape.

    Raises
    ------
    ValueError : an argument outside its range.

    Examples
    --------
    >>> VarianceScaling(2.0, seed=1)((784, 10)).shape
    (784, 10)
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: random.Seed = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ):
        super().__init__(seed)
        distribution = distribution.lower()
        if distribution == "normal":
            distribution = "truncated_normal"
        if not scale > 0:
            raise ValueError(f"scale must be > 0; received {scale}.")
        _check_choice("mode", mode, _MODES)
        _check_choice("distribution", distribution, _DISTRIBUTIONS)
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.input_axes = input_axes
        self.output_axes = output_axes

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> np.ndarray:
        fan_in, fan_out = compute_fans(shape, self.input_axes, self.output_axes)
        fans = {
            "fan_in": fan_in,
            "fan_out": fan_out,
            "fan_avg": (fan_in + fan_out) / 2,
        }
        variance = self.scale / max(1.0, fans[self.mode])
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            return random.uniform(shape, -limit, limit, dtype, self.seed)
        stddev = math.sqrt(variance)
        if self.distribution == "untruncated_normal":
            return random.normal(shape, 0.0, stddev, dtype, self.seed)
        # Truncation narrows the distribution: start from a wider one.
        stddev /= _TRUNCATED_STDDEV
        return random.truncated_normal(shape, 0.0, stddev, dtype, self.seed)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            **super().get_config(),
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            "input_axes": self.input_axes,
            "output_axes": self.output_axes,
        }


class _NamedScaling(VarianceScaling):
    """A `VarianceScaling` whose scale, mode and distribution have a name."""

    _rule: tuple[float, str, str]

    def __init__(
        self,
        seed: random.Seed = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ):
        super().__init__(*self._rule, seed, input_axes, output_axes)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments: the rule is in the name."""
        config = super().get_config()
        return {key: config[key] for key in ("seed", "input_axes", "output_axes")}


class GlorotUniform(_NamedScaling):
    """Uniform values within sqrt(6 / (fan_in + fan_out)) of 0: Dense's default.

    Parameters: see `VarianceScaling`.

    Source: Glorot & Bengio (2010), 'normalized initialization'.

    Examples
    --------
    >>> GlorotUniform(seed=1)((3, 2)).shape
    (3, 2)
    """

    _rule = (1.0, "fan_avg", "uniform")


class GlorotNormal(_NamedScaling):
    """Truncated normal values of variance 2 / (fan_in + fan_out).

    Parameters: see `VarianceScaling`.

    Source: Glorot & Bengio (2010).

    Examples
    --------
    >>> GlorotNormal(seed=1)((3, 2)).shape
    (3, 2)
    """

    _rule = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_NamedScaling):
    """Uniform values within sqrt(6 / fan_in) of 0: for relu.

    Parameters: see `VarianceScaling`.

    Source: He et al. (2015).

    Examples
    --------
    >>> HeUniform(seed=1)((3, 2)).shape
    (3, 2)
    """

    _rule = (2.0, "fan_in", "uniform")


class HeNormal(_NamedScaling):
    """Truncated normal values of variance 2 / fan_in: for relu.

    Parameters: see `VarianceScaling`.

    Source: He et al. (2015).

    Examples
    --------
    >>> HeNormal(seed=1)((3, 2)).shape
    (3, 2)
    """

    _rule = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_NamedScaling):
    """Uniform values within sqrt(3 / fan_in) of 0.

    Parameters: see `VarianceScaling`.

    Source: LeCun et al. (1998), 'Efficient BackProp'.

    Examples
    --------
    >>> LecunUniform(seed=1)((3, 2)).shape
    (3, 2)
    """

    _rule = (1.0, "fan_in", "uniform")


class LecunNormal(_NamedScaling):
    """Truncated normal values of variance 1 / fan_in: for selu.

    Parameters: see `VarianceScaling`.

    Source: LeCun et al. (1998), 'Efficient BackProp'.

    Examples
    --------
    >>> LecunNormal(seed=1)((3, 2)).shape
    (3, 2)
    """

    _rule = (1.0, "fan_in", "truncated_normal")


class Orthogonal(RandomInitializer):
    """A random matrix with orthonormal columns (rows, where it is wider than tall).

    A weight of more axes is such a matrix of shape ``(prod(shape[:-1]), shape[-1])``.

    Parameters
    ----------
    gain : float, a factor for all values.
    seed : see `RandomInitializer`.

    Raises
    ------
    ValueError : a shape with fewer than two axes.

    Source: Saxe et al. (2014).

    Examples
    --------
    >>> q = Orthogonal(seed=1)((4, 3))
    >>> bool(np.allclose(q.T @ q, np.eye(3), atol=1e-6))
    True
    """

    def __init__(self, gain: float = 1.0, seed: random.Seed = None):
        super().__init__(seed)
        self.gain = gain

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> np.ndarray:
        if len(shape) < 2:
            raise ValueError(
                "Orthogonal initializes weights of at least two axes; "
                f"received shape {tuple(shape)}."
            )
        rows, columns = math.prod(shape[:-1]), shape[-1]
        tall = (max(rows, columns), min(rows, columns))
        q, r = np.linalg.qr(random.normal(tall, dtype="float64", seed=self.seed))
        # The signs of r's diagonal make q uniform over all orthogonal matrices.
        q *= np.sign(np.diag(r))
        if rows < columns:
            q = q.T
        return (self.gain * q).reshape(tuple(shape)).astype(weight_dtype(dtype))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {**super().get_config(), "gain": self.gain}


def compute_fans(
    shape: Sequence[int],
    input_axes: Sequence[int] | None = None,
    output_axes: Sequence[int] | None = None,
) -> tuple[int, int]:
    """Return how many inputs reach one output, and how many outputs one input reaches.

    A matrix is ``(inputs, outputs)``, a convolution kernel
    ``(*window, inputs, outputs)``, in which each position of the window counts.

    Examples
    --------
    >>> compute_fans((784, 10)), compute_fans((3, 3, 16, 32))
    ((784, 10), (144, 288))
    """
    if input_axes is not None and output_axes is not None:
        fan_in = math.prod(shape[axis] for axis in input_axes)
        fan_out = math.prod(shape[axis] for axis in output_axes)
        return fan_in, fan_out
    if len(shape) == 0:
        return 1, 1
    if len(shape) == 1:
        return int(shape[0]), int(shape[0])
    window = math.prod(shape[:-2])
    return int(shape[-2] * window), int(shape[-1] * window)


def _check_choice(argument: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"unknown {argument} {value!r}. {suggest(value, choices)}")
