"""Images turned, zoomed, moved and sheared at random."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.layers.preprocessing.box_moves import moved
from keratorch.layers.preprocessing.image_layer import (
    MovingLayer,
    is_number,
    spread,
    uniform,
)
from keratorch.ops import image


class AffineLayer(MovingLayer):
    """An image layer whose places are linear in those of its inputs."""

    def _matrix(self, transformation: Any, height: int, width: int) -> np.ndarray:
        """Return the numbers (batch, 8) of `ops.image.affine_transform`."""
        raise NotImplementedError

    def _transform(
        self, images: Any, transformation: Any, interpolation: str | None = None
    ) -> Any:
        matrix = self._matrix(transformation, *images.shape[1:3])
        return image.affine_transform(
            images,
            np.asarray(matrix, images.dtype),
            interpolation=interpolation or self.interpolation,
            fill_mode=self.fill_mode,
            fill_value=self.fill_value,
            data_format="channels_last",
        )

    def _moved_corners(
        self, corners: np.ndarray, transformation: Any, height: int, width: int
    ) -> np.ndarray:
        return moved(corners, self._matrix(transformation, height, width))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **self._filling(), "seed": self.seed}


def _rows(count: int, *columns: Any) -> np.ndarray:
    """Return a matrix (count, 8) of its first six columns, numbers or arrays."""
    filled = [np.broadcast_to(np.float32(c), (count,)) for c in (*columns, 0, 0)]
    return np.stack(filled, axis=1)


def _column(values: Any) -> np.ndarray:
    return np.asarray(graph.value(values), np.float32).reshape(-1)


def _strict_range(layer: str, argument: str, value: Any, low: float) -> tuple:
    """Return the range of a factor whose both bounds lie from low to 1."""
    if is_number(value) and low <= value <= 1:
        return -abs(value), abs(value)
    pair = value if isinstance(value, (tuple, list)) else ()
    # a pair from -1 on even where a number must not be negative: configurations have it
    if len(pair) == 2 and all(is_number(x) and -1 <= x <= 1 for x in pair):
        return tuple(sorted(pair))
    raise ValueError(
        f"{layer}: {argument} must be a number, or a pair of numbers (lower, upper), "
        f"from {low} to 1; received {value!r}."
    )


class RandomRotation(AffineLayer):
    """Turn each image in training by a random angle around its middle.

    The angle is uniform over the range `factor` of full turns; positive ones turn
    against the clock.

    Parameters
    ----------
    factor : float from -1 to 1 for the range (-factor, factor), or (lower, upper).
    fill_mode : 'reflect', 'wrap', 'constant' or 'nearest', what lies outside: see
        `ops.image.map_coordinates`.
    interpolation : 'bilinear' or 'nearest'.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).
    fill_value : float, for fill_mode='constant'.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : a factor outside its range, or an unknown name.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_affine import RandomRotation
    >>> layer = RandomRotation((0.25, 0.25))
    >>> layer(np.arange(4.0).reshape(2, 2, 1)).numpy()[..., 0].round(3)
    array([[1., 3.],
           [0., 2.]], dtype=float32)
    """

    def __init__(
        self,
        factor: Any,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.factor = spread("RandomRotation", "factor", factor, -1, 1)
        self._take_filling(fill_mode, interpolation, fill_value)
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        low, high = (360.0 * bound for bound in self.factor)
        return {"angle": uniform(stream, (shape[0],), low, high)}

    def _matrix(self, transformation: Any, height: int, width: int) -> np.ndarray:
        angle = _column(transformation["angle"]) * np.float32(np.pi / 180)
        cos, sin = np.cos(angle), np.sin(angle)
        x, y = np.float32((width - 1) / 2), np.float32((height - 1) / 2)
        return _rows(
            len(angle),
            cos,
            -sin,
            x - x * cos + y * sin,
            sin,
            cos,
            y - x * sin - y * cos,
        )

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor}


class RandomZoom(AffineLayer):
    """Zoom each image in training by a random share, into its middle or out of it.

    The size of what is seen is 1 + z times that of the image, with z uniform over the
    range of the factor: negative ones zoom in.

    Parameters
    ----------
    height_factor : float above -1 and at most 1 for the range (-x, x), or (lower,
        upper).
    width_factor : the like for the width, or None for the same zoom as of the height.
    fill_mode, interpolation, seed, fill_value, data_format : see `RandomRotation`.

    Raises
    ------
    ValueError : a factor outside its range, or an unknown name.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_affine import RandomZoom
    >>> layer = RandomZoom((-0.5, -0.5))
    >>> layer(np.arange(5.0).reshape(1, 5, 1)).numpy()[..., 0]
    array([[1. , 1.5, 2. , 2.5, 3. ]], dtype=float32)
    """

    def __init__(
        self,
        height_factor: Any,
        width_factor: Any = None,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.height_factor, self.width_factor = height_factor, width_factor
        self._heights = _zoom_range("height_factor", height_factor)
        self._widths = None
        if width_factor is not None:
            self._widths = _zoom_range("width_factor", width_factor)
        self._take_filling(fill_mode, interpolation, fill_value)
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        zoom = (shape[0], 1)
        height = 1 + uniform(stream, zoom, *self._heights)
        width = height
        if self._widths is not None:
            width = 1 + uniform(stream, zoom, *self._widths)
        return {"height_zoom": height, "width_zoom": width}

    def _matrix(self, transformation: Any, height: int, width: int) -> np.ndarray:
        across = _column(transformation["width_zoom"])
        down = _column(transformation["height_zoom"])
        right, below = (width - 1) / 2 * (1 - across), (height - 1) / 2 * (1 - down)
        return _rows(len(down), across, 0, right, 0, down, below)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "height_factor": self.height_factor,
            "width_factor": self.width_factor,
        }


def _zoom_range(argument: str, value: Any) -> tuple:
    bounds = value if isinstance(value, (tuple, list)) else (value,)
    if any(is_number(x) and x <= -1 for x in bounds):
        raise ValueError(
            f"RandomZoom: {argument} must be above -1, where nothing is left to see; "
            f"received {value!r}."
        )
    return _strict_range("RandomZoom", argument, value, -1)


class RandomTranslation(AffineLayer):
    """Move each image in training by a random share of its height and width.

    Shares are uniform over the ranges of the factors; positive ones move down and to
    the right.

    Parameters
    ----------
    height_factor, width_factor : float from -1 to 1 for the range (-x, x), or (lower,
        upper).
    fill_mode, interpolation, seed, fill_value, data_format : see `RandomRotation`.

    Raises
    ------
    ValueError : a factor outside its range, or an unknown name.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_affine import RandomTranslation
    >>> layer = RandomTranslation(0.0, (0.5, 0.5), fill_mode="constant")
    >>> layer(np.arange(1.0, 5.0).reshape(1, 4, 1)).numpy()[..., 0]
    array([[0., 0., 1., 2.]], dtype=float32)
    """

    def __init__(
        self,
        height_factor: Any,
        width_factor: Any,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        name = "RandomTranslation"
        self.height_factor, self.width_factor = height_factor, width_factor
        self._heights = _strict_range(name, "height_factor", height_factor, -1)
        self._widths = _strict_range(name, "width_factor", width_factor, -1)
        self._take_filling(fill_mode, interpolation, fill_value)
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        down = uniform(stream, (shape[0], 1), *self._heights) * shape[1]
        across = uniform(stream, (shape[0], 1), *self._widths) * shape[2]
        return {"translations": np.concatenate([across, down], axis=1)}

    def _matrix(self, transformation: Any, height: int, width: int) -> np.ndarray:
        moves = np.asarray(transformation["translations"], np.float32)
        return _rows(len(moves), 1, 0, -moves[:, 0], 0, 1, -moves[:, 1])

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "height_factor": self.height_factor,
            "width_factor": self.width_factor,
        }


class RandomShear(AffineLayer):
    """Shear each image in training: rows move along, or columns, the farther the more.

    The pixel at (x, y) is that of the input at (x + a y, y + b x), with a and b uniform
    over the ranges of the factors and one random sign for both.

    Parameters
    ----------
    x_factor, y_factor : float from 0 to 1 for the range (-x, x), or (lower, upper).
    interpolation, fill_mode, fill_value, data_format, seed : see `RandomRotation`.

    Raises
    ------
    ValueError : a factor outside its range, or an unknown name.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.random_affine import RandomShear
    >>> RandomShear(0.3, seed=1)(np.ones((2, 4, 4, 1)), training=True).shape
    (2, 4, 4, 1)
    """

    def __init__(
        self,
        x_factor: Any = 0.0,
        y_factor: Any = 0.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.x_factor = _strict_range("RandomShear", "x_factor", x_factor, 0)
        self.y_factor = _strict_range("RandomShear", "y_factor", y_factor, 0)
        self._take_filling(fill_mode, interpolation, fill_value)
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        sign = np.where(uniform(stream, (shape[0], 1)) > 0.5, -1, 1)
        down = uniform(stream, (shape[0], 1), *self.y_factor)
        across = uniform(stream, (shape[0], 1), *self.x_factor)
        shear = np.concatenate([across, down], axis=1) * np.float32(sign)
        return {"shear_factor": shear}

    def _matrix(self, transformation: Any, height: int, width: int) -> np.ndarray:
        shear = np.asarray(transformation["shear_factor"], np.float32)
        return _rows(len(shear), 1, shear[:, 0], 0, shear[:, 1], 1, 0)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "x_factor": self.x_factor,
            "y_factor": self.y_factor,
        }
