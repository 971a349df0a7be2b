"""Identity: the outputs are the inputs."""

from __future__ import annotations

from typing import Any

from keratorch.layers.elementwise_layer import ElementwiseLayer


class Identity(ElementwiseLayer):
    """Pass the inputs on: a place holder where a layer may stand.

    outputs = inputs

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Identity
    >>> Identity()(np.array([[1.0, 2.0]])).numpy()
    array([[1., 2.]], dtype=float32)
    """

    _takes_lists = True
    couples_samples = False
    _keeps_integers = True
    _integer_dtype = True

    def call(self, inputs: Any) -> Any:
        return inputs
