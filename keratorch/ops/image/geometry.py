"""Images seen through a transformation of places."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from keratorch import graph, random
from keratorch.kernels.resampling import FILL_MODES
from keratorch.ops.arrays import as_floats
from keratorch.ops.image.filters import gaussian_blur
from keratorch.ops.image.layout import Layout, check_known
from keratorch.symbolic import lifted

_ORDERS = {"nearest": 0, "bilinear": 1}


@lifted
def map_coordinates(
    inputs: Any,
    coordinates: Any,
    order: int,
    fill_mode: str = "constant",
    fill_value: float = 0,
) -> Any:
    """The values of an array at places between its elements.

    Parameters
    ----------
    inputs : array.
    coordinates : (axes of inputs, ...), the places, one coordinate for each axis.
    order : 0 for the nearest element, 1 for linear interpolation.
    fill_mode : what lies outside: 'constant' for `fill_value`, 'nearest' for the edge,
        'wrap' for the other side, 'mirror' (d c b | a b c d | c b a) or 'reflect'
        (c b a | a b c d | d c b).
    fill_value : float.

    Returns
    -------
    out : of the shape of one coordinate. Gradients flow to inputs and coordinates.

    Raises
    ------
    ValueError : coordinates that do not fit, or an unknown mode or order.

    >>> map_coordinates(np.array([0.0, 10.0]), [[0.25, 1.0]], order=1).numpy()
    array([ 2.5, 10. ])
    """
    check_known("map_coordinates", "fill_mode", fill_mode, FILL_MODES)
    check_known("map_coordinates", "order", order, (0, 1))
    x = as_floats(inputs)
    dtype = getattr(inputs, "dtype", x.dtype)
    places = coordinates
    if isinstance(coordinates, (list, tuple)):
        places = np.stack([as_floats(c) for c in coordinates])
    places = as_floats(places)
    if places.ndim < 2 or places.shape[0] != x.ndim:
        raise ValueError(
            "map_coordinates needs coordinates with two axes or more, the first of "
            f"which has a place for each of the {x.ndim} axes of inputs; received "
            f"shape {places.shape}."
        )
    out = _at(x, list(places), (), order, fill_mode, fill_value)
    return out if np.dtype(dtype).kind == "f" else rounded(out).astype(dtype)


def rounded(x: Any) -> Any:
    """Return the nearest whole numbers, of two equally near the one far from 0."""
    whole = np.trunc(x)
    return whole + np.sign(x) * (np.abs(x - whole) >= 0.5)


def _at(
    x: Any, places: list, before: tuple, order: int, mode: str, value: float
) -> Any:
    """Return x[before][places], between elements.

    Axes after those of the places stay; weights have no axis for them yet.
    """
    axes = len(before) + len(places)
    shape, trailing = x.shape[:axes], x.ndim - axes
    rows = np.reshape(x, (math.prod(shape), *x.shape[axes:]))
    corners = [
        _corners(place, length, order, mode)
        for place, length in zip(places, shape[len(before) :], strict=True)
    ]
    out = None
    for corner in itertools.product(*corners):
        index, inside, weights = zip(*corner, strict=True)
        part = rows[np.ravel_multi_index((*before, *index), shape)]
        if mode == "constant":
            valid = _wide(np.logical_and.reduce(inside), trailing)
            part = np.where(valid, part, np.asarray(value, x.dtype))
        if order:
            part = part * _wide(math.prod(weights), trailing)
        out = part if out is None else out + part
    return out.astype(x.dtype)  # type: ignore[union-attr]


def _corners(place: Any, length: int, order: int, mode: str) -> list[tuple]:
    """Return the elements next to places along one axis: index, inside, weight."""
    plain = graph.value(place)
    found = []
    if order == 0:
        nearest = rounded(plain).astype(np.int64)
        pairs = [(nearest, None)]
    else:
        lower = np.floor(plain)
        share = place - lower
        index = lower.astype(np.int64)
        pairs = [(index, 1 - share), (index + 1, share)]
    for index, weight in pairs:
        inside = (index >= 0) & (index < length)
        found.append((FILL_MODES[mode](index, length), inside, weight))
    return found


def _wide(x: Any, axes: int) -> Any:
    return x[(..., *(None,) * axes)] if axes else x


@lifted
def affine_transform(
    images: Any,
    transform: Any,
    interpolation: str = "bilinear",
    fill_mode: str = "constant",
    fill_value: float = 0,
    data_format: str | None = None,
) -> Any:
    """Images moved, turned, scaled or sheared.

    The pixel of the output at column x and row y is the one of the input at
    (a0 x + a1 y + a2, b0 x + b1 y + b2).

    Parameters
    ----------
    images : (..., height, width, channels), one or a batch.
    transform : (8,) or (batch, 8), the numbers a0, a1, a2, b0, b1, b2, and two that are
        not used. Gradients flow to them, too.
    interpolation : 'nearest' or 'bilinear'.
    fill_mode, fill_value : see `map_coordinates`.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : an unknown name, or shapes that do not fit.

    >>> x = np.array([[[1.0], [2.0], [3.0]]])
    >>> affine_transform(x, [1, 0, 1, 0, 1, 0, 0, 0]).numpy()[..., 0]
    array([[2., 3., 0.]])
    """
    check_known("affine_transform", "interpolation", interpolation, _ORDERS)
    check_known("affine_transform", "fill_mode", fill_mode, FILL_MODES)
    layout = Layout("affine_transform", images, data_format)
    x = layout.batch()
    numbers = as_floats(transform)
    numbers = numbers[None] if numbers.ndim == 1 else numbers
    if numbers.ndim != 2 or numbers.shape[1] != 8 or len(numbers) not in (1, len(x)):
        raise ValueError(
            "affine_transform: transform must be 8 numbers, or 8 for each of the "
            f"{len(x)} images; received shape {numbers.shape}."
        )
    rows, columns = _grid(x, numbers.dtype)
    a0, a1, a2, b0, b1, b2 = (numbers[:, i, None, None] for i in range(6))
    places = [b1 * rows + b0 * columns + b2, a1 * rows + a0 * columns + a2]
    seen = _seen(x, places, interpolation, fill_mode, fill_value)
    return layout.restored_alike(seen, rounded)


@lifted
def perspective_transform(
    images: Any,
    start_points: Any,
    end_points: Any,
    interpolation: str = "bilinear",
    fill_value: float = 0,
    data_format: str | None = None,
) -> Any:
    """Images in another perspective, which takes four points to four others.

    Parameters
    ----------
    images : (..., height, width, channels), one or a batch.
    start_points, end_points : (4, 2) or (batch, 4, 2), the points (x, y) in the input
        and where they are in the output.
    interpolation : 'nearest' or 'bilinear'.
    fill_value : float, what lies outside.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : an unknown interpolation, or shapes that do not fit.

    >>> corners = np.array([[0.0, 0], [1, 0], [0, 1], [1, 1]])
    >>> x = np.arange(4.0).reshape(2, 2, 1)
    >>> perspective_transform(x, corners, corners[[1, 0, 3, 2]]).numpy()[..., 0]
    array([[1., 0.],
           [3., 2.]])
    """
    check_known("perspective_transform", "interpolation", interpolation, _ORDERS)
    layout = Layout("perspective_transform", images, data_format)
    x = layout.batch()
    start, end = as_floats(start_points), as_floats(end_points)
    if start.shape != end.shape or start.shape[-2:] != (4, 2) or start.ndim > 3:
        raise ValueError(
            "perspective_transform: start_points and end_points must both have the "
            f"shape (4, 2) or (batch, 4, 2); received {start.shape} and {end.shape}."
        )
    if start.ndim == 2:
        start, end = start[None], end[None]
    numbers = homography(start, end)
    rows, columns = _grid(x, numbers.dtype)
    h = [numbers[:, i, None, None] for i in range(8)]
    depth = h[6] * columns + h[7] * rows + 1
    places = [
        (h[3] * columns + h[4] * rows + h[5]) / depth,
        (h[0] * columns + h[1] * rows + h[2]) / depth,
    ]
    return layout.restored_alike(
        _seen(x, places, interpolation, "constant", fill_value)
    )


def homography(start: Any, end: Any) -> Any:
    """Return the eight numbers that take each end point to its start point."""
    if start.dtype == np.float16:  # which no solver of NumPy takes
        start, end = start.astype(np.float32), end.astype(np.float32)
    x, y = end[..., 0], end[..., 1]
    zero, one = np.zeros(x.shape, x.dtype), np.ones(x.shape, x.dtype)
    sx, sy = start[..., 0], start[..., 1]
    across = np.stack([x, y, one, zero, zero, zero, -sx * x, -sx * y], axis=-1)
    down = np.stack([zero, zero, zero, x, y, one, -sy * x, -sy * y], axis=-1)
    matrix = np.concatenate([across, down], axis=1)
    wanted = np.concatenate([sx, sy], axis=-1)
    return np.linalg.solve(matrix, wanted[..., None])[..., 0]


def _grid(x: Any, dtype: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows and the columns of all pixels of a batch."""
    rows, columns = np.indices(x.shape[1:3], dtype=dtype)
    return rows[None], columns[None]


