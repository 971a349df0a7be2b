"""ConvTranspose: each input spreads over a window of the output."""

from __future__ import annotations

from typing import Any

from keratorch.kernels.windows import Windows, whole_numbers
from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.convolution import check_strides_or_dilation
from keratorch.layers.kernel_layer import KernelLayer
from keratorch.ops.convolving import convolve_transposed


class ConvolutionTranspose(KernelLayer):
    """The base of `Conv1DTranspose`, `Conv2DTranspose` and `Conv3DTranspose`."""

    couples_samples = False

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ):
        super().__init__(
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            {
                "kernel": (kernel_initializer, kernel_regularizer, kernel_constraint),
                "bias": (bias_initializer, bias_regularizer, bias_constraint),
            },
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        layer = type(self).__name__
        self.filters = check_positive_integer(layer, "filters", filters)
        self.output_padding = self._checked_output_padding(output_padding)
        check_strides_or_dilation(layer, self.strides, self.dilation_rate)

    def _checked_output_padding(self, value: Any) -> tuple[int, ...] | None:
        if value is None:
            return None
        layer = type(self).__name__
        try:
            extras = whole_numbers("output_padding", value, self.rank, least=0)
        except ValueError as error:
            raise ValueError(f"{layer}: {error}") from None
        if any(x >= stride for x, stride in zip(extras, self.strides, strict=True)):
            raise ValueError(
                f"{layer}: output_padding must be less than the stride on each axis; "
                f"received output_padding={value!r} and strides={self.strides}."
            )
        return extras

    def build(self, input_shape: tuple) -> None:
        channels = self._channels_for_build(input_shape)
        shape = (*self.kernel_size, self.filters, channels)
        self.kernel = self._weight("kernel", shape)
        self.bias = self._bias_for(self.filters)

    def call(self, inputs: Any) -> Any:
        self._check_inputs(inputs.shape)
        arguments = inputs, self.kernel, self._lying, self.output_padding
        return self._computed(convolve_transposed, *arguments)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        lengths, _ = self._split(input_shape)
        known = tuple(2 if length is None else length for length in lengths)
        try:
            _, larger = Windows.transposed(
                known,
                self.kernel_size,
                self.strides,
                self.padding,
                self.output_padding,
                self.dilation_rate,
            )
        except ValueError as error:
            raise ValueError(
                f"{self._named} does not fit inputs of shape {input_shape}: {error}"
            ) from None
        outs = tuple(
            None if length is None else out
            for length, out in zip(lengths, larger, strict=True)
        )
        return self._joined(input_shape[0], outs, self.filters)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "filters": self.filters,
            "output_padding": self.output_padding,
        }


class Conv1DTranspose(ConvolutionTranspose):
    """Transposed convolution of sequences, which makes them longer.

    As `Conv2DTranspose`, whose parameters it takes, with one spatial axis.

    Shapes
    ------
    inputs : (batch, steps, channels); outputs : (batch, new_steps, filters);
    kernel : (kernel_size, filters, channels); bias : (filters,).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Conv1DTranspose
    >>> Conv1DTranspose(4, 3, strides=2, padding="same")(np.ones((2, 10, 5))).shape
    (2, 20, 4)
    """

    rank = 1


class Conv2DTranspose(ConvolutionTranspose):
    """Transposed convolution of images, which makes them larger.

    outputs[b, i * stride + k - before, j * stride + l - before, f] gains
    inputs[b, i, j, c] * kernel[k, l, f, c]; then bias and activation.  It is the
    gradient of `Conv2D`, and enlarges by the strides as that makes smaller.

    Parameters
    ----------
    filters : int > 0, number of channels of the output.
    kernel_size : int > 0, or one for each spatial axis: the shape of a window.
    strides : int > 0, or one for each spatial axis: the step from window to window of
        the output.
    padding : 'valid', the whole output; or 'same', cropped to length * stride.
    output_padding : int less than the stride, or one for each spatial axis: elements
        more at the end; or None.
    data_format, dilation_rate, activation, use_bias : those of `Conv2D`.
    kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
    activity_regularizer, kernel_constraint, bias_constraint : those of `Conv2D`.

    Shapes
    ------
    inputs : (batch, height, width, channels);
    outputs : (batch, new_height, new_width, filters);
    kernel : (*kernel_size, filters, channels); bias : (filters,).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Conv2DTranspose
    >>> layer = Conv2DTranspose(4, 3, strides=2, padding="same")
    >>> layer(np.ones((1, 7, 7, 8))).shape
    (1, 14, 14, 4)
    >>> layer.kernel.shape
    (3, 3, 4, 8)
    """

    rank = 2


class Conv3DTranspose(ConvolutionTranspose):
    """Transposed convolution of volumes, which makes them larger.

    As `Conv2DTranspose`, with three spatial axes.  Its parameters are the same; only
    `data_format` comes before `output_padding`, as in Keras.

    Shapes
    ------
    inputs : (batch, depth, height, width, channels);
    outputs : (batch, new_depth, new_height, new_width, filters);
    kernel : (*kernel_size, filters, channels); bias : (filters,).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Conv3DTranspose
    >>> Conv3DTranspose(2, 3, strides=2)(np.ones((1, 2, 3, 3, 4))).shape
    (1, 5, 7, 7, 2)
    """

    rank = 3

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        output_padding: Any = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ):
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            output_padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            kernel_initializer,
            bias_initializer,
            kernel_regularizer,
            bias_regularizer,
            activity_regularizer,
            kernel_constraint,
            bias_constraint,
            **kwargs,
        )
