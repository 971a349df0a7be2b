"""SeparableConv: a convolution of each channel, then a mixture of the channels."""

from __future__ import annotations

from typing import Any

from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.kernel_layer import KernelLayer
from keratorch.ops.convolving import convolve_separable


class SeparableConvolution(KernelLayer):
    """The base of `SeparableConv1D` and `SeparableConv2D`, whose arguments it takes."""

    couples_samples = False
    roles = ("depthwise", "pointwise", "bias")

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ):
        depthwise = (depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        pointwise = (pointwise_initializer, pointwise_regularizer, pointwise_constraint)
        bias = (bias_initializer, bias_regularizer, bias_constraint)
        super().__init__(
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            {"depthwise": depthwise, "pointwise": pointwise, "bias": bias},
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        layer = type(self).__name__
        self.filters = check_positive_integer(layer, "filters", filters)
        self.depth_multiplier = check_positive_integer(
            layer, "depth_multiplier", depth_multiplier
        )

    def build(self, input_shape: tuple) -> None:
        channels = self._channels_for_build(input_shape)
        between = channels * self.depth_multiplier
        depthwise = (*self.kernel_size, channels, self.depth_multiplier)
        pointwise = (*(1,) * self.rank, between, self.filters)
        self.depthwise_kernel = self._weight("depthwise", depthwise, "depthwise_kernel")
        self.pointwise_kernel = self._weight("pointwise", pointwise, "pointwise_kernel")
        self.bias = self._bias_for(self.filters)

    def call(self, inputs: Any) -> Any:
        self._check_inputs(inputs.shape)
        kernels = self.depthwise_kernel, self.pointwise_kernel
        return self._computed(convolve_separable, inputs, *kernels, self._lying)

    def _output_channels(self, channels: Any) -> int:
        return self.filters

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "filters": self.filters,
            "depth_multiplier": self.depth_multiplier,
        }


class SeparableConv1D(SeparableConvolution):
    """Convolution of each channel of sequences, then of all channels at each step.

    As `SeparableConv2D`, whose parameters it takes, with one spatial axis.

    Shapes
    ------
    inputs : (batch, steps, channels); outputs : (batch, new_steps, filters).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import SeparableConv1D
    >>> SeparableConv1D(4, 3, padding="same")(np.ones((2, 10, 5))).shape
    (2, 10, 4)
    """

    rank = 1


class SeparableConv2D(SeparableConvolution):
    """Convolution of each channel of images, then of all channels at each place.

    between[..., c * depth_multiplier + m] = inputs[..., c] convolved with
    depthwise_kernel[..., c, m];
    outputs = activation(between @ pointwise_kernel[0, 0] + bias)

    Parameters
    ----------
    filters : int > 0, number of channels of the output.
    kernel_size : int > 0, or one for each spatial axis: the shape of a window.
    strides, padding, data_format, dilation_rate : those of `Conv2D`, for the first
        step; padding is 'valid' or 'same'.
    depth_multiplier : int > 0, number of channels between for each of the inputs.
    activation, use_bias : those of `Conv2D`.
    depthwise_initializer, pointwise_initializer, bias_initializer : name, function or
        object.
    depthwise_regularizer, pointwise_regularizer, bias_regularizer : penalty added to
        the loss.
    activity_regularizer : penalty of the output, averaged over the batch.
    depthwise_constraint, pointwise_constraint, bias_constraint : function applied
        after each update.

    Shapes
    ------
    inputs : (batch, height, width, channels);
    outputs : (batch, new_height, new_width, filters);
    depthwise_kernel : (*kernel_size, channels, depth_multiplier);
    pointwise_kernel : (1, 1, channels * depth_multiplier, filters); bias : (filters,).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that do not fit.

    Source: Chollet (2017), "Xception: Deep Learning with Depthwise Separable
    Convolutions".

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import SeparableConv2D
    >>> layer = SeparableConv2D(8, 3)
    >>> layer(np.ones((1, 8, 8, 3))).shape
    (1, 6, 6, 8)
    >>> [weight.shape for weight in layer.weights]
    [(3, 3, 3, 1), (1, 1, 3, 8), (8,)]
    """

    rank = 2
