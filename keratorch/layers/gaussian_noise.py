"""GaussianNoise: normal noise added in training."""

from __future__ import annotations

from typing import Any

from keratorch import random
from keratorch.layers.noise_layer import NoiseLayer, checked_share


class GaussianNoise(NoiseLayer):
    """Add normal noise of mean 0 in training.

    outputs = inputs + stddev * noise.  In inference, outputs = inputs.

    Parameters
    ----------
    stddev : float from 0 to 1, the standard deviation of the noise.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Raises
    ------
    ValueError : a stddev outside 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import GaussianNoise
    >>> outputs = GaussianNoise(0.5, seed=1)(np.zeros((1000, 1)), training=True)
    >>> round(float(outputs.std()), 1)
    0.5
    """

    def __init__(self, stddev: float, seed: int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.stddev = checked_share("GaussianNoise", "stddev", stddev, below_one=False)
        self._take_seed(seed)

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training or self.stddev == 0:
            return inputs
        return inputs + random.normal(
            inputs.shape, 0.0, self.stddev, self.dtype, self.seed_generator
        )

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "stddev": self.stddev}
