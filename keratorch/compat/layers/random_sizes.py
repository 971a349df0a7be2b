"""RandomHeight and RandomWidth, layers of Keras 2: images of another size each time."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.layers.preprocessing.image_layer import (
    ImageLayer,
    is_number,
    uniform,
)
from keratorch.ops import image
from keratorch.symbolic import KerasTensor


class _RandomSize(ImageLayer):
    """The base of both: one axis of a batch is resized in training.

    Parameters
    ----------
    factor : float for the range (-factor, factor), or (lower, upper): the share by
        which the axis grows.
    interpolation : 'bilinear', 'nearest' ...
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Raises
    ------
    ValueError : a factor of -1 or less, which leaves no image.
    """

    _axis = 0

    def __init__(
        self,
        factor: Any,
        interpolation: str = "bilinear",
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        bounds = (-factor, factor) if is_number(factor) else tuple(factor)
        if len(bounds) != 2 or min(bounds) <= -1 or bounds[0] > bounds[1]:
            raise ValueError(
                f"{type(self).__name__}: factor must be a number between 0 and 1, or "
                f"(lower, upper) above -1; received {factor!r}."
            )
        self.factor, self.interpolation = factor, interpolation
        self._bounds = bounds
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        sizes = list(shape[1:3])
        share = 1 + float(uniform(stream, (1,), *self._bounds)[0])
        sizes[self._axis] = max(1, round(share * sizes[self._axis]))
        return {"size": tuple(sizes)}

    def _transform(self, images: Any, transformation: Any) -> Any:
        return image.resize(
            images,
            transformation["size"],
            interpolation=self.interpolation,
            data_format="channels_last",
        )

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return a symbolic image whose axis has no known length."""
        shape = list(args[0].shape)
        first = -3 if self.data_format == "channels_last" else -2
        shape[first + self._axis] = None
        return KerasTensor(shape, self.dtype)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "factor": self.factor,
            "interpolation": self.interpolation,
            "seed": self.seed,
        }


class RandomHeight(_RandomSize):
    """Give the images of a batch another height in training, the same for all."""


class RandomWidth(_RandomSize):
    """Give the images of a batch another width in training, the same for all."""

    _axis = 1
