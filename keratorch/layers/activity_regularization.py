"""ActivityRegularization: a penalty on what passes through."""

from __future__ import annotations

from typing import Any

from keratorch import regularizers
from keratorch.layers.layer import Layer


class ActivityRegularization(Layer):
    """Pass the inputs on, and add a penalty on them to the loss.

    outputs = inputs
    penalty = (l1 * sum(abs(inputs)) + l2 * sum(inputs**2)) / batch size

    Parameters
    ----------
    l1, l2 : float >= 0, factors of the penalties.

    Raises
    ------
    ValueError : a negative, infinite or missing factor.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import ActivityRegularization
    >>> layer = ActivityRegularization(l1=0.5)
    >>> layer(np.array([[1.0, -3.0], [0.0, 2.0]])).shape
    (2, 2)
    >>> [loss.item() for loss in layer.losses]
    [1.5]
    """

    supports_masking = True
    _keeps_integers = False

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any):
        super().__init__(activity_regularizer=regularizers.L1L2(l1=l1, l2=l2), **kwargs)
        self.l1, self.l2 = l1, l2
        self._build_at_init()

    def call(self, inputs: Any) -> Any:
        return inputs

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        described = super().get_config()
        del described["activity_regularizer"]
        return {**described, "l1": self.l1, "l2": self.l2}
