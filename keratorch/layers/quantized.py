"""Layers whose weight can be kept as whole numbers of one byte."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch import quantizers
from keratorch.layers.lora import HasLora
from keratorch.layers.precision import HasPrecision
from keratorch.ops.control import custom_gradient
from keratorch.variable import Variable

# Whole numbers up to this are exact as float32.
_EXACT = 2**24


class CanQuantize(HasLora, HasPrecision):
    """What lets a layer compute on whole numbers from -127 to 127.

    outputs = inputs8 @ weight8 / (inputs_scale * weight_scale)

    Both are rounded as `quantizers.AbsMaxQuantizer` does. The weight no longer learns;
    the derivative by the inputs is that of ``inputs @ (weight8 / weight_scale)``. A
    subclass says which axes of inputs and weight are summed over, multiplies, and lays
    scales out beside outputs and weight.
    """

    quantization_config: Any = None
    _is_quantized = False
    _summed: tuple[int, ...]  # the axes of the weight that share a scale
    _modes: tuple[str, ...] = ("int8",)
    _own_weights: Any
    built: bool

    def _begin_quantization(self, config: Any) -> None:
        if isinstance(config, Mapping):
            config = quantizers.deserialize(config)
        if config is not None:
            config = quantizers.configuration.chosen_config(None, config)
        self.quantization_config = config

    def _follow_mode(self, mode: str | None) -> None:
        super()._follow_mode(mode)
        if mode is not None and self.built and not self._is_quantized:
            self.quantize(mode)

    def _quantization_config(self) -> Any:
        """Return what the configuration says of quantization."""
        config = self.quantization_config
        return None if config is None else quantizers.serialize(config)

    def _add_main_weight(self, shape: tuple, **options: Any) -> None:
        """Make the weight, as floats or as whole numbers with their scale."""
        if self.quantization_mode == "int8":
            self._add_whole_numbers(shape)
        else:
            weight = self.add_weight(name=self._adapts, shape=shape, **options)
            setattr(self, self._adapts, weight)

    def _add_whole_numbers(self, shape: tuple) -> None:
        name = self._adapts
        options = {"initializer": "zeros", "trainable": False}
        weight = self.add_weight(name=name, shape=shape, dtype="int8", **options)
        setattr(self, f"_{name}", weight)
        ones = np.ones([1 if i in self._summed else n for i, n in enumerate(shape)])
        scale = self.add_weight(
            name=f"{name}_scale",
            shape=self._beside_outputs(ones).shape,
            initializer="ones",
            trainable=False,
        )
        setattr(self, f"{name}_scale", scale)
        config = self.quantization_config
        self.inputs_quantizer = (
            quantizers.QuantizationConfig.activation_quantizer_or_default(
                config, quantizers.AbsMaxQuantizer()
            )
        )
        self._is_quantized = True

    def quantize(
        self, mode: str | None = None, type_check: bool = True, config: Any = None
    ) -> None:
        """Keep the weight as whole numbers from now on.

        Parameters
        ----------
        mode : 'int8'.
        type_check : bool, whether a subclass of your own is refused, whose ``call`` may
            use the weight otherwise.
        config : Int8QuantizationConfig, whose quantizers are used; by default
            `AbsMaxQuantizer` for weight and inputs.

        Raises
        ------
        ValueError : the layer is not built, or quantized already.
        NotImplementedError : another mode, or a subclass of your own.

        Examples
        --------
        >>> import numpy as np
        >>> from keratorch.layers import Dense
        >>> layer = Dense(2, kernel_initializer="ones")
        >>> layer.build((None, 3))
        >>> layer.quantize("int8")
        >>> [(weight.name, weight.dtype) for weight in layer.weights]
        [('bias', 'float32'), ('kernel', 'int8'), ('kernel_scale', 'float32')]
        >>> layer(np.array([[1.0, 1.0, 3.0]])).numpy().round(2)
        array([[4.98, 4.98]], dtype=float32)
        """
        config = quantizers.configuration.chosen_config(mode, config)
        self._check_quantizable(type_check)
        weight = self._main_weight
        chosen = quantizers.QuantizationConfig.weight_quantizer_or_default(
            config, quantizers.AbsMaxQuantizer(axis=self._summed)
        )
        whole, scale = chosen(weight.numpy(), to_numpy=True)
        self._own_weights[:] = [w for w in self._own_weights if w is not weight]
        self.__dict__.pop(self._adapts, None)
        self.quantization_config = config
        self._add_whole_numbers(weight.shape)
        self._main_weight.assign(whole)
        self._scale.assign(self._beside_outputs(np.asarray(scale)))
        policy = self._own_policy
        if policy.quantization_mode is None:
            self.dtype_policy = f"int8_from_{policy.name}"

    def _check_quantizable(self, type_check: bool) -> None:
        cls = type(self)
        place = f"quantize of {cls.__name__} '{self.name}'"
        if not self.built:
            raise ValueError(
                f"{place}: the layer has no weights yet. Build it, or call it on data "
                "first."
            )
        if self._is_quantized:
            raise ValueError(
                f"{place}: it is quantized already, with the policy "
                f"{self._own_policy.name!r}."
            )
        if not self._modes:
            super().quantize("int8")  # says that it cannot
        if type_check and not cls.__module__.startswith("keratorch."):
            raise NotImplementedError(
                f"{place}: {cls.__name__} may use its weight in a way of its own, "
                "which whole numbers would change. Where it does not, pass "
                "type_check=False."
            )

    @property
    def _scale(self) -> Variable:
        return getattr(self, f"{self._adapts}_scale")

    @property
    def _lora_delta(self) -> Any:
        """What LoRA adds to the weight."""
        a, b = self._lora_matrices
        return self._lora_scale * (a @ b)

    def _whole_product(self, inputs: Any) -> Any:
        """Return the product of inputs and weight, computed on whole numbers."""
        weight, scale = np.asarray(self._main_weight), np.asarray(self._scale)

        @custom_gradient
        def product(x: Any) -> tuple:
            whole, divisor, exact = x, scale, x.dtype
            if self.inputs_quantizer is not None:
                axes = self._summed_inputs(x.ndim)
                whole, of_inputs = self.inputs_quantizer(x, axis=axes)
                divisor = scale * self._inputs_scale(np.asarray(of_inputs))
                exact = exact_for(weight, self._summed)
            whole = np.asarray(whole).astype(exact)
            out = self._multiplied(whole, weight.astype(exact))

            def gradient(upstream: Any) -> Any:
                floats = (weight / self._beside_weight(scale)).astype(x.dtype)
                return self._multiplied_back(upstream, floats)

            return np.asarray(out).astype(x.dtype) / divisor, gradient

        out = product(inputs)
        if not self.lora_enabled:
            return out
        return out + self._multiplied(inputs, self._lora_delta.astype(out.dtype))

    def _with_lora(self, weight: Any) -> Any:
        """Return the weight; whole numbers as they are, since LoRA adds floats."""
        return weight if self._is_quantized else super()._with_lora(weight)

    def _stored(self) -> list[tuple[Variable, np.ndarray]]:
        """Return weight, bias and scale, with what LoRA adds in weight and scale."""
        if not self._is_quantized:
            return super()._stored()
        weight, scale = self._main_weight, self._scale
        special: list[Any] = [weight, scale]
        values = weight.numpy(), scale.numpy()
        if self.lora_enabled:
            special += self._lora_matrices
            floats = weight.numpy() / self._beside_weight(scale.numpy())
            whole, fresh = quantizers.abs_max_quantize(
                floats + self._lora_delta.numpy(), self._summed, to_numpy=True
            )
            values = whole.numpy(), self._beside_outputs(fresh.numpy())
        others = [v for v in self._own_variables() if not any(v is s for s in special)]
        rest = [(variable, variable.numpy()) for variable in others]
        return [(weight, values[0]), *rest, (scale, values[1])]

    # What a subclass says of its product

    def _summed_inputs(self, rank: int) -> tuple[int, ...]:
        """Return the axes of inputs that share a scale."""
        raise NotImplementedError

    def _multiplied(self, inputs: Any, weight: Any) -> Any:
        raise NotImplementedError

    def _multiplied_back(self, upstream: Any, weight: Any) -> Any:
        """Return the gradient by the inputs."""
        raise NotImplementedError

    def _beside_outputs(self, scale: np.ndarray) -> np.ndarray:
        """Return a scale of the weight, 1 along summed axes, laid out as the output."""
        raise NotImplementedError

    def _beside_weight(self, scale: np.ndarray) -> np.ndarray:
        """Return what `_beside_outputs` returned, laid out as the weight."""
        raise NotImplementedError

    def _inputs_scale(self, scale: np.ndarray) -> np.ndarray:
        """Return a scale of the inputs, 1 along summed axes, laid out as the output."""
        return scale


def exact_for(weight: np.ndarray, summed: tuple[int, ...]) -> str:
    """Return the float type in which sums of products of bytes are exact."""
    terms = math.prod(weight.shape[axis] for axis in summed)
    return "float32" if terms * 128 * 128 < _EXACT else "float64"
