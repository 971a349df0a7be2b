"""Layers that Keras dropped: `MaxoutDense`, `Highway` and `TimeDistributedMerge`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from keratorch import activations, constraints, initializers, layers, regularizers


class _Dropped(layers.Layer):
    """What both layers share: a kernel and a bias with Keras 1's arguments for them."""

    def __init__(
        self,
        init: Any = "glorot_uniform",
        W_regularizer: Any = None,
        b_regularizer: Any = None,
        activity_regularizer: Any = None,
        W_constraint: Any = None,
        b_constraint: Any = None,
        bias: bool = True,
        input_dim: int | None = None,
        **kwargs: Any,
    ):
        if input_dim is not None:
            kwargs.setdefault("input_shape", (input_dim,))
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.init = initializers.get(init)
        self.kernel_rules: dict[str, Any] = {
            "regularizer": regularizers.get(W_regularizer),
            "constraint": constraints.get(W_constraint),
        }
        self.bias_rules: dict[str, Any] = {
            "regularizer": regularizers.get(b_regularizer),
            "constraint": constraints.get(b_constraint),
        }
        self.use_bias = bias

    def _kernel(self, name: str, shape: Sequence[int]) -> Any:
        rules = self.kernel_rules
        return self.add_weight(shape, initializer=self.init, name=name, **rules)

    def _bias(self, name: str, shape: Sequence[int], value: float = 0.0) -> Any:
        if not self.use_bias:
            return 0.0
        first = initializers.Constant(value)
        return self.add_weight(shape, initializer=first, name=name, **self.bias_rules)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "init": initializers.serialize(self.init),
            "W_regularizer": regularizers.serialize(self.kernel_rules["regularizer"]),
            "b_regularizer": regularizers.serialize(self.bias_rules["regularizer"]),
            "W_constraint": constraints.serialize(self.kernel_rules["constraint"]),
            "b_constraint": constraints.serialize(self.bias_rules["constraint"]),
            "bias": self.use_bias,
        }


class MaxoutDense(_Dropped):
    """max over features of x @ kernel[feature] + bias[feature].

    Parameters
    ----------
    output_dim : int > 0, length of the outputs.
    nb_feature : int > 0, over how many products the largest is taken.
    init, W_regularizer, b_regularizer, W_constraint, b_constraint, bias : of Keras 1.

    Source: Goodfellow et al. (2013), Maxout Networks.
    """

    def __init__(self, output_dim: int, nb_feature: int = 4, **kwargs: Any):
        super().__init__(**kwargs)
        self.output_dim, self.nb_feature = output_dim, nb_feature

    def build(self, input_shape: Sequence[Any]) -> None:
        """Make a kernel and a bias for each feature."""
        shape = (self.nb_feature, input_shape[-1], self.output_dim)
        self.kernel = self._kernel("kernel", shape)
        self.bias = self._bias("bias", (self.nb_feature, self.output_dim))

    def call(self, inputs: Any) -> Any:
        products = np.swapaxes(inputs @ self.kernel, 0, 1) + self.bias
        return products.max(axis=1)

    def get_config(self) -> dict[str, Any]:
        own = {"output_dim": self.output_dim, "nb_feature": self.nb_feature}
        return {**super().get_config(), **own}


class Highway(_Dropped):
    """gate * activation(x @ kernel + bias) + (1 - gate) * x, with a learned gate.

    Parameters
    ----------
    activation : of the outputs; the gate has a sigmoid.
    transform_bias : float, first bias of the gate.
    init, W_regularizer, b_regularizer, W_constraint, b_constraint, bias : of Keras 1.

    Source: Srivastava et al. (2015), Highway Networks.
    """

    def __init__(
        self, activation: Any = None, transform_bias: float = -2, **kwargs: Any
    ):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)
        self.transform_bias = transform_bias

    def build(self, input_shape: Sequence[Any]) -> None:
        """Make the kernels and biases of the outputs and of the gate."""
        length = input_shape[-1]
        self.kernel = self._kernel("kernel", (length, length))
        self.gate_kernel = self._kernel("gate_kernel", (length, length))
        self.bias = self._bias("bias", (length,))
        self.gate_bias = self._bias("gate_bias", (length,), self.transform_bias)

    def call(self, inputs: Any) -> Any:
        gate = activations.sigmoid(inputs @ self.gate_kernel + self.gate_bias)
        changed = self.activation(inputs @ self.kernel + self.bias)
        return gate * changed + (1 - gate) * inputs

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "activation": activations.serialize(self.activation),
            "transform_bias": self.transform_bias,
        }


class TimeDistributedMerge(layers.Layer):
    """The sum, mean or product over the steps of sequences.

    Parameters
    ----------
    mode : 'sum', 'ave' or 'mul'.

    Raises
    ------
    ValueError : another mode.
    """

    _MODES: ClassVar[dict[str, Any]] = {"sum": np.sum, "ave": np.mean, "mul": np.prod}

    def __init__(self, mode: str = "sum", **kwargs: Any):
        super().__init__(**kwargs)
        if mode not in self._MODES:
            raise ValueError(
                f"TimeDistributedMerge: mode must be 'sum', 'ave' or 'mul'; received "
                f"{mode!r}."
            )
        self.mode = mode

    def call(self, inputs: Any) -> Any:
        return self._MODES[self.mode](inputs, axis=1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mode": self.mode}
