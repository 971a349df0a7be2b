"""Conv: the same small kernel at every place of the inputs."""

from __future__ import annotations

from typing import Any

from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.kernel_layer import KernelLayer
from keratorch.layers.lora import AdaptedWeight, HasLora
from keratorch.ops.convolving import convolve


class Convolution(HasLora, KernelLayer):
    """The base of `Conv1D`, `Conv2D` and `Conv3D`, whose arguments it takes."""

    couples_samples = False
    kernel: Any = AdaptedWeight()

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        groups: int = 1,
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
        lora = kwargs.pop("lora_rank", None), kwargs.pop("lora_alpha", None)
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
        self.groups = check_positive_integer(layer, "groups", groups)
        if self.filters % self.groups:
            raise ValueError(
                f"{layer}: filters must be a multiple of groups; received "
                f"filters={filters} and groups={groups}."
            )
        check_strides_or_dilation(layer, self.strides, self.dilation_rate)
        self._begin_lora(*lora)

    def build(self, input_shape: tuple) -> None:
        channels = self._channels_for_build(input_shape)
        if channels % self.groups:
            raise ValueError(
                f"{self._named} with groups={self.groups} expects channels that are a "
                f"multiple of them; received {channels}, in shape {input_shape}. "
                "Use as many groups as divide the channels."
            )
        kernel = (*self.kernel_size, channels // self.groups, self.filters)
        self.kernel = self._weight("kernel", kernel)
        self.bias = self._bias_for(self.filters)
        self._build_lora()

    def call(self, inputs: Any) -> Any:
        self._check_inputs(inputs.shape)
        if type(self).convolution_op is Convolution.convolution_op:
            return self._computed(convolve, inputs, self.kernel, self._lying)
        outputs = self.convolution_op(inputs, self.kernel)
        if self.bias is not None:
            behind = self.rank if self.data_format == "channels_first" else 0
            outputs = outputs + self.bias.reshape(-1, *[1] * behind)
        return outputs if self.activation is None else self.activation(outputs)

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """Convolve inputs with a kernel, before bias and activation.

        A subclass may change the kernel, such as to mean 0, or the outputs.

        Examples
        --------
        >>> import numpy as np
        >>> from keratorch.layers import Conv1D
        >>> class Centred(Conv1D):
        ...     def convolution_op(self, inputs, kernel):
        ...         return super().convolution_op(inputs, kernel - kernel.mean())
        >>> y = Centred(1, 2)(np.ones((1, 3, 1)))
        >>> bool(np.allclose(y, 0, atol=1e-6))
        True
        """
        return convolve(inputs, kernel, self._lying)

    def _output_channels(self, channels: Any) -> int:
        return self.filters

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        config.update(filters=self.filters, groups=self.groups)
        return {**config, **self._lora_config()}


class Conv1D(Convolution):
    """Convolution of sequences.

    outputs[b, i, f] = activation(bias[f] + sum of inputs[b, i * stride + k * dilation,
    c] * kernel[k, c, f] over k and c)

    Parameters
    ----------
    padding : 'valid', 'same', or 'causal': zeros before the sequence alone, as many as
        keep its length, so that no output sees the future.

    The others are those of `Conv2D`, with one spatial axis instead of two.

    Shapes
    ------
    inputs : (batch, steps, channels); outputs : (batch, new_steps, filters);
    kernel : (kernel_size, channels / groups, filters); bias : (filters,).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Conv1D
    >>> layer = Conv1D(4, 3, padding="causal", dilation_rate=2)
    >>> layer(np.ones((2, 10, 5))).shape
    (2, 10, 4)
    """

    rank = 1
    rules = ("valid", "same", "causal")


class Conv2D(Convolution):
    """Convolution of images.

    outputs[b, i, j, f] = activation(bias[f] + sum of
    inputs[b, i * stride + k * dilation, j * stride + l * dilation, c]
    * kernel[k, l, c, f] over k, l and c)

    Parameters
    ----------
    filters : int > 0, number of channels of the output.
    kernel_size : int > 0, or one for each spatial axis: the shape of a window.
    strides : int > 0, or one for each spatial axis: the step from window to window.
    padding : 'valid', no padding; or 'same', as many zeros around the inputs as keep
        their lengths for strides of 1.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.
    dilation_rate : int > 0, or one for each spatial axis: the distance between
        neighbours within a window; more than 1 only where the strides are 1.
    groups : int > 0, into which channels and filters fall, each convolved by itself.
    activation : name or function, applied to the output; by default none.
    use_bias : bool.
    kernel_initializer, bias_initializer : name, function or object.
    kernel_regularizer, bias_regularizer : penalty added to the loss.
    activity_regularizer : penalty of the output, averaged over the batch.
    kernel_constraint, bias_constraint : function applied after each update.
    lora_rank, lora_alpha : int and float, of `enable_lora`; by default there is none.

    Shapes
    ------
    inputs : (batch, height, width, channels);
    outputs : (batch, new_height, new_width, filters);
    kernel : (*kernel_size, channels / groups, filters); bias : (filters,).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Conv2D
    >>> layer = Conv2D(8, 3, activation="relu")
    >>> layer(np.ones((2, 28, 28, 1))).shape
    (2, 26, 26, 8)
    >>> [weight.shape for weight in layer.weights]
    [(3, 3, 1, 8), (8,)]
    """

    rank = 2


class Conv3D(Convolution):
    """Convolution of volumes, or of sequences of images.

    As `Conv2D`, whose parameters it takes, with three spatial axes instead of two.

    Shapes
    ------
    inputs : (batch, depth, height, width, channels);
    outputs : (batch, new_depth, new_height, new_width, filters);
    kernel : (*kernel_size, channels / groups, filters); bias : (filters,).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Conv3D
    >>> Conv3D(2, (1, 3, 3), strides=2)(np.ones((1, 4, 9, 9, 3))).shape
    (1, 2, 4, 4, 2)
    """

    rank = 3


def check_strides_or_dilation(
    layer: str, strides: tuple[int, ...], dilation_rate: tuple[int, ...]
) -> None:
    """Raise where windows both lie apart and have holes, as Keras does."""
    if max(strides) > 1 and max(dilation_rate) > 1:
        raise ValueError(
            f"{layer}: strides or dilation_rate may be more than 1, not both; received "
            f"strides={strides} and dilation_rate={dilation_rate}. Set one of them "
            "to 1."
        )
