"""GaussianDropout: normal noise that multiplies in training."""

from __future__ import annotations

import math
from typing import Any

from keratorch import random
from keratorch.layers.noise_layer import NoiseLayer, checked_share


class GaussianDropout(NoiseLayer):
    """Multiply by normal noise of mean 1 in training.

    outputs = inputs * noise, whose standard deviation sqrt(rate / (1 - rate)) is that
    of the factors of `Dropout`.  In inference, outputs = inputs.

    Parameters
    ----------
    rate : float from 0 to less than 1, as in `Dropout`.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Raises
    ------
    ValueError : a rate outside its range; 1 would need noise without bounds.

    Source: Srivastava et al. (2014), section 10.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import GaussianDropout
    >>> outputs = GaussianDropout(0.2, seed=1)(np.ones((1000, 1)), training=True)
    >>> round(float(outputs.mean()), 1), round(float(outputs.std()), 1)
    (1.0, 0.5)
    """

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.rate = checked_share("GaussianDropout", "rate", rate, below_one=True)
        self._take_seed(seed)

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training or self.rate == 0:
            return inputs
        stddev = math.sqrt(self.rate / (1 - self.rate))
        return inputs * random.normal(
            inputs.shape, 1.0, stddev, self.dtype, self.seed_generator
        )

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rate": self.rate}
