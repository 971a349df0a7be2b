"""What layers that draw random numbers in training share."""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

from keratorch import random
from keratorch.layers.layer import Layer


class NoiseLayer(Layer):
    """A layer that disturbs its inputs in training, and else passes them on."""

    supports_masking = True
    _keeps_integers = False

    def _take_seed(self, seed: int | None) -> None:
        """Keep the seed: its own stream of numbers, or None for the process's."""
        self.seed = seed
        self.seed_generator = None if seed is None else random.SeedGenerator(seed)
        self._build_at_init()

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "seed": self.seed}


def checked_noise_shape(layer: str, noise_shape: Any) -> tuple | None:
    """Return a tuple of lengths > 0 and None, or raise."""
    if noise_shape is None:
        return None
    if isinstance(noise_shape, str) or not isinstance(noise_shape, Iterable):
        raise ValueError(
            f"{layer}: noise_shape must be a tuple of int and None, such as (None, 1); "
            f"received {noise_shape!r}."
        )
    lengths = tuple(noise_shape)
    for length in lengths:
        whole = isinstance(length, numbers.Integral) and not isinstance(length, bool)
        if length is not None and not (whole and length > 0):
            raise ValueError(
                f"{layer}: noise_shape must hold integers > 0 and None; received "
                f"{length!r} in {lengths}."
            )
    return lengths


def checked_share(layer: str, argument: str, value: Any, below_one: bool) -> Any:
    """Return a number from 0 to 1, or raise."""
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not number or not 0 <= value <= 1 or (below_one and value == 1):
        bound = "less than 1" if below_one else "at most 1"
        raise ValueError(
            f"{layer}: {argument} must be at least 0 and {bound}; received {value!r}."
        )
    return value
