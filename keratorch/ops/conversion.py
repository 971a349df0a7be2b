"""From one kind of array to another: values in, tensors out, and other dtypes.

Keras's tensors are `GradArray` here.  ndarrays are taken wherever these are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config, graph
from keratorch.core import GradArray


def convert_to_tensor(
    x: Any, dtype: Any = None, sparse: Any = None, ragged: Any = None
) -> GradArray:
    """Return `x` as a GradArray that wants no gradient; a GradArray stays what it is.

    Parameters
    ----------
    x : array_like, or nested lists with GradArrays, whose gradients flow on.
    dtype : dtype; by default arrays keep theirs, Python's floats become `floatx()` and
        its integers int32.
    sparse, ragged : None or False; NumPy has no such arrays.

    Raises
    ------
    ValueError : a list with parts of different lengths, or sparse or ragged arrays.

    >>> convert_to_tensor([1.5, 2.5]).dtype, convert_to_tensor([1, 2]).dtype
    (dtype('float32'), dtype('int32'))
    """
    if sparse or ragged:
        raise ValueError(
            "convert_to_tensor: NumPy has neither sparse nor ragged arrays. Leave "
            "sparse and ragged out, and fill up what is missing with zeros."
        )
    if isinstance(x, GradArray):
        return x if dtype is None or x.dtype == dtype else x.astype(dtype)
    if isinstance(x, (list, tuple)) and any(True for _ in graph.arrays_in(x)):
        return np.stack([convert_to_tensor(part, dtype) for part in x])  # type: ignore[return-value]
    return GradArray(_as_array(x, dtype), requires_grad=False)


def _as_array(x: Any, dtype: Any) -> np.ndarray:
    try:
        array = np.asarray(x, dtype)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        raise ValueError(
            "expected a regular array; received a list with parts of different "
            "lengths. Pad them to one length."
        ) from error
    if dtype is None and not hasattr(x, "dtype"):
        own = {"f": config.floatx(), "i": "int32"}.get(array.dtype.kind)
        array = array if own is None else array.astype(own)
    return array


def convert_to_numpy(x: Any) -> np.ndarray:
    """Return the values of `x` as an ndarray, without its graph.

    >>> convert_to_numpy(GradArray([1.0, 2.0]))
    array([1., 2.])
    """
    return np.asarray(graph.plain(x))


def is_tensor(x: Any) -> bool:
    """Return whether `x` is an array: a GradArray, or NumPy's own.

    >>> is_tensor(GradArray(1.0)), is_tensor([1.0])
    (True, False)
    """
    return isinstance(x, (GradArray, np.ndarray, np.generic))


def stop_gradient(variable: Any) -> Any:
    """Return the same values outside the graph: no gradient flows through.

    >>> x = GradArray(3.0)
    >>> y = x * stop_gradient(x)
    >>> y.backward()
    >>> x.grad
    array(3.)
    """
    return variable.detach() if isinstance(variable, GradArray) else variable


def cast(x: Any, dtype: Any) -> Any:
    """Return `x` in another dtype; from floats to floats gradients flow.

    >>> cast([1.7, -1.7], "int32")
    array([ 1, -1], dtype=int32)
    """
    return x.astype(dtype) if isinstance(x, GradArray) else np.asarray(x).astype(dtype)


def saturate_cast(x: Any, dtype: Any) -> Any:
    """Return `x` in another dtype, what does not fit as the nearest that does.

    >>> saturate_cast([-1.0, 256.0], "uint8")
    array([  0, 255], dtype=uint8)
    """
    x = x if isinstance(x, GradArray) else np.asarray(x)
    final = np.dtype(dtype)
    if final.kind == "b":
        return cast(np.clip(x, 0, 1), final)
    limits: Any = np.iinfo(final) if final.kind in "iu" else np.finfo(final)
    low, high = _within(limits.min, x.dtype), _within(limits.max, x.dtype)
    return cast(np.clip(x, low, high), final)


def _within(limit: Any, dtype: np.dtype) -> Any:
    """Return a limit in a dtype, towards 0 where that has to round it."""
    if dtype.kind != "f":
        own = np.iinfo(dtype) if dtype.kind in "iu" else np.iinfo(np.uint8)
        return dtype.type(max(min(limit, own.max), own.min))
    own_limit = np.finfo(dtype).max
    near = dtype.type(max(min(limit, own_limit), -own_limit))
    if abs(int(near)) > abs(int(limit)):
        near = np.nextafter(near, dtype.type(0))
    return near


def dtype(x: Any) -> str:
    """Return the name of the dtype of `x`, as Keras spells it.

    >>> dtype(np.zeros(2))
    'float64'
    """
    return str(convert_to_tensor(x).dtype)


def view(x: Any, dtype: Any = None) -> Any:
    """Return the same bytes read as another dtype, which carries no gradient.

    >>> view(np.float32([1.0]), "int32")
    array([1065353216], dtype=int32)
    """
    if isinstance(x, GradArray) and x.requires_grad and dtype not in (None, x.dtype):
        raise TypeError(
            "view reads the same bytes as other numbers, through which no gradient "
            "flows. Write x.detach(), or for other numbers of the same value "
            "ops.cast(x, dtype)."
        )
    return x if dtype is None else np.asarray(graph.value(x)).view(dtype)
