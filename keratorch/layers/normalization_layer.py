"""What layers that normalize share: their axes, and a scale and an offset after it."""

from __future__ import annotations

import numbers
from typing import Any

from keratorch import constraints, initializers, regularizers
from keratorch.layers.arguments import check_one_array
from keratorch.layers.layer import Layer


class NormalizationLayer(Layer):
    """A layer that normalizes its inputs, then scales by gamma and adds beta."""

    _keeps_integers = False

    gamma: Any = None
    beta: Any = None

    def _take_scale_and_offset(
        self,
        center: bool,
        scale: bool,
        beta: tuple[Any, Any, Any],
        gamma: tuple[Any, Any, Any],
    ) -> None:
        """Keep what the constructor got: for each its initializer and its rules."""
        self.center, self.scale = center, scale
        self.beta_initializer = initializers.get(beta[0])
        self.beta_regularizer = regularizers.get(beta[1])
        self.beta_constraint = constraints.get(beta[2])
        self.gamma_initializer = initializers.get(gamma[0])
        self.gamma_regularizer = regularizers.get(gamma[1])
        self.gamma_constraint = constraints.get(gamma[2])

    def _add_scale_and_offset(self, shape: tuple) -> None:
        if self.scale:
            self._add_scale(shape)
        if self.center:
            self._add_offset(shape)

    def _add_scale(self, shape: tuple) -> None:
        self.gamma = self.add_weight(
            name="gamma",
            shape=shape,
            initializer=self.gamma_initializer,
            regularizer=self.gamma_regularizer,
            constraint=self.gamma_constraint,
        )

    def _add_offset(self, shape: tuple) -> None:
        self.beta = self.add_weight(
            name="beta",
            shape=shape,
            initializer=self.beta_initializer,
            regularizer=self.beta_regularizer,
            constraint=self.beta_constraint,
        )

    def _scale_and_offset(self) -> tuple[Any, Any]:
        """Return gamma and beta, 1.0 and 0.0 where there are none."""
        gamma = 1.0 if self.gamma is None else self.gamma
        return gamma, 0.0 if self.beta is None else self.beta

    def _scale_and_offset_config(self) -> dict[str, Any]:
        return {
            "center": self.center,
            "scale": self.scale,
            "beta_initializer": initializers.serialize(self.beta_initializer),
            "gamma_initializer": initializers.serialize(self.gamma_initializer),
            "beta_regularizer": regularizers.serialize(self.beta_regularizer),
            "gamma_regularizer": regularizers.serialize(self.gamma_regularizer),
            "beta_constraint": constraints.serialize(self.beta_constraint),
            "gamma_constraint": constraints.serialize(self.gamma_constraint),
        }


def checked_axis(layer: str, axis: Any) -> Any:
    """Return an int, or a list of them, or raise."""
    axes = axis if isinstance(axis, (list, tuple)) else [axis]
    for one in axes:
        if not isinstance(one, numbers.Integral) or isinstance(one, bool):
            raise TypeError(
                f"{layer}: axis must be an int, or a list of int; received {axis!r}."
            )
    return list(axis) if isinstance(axis, (list, tuple)) else int(axis)


def single_axis(layer: str, axis: Any) -> int:
    """Return the one axis of the channels as an int, or raise."""
    if not isinstance(axis, numbers.Integral) or isinstance(axis, bool):
        raise TypeError(
            f"{layer}: axis must be an int, the axis of the channels; received "
            f"{axis!r}."
        )
    return int(axis)


def positive_axes(layer: Layer, axis: Any, shape: tuple) -> tuple[int, ...]:
    """Return the axes of inputs of a shape, counted from 0, or raise."""
    check_one_array(layer, shape)
    axes = axis if isinstance(axis, (list, tuple)) else (axis,)
    for one in axes:
        if not -len(shape) <= one < len(shape):
            raise ValueError(
                f"{type(layer).__name__} '{layer.name}': axis {one} is out of range "
                f"for inputs of shape {tuple(shape)}, which have {len(shape)} axes."
            )
    return tuple(one % len(shape) for one in axes)


def known_lengths(layer: Layer, axes: tuple[int, ...], shape: tuple) -> tuple[int, ...]:
    """Return the lengths of axes that weights lie along, or raise."""
    lengths = tuple(shape[axis] for axis in axes)
    if None in lengths:
        raise ValueError(
            f"{type(layer).__name__} '{layer.name}' needs to know the length of axis "
            f"{axes[lengths.index(None)]}, along which its weights lie; received shape "
            f"{tuple(shape)}. Give it in Input(shape=...)."
        )
    return lengths


def check_lengths(
    layer: Layer, axes: tuple[int, ...], shape: tuple, expected: tuple[int, ...]
) -> None:
    """Raise unless inputs have along these axes the lengths of the weights."""
    for axis, length in zip(axes, expected, strict=True):
        if shape[axis] != length:
            raise ValueError(
                f"{type(layer).__name__} '{layer.name}' expects inputs of length "
                f"{length} along axis {axis}, as those that it was built for; received "
                f"shape {tuple(shape)}. Check the axis argument or the data."
            )
