"""At the door of a function: anything array_like becomes an array of floats."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import config
from keratorch.core import GradArray
from keratorch.ops.conversion import convert_to_tensor


def as_floats(x: Any) -> Any:
    """Return `x` as a GradArray of floats; one that is one already is not copied.

    Arrays of floats keep their dtype.  Integers, and the numbers of Python lists,
    become `floatx()`.

    Raises
    ------
    ValueError : a list with parts of different lengths.
    TypeError : text, objects or complex numbers.

    Examples
    --------
    >>> as_floats([1, 2]).dtype
    dtype('float32')
    """
    if isinstance(x, GradArray):
        return x if x._array.dtype.kind == "f" else x.astype(config.floatx())
    return GradArray(float_array(x, None), requires_grad=False)


def as_real(x: Any) -> Any:
    """Return `x` as a GradArray of floats or integers; booleans become int32.

    Raises
    ------
    ValueError : a list with parts of different lengths.
    TypeError : text, objects or complex numbers.

    Examples
    --------
    >>> as_real([1, 2]).dtype, as_real([1.0, 2.0]).dtype
    (dtype('int32'), dtype('float32'))
    """
    x = convert_to_tensor(x)
    kind = x._array.dtype.kind
    if kind == "b":
        return x.astype("int32")
    return x if kind in "iu" else as_floats(x)


def float_array(x: Any, dtype: Any) -> np.ndarray:
    """Return `x` as an ndarray of floats, of a dtype or (None) of its own.

    Raises
    ------
    ValueError : a list with parts of different lengths.
    TypeError : text, objects or complex numbers.
    """
    array = as_numbers(x)
    if dtype is None:
        keeps = array.dtype.kind == "f" and hasattr(x, "dtype")
        dtype = array.dtype if keeps else config.floatx()
    return array.astype(dtype, copy=False)


def as_numbers(x: Any) -> np.ndarray:
    """Return `x` as an ndarray of numbers of any real dtype.

    Raises
    ------
    ValueError : a list with parts of different lengths.
    TypeError : text, objects or complex numbers.
    """
    if isinstance(x, GradArray):
        return x._array
    try:
        array = np.asarray(x)
    except ValueError as error:
        raise ValueError(
            "expected a regular array of numbers; received a list with parts of "
            "different lengths. Pad them to one length."
        ) from error
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"expected real numbers; received {type(x).__name__} of dtype "
            f"{array.dtype}. Encode text and objects as numbers first."
        )
    return array


def cast(x: Any, dtype: Any) -> Any:
    """Return `x` in a float dtype: a GradArray that wants gradients stays one.

    Examples
    --------
    >>> cast([0, 1], "float32")
    array([0., 1.], dtype=float32)
    """
    if isinstance(x, GradArray):
        if x._requires_grad:
            return x if x._array.dtype == dtype else x.astype(dtype)
        x = x._array
    if isinstance(x, np.ndarray) and x.dtype == dtype:
        return x
    return float_array(x, dtype)


def keeps_integers(function: Callable) -> Callable:
    """Let a function of floats, which moves or picks them, give integers for integers.

    Examples
    --------
    >>> @keeps_integers
    ... def last(x):
    ...     return as_floats(x)[-1:]
    >>> last(np.array([3, 7], np.uint8)).dtype
    dtype('uint8')
    """
    first = function.__code__.co_varnames[0]

    @functools.wraps(function)
    def door(*args: Any, **kwargs: Any) -> Any:
        x = args[0] if args else kwargs.get(first)
        if isinstance(x, GradArray):
            x = x._array
        if not isinstance(x, np.ndarray) or x.dtype.kind not in "biu":
            return function(*args, **kwargs)
        others = {name: kwargs[name] for name in kwargs if name != first}
        out = function(x.astype(np.float64), *args[1:], **others)
        return GradArray(out._array.astype(x.dtype), requires_grad=False)

    return door
