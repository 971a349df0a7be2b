"""What layers without weights share that take each element by itself."""

from __future__ import annotations

import numbers
from typing import Any

from keratorch.layers.layer import Layer


class ElementwiseLayer(Layer):
    """A layer without weights whose outputs have the shape of its inputs."""

    supports_masking = True
    _keeps_integers = False

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self._build_at_init()

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape


def checked_number(layer: str, argument: str, value: Any) -> Any:
    """Return a number that is at least 0, or raise."""
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not number or not value >= 0:
        raise ValueError(
            f"{layer}: {argument} must be a number >= 0; received {value!r}."
        )
    return value
