"""New arrays: those of NumPy, but in Keras's dtype, `floatx()`."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config, graph


def arange(start: Any, stop: Any = None, step: Any = None, dtype: Any = None) -> Any:
    """Numbers from start (by default 0) up to stop, a step apart.

    Integers give int32, others `floatx()`.

    >>> arange(3)
    array([0, 1, 2], dtype=int32)
    """
    step = 1 if step is None else step
    if dtype is None:
        kinds = {np.asarray(x).dtype.kind for x in (start, stop, step) if x is not None}
        dtype = "int32" if kinds <= set("biu") else config.floatx()
    first, last = (0, start) if stop is None else (start, stop)
    return np.arange(first, last, step, dtype)  # type: ignore[call-overload]


def linspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """`num` numbers from start to stop, equally far apart; gradients flow to both.

    Parameters
    ----------
    start, stop : array_like, broadcast to one shape.
    num : int, how many.
    endpoint : bool, whether stop is the last of them.
    retstep : bool, whether to return the distance too.
    dtype : dtype; by default that of arrays given, else `floatx()`.
    axis : int, the axis on which the numbers lie.

    >>> linspace(0, 1, 3)
    array([0. , 0.5, 1. ], dtype=float32)
    """
    plain = graph.plain((start, stop))
    if not any(True for _ in graph.arrays_in((start, stop))):
        dtype = dtype or _common(plain)
        return np.linspace(*plain, num, endpoint, retstep, dtype, axis=axis)  # type: ignore[call-overload]
    like = np.broadcast_arrays(*plain)[0]
    share = np.linspace(np.zeros(like.shape), 1, num, endpoint, axis=axis)
    made = _common(plain)
    share = share.astype(made)
    start, stop = [
        x.astype(made) if hasattr(x, "dtype") else made.type(x) for x in (start, stop)
    ]
    ends = [np.expand_dims(_broadcast(x, like.shape), axis) for x in (start, stop)]
    out = ends[0] * (1 - share) + ends[1] * share
    out = out if dtype is None else out.astype(dtype)
    step = (stop - start) / max(num - 1 if endpoint else num, 1)
    return (out, step) if retstep else out


def _broadcast(x: Any, shape: tuple) -> Any:
    return np.broadcast_to(x, shape)


def logspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    base: Any = 10,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """base to the power of `linspace`.

    >>> logspace(0, 2, 3)
    array([  1.,  10., 100.], dtype=float32)
    """
    dtype = dtype or _common((start, stop))
    return np.logspace(start, stop, num, endpoint, base, dtype, axis)


def geomspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """`num` numbers from start to stop, each the same multiple of the one before.

    >>> geomspace(1, 100, 3)
    array([  1.,  10., 100.], dtype=float32)
    """
    dtype = dtype or _common((start, stop))
    return np.geomspace(start, stop, num, endpoint, dtype, axis)


def zeros(shape: Any, dtype: Any = None) -> np.ndarray:
    """Zeros.

    >>> zeros(2)
    array([0., 0.], dtype=float32)
    """
    return np.zeros(shape, dtype or config.floatx())


def ones(shape: Any, dtype: Any = None) -> np.ndarray:
    """Ones.

    >>> ones(2)
    array([1., 1.], dtype=float32)
    """
    return np.ones(shape, dtype or config.floatx())


def full(shape: Any, fill_value: Any, dtype: Any = None) -> Any:
    """One number everywhere, or an array broadcast to the shape.

    >>> full(2, 7)
    array([7., 7.], dtype=float32)
    """
    dtype = dtype or config.floatx()
    if hasattr(fill_value, "_grad_op"):
        return np.broadcast_to(fill_value, shape).astype(dtype)
    return np.full(shape, fill_value, dtype)


def empty(shape: Any, dtype: Any = None) -> np.ndarray:
    """An array of whatever lies in its memory.

    >>> empty((2, 3)).shape
    (2, 3)
    """
    return np.empty(shape, dtype or config.floatx())


def eye(N: int, M: int | None = None, k: int = 0, dtype: Any = None) -> np.ndarray:
    """N rows of zeros, of M numbers, with ones on the k-th diagonal.

    >>> eye(2, 3, k=1)
    array([[0., 1., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    return np.eye(N, M, k, dtype or config.floatx())


def identity(n: int, dtype: Any = None) -> np.ndarray:
    """The square matrix with ones on its diagonal.

    >>> identity(2)
    array([[1., 0.],
           [0., 1.]], dtype=float32)
    """
    return np.eye(n, dtype=dtype or config.floatx())


def tri(N: int, M: int | None = None, k: int = 0, dtype: Any = None) -> np.ndarray:
    """N rows of M numbers: ones on and below the k-th diagonal, zeros above.

    >>> tri(2)
    array([[1., 0.],
           [1., 1.]], dtype=float32)
    """
    return np.tri(N, M, k, dtype or config.floatx())


def bartlett(x: int) -> np.ndarray:
    """`np.bartlett`: a triangle of x numbers.

    >>> bartlett(3)
    array([0., 1., 0.], dtype=float32)
    """
    return np.bartlett(x).astype(config.floatx())


def blackman(x: int) -> np.ndarray:
    """`np.blackman`: a bell of three cosines, of x numbers.

    >>> blackman(3).round(2) + 0
    array([0., 1., 0.], dtype=float32)
    """
    return np.blackman(x).astype(config.floatx())


def hamming(x: int) -> np.ndarray:
    """`np.hamming`: a raised cosine of x numbers, 0.08 at its ends.

    >>> hamming(3)
    array([0.08, 1.  , 0.08], dtype=float32)
    """
    return np.hamming(x).astype(config.floatx())


def hanning(x: int) -> np.ndarray:
    """`np.hanning`: a raised cosine of x numbers.

    >>> hanning(3)
    array([0., 1., 0.], dtype=float32)
    """
    return np.hanning(x).astype(config.floatx())


def kaiser(x: int, beta: float) -> np.ndarray:
    """`np.kaiser`: a bell of x numbers, the narrower the larger beta is.

    >>> kaiser(3, 0)
    array([1., 1., 1.], dtype=float32)
    """
    return np.kaiser(x, beta).astype(config.floatx())


def _common(values: tuple) -> Any:
    """Return the float dtype of the arrays among values, or `floatx()`."""
    dtypes = [np.dtype(x.dtype) for x in values if hasattr(x, "dtype")]
    floats = [dtype for dtype in dtypes if dtype.kind == "f"]
    return np.result_type(*floats) if floats else np.dtype(config.floatx())
