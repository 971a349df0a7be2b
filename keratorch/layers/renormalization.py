"""Batch renormalization: training that normalizes as inference will."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch import initializers
from keratorch.layers.normalization_layer import NormalizationLayer

_BOUNDS = {"rmax": np.inf, "rmin": 0.0, "dmax": np.inf}


class Renormalizes(NormalizationLayer):
    """The part of `BatchNormalization` that ``renorm=True`` adds.

    Training multiplies the normalized inputs by r and adds d, which are constants to
    the gradient and bring them to the scale of averages over batches:

    r = s / renorm_stddev, between rmin and rmax
    d = (mean - renorm_mean) / renorm_stddev, between -dmax and dmax

    with s = sqrt(variance + epsilon). The deviation s has an average of its own too,
    `moving_stddev`, which `moving_variance` is made of.

    Source: Ioffe (2017), Batch Renormalization, Algorithm 1.
    """

    epsilon: float
    momentum: float

    def _take_renorm(self, renorm: Any, clipping: Any, momentum: Any) -> None:
        """Keep what the constructor got."""
        self.renorm = bool(renorm)
        self.renorm_clipping = checked_bounds(clipping) if renorm else clipping
        self.renorm_momentum = momentum

    def _add_renorm_averages(self, shape: tuple, mean: Any, variance: Any) -> None:
        """Make the averages, from the initializers of the mean and of the variance."""

        def deviation(shape: Any, dtype: Any = None) -> Any:
            return np.sqrt(_again(variance)(shape, dtype=dtype))

        starts = {
            "moving_stddev": deviation,
            "renorm_mean": _again(mean),
            "renorm_stddev": deviation,
        }
        for name, initializer in starts.items():
            weight = self.add_weight(
                name=name, shape=shape, initializer=initializer, trainable=False
            )
            setattr(self, name, weight)

    def _renormalized(self, mean: Any, variance: Any) -> tuple[Any, Any]:
        """Return the factor and the offset of normalized inputs, for ndarrays."""
        bounds = all_bounds(self.renorm_clipping)
        usual = np.maximum(self.renorm_stddev.numpy(), self.epsilon**0.5)
        r = np.sqrt(variance + self.epsilon) / usual
        d = (mean - self.renorm_mean.numpy()) / usual
        r = np.clip(r, bounds["rmin"], bounds["rmax"]).astype(usual.dtype)
        d = np.clip(d, -bounds["dmax"], bounds["dmax"]).astype(usual.dtype)
        gamma, beta = self._scale_and_offset()
        return r * gamma, d * gamma + beta

    def _follow_renormalized(self, mean: Any, variance: Any) -> None:
        """Move all averages towards the moments of a batch."""
        s = np.sqrt(variance + self.epsilon)
        for average, moment, keep in (
            (self.moving_mean, mean, self.momentum),
            (self.moving_stddev, s, self.momentum),
            (self.renorm_mean, mean, self.renorm_momentum),
            (self.renorm_stddev, s, self.renorm_momentum),
        ):
            average.assign(average.numpy() * keep + moment * (1 - keep))
        square = self.moving_stddev.numpy() ** 2
        self.moving_variance.assign(np.maximum(square - self.epsilon, 0))

    moving_mean: Any
    moving_variance: Any
    moving_stddev: Any
    renorm_mean: Any
    renorm_stddev: Any


def checked_bounds(clipping: Any) -> dict[str, Any]:
    """Return the bounds of r and d, or raise."""
    known = isinstance(clipping, Mapping) and set(clipping) <= set(_BOUNDS)
    if clipping is not None and not known:
        raise ValueError(
            "BatchNormalization: renorm_clipping must be a dict with the keys 'rmax', "
            f"'rmin' and 'dmax', or some of them; received {clipping!r}."
        )
    bounds = dict(clipping or {})
    for key, value in bounds.items():
        number = isinstance(value, numbers.Real) and float(value) >= 0
        if value is not None and not number:
            raise ValueError(
                f"BatchNormalization: renorm_clipping[{key!r}] must be a number of 0 "
                f"or more, or None; received {value!r}."
            )
    if all_bounds(bounds)["rmin"] > all_bounds(bounds)["rmax"]:
        raise ValueError(
            "BatchNormalization: renorm_clipping needs 'rmin' <= 'rmax'; received "
            f"{clipping!r}."
        )
    return bounds


def all_bounds(bounds: Mapping[str, Any]) -> dict[str, float]:
    """Return the bounds with those that are not given, which bound nothing."""
    return {**_BOUNDS, **{k: v for k, v in bounds.items() if v is not None}}


def _again(initializer: Any) -> Any:
    """Return a twin of an initializer, which starts its random numbers anew."""
    if isinstance(initializer, initializers.Initializer):
        return type(initializer).from_config(initializer.get_config())
    return initializer
