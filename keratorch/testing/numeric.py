"""Slopes of a function, measured: what a derivative is compared with.

Central differences at three steps, each of fourth order, so that their agreement says
how far they can be trusted; the differences to the left and to the right alone tell
where a function has a kink; and a complex step is exact where a function is analytic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

# Relative to the size of a number, which is not below _SMALL.  Powers of two, so that
# adding them to it rounds nothing.
STEPS = (2.0**-10, 2.0**-13, 2.0**-17)
_SMALL = 2.0**-3
_COMPLEX_STEP = 1e-30  # no difference is taken, so nothing cancels
_EPSILON = float(np.finfo(float).eps)


class Slope(NamedTuple):
    """How each number of a function's result changes with one number of its input."""

    value: np.ndarray
    error: np.ndarray  # how far `value` can be trusted; infinite where it cannot
    left: np.ndarray  # from below alone, and from above alone: they differ at a kink
    right: np.ndarray
    kink: np.ndarray  # booleans
    bounded: np.ndarray  # booleans: left and right are slopes, and do not grow on


def elements(array: np.ndarray) -> Iterator[tuple]:
    """Yield the index of each real number: a complex element has two, part 0 and 1."""
    for index in np.ndindex(array.shape):
        if array.dtype.kind == "c":
            yield (*index, 0)
            yield (*index, 1)
        else:
            yield index


def slope(
    function: Callable[..., np.ndarray],
    arrays: list[np.ndarray],
    i: int,
    index: tuple,
    steps: tuple[float, float, float] = STEPS,
) -> Slope:
    """Return the slope of ``function(*arrays)`` along one element of ``arrays[i]``.

    Parameters
    ----------
    function : of ndarrays, which it leaves alone, to one ndarray.
    arrays : float64 or complex128 ndarrays.
    i, index : which array, and which of its `elements`.
    steps : how far to go, the longest step first.

    Examples
    --------
    >>> import numpy as np
    >>> found = slope(lambda x: x**3, [np.array([2.0])], 0, (0,))
    >>> found.value.round(9), bool(found.error.max() < 1e-8), found.kink
    (array([12.]), True, array([False]))
    >>> slope(np.abs, [np.array(0.0)], 0, ()).kink
    array(True)
    """
    here = as_float(function(*arrays))
    size = max(abs(float(np.real(arrays[i][index[: arrays[i].ndim]]))), _SMALL)
    size = 2.0 ** math.floor(math.log2(size)) if math.isfinite(size) else _SMALL
    central, lefts, rights, rounding = [], [], [], []
    for step in steps:
        h = step * size
        far_left, left, right, far_right = (
            as_float(function(*moved(arrays, i, index, distance)))
            for distance in (-2 * h, -h, h, 2 * h)
        )
        central.append((8 * (right - left) - (far_right - far_left)) / (12 * h))
        lefts.append((3 * here - 4 * left + far_left) / (2 * h))
        rights.append((-3 * here + 4 * right - far_right) / (2 * h))
        rounding.append(_EPSILON * np.maximum(np.abs(left), np.abs(right)) / h)
    value, error = _trusted(central, rounding)
    kink = _is_kink(lefts, rights, rounding)
    bounded = _is_bounded(lefts) & _is_bounded(rights)
    return Slope(value, error, lefts[-1], rights[-1], kink, bounded)


def moved(
    arrays: list[np.ndarray], i: int, index: tuple, distance: float
) -> list[np.ndarray]:
    """Return the arrays with one element of one of them moved, in a copy."""
    there = arrays[i].copy(order="K")
    if there.dtype.kind == "c":
        there[index[:-1]] += 1j * distance if index[-1] else distance
    else:
        there[index] += distance
    return [*arrays[:i], there, *arrays[i + 1 :]]


def as_float(values: np.ndarray) -> np.ndarray:
    """Return the values in double precision."""
    values = np.asarray(values)
    return values.astype(complex if values.dtype.kind == "c" else float)


def _trusted(central: list, rounding: list) -> tuple[np.ndarray, np.ndarray]:
    """Return the slope on which two steps agree best, and by how much they differ."""
    first, middle, last = central
    early, late = np.abs(first - middle), np.abs(middle - last)
    early = np.where(np.isfinite(early), early, np.inf)
    late = np.where(np.isfinite(late), late, np.inf)
    value = np.where(np.isfinite(middle), middle, last)
    error = np.minimum(early, late) + rounding[1]
    return value, np.where(np.isfinite(error), error, np.inf)


def _is_kink(lefts: list, rights: list, rounding: list) -> np.ndarray:
    """Return where left and right slopes differ, however small the step.

    Of a smooth function the difference shrinks a hundredfold with each step.
    """
    gap, wider = np.abs(rights[-1] - lefts[-1]), np.abs(rights[-2] - lefts[-2])
    size = np.maximum(np.abs(rights[-1]), np.abs(lefts[-1]))
    lost = ~np.isfinite(gap)
    kink = (gap > 1e-5 * size + 200 * rounding[-1] + 1e-10) & (gap > 0.3 * wider)
    return np.where(lost, True, kink)


def _is_bounded(slopes: list) -> np.ndarray:
    """Return where one-sided slopes stay as they are when the step gets smaller."""
    size = np.maximum(np.abs(slopes[-1]), 1e-3)
    return np.isfinite(size) & (np.abs(slopes[-1] - slopes[-2]) < 0.1 * size)


def complex_slope(
    function: Callable[..., np.ndarray], arrays: list[np.ndarray], i: int, index: tuple
) -> np.ndarray | None:
    """Return the slope by a complex step, None where `function` takes no complex array.

    f(x + ih) = f(x) + ih f'(x) + O(h**2) for an analytic function, so that the
    imaginary part over h is the slope to the last digit.

    Source: Squire & Trapp (1998), "Using Complex Variables to Estimate Derivatives of
    Real Functions".
    """
    if arrays[i].dtype.kind != "f":
        return None
    there = arrays[i].astype(complex)
    there[index] += 1j * _COMPLEX_STEP
    try:
        values = np.asarray(function(*arrays[:i], there, *arrays[i + 1 :]))
    except Exception:  # whatever a function does to complex numbers: it takes none
        return None
    if values.dtype.kind != "c":
        return None
    return values.imag / _COMPLEX_STEP
