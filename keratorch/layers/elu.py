"""ELU: ReLU with an exponential below 0."""

from __future__ import annotations

from typing import Any

from keratorch import activations
from keratorch.layers.elementwise_layer import ElementwiseLayer


class ELU(ElementwiseLayer):
    """Keep what is positive, and bend what is negative towards -alpha.

    outputs = inputs where inputs > 0, else alpha * (exp(inputs) - 1)

    Parameters
    ----------
    alpha : float.

    Source: Clevert et al. (2016).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import ELU
    >>> ELU()(np.array([[-1.0, 2.0]])).numpy().round(4)
    array([[-0.6321,  2.    ]], dtype=float32)
    """

    couples_samples = False

    def __init__(self, alpha: float = 1.0, **kwargs: Any):
        super().__init__(**kwargs)
        self.alpha = alpha

    def call(self, inputs: Any) -> Any:
        return activations.elu(inputs, self.alpha)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "alpha": self.alpha}
