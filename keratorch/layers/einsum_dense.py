"""EinsumDense: a sum of products of inputs and weights, given by an equation."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import activations, constraints, initializers, regularizers
from keratorch.initializers import VarianceScaling
from keratorch.layers.equation import Equation, MatrixProduct
from keratorch.layers.layer import Layer
from keratorch.layers.lora import AdaptedWeight
from keratorch.layers.quantized import CanQuantize


class EinsumDense(CanQuantize, Layer):
    """A dense layer between any axes of inputs and outputs.

    outputs = activation(einsum(equation, inputs, kernel) + bias)

    Parameters
    ----------
    equation : str, such as ``"abc,cd->abd"``: a letter for each axis of inputs, kernel
        and outputs. ``...`` before or behind the letters of both inputs and outputs
        stands for any axes: ``"...x,xy->...y"``.
    output_shape : int or tuple, the lengths of the output without the batch and the
        axes of ``...``; None for lengths that the inputs tell.
    activation : name or function, applied to the output; by default none.
    bias_axes : str, the letters of the output along which a bias varies; by default
        there is none.
    kernel_initializer, bias_initializer : name, function or object.
    kernel_regularizer, bias_regularizer : penalty added to the loss.
    kernel_constraint, bias_constraint : function applied after each update.
    lora_rank, lora_alpha : int and float, of `enable_lora`; by default there is none.
    gptq_unpacked_column_size : None; it stands in the signature of Keras.
    quantization_config : Int8QuantizationConfig, of `quantize`; by default none.

    Shapes
    ------
    inputs, outputs, kernel : as the equation says; bias : as the letters of the output
        from the first of `bias_axes` on, 1 for those that are not among them.

    Raises
    ------
    ValueError : an equation of another form, or shapes that do not fit it.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import EinsumDense
    >>> layer = EinsumDense("abc,cde->abde", output_shape=(None, 2, 3), bias_axes="de")
    >>> layer(np.ones((5, 7, 4))).shape
    (5, 7, 2, 3)
    >>> [weight.shape for weight in layer.weights]
    [(4, 2, 3), (2, 3)]
    """

    _keeps_integers = False
    kernel: Any = AdaptedWeight()

    def __init__(
        self,
        equation: str,
        output_shape: Any,
        activation: Any = None,
        bias_axes: str | None = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        gptq_unpacked_column_size: None = None,
        quantization_config: Any = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self._begin_lora(lora_rank, lora_alpha)
        if gptq_unpacked_column_size is not None:
            raise ValueError(
                "EinsumDense: gptq_unpacked_column_size="
                f"{gptq_unpacked_column_size!r} is not supported. Leave it out: layers "
                "here can be quantized to 'int8' alone."
            )
        self._begin_quantization(quantization_config)
        self.equation = equation
        self._equation = Equation(equation, bias_axes)
        alone = output_shape is None or hasattr(output_shape, "__index__")
        self.partial_output_shape = (output_shape,) if alone else tuple(output_shape)
        self.bias_axes = bias_axes
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)

    def build(self, input_shape: tuple) -> None:
        kernel, bias = self._equation.weight_shapes(
            tuple(input_shape), self.partial_output_shape
        )
        self._product = MatrixProduct.of(self._equation, len(input_shape))
        self._terms = self._equation.terms(len(input_shape))
        self._summed = _without(self._terms[1], self._terms[2])
        self._add_main_weight(
            kernel,
            initializer=self._fitting_initializer(),
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = None
        if bias is not None:
            self.bias = self.add_weight(
                name="bias",
                shape=bias,
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self._build_lora()

    def _fitting_initializer(self) -> Any:
        """Return the kernel's initializer, which must know what its axes are for."""
        initializer = self.kernel_initializer
        if not isinstance(initializer, VarianceScaling):
            return initializer
        config = initializer.get_config()
        if config["input_axes"] is not None and config["output_axes"] is not None:
            return initializer
        made, summed = self._equation.kernel_axes()
        config.update(input_axes=summed, output_axes=made)
        return type(initializer).from_config(config)

    @property
    def couples_samples(self) -> bool:
        """Whether the equation does anything with the first axis but keep it."""
        inputs, rest = self.equation.replace(" ", "").split(",")
        kernel, outputs = rest.split("->")
        first = inputs[0]
        return first != outputs[0] or first in kernel + inputs[1:] + outputs[1:]

    def call(self, inputs: Any) -> Any:
        self._equation.check_rank(inputs.shape)
        if self._is_quantized:
            product = self._whole_product(inputs)
            outputs = product if self.bias is None else product + self.bias
        elif self._product is not None and self._product.rank == inputs.ndim:
            outputs = self._product(inputs, self.kernel, self.bias)
        else:
            outputs = np.einsum(self.equation, inputs, self.kernel)
            if self.bias is not None:
                outputs = outputs + self.bias
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return self._equation.output_shape(
            tuple(input_shape), self.partial_output_shape
        )

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "output_shape": self.partial_output_shape,
            "equation": self.equation,
            "activation": activations.serialize(self.activation),
            "bias_axes": self.bias_axes,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
            "quantization_config": self._quantization_config(),
            **self._lora_config(),
        }

    def _summed_inputs(self, rank: int) -> tuple[int, ...]:
        inputs, _, outputs = self._terms
        return _without(inputs, outputs)

    def _multiplied(self, inputs: Any, weight: Any) -> Any:
        if self._product is not None and self._product.rank == inputs.ndim:
            return self._product(inputs, weight, None)
        return np.einsum(self.equation, inputs, weight)

    def _multiplied_back(self, upstream: Any, weight: Any) -> Any:
        inputs, kernel, outputs = self._terms
        return np.einsum(f"{outputs},{kernel}->{inputs}", upstream, weight)

    def _beside_outputs(self, scale: Any) -> Any:
        return _laid_out(scale, self._terms[1], self._terms[2])

    def _beside_weight(self, scale: Any) -> Any:
        return _laid_out(scale, self._terms[2], self._terms[1])

    def _inputs_scale(self, scale: Any) -> Any:
        return _laid_out(scale, self._terms[0], self._terms[2])


def _without(letters: str, others: str) -> tuple[int, ...]:
    """Return the places of letters that are not among others."""
    return tuple(i for i, letter in enumerate(letters) if letter not in others)


def _laid_out(scale: np.ndarray, letters: str, wanted: str) -> np.ndarray:
    """Return a scale with an axis for each wanted letter, 1 for those it lacks."""
    kept = [letters.index(letter) for letter in wanted if letter in letters]
    gone = [axis for axis in range(scale.ndim) if axis not in kept]
    shape = [scale.shape[letters.index(c)] if c in letters else 1 for c in wanted]
    return np.transpose(scale, [*kept, *gone]).reshape(shape)
