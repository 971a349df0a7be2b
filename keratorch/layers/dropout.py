"""Dropout: noise that keeps units from relying on each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import random
from keratorch.layers.arguments import check_rate
from keratorch.layers.layer import Layer


class Dropout(Layer):
    """Set a share of the inputs to 0 in training, and scale up the others.

    outputs = inputs * mask / (1 - rate), where mask is 0 with probability `rate` and
    else 1.  In inference, outputs = inputs.

    Parameters
    ----------
    rate : float from 0 to 1, the share to drop.
    noise_shape : tuple, shape of the mask, broadcast to the inputs; None entries are
        the inputs' lengths. By default each element has its own mask.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Raises
    ------
    ValueError : a rate outside 0 to 1.

    Source: Srivastava et al. (2014), "Dropout", in its inverted form.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Dropout
    >>> layer = Dropout(0.5, seed=1)
    >>> np.unique(layer(np.ones((4, 100)), training=True).numpy())
    array([0., 2.], dtype=float32)
    >>> layer(np.ones((1, 3))).numpy()
    array([[1., 1., 1.]], dtype=float32)
    """

    def __init__(
        self, rate: float, noise_shape: Any = None, seed: int | None = None, **kw: Any
    ):
        super().__init__(**kw)
        self.rate = check_rate("Dropout", rate)
        self.noise_shape = None if noise_shape is None else tuple(noise_shape)
        self.seed = seed
        self._generator = None if seed is None else random.generator(seed)
        self.built = True

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training or self.rate == 0:
            return inputs
        if self.rate == 1:
            return inputs * np.zeros(inputs.shape, self.dtype)
        shape = inputs.shape
        if self.noise_shape is not None:
            shape = tuple(
                length if wanted is None else wanted
                for length, wanted in zip(shape, self.noise_shape, strict=True)
            )
        generator = self._generator or random.generator()
        kept = generator.random(shape, dtype=np.float32) >= self.rate
        return inputs * (kept * np.asarray(1 / (1 - self.rate), self.dtype))

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "rate": self.rate,
            "seed": self.seed,
            "noise_shape": self.noise_shape,
        }