def _seen(x: Any, places: list, interpolation: str, mode: str, value: float) -> Any:
    """Return a batch of images at places (rows, columns) of each image."""
    shape = (len(x), *x.shape[1:3])
    places = [np.broadcast_to(place, shape) for place in places]
    batch = np.arange(len(x))[:, None, None]
    return _at(x, places, (batch,), _ORDERS[interpolation], mode, value)


@lifted
def elastic_transform(
    images: Any,
    alpha: float = 20.0,
    sigma: float = 5.0,
    interpolation: str = "bilinear",
    fill_mode: str = "reflect",
    fill_value: float = 0.0,
    seed: random.Seed = None,
    data_format: str | None = None,
) -> Any:
    """Images whose pixels moved by smooth random distances.

    A distance is normal noise of deviation `sigma`, blurred with `sigma`, times
    `alpha`: along rows and columns each its own.  (Keras on JAX draws both alike.)

    Parameters
    ----------
    images : (..., height, width, channels), one or a batch.
    alpha, sigma : float, strength and smoothness.
    interpolation : 'nearest' or 'bilinear'.
    fill_mode, fill_value : see `map_coordinates`.
    seed : int, `random.SeedGenerator`, or None for the process's stream.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : an unknown name, or another number of axes.

    Source: Simard et al. (2003), Best practices for convolutional neural networks.

    >>> elastic_transform(np.ones((4, 4, 1)), seed=1).shape
    (4, 4, 1)
    """
    check_known("elastic_transform", "interpolation", interpolation, _ORDERS)
    check_known("elastic_transform", "fill_mode", fill_mode, FILL_MODES)
    layout = Layout("elastic_transform", images, data_format)
    x = layout.batch()
    alpha, sigma = float(alpha), float(sigma)
    stream = random.generator(seed)
    size = int(6 * sigma) | 1
    grid = _grid(x, x.dtype)
    places = []
    for place in grid:
        noise = random.normal((*x.shape[:3], 1), 0.0, sigma, x.dtype, stream)
        smooth = gaussian_blur(noise, (size, size), (sigma, sigma), "channels_last")
        places.append(place + alpha * graph.value(smooth)[..., 0])
    seen = _seen(x, places, interpolation, fill_mode, fill_value)
    return layout.restored_alike(seen, rounded)
