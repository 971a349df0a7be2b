"""Histogram equalization tile by tile: detail in dark and in bright parts of images."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.preprocessing import image_layer
from keratorch.layers.preprocessing.image_layer import ImageLayer, is_number, rescaled

_LEVELS = 256


class ContrastLimitedAdaptiveHistogramEqualization(ImageLayer):
    """Make all values equally frequent in each part of images, in inference as well.

    An image is cut into tiles, each of which has a table of new values from its own
    histogram, whose peaks are cut so that noise is not made loud. A pixel gets the
    mean, by distance, of what the tables of the four nearest tiles say. No gradient
    flows through it.

    Parameters
    ----------
    value_range : (lowest, highest) of pixel values.
    clip_limit : float, how many times the mean a count of a histogram may be; 0 or
        less for no limit.
    tile_grid_size : (rows, columns), how many tiles.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : a grid that is no pair of positive ints, or a value_range that is no
        pair.

    Source: Zuiderveld (1994), Contrast limited adaptive histogram equalization.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing import local_contrast
    >>> layer = local_contrast.ContrastLimitedAdaptiveHistogramEqualization(
    ...     clip_limit=0, tile_grid_size=(1, 1)
    ... )
    >>> layer(np.array([[[100.0], [110.0]]])).numpy()[..., 0]
    array([[127.5, 255. ]], dtype=float32)
    """

    _in_inference = True

    def __init__(
        self,
        value_range: Any = (0, 255),
        clip_limit: float = 4.0,
        tile_grid_size: Any = (8, 8),
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        name = type(self).__name__
        image_layer.value_range(name, value_range)
        if not is_number(clip_limit):
            raise ValueError(
                f"{name}: clip_limit must be a number; received {clip_limit!r}."
            )
        if not isinstance(tile_grid_size, (tuple, list)) or len(tile_grid_size) != 2:
            raise ValueError(
                f"{name}: tile_grid_size must be a pair (rows, columns); received "
                f"{tile_grid_size!r}."
            )
        for number in tile_grid_size:
            check_positive_integer(name, "tile_grid_size", number)
        self.value_range, self.clip_limit = value_range, clip_limit
        self.tile_grid_size = tile_grid_size

    def _transform(self, images: Any, transformation: Any) -> Any:
        x = graph.value(images)
        height, width = x.shape[1:3]
        tile = tuple(
            -(-length // count)
            for length, count in zip((height, width), self.tile_grid_size, strict=True)
        )
        more = [n * t for n, t in zip(self.tile_grid_size, tile, strict=True)]
        missing = [(0, 0), (0, more[0] - height), (0, more[1] - width), (0, 0)]
        scaled = rescaled(x.astype(np.float32), self.value_range, (0, _LEVELS - 1))
        levels = np.clip(np.pad(scaled, missing, mode="symmetric"), 0, _LEVELS - 1)
        levels = levels.astype(np.int32)
        tables = self._tables(levels, tile)
        out = _looked_up(tables, levels, tile)[:, :height, :width]
        out = rescaled(out, (0, _LEVELS - 1), self.value_range).astype(x.dtype)
        return GradArray(out, requires_grad=False)

    def _tables(self, levels: np.ndarray, tile: tuple[int, ...]) -> np.ndarray:
        """Return new values (batch, rows, columns, channels, levels) of each tile."""
        shape = (len(levels), *self.tile_grid_size, levels.shape[-1])
        places = np.ravel_multi_index(_tile_of(levels.shape, tile), shape)
        counts = np.bincount(
            (places * _LEVELS + levels).ravel(), minlength=int(np.prod(shape)) * _LEVELS
        )
        hists = counts.reshape(*shape, _LEVELS).astype(np.float32)
        pixels = tile[0] * tile[1]
        if self.clip_limit > 0:
            cut = np.minimum(hists, np.float32(self.clip_limit * pixels / _LEVELS))
            hists = cut + (hists - cut).sum(axis=-1, keepdims=True) / _LEVELS
        below = hists.cumsum(axis=-1)
        first = below[..., :1]
        rest = pixels - first
        rest = np.where(rest == 0, np.float32(1), rest)
        return np.clip((below - first) * (_LEVELS - 1) / rest, 0, _LEVELS - 1)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "value_range": self.value_range,
            "clip_limit": self.clip_limit,
            "tile_grid_size": self.tile_grid_size,
        }


def _tile_of(shape: tuple, tile: tuple[int, ...]) -> tuple:
    """Return for each pixel its image, the row and column of its tile, its channel."""
    batch, row, column, channel = np.ogrid[tuple(slice(n) for n in shape)]
    return tuple(np.broadcast_arrays(batch, row // tile[0], column // tile[1], channel))


def _looked_up(
    tables: np.ndarray, levels: np.ndarray, tile: tuple[int, ...]
) -> np.ndarray:
    """Return the mean of what the four nearest tiles' tables say of each pixel."""
    wide = np.pad(tables, [(0, 0), (1, 1), (1, 1), (0, 0), (0, 0)], mode="edge")
    batch, row, column, channel = np.ogrid[tuple(slice(n) for n in levels.shape)]
    y = ((row - tile[0] / 2) / tile[0] + 1).astype(np.float32)
    x = ((column - tile[1] / 2) / tile[1] + 1).astype(np.float32)
    above, left = np.floor(y).astype(int), np.floor(x).astype(int)

    def at(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        return wide[batch, rows, columns, channel, levels]

    down, across = y - above, x - left
    top = at(above, left) * (1 - across) + at(above, left + 1) * across
    bottom = at(above + 1, left) * (1 - across) + at(above + 1, left + 1) * across
    return top * (1 - down) + bottom * down
