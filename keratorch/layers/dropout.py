"""Dropout: noise that keeps units from relying on each other."""

from __future__ import annotations

from typing import Any

from keratorch import random
from keratorch.layers.arguments import check_rate
from keratorch.layers.noise_layer import NoiseLayer, checked_noise_shape


class Dropout(NoiseLayer):
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
    ValueError : a rate outside 0 to 1, or a noise_shape that does not fit the inputs.

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
        self,
        rate: float,
        noise_shape: Any = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.rate = check_rate("Dropout", rate)
        self.noise_shape = checked_noise_shape("Dropout", noise_shape)
        self._take_seed(seed)

    @property
    def couples_samples(self) -> bool:
        """Whether all samples may have one mask."""
        return self.noise_shape is not None and self.noise_shape[:1] != (None,)

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training or self.rate == 0:
            return inputs
        return random.dropout(inputs, self.rate, self.noise_shape, self.seed_generator)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "rate": self.rate,
            "noise_shape": self.noise_shape,
        }
