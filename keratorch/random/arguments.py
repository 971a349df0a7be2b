"""What the functions of random arrays check: shapes, dtypes and parameters."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.dtypes import standardize_dtype


def float_types(dtype: Any) -> tuple[np.dtype, Any]:
    """Return the dtype asked for, and the one to draw in: NumPy draws 32 or 64 bits."""
    final = np.dtype(standardize_dtype(dtype))
    if final.kind != "f":
        raise ValueError(f"dtype must be a float type; received {final}.")
    return final, np.float64 if final.itemsize > 4 else np.float32


def lengths(shape: Any) -> tuple[int, ...]:
    """Return a shape as a tuple; an int is the length of one axis."""
    lengths = (shape,) if isinstance(shape, numbers.Integral) else shape
    if isinstance(lengths, str) or not isinstance(lengths, Iterable):
        raise ValueError(
            f"shape must be a tuple of int, such as (2, 3); received {shape!r}."
        )
    return tuple(lengths)


def check_stddev(stddev: Any) -> None:
    """Raise for a standard deviation below 0."""
    if not np.all(graph.value(stddev) >= 0):
        raise ValueError(f"stddev must be >= 0; received {stddev}.")


def checked(
    function: str,
    name: str,
    given: Any,
    low: float,
    high: float = math.inf,
    with_low: bool = True,
) -> np.ndarray:
    """Return a parameter as an array, or say what its range is."""
    values = np.asarray(graph.value(given), np.float64)
    inside = (values >= low if with_low else values > low) & (values <= high)
    if not inside.all():
        sign = ">=" if with_low else ">"
        most = "" if high == math.inf else f" and <= {high}"
        raise ValueError(
            f"{function}: {name} must be {sign} {low}{most}; received "
            f"{values[~inside].flat[0]:g}."
        )
    return values
