"""LayerNormalization: each sample with mean 0 and variance 1 over its features."""

from __future__ import annotations

from typing import Any

from keratorch.grads.normalization import NormalizeRowsGrad
from keratorch.layers.arguments import may_take_batch
from keratorch.layers.normalization_layer import (
    NormalizationLayer,
    check_lengths,
    checked_axis,
    known_lengths,
    positive_axes,
)
from keratorch.ops.normalization import deviation_scaling, warn_of_rms_scaling


class LayerNormalization(NormalizationLayer):
    """Normalize each sample by its own mean and variance along some axes.

    outputs = (inputs - mean) / sqrt(variance + epsilon) * gamma + beta

    Parameters
    ----------
    axis : int or list of int, the axes of the mean and the variance.
    epsilon : float, which keeps small variances from making large numbers.
    center, scale : bool, whether there is a beta, and a gamma.
    beta_initializer, gamma_initializer : name, function or object.
    beta_regularizer, gamma_regularizer : penalty added to the loss.
    beta_constraint, gamma_constraint : function applied after each update.
    rms_scaling : bool, by default False, an older way of dividing by the standard
        deviation alone, outputs = inputs / sqrt(variance + epsilon) * gamma; it warns.
        `RMSNormalization` divides by the root of the mean square.

    Shapes
    ------
    inputs, outputs : any; gamma, beta : the lengths of the inputs along `axis`.

    Raises
    ------
    TypeError, ValueError : an axis that is no int or does not exist, or inputs of
        other lengths along it.

    Source: Ba et al. (2016).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import LayerNormalization
    >>> LayerNormalization(epsilon=0)(np.array([[1.0, 3.0], [2.0, 6.0]])).numpy()
    array([[-1.,  1.],
           [-1.,  1.]], dtype=float32)
    """

    supports_masking = True

    def __init__(
        self,
        axis: Any = -1,
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
        rms_scaling = kwargs.pop("rms_scaling", False)
        super().__init__(**kwargs)
        self.rms_scaling = bool(rms_scaling)
        if rms_scaling:
            warn_of_rms_scaling("LayerNormalization", "RMSNormalization()")
        self.axis = checked_axis("LayerNormalization", axis)
        self.epsilon = epsilon
        self._take_scale_and_offset(
            center,
            scale,
            (beta_initializer, beta_regularizer, beta_constraint),
            (gamma_initializer, gamma_regularizer, gamma_constraint),
        )

    def build(self, input_shape: tuple) -> None:
        # Keras's configuration holds a sorted list from now on.
        self.axis = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        axes = positive_axes(self, self.axis, input_shape)
        self._lengths = known_lengths(self, axes, input_shape)
        if self.rms_scaling:
            self._add_scale(self._lengths)
        else:
            self._add_scale_and_offset(self._lengths)

    @property
    def couples_samples(self) -> bool:
        """Whether an axis may be that of the samples."""
        return may_take_batch(self.axis)

    def call(self, inputs: Any) -> Any:
        axes = positive_axes(self, self.axis, inputs.shape)
        check_lengths(self, axes, inputs.shape, self._lengths)
        if self.rms_scaling:
            return deviation_scaling(inputs, self.gamma, axes, self.epsilon)
        return NormalizeRowsGrad.apply(
            inputs, *self._scale_and_offset(), axis=axes, epsilon=self.epsilon
        )

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        positive_axes(self, self.axis, input_shape)
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "axis": self.axis,
            "epsilon": self.epsilon,
            "rms_scaling": self.rms_scaling,
            **self._scale_and_offset_config(),
        }
