"""Normalization: data with mean 0 and variance 1, by the moments of a data set."""

from __future__ import annotations

import math
import numbers
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from keratorch import config, graph
from keratorch.core import GradArray
from keratorch.layers.layer import Layer
from keratorch.layers.normalization_layer import (
    check_lengths,
    known_lengths,
    positive_axes,
)


class Normalization(Layer):
    """Shift and scale features to mean 0 and variance 1, as `adapt` found them.

    outputs = (inputs - mean) / max(sqrt(variance), epsilon), or with ``invert=True``
    outputs = inputs * max(sqrt(variance), epsilon) + mean

    Training does not change mean and variance.

    Parameters
    ----------
    axis : int, or sequence of int, the axes of the features, each of which has its own
        mean and variance; None for one mean and variance of all numbers.
    mean, variance : numbers or arrays that broadcast along `axis`; by default `adapt`
        finds them.
    invert : bool, whether to go back from normalized data.

    Raises
    ------
    TypeError, ValueError : an axis that is no int or does not exist, mean without
        variance, or inputs of other features.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Normalization
    >>> layer = Normalization()
    >>> layer.adapt(np.array([[1.0, 10.0], [3.0, 30.0]]))
    >>> layer(np.array([[1.0, 40.0]])).numpy()
    array([[-1.,  2.]], dtype=float32)
    """

    couples_samples = False
    supports_masking = True
    _keeps_integers = False

    def __init__(
        self,
        axis: Any = -1,
        mean: Any = None,
        variance: Any = None,
        invert: bool = False,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.axis = _as_axes(axis)
        _check_given(mean, variance, len(self.axis))
        self.input_mean, self.input_variance = mean, variance
        self.invert = invert
        self._knows_data = mean is not None

    def build(self, input_shape: tuple) -> None:
        self._features = tuple(sorted(positive_axes(self, self.axis, input_shape)))
        self._lengths = known_lengths(self, self._features, input_shape)
        self._wide = tuple(
            n if i in self._features else 1 for i, n in enumerate(input_shape)
        )
        if self.input_mean is not None:
            return
        self.adapt_mean = self._add_moment("mean", "zeros")
        self.adapt_variance = self._add_moment("variance", "ones")
        # Unused; Keras's files have it.
        self.count = self.add_weight(
            name="count", shape=(), dtype="int32", initializer="zeros", trainable=False
        )

    def _add_moment(self, name: str, initializer: str) -> Any:
        return self.add_weight(
            name=name, shape=self._lengths, initializer=initializer, trainable=False
        )

    def adapt(self, data: Any) -> None:
        """Take mean and variance from data, in place of earlier ones.

        Parameters
        ----------
        data : array (samples, ...), or an iterable of such arrays, or of tuples that
            begin with them, taken together.

        Raises
        ------
        ValueError : no data, data of other features, or a layer of given moments.
        """
        if self.input_mean is not None:
            raise ValueError(
                f"Normalization '{self.name}' was given its mean and variance; adapt() "
                "would not change them. Leave them out of the constructor."
            )
        count, mean, variance = 0, 0.0, 0.0
        for batch in _batches(data):
            if batch.dtype.kind not in "biuf":
                raise TypeError(
                    f"Normalization '{self.name}': adapt() takes numbers; received "
                    f"dtype {batch.dtype}. Use StringLookup or TextVectorization for "
                    "text."
                )
            self._prepare_for(batch)
            others = tuple(i for i in range(batch.ndim) if i not in self._features)
            size = batch.size // max(int(np.prod(self._lengths)), 1)
            if not size:
                continue
            batch_mean, batch_variance = batch.mean(axis=others), batch.var(axis=others)
            count += size
            share = size / count
            # The variance of the whole is that inside its parts plus that between.
            new_mean = mean + (batch_mean - mean) * share
            variance = (variance + (mean - new_mean) ** 2) * (1 - share) + (
                batch_variance + (batch_mean - new_mean) ** 2
            ) * share
            mean = new_mean
        if not count:
            raise ValueError(
                f"Normalization '{self.name}': adapt() received no data. Pass an array "
                "(samples, features), or batches of such arrays."
            )
        self.adapt_mean.assign(mean)
        self.adapt_variance.assign(variance)
        self._knows_data = True

    def _prepare_for(self, batch: np.ndarray) -> None:
        if not self.built:
            self.build_for(batch.shape)
        positive_axes(self, self.axis, batch.shape)
        check_lengths(self, self._features, batch.shape, self._lengths)

    @property
    def mean(self) -> Any:
        """The mean, in a shape that broadcasts to the inputs; None before build."""
        return self._moment("mean")

    @property
    def variance(self) -> Any:
        """The variance, in a shape that broadcasts to the inputs; None before build."""
        return self._moment("variance")

    def _moment(self, which: str) -> Any:
        if not self.built:
            return None
        if self.input_mean is None:
            return np.reshape(getattr(self, f"adapt_{which}"), self._wide)
        given = np.asarray(getattr(self, f"input_{which}"), self.dtype)
        own = self._features[len(self._features) - given.ndim :]
        wide = [1] * len(self._wide)
        for axis, length in zip(own, given.shape, strict=True):
            wide[axis] = length
        wanted = np.broadcast_to(given.reshape(wide), self._wide)
        return GradArray(wanted, requires_grad=False)

    def call(self, inputs: Any) -> Any:
        features = self._features
        if inputs.ndim > len(self._wide) and all(axis < 0 for axis in self.axis):
            # such as a batch of images, where one image was adapted to
            features = tuple(sorted(positive_axes(self, self.axis, inputs.shape)))
        check_lengths(self, features, inputs.shape, self._lengths)
        mean, variance = self.mean.numpy(), self.variance.numpy()
        if not self._knows_data and math.prod(inputs.shape):
            self._warn_unless_loaded(mean, variance)
        deviation = np.maximum(np.sqrt(variance), config.epsilon())
        deviation = deviation.astype(self.dtype)
        if self.invert:
            return inputs * deviation + mean
        return (inputs - mean) / deviation

    def _warn_unless_loaded(self, mean: np.ndarray, variance: np.ndarray) -> None:
        """Warn once if mean and variance are those before `adapt`."""
        self._knows_data = True
        if np.all(mean == 0) and np.all(variance == 1):
            warnings.warn(
                f"Normalization '{self.name}' was not adapted: it passes its inputs on "
                "as they are. Call adapt(data) first, or give mean and variance.",
                UserWarning,
                stacklevel=4,
            )

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "axis": self.axis,
            "invert": self.invert,
            "mean": np.array(self.input_mean).tolist(),
            "variance": np.array(self.input_variance).tolist(),
        }


