"""RandomFlip: images mirrored."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.layers.preprocessing.image_layer import MovingLayer, each, uniform
from keratorch.ops.image.layout import check_known

_MODES = ("horizontal_and_vertical", "horizontal", "vertical")


class RandomFlip(MovingLayer):
    """Mirror each image in training with probability 1/2.

    As in Keras, an image of 'horizontal_and_vertical' is mirrored in both directions
    or in none.

    Parameters
    ----------
    mode : 'horizontal' for left and right, 'vertical' for top and bottom, or
        'horizontal_and_vertical'.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : an unknown mode.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_flip import RandomFlip
    >>> x = np.arange(3.0).reshape(1, 3, 1)
    >>> layer = RandomFlip("horizontal", seed=1)
    >>> sorted({tuple(layer(x).numpy().ravel().tolist()) for _ in range(20)})
    [(0.0, 1.0, 2.0), (2.0, 1.0, 0.0)]
    """

    def __init__(
        self,
        mode: str = "horizontal_and_vertical",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        check_known("RandomFlip", "mode", mode, _MODES)
        self.mode = mode
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        return {"flips": uniform(stream, (shape[0], 1, 1, 1)) <= 0.5}

    def _transform(
        self, images: Any, transformation: Any, interpolation: str | None = None
    ) -> Any:
        axes = {"horizontal": 2, "vertical": 1}
        axis = axes.get(self.mode, (1, 2))
        flips = each(transformation["flips"], images)
        return np.where(flips, np.flip(images, axis), images)

    def _moved_corners(
        self, corners: np.ndarray, transformation: Any, height: int, width: int
    ) -> np.ndarray:
        left, top, right, bottom = np.moveaxis(corners, -1, 0)
        if self.mode != "vertical":
            left, right = width - right, width - left
        if self.mode != "horizontal":
            top, bottom = height - bottom, height - top
        flips = np.asarray(graph.value(transformation["flips"])).reshape(-1, 1, 1)
        flips = flips if corners.ndim == 3 else flips[0]
        return np.where(flips, np.stack([left, top, right, bottom], -1), corners)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mode": self.mode, "seed": self.seed}
