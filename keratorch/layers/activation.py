"""Activation: a function of each element as a layer of its own."""

from __future__ import annotations

from typing import Any

from keratorch import activations
from keratorch.layers.layer import Layer


class Activation(Layer):
    """Apply an activation function.

    outputs = activation(inputs)

    Parameters
    ----------
    activation : name or function.

    Raises
    ------
    ValueError : a name that is no activation.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Activation
    >>> Activation("relu")(np.array([[-1.0, 2.0]])).numpy()
    array([[0., 2.]], dtype=float32)
    """

    couples_samples = False
    supports_masking = True
    _keeps_integers = False

    def __init__(self, activation: Any, **kwargs: Any):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)
        self._build_at_init()

    def call(self, inputs: Any) -> Any:
        return self.activation(inputs)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "activation": activations.serialize(self.activation),
        }