def _as_axes(axis: Any) -> tuple[int, ...]:
    if axis is None:
        return ()
    axes = tuple(axis) if isinstance(axis, (list, tuple)) else (axis,)
    if any(not isinstance(a, numbers.Integral) or isinstance(a, bool) for a in axes):
        raise TypeError(
            "Normalization: axis must be an int, a sequence of int, or None; received "
            f"{axis!r}."
        )
    return axes


def _check_given(mean: Any, variance: Any, axes: int) -> None:
    if (mean is None) != (variance is None):
        raise ValueError(
            "Normalization: give both mean and variance, or neither; received "
            f"{'mean' if variance is None else 'variance'} alone."
        )
    if mean is None:
        return
    shapes = np.shape(mean), np.shape(variance)
    if shapes[0] != shapes[1] or len(shapes[0]) > axes:
        raise ValueError(
            "Normalization: mean and variance must have one shape, with at most as "
            f"many axes as axis names ({axes}); received shapes {shapes[0]} and "
            f"{shapes[1]}."
        )


def _batches(data: Any) -> Iterator[np.ndarray]:
    """Yield the arrays that data are, or consist of."""
    if hasattr(data, "shape") or hasattr(data, "__array__"):
        yield np.asarray(graph.value(data))
        return
    items = list(data) if isinstance(data, (list, tuple)) else data
    if isinstance(items, list) and items and isinstance(items[0], (list, int, float)):
        yield np.asarray(items)
        return
    for batch in items:
        first = batch[0] if isinstance(batch, tuple) else batch
        array = np.asarray(graph.value(first))
        if not array.ndim:
            raise TypeError(
                "Normalization.adapt takes an array, or batches of arrays; received "
                f"{type(first).__name__} as a batch."
            )
        yield array
