"""AlphaDropout: dropout that keeps mean and variance, for `selu`."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import random
from keratorch.layers.noise_layer import (
    NoiseLayer,
    checked_noise_shape,
    checked_share,
)

# the value that `selu` approaches for very negative inputs
_SATURATED = -1.6732632423543772 * 1.0507009873554805


class AlphaDropout(NoiseLayer):
    """Set a share of the inputs to the lower bound of `selu` in training.

    outputs = a * (inputs where kept, else s) + b, with s = -1.7581, and with a and b
    such that inputs of mean 0 and variance 1 keep them:
    a = 1 / sqrt((1 - rate) * (1 + rate * s**2)) and b = -a * rate * s.
    In inference, outputs = inputs.

    Parameters
    ----------
    rate : float from 0 to less than 1, the share to drop.
    noise_shape : tuple, shape of the mask, broadcast to the inputs; None entries are
        the inputs' lengths. By default each element has its own mask.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Raises
    ------
    ValueError : a rate outside its range, or a noise_shape that does not fit.

    Source: Klambauer et al. (2017), "Self-Normalizing Neural Networks".

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import AlphaDropout
    >>> x = np.random.default_rng(1).normal(size=(10000, 1))
    >>> outputs = AlphaDropout(0.2, seed=1)(x, training=True)
    >>> abs(round(float(outputs.mean()), 1)), round(float(outputs.std()), 1)
    (0.0, 1.0)
    """

    def __init__(
        self,
        rate: float,
        noise_shape: Any = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.rate = checked_share("AlphaDropout", "rate", rate, below_one=True)
        self.noise_shape = checked_noise_shape("AlphaDropout", noise_shape)
        self._take_seed(seed)

    @property
    def couples_samples(self) -> bool:
        """Whether all samples may have one mask."""
        return self.noise_shape is not None and self.noise_shape[:1] != (None,)

    def call(self, inputs: Any, training: bool = False) -> Any:
        rate = self.rate
        if not training or rate == 0:
            return inputs
        # A mask of 0 and 1: what dropout leaves of ones, scaled back.
        ones = np.ones(inputs.shape, self.dtype)
        kept = random.dropout(ones, rate, self.noise_shape, self.seed_generator) > 0
        kept = kept.astype(self.dtype)
        a = ((1 - rate) * (1 + rate * _SATURATED**2)) ** -0.5
        b = -a * rate * _SATURATED
        return inputs * (a * kept) + (a * _SATURATED * (1 - kept) + b)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "rate": self.rate,
            "noise_shape": self.noise_shape,
        }
