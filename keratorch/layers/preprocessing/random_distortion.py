"""RandomPerspective and RandomElasticTransform: images bent out of shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.layers.preprocessing import box_moves, image_layer
from keratorch.layers.preprocessing.image_layer import (
    INTERPOLATIONS,
    MovingLayer,
    chances,
    each,
    is_number,
    spread,
    uniform,
)
from keratorch.ops import image
from keratorch.ops.image.geometry import homography
from keratorch.ops.image.layout import check_known

_MODES = ("constant", "nearest", "wrap", "mirror", "reflect")


class RandomPerspective(MovingLayer):
    """Show each image in training in a random perspective, with a probability.

    Each corner (x, y) goes to (x (1 + u), y (1 + v)), with u and v uniform from
    -scale / 2 to scale / 2.

    Parameters
    ----------
    factor : float from 0 to 1 for the range (0, factor), or (lower, upper), of the
        probability, which is drawn for each image.
    scale : float from 0 to 1.
    interpolation : 'bilinear' or 'nearest'.
    fill_value : float, what lies outside.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : a factor or a scale outside its range, or an unknown interpolation.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_distortion import RandomPerspective
    >>> RandomPerspective(seed=1)(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        scale: float = 1.0,
        interpolation: str = "bilinear",
        fill_value: float = 0.0,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.factor = spread("RandomPerspective", "factor", factor, 0, 1)
        if not is_number(scale) or not 0 <= scale <= 1:
            raise ValueError(
                f"RandomPerspective: scale must be from 0 to 1; received {scale!r}."
            )
        self.scale = scale
        self._take_filling("constant", interpolation, fill_value)
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        count, height, width, _ = shape
        applies = chances(stream, self.factor, count)
        moves = uniform(stream, (count, 4, 2), -0.5 * self.scale, 0.5 * self.scale)
        right, below = width - 1, height - 1
        corners = np.array([[0, 0], [right, 0], [0, below], [right, below]], np.float32)
        start = np.repeat(corners[None], count, axis=0)
        return {
            "apply_perspective": applies,
            "start_points": start,
            "end_points": start + start * moves,
        }

    def _transform(
        self, images: Any, transformation: Any, interpolation: str | None = None
    ) -> Any:
        moved = image.perspective_transform(
            images,
            np.asarray(graph.value(transformation["start_points"]), images.dtype),
            np.asarray(graph.value(transformation["end_points"]), images.dtype),
            interpolation=interpolation or self.interpolation,
            fill_value=self.fill_value,
            data_format="channels_last",
        )
        applies = each(transformation["apply_perspective"], images)
        return np.where(applies, moved, images)

    def _moved_corners(
        self, corners: np.ndarray, transformation: Any, height: int, width: int
    ) -> np.ndarray:
        start, end = (
            np.asarray(graph.value(transformation[f"{which}_points"]), np.float32)
            for which in ("start", "end")
        )
        applies = np.asarray(graph.value(transformation["apply_perspective"]))
        applies = applies.reshape(-1, 1, 1) if corners.ndim == 3 else applies[0]
        there = box_moves.moved(corners, homography(start, end))
        return np.where(applies, there, corners)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "factor": self.factor,
            "scale": self.scale,
            "interpolation": self.interpolation,
            "fill_value": self.fill_value,
            "seed": self.seed,
        }


class RandomElasticTransform(MovingLayer):
    """Bend each image in training, with a probability: `ops.image.elastic_transform`.

    With s uniform over the range `scale`, alpha is 0.1 s times the longer side of the
    image, and sigma 0.05 s times the shorter one.

    Parameters
    ----------
    factor : float from 0 to 1 for the range (0, factor), or (lower, upper), of the
        probability, which is drawn for each image.
    scale : float from 0 to 1 for the range (0, scale), or (lower, upper).
    interpolation : 'bilinear' or 'nearest'.
    fill_mode, fill_value : see `ops.image.map_coordinates`.
    value_range : (lowest, highest) of pixel values, which the results are clipped to.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : a factor or a scale outside its range, or an unknown name.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_distortion import (
    ...     RandomElasticTransform,
    ... )
    >>> RandomElasticTransform(seed=1)(np.ones((2, 8, 8, 3))).shape
    (2, 8, 8, 3)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        scale: Any = 1.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        name = "RandomElasticTransform"
        self.factor = spread(name, "factor", factor, 0, 1)
        self.scale = spread(name, "scale", scale, 0, 1)
        check_known(name, "interpolation", interpolation, INTERPOLATIONS)
        check_known(name, "fill_mode", fill_mode, _MODES)
        self.interpolation, self.fill_mode = interpolation, fill_mode
        self.fill_value = fill_value
        image_layer.value_range(name, value_range)
        self.value_range = value_range
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        return {
            "apply_transform": chances(stream, self.factor, shape[0]),
            "distortion_factor": uniform(stream, (), *self.scale),
            # images and masks must be bent alike
            "seed": int(stream.integers(2**31)),
        }

    def _transform(
        self, images: Any, transformation: Any, interpolation: str | None = None
    ) -> Any:
        share = float(transformation["distortion_factor"])
        height, width = images.shape[1:3]
        if share == 0:
            return images
        bent = image.elastic_transform(
            images,
            alpha=max(height, width) * 0.1 * share,
            sigma=min(height, width) * 0.05 * share,
            interpolation=interpolation or self.interpolation,
            fill_mode=self.fill_mode,
            fill_value=self.fill_value,
            seed=transformation["seed"],
            data_format="channels_last",
        )
        applies = each(transformation["apply_transform"], images)
        return np.clip(np.where(applies, bent, images), *self.value_range)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            **self._filling(),
            "factor": self.factor,
            "scale": self.scale,
            "value_range": self.value_range,
            "seed": self.seed,
        }
