"""Masking: time steps that only fill up are skipped by later layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.layers.layer import Layer
from keratorch.masks import get_mask, set_mask

__all__ = ["Masking", "get_mask", "set_mask"]


class Masking(Layer):
    """Mark the steps all of whose features are `mask_value`, and set them to 0.

    mask[b, t] = any(inputs[b, t, :] != mask_value)

    Parameters
    ----------
    mask_value : float, which fills up sequences that are shorter than others.

    Shapes
    ------
    inputs, outputs : (batch, steps, features); the outputs carry the mask
        (batch, steps), which recurrent layers, pooling, attention and losses obey.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Masking
    >>> layer = Masking(mask_value=-1.0)
    >>> layer.compute_mask(np.array([[[1.0], [2.0], [-1.0]]]))
    array([[ True,  True, False]])
    """

    couples_samples = False
    supports_masking = True
    _keeps_integers = False

    def __init__(self, mask_value: float = 0.0, **kwargs: Any):
        super().__init__(**kwargs)
        self.mask_value = mask_value
        self._build_at_init()

    def call(self, inputs: Any) -> Any:
        kept = np.any(inputs != self.mask_value, axis=-1, keepdims=True)
        return np.where(kept, inputs, 0)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return which steps have a feature that is not `mask_value`."""
        return np.any(np.not_equal(inputs, self.mask_value), axis=-1)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mask_value": self.mask_value}
