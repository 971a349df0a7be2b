"""Images turned, shifted, sheared and zoomed."""

from __future__ import annotations

from typing import Any

import numpy as np

_FILL_MODES = ("constant", "nearest", "reflect", "wrap")


def apply_affine_transform(
    x: np.ndarray,
    theta: float = 0,
    tx: float = 0,
    ty: float = 0,
    shear: float = 0,
    zx: float = 1,
    zy: float = 1,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    order: int = 1,
) -> np.ndarray:
    """Return an image turned, then shifted, sheared and zoomed around its middle.

    Parameters
    ----------
    x : one image, whose axes are named below.
    theta : float, degrees by which it is turned.
    tx, ty : float, pixels by which the columns and the rows are shifted, in Keras
        the other way round where the column axis comes before the row axis.
    shear : float, degrees.
    zx, zy : float, below 1 the image is enlarged.
    row_axis, col_axis, channel_axis : int, 0, 1 and 2 in some order.
    fill_mode : what lies outside of the image: 'constant' for `cval`, 'nearest' for the
        pixel at the border, 'reflect' for a mirror image, 'wrap' for a repetition.
    cval : float.
    order : 1 to mix four pixels linearly, 0 to take the nearest one.

    Returns
    -------
    array of x's shape and type.

    Raises
    ------
    ValueError : x is no image, or an argument has another value.

    Examples
    --------
    >>> row = np.array([1.0, 2.0, 3.0]).reshape(1, 3, 1)
    >>> apply_affine_transform(row, 0, 1, row_axis=0, col_axis=1, channel_axis=2)[0]
    array([[2.],
           [3.],
           [3.]])
    """
    x = np.asarray(x)
    _check(x, (row_axis, col_axis, channel_axis), fill_mode, order)
    matrix = _matrix(theta, tx, ty, shear, zx, zy)
    if matrix is None:
        return x
    middle = [x.shape[axis] / 2 - 0.5 for axis in (row_axis, col_axis)]
    matrix = _around(matrix, middle)
    if col_axis > row_axis:  # the matrix takes columns first
        matrix = matrix[[1, 0, 2]][:, [1, 0, 2]]
    planes = np.moveaxis(x, channel_axis, 0)
    out = np.stack([_read(p, matrix, fill_mode, cval, order) for p in planes])
    return np.moveaxis(out, 0, channel_axis)


def _check(x: np.ndarray, axes: tuple[int, ...], fill_mode: str, order: int) -> None:
    if x.ndim != 3:
        raise ValueError(
            f"x must be one image with channels, of rank 3; received shape {x.shape}."
        )
    if sorted(axes) != [0, 1, 2] or axes[2] == 1:
        raise ValueError(
            "row_axis, col_axis and channel_axis must be 0, 1 and 2 in some order, the "
            f"channels first or last; received {axes}."
        )
    if fill_mode not in _FILL_MODES:
        raise ValueError(
            f"fill_mode must be one of {', '.join(_FILL_MODES)}; got {fill_mode!r}."
        )
    if order not in (0, 1):
        raise ValueError(
            f"the order of interpolation must be 0 or 1; received {order!r}. Splines "
            "of higher order would need SciPy."
        )


def _matrix(
    theta: float, tx: float, ty: float, shear: float, zx: float, zy: float
) -> Any:
    """Return the product of the matrices, (3, 3), or None where all do nothing."""
    factors = []
    if theta != 0:
        a = np.deg2rad(theta)
        factors.append([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0]])
    if tx != 0 or ty != 0:
        factors.append([[1, 0, tx], [0, 1, ty]])
    if shear != 0:
        a = np.deg2rad(shear)
        factors.append([[1, -np.sin(a), 0], [0, np.cos(a), 0]])
    if zx != 1 or zy != 1:
        factors.append([[zx, 0, 0], [0, zy, 0]])
    product = None
    for rows in factors:
        factor = np.array([*rows, [0, 0, 1]])
        product = factor if product is None else product @ factor
    return product


def _around(matrix: np.ndarray, middle: list[float]) -> np.ndarray:
    """Return the matrix that leaves the middle where it is."""
    there, back = np.eye(3), np.eye(3)
    there[:2, 2] = middle
    back[:2, 2] = -there[:2, 2]
    return there @ matrix @ back


def _read(
    plane: np.ndarray, matrix: np.ndarray, fill_mode: str, cval: float, order: int
) -> np.ndarray:
    """Return the values of a plane at ``matrix @ (row, column, 1)``."""
    height, width = plane.shape
    rows, columns = np.arange(height)[:, None], np.arange(width)
    places = []
    outside = np.zeros(plane.shape, bool)
    for (a, b, shift), length in zip(matrix[:2], plane.shape, strict=True):
        place = shift + a * rows + b * columns
        if fill_mode == "constant":
            outside |= (place < 0) | (place > length - 1)
        places.append(_folded(place, length, fill_mode))
    if order == 0:
        nearest = (_inside(np.floor(p + 0.5), n) for p, n in _pairs(places, plane))
        values = plane[tuple(nearest)]
    else:
        values = _mixed(plane, places)
    if fill_mode == "constant":
        values = np.where(outside, cval, values)
    return values.astype(plane.dtype)


def _pairs(places: list[np.ndarray], plane: np.ndarray) -> Any:
    return zip(places, plane.shape, strict=True)


def _mixed(plane: np.ndarray, places: list[np.ndarray]) -> np.ndarray:
    low = [np.floor(place) for place in places]
    v, w = (place - floor for place, floor in zip(places, low, strict=True))
    i, k = (_inside(floor, n) for floor, n in _pairs(low, plane))
    j, m = (_inside(floor + 1, n) for floor, n in _pairs(low, plane))
    p = plane.astype(np.float64)
    top = (1 - v) * (1 - w) * p[i, k] + (1 - v) * w * p[i, m]
    return top + v * (1 - w) * p[j, k] + v * w * p[j, m]


def _folded(place: np.ndarray, length: int, fill_mode: str) -> np.ndarray:
    """Return places in [-1, length], where the plane has the value wanted."""
    if fill_mode == "reflect":
        place = np.mod(place, 2 * length)
        return np.where(place > length - 0.5, 2 * length - 1 - place, place)
    if fill_mode == "wrap" and length > 1:
        # A period of length - 1, as SciPy's mode of this name has it.
        period = length - 1
        below = place + period * (np.floor(-place / period) + 1)
        above = place - period * np.floor(place / period)
        return np.where(place < 0, below, np.where(place > period, above, place))
    return np.clip(place, 0, length - 1)


def _inside(place: np.ndarray, length: int) -> np.ndarray:
    return np.clip(place, 0, length - 1).astype(np.intp)
