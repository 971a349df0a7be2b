"""GroupNormalization: groups of channels of a sample with mean 0 and variance 1."""

from __future__ import annotations

from typing import Any

from keratorch.grads.normalization import NormalizeChannelsGrad
from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.normalization_layer import (
    NormalizationLayer,
    check_lengths,
    known_lengths,
    positive_axes,
    single_axis,
)


class GroupNormalization(NormalizationLayer):
    """Normalize each sample by the mean and variance of each group of its channels.

    outputs = (inputs - mean) / sqrt(variance + epsilon) * gamma + beta

    with mean and variance over one group of channels and all places.  One group is
    `LayerNormalization` over all axes, a group for each channel instance
    normalization.

    Parameters
    ----------
    groups : int > 0 that divides the number of channels, or -1 for one group for each
        channel.
    axis : int, the axis of the channels.
    epsilon : float, which keeps small variances from making large numbers.
    center, scale : bool, whether there is a beta, and a gamma.
    beta_initializer, gamma_initializer : name, function or object.
    beta_regularizer, gamma_regularizer : penalty added to the loss.
    beta_constraint, gamma_constraint : function applied after each update.

    Shapes
    ------
    inputs, outputs : (batch, ..., channels); gamma, beta : (channels,).

    Raises
    ------
    TypeError, ValueError : groups that do not divide the channels, an axis that is no
        int, or inputs of other channels.

    Source: Wu & He (2018).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import GroupNormalization
    >>> layer = GroupNormalization(groups=2, epsilon=0)
    >>> layer(np.array([[1.0, 3.0, 5.0, 9.0]])).numpy()
    array([[-1.,  1., -1.,  1.]], dtype=float32)
    """

    couples_samples = False
    supports_masking = True

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if groups != -1:
            check_positive_integer("GroupNormalization", "groups", groups)
        self.groups = int(groups)
        self.axis = single_axis("GroupNormalization", axis)
        self.epsilon = epsilon
        self._take_scale_and_offset(
            center,
            scale,
            (beta_initializer, beta_regularizer, beta_constraint),
            (gamma_initializer, gamma_regularizer, gamma_constraint),
        )

    def build(self, input_shape: tuple) -> None:
        axes = positive_axes(self, self.axis, input_shape)
        self._lengths = known_lengths(self, axes, input_shape)
        (channels,) = self._lengths
        if self.groups == -1:
            self.groups = channels
        if channels % self.groups:
            raise ValueError(
                f"GroupNormalization '{self.name}': groups must divide the number of "
                f"channels; received groups={self.groups} for {channels} channels "
                f"along axis {self.axis} of inputs of shape {tuple(input_shape)}."
            )
        self._add_scale_and_offset(self._lengths)

    def call(self, inputs: Any) -> Any:
        shape = inputs.shape
        (axis,) = axes = positive_axes(self, self.axis, shape)
        check_lengths(self, axes, shape, self._lengths)
        return NormalizeChannelsGrad.apply(
            inputs,
            *self._scale_and_offset(),
            axis=axis,
            groups=self.groups,
            together=False,
            epsilon=self.epsilon,
        )

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        positive_axes(self, self.axis, input_shape)
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "groups": self.groups,
            "axis": self.axis,
            "epsilon": self.epsilon,
            **self._scale_and_offset_config(),
        }
