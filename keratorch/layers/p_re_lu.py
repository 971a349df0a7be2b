"""PReLU: LeakyReLU whose slopes are learned."""

from __future__ import annotations

from typing import Any

from keratorch import activations, constraints, initializers, regularizers
from keratorch.layers.layer import Layer
from keratorch.layers.normalization_layer import (
    check_lengths,
    checked_axis,
    known_lengths,
)


class PReLU(Layer):
    """Keep what is positive, and scale what is negative by learned slopes.

    outputs = inputs where inputs > 0, else alpha * inputs

    Parameters
    ----------
    alpha_initializer : name, function or object.
    alpha_regularizer : penalty added to the loss.
    alpha_constraint : function applied after each update.
    shared_axes : int or list of int, axes whose elements have one slope: ``[1, 2]`` for
        one slope for each channel of images.

    Shapes
    ------
    inputs, outputs : (batch, ...); alpha : the lengths without the batch, 1 along
        `shared_axes`.

    Raises
    ------
    TypeError, ValueError : shared axes that are no ints or do not exist, or inputs of
        other lengths.

    Source: He et al. (2015).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import PReLU
    >>> layer = PReLU(alpha_initializer="ones", shared_axes=[1, 2])
    >>> layer(-np.ones((1, 8, 8, 3))).shape
    (1, 8, 8, 3)
    >>> layer.alpha.shape
    (1, 1, 3)
    """

    couples_samples = False
    supports_masking = True
    _keeps_integers = False

    def __init__(
        self,
        alpha_initializer: Any = "Zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: Any = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        self.shared_axes = None
        if shared_axes is not None:
            shared = checked_axis("PReLU", shared_axes)
            self.shared_axes = shared if isinstance(shared, list) else [shared]

    def build(self, input_shape: tuple) -> None:
        shared = self.shared_axes or []
        for axis in shared:
            if not 1 <= axis < len(input_shape):
                raise ValueError(
                    f"PReLU '{self.name}': shared_axes must be from 1 to "
                    f"{len(input_shape) - 1} for inputs of shape {tuple(input_shape)}; "
                    f"received {axis}. Axis 0 is the batch."
                )
        self._own_axes = tuple(
            axis for axis in range(1, len(input_shape)) if axis not in shared
        )
        self._lengths = known_lengths(self, self._own_axes, input_shape)
        lengths = dict(zip(self._own_axes, self._lengths, strict=True))
        self.alpha = self.add_weight(
            name="alpha",
            shape=tuple(lengths.get(axis, 1) for axis in range(1, len(input_shape))),
            initializer=self.alpha_initializer,
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
        )

    def call(self, inputs: Any) -> Any:
        if inputs.ndim != self.alpha.ndim + 1:
            raise ValueError(
                f"PReLU '{self.name}' expects inputs with {self.alpha.ndim + 1} axes, "
                f"as those that it was built for; received shape {inputs.shape}."
            )
        check_lengths(self, self._own_axes, inputs.shape, self._lengths)
        return activations.relu(inputs) - self.alpha * activations.relu(-inputs)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "alpha_initializer": initializers.serialize(self.alpha_initializer),
            "alpha_regularizer": regularizers.serialize(self.alpha_regularizer),
            "alpha_constraint": constraints.serialize(self.alpha_constraint),
            "shared_axes": self.shared_axes,
        }
