"""DepthwiseConv: each channel convolved by kernels of its own."""

from __future__ import annotations

from typing import Any

from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.kernel_layer import KernelLayer
from keratorch.ops.convolving import convolve_depthwise


class DepthwiseConvolution(KernelLayer):
    """The base of `DepthwiseConv1D` and `DepthwiseConv2D`, whose arguments it takes."""

    couples_samples = False
    roles = ("depthwise", "bias")

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ):
        depthwise = (depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        bias = (bias_initializer, bias_regularizer, bias_constraint)
        super().__init__(
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            {"depthwise": depthwise, "bias": bias},
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        self.depth_multiplier = check_positive_integer(
            type(self).__name__, "depth_multiplier", depth_multiplier
        )

    def build(self, input_shape: tuple) -> None:
        channels = self._channels_for_build(input_shape)
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self.kernel = self._weight("depthwise", shape, name="kernel")
        self.bias = self._bias_for(channels * self.depth_multiplier)

    def call(self, inputs: Any) -> Any:
        self._check_inputs(inputs.shape)
        return self._computed(convolve_depthwise, inputs, self.kernel, self._lying)

    def _output_channels(self, channels: Any) -> Any:
        return None if channels is None else channels * self.depth_multiplier

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "depth_multiplier": self.depth_multiplier}


class DepthwiseConv1D(DepthwiseConvolution):
    """Convolution of each channel of sequences by kernels of its own.

    As `DepthwiseConv2D`, whose parameters it takes, with one spatial axis.

    Shapes
    ------
    inputs : (batch, steps, channels);
    outputs : (batch, new_steps, channels * depth_multiplier);
    kernel : (kernel_size, channels, depth_multiplier).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import DepthwiseConv1D
    >>> DepthwiseConv1D(3)(np.ones((2, 10, 5))).shape
    (2, 8, 5)
    """

    rank = 1


class DepthwiseConv2D(DepthwiseConvolution):
    """Convolution of each channel of images by kernels of its own.

    outputs[b, i, j, c * depth_multiplier + m] = activation(bias + sum of
    inputs[b, i * stride + k * dilation, j * stride + l * dilation, c]
    * kernel[k, l, c, m] over k and l)

    Parameters
    ----------
    kernel_size : int > 0, or one for each spatial axis: the shape of a window.
    strides : int > 0, or one for each spatial axis: the step from window to window.
    padding : 'valid' or 'same'.
    depth_multiplier : int > 0, number of outputs of each channel.
    data_format, dilation_rate, activation, use_bias : those of `Conv2D`.
    depthwise_initializer, bias_initializer : name, function or object.
    depthwise_regularizer, bias_regularizer : penalty added to the loss.
    activity_regularizer : penalty of the output, averaged over the batch.
    depthwise_constraint, bias_constraint : function applied after each update.

    Shapes
    ------
    inputs : (batch, height, width, channels);
    outputs : (batch, new_height, new_width, channels * depth_multiplier);
    kernel : (*kernel_size, channels, depth_multiplier).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import DepthwiseConv2D
    >>> DepthwiseConv2D(3, depth_multiplier=2)(np.ones((1, 8, 8, 3))).shape
    (1, 6, 6, 6)
    """

    rank = 2
