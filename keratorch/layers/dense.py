"""Dense: each output is a weighted sum of all inputs."""

from __future__ import annotations

from typing import Any

from keratorch import activations, constraints, initializers, regularizers
from keratorch.grads.neural import DenseGrad
from keratorch.layers.arguments import check_one_array, check_positive_integer
from keratorch.layers.layer import Layer
from keratorch.layers.lora import AdaptedWeight
from keratorch.layers.quantized import CanQuantize

#: The activations that are computed together with the product.
_FUSED: dict[Any, str] = {activations.relu: "relu", activations.tanh: "tanh"}


class Dense(CanQuantize, Layer):
    """A fully connected layer.

    outputs = activation(inputs @ kernel + bias)

    Parameters
    ----------
    units : int > 0, length of the last axis of the output.
    activation : name or function, applied to the output; by default none.
    use_bias : bool.
    kernel_initializer, bias_initializer : name, function or object.
    kernel_regularizer, bias_regularizer : penalty added to the loss.
    activity_regularizer : penalty of the output, averaged over the batch.
    kernel_constraint, bias_constraint : function applied after each update.
    lora_rank, lora_alpha : int and float, of `enable_lora`; by default there is none.
    quantization_config : Int8QuantizationConfig, of `quantize`; by default none.

    Shapes
    ------
    inputs : (batch, ..., features); outputs : (batch, ..., units);
    kernel : (features, units); bias : (units,).

    Raises
    ------
    ValueError : `units` is no positive integer, or inputs of another last axis.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Dense
    >>> layer = Dense(3, activation="relu")
    >>> layer(np.ones((2, 4))).shape
    (2, 3)
    >>> [weight.shape for weight in layer.weights]
    [(4, 3), (3,)]
    """

    couples_samples = False
    supports_masking = True
    _keeps_integers = False
    kernel: Any = AdaptedWeight()

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        quantization_config: Any = None,
        **kwargs: Any,
    ):
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self._begin_quantization(quantization_config)
        self.units = check_positive_integer("Dense", "units", units)
        self.activation = activations.get(activation)
        self.use_bias = bool(use_bias)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self._begin_lora(lora_rank, lora_alpha)

    def build(self, input_shape: tuple) -> None:
        self._check_axes(input_shape)
        self._add_main_weight(
            (input_shape[-1], self.units),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias",
                shape=(self.units,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self._build_lora()

    def call(self, inputs: Any) -> Any:
        if inputs.ndim < 2 or inputs.shape[-1] != self.kernel.shape[0]:
            self._explain(inputs.shape)
        if self._is_quantized:
            return self._finished(self._whole_product(inputs))
        name = _FUSED.get(self.activation)
        if name is not None:
            return DenseGrad.apply(inputs, self.kernel, self.bias, activation=name)
        outputs = DenseGrad.apply(inputs, self.kernel, self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def _finished(self, product: Any) -> Any:
        outputs = product if self.bias is None else product + self.bias
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
            "quantization_config": self._quantization_config(),
            **self._lora_config(),
        }

    _summed = (0,)

    def _summed_inputs(self, rank: int) -> tuple[int, ...]:
        return (-1,)

    def _multiplied(self, inputs: Any, weight: Any) -> Any:
        return inputs @ weight

    def _multiplied_back(self, upstream: Any, weight: Any) -> Any:
        return upstream @ weight.T

    def _beside_outputs(self, scale: Any) -> Any:
        return scale[0]

    def _beside_weight(self, scale: Any) -> Any:
        return scale

    def _check_axes(self, shape: Any) -> None:
        check_one_array(self, shape)
        if len(shape) < 2:
            raise ValueError(
                f"Dense '{self.name}' expects inputs of shape (batch, features); "
                f"received shape {shape}. For one sample use x[None]; for a column of "
                "numbers use x[:, None]."
            )
        if shape[-1] is None:
            raise ValueError(
                f"Dense '{self.name}' needs to know the last axis of its input; "
                f"received shape {shape}. Give it in Input(shape=...)."
            )

    def _explain(self, shape: tuple) -> None:
        """Raise the error for inputs that do not fit the kernel."""
        self._check_axes(shape)
        features = self.kernel.shape[0]
        fix = f"Give each sample {features} features."
        size = 1
        for length in shape[1:]:
            size *= length
        if len(shape) > 2 and size == features:
            fix = (
                "Add a Flatten() layer before it, or reshape x to "
                f"{(shape[0], features)}."
            )
        raise ValueError(
            f"Dense '{self.name}' expects inputs with last axis {features}; received "
            f"shape {shape}. {fix}"
        )
