"""Functions of each element, reductions and comparisons of the old backend.

They take arrays, GradArrays, numbers and symbolic arrays; gradients flow through them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config, graph, ops
from keratorch.backend.tensors import floats, tensor
from keratorch.symbolic import lifted
from keratorch.variable import Variable


@lifted
def abs(x: Any) -> Any:
    """abs(x)."""
    return np.abs(tensor(x))


@lifted
def sign(x: Any) -> Any:
    """-1, 0 or 1."""
    return np.sign(tensor(x))


@lifted
def square(x: Any) -> Any:
    """x * x."""
    return np.square(tensor(x))


@lifted
def sqrt(x: Any) -> Any:
    """The square root of max(x, 0).

    >>> sqrt([4.0, -1.0]).numpy()
    array([2., 0.], dtype=float32)
    """
    return np.sqrt(np.maximum(floats(x), 0))


@lifted
def exp(x: Any) -> Any:
    """e to the power of x."""
    return np.exp(floats(x))


@lifted
def log(x: Any) -> Any:
    """The natural logarithm."""
    return np.log(floats(x))


@lifted
def pow(x: Any, a: Any) -> Any:
    """x to the power of a."""
    return np.power(tensor(x), a)


@lifted
def sin(x: Any) -> Any:
    """The sine of x in radians."""
    return np.sin(floats(x))


@lifted
def cos(x: Any) -> Any:
    """The cosine of x in radians."""
    return np.cos(floats(x))


@lifted
def round(x: Any) -> Any:
    """The nearest integer, the even one of two."""
    return np.round(tensor(x))


@lifted
def clip(x: Any, min_value: Any, max_value: Any) -> Any:
    """min(max(x, min_value), max_value); None is no limit.

    >>> clip([-2.0, 0.5, 2.0], 0, 1).numpy()
    array([0. , 0.5, 1. ], dtype=float32)
    """
    if min_value is not None and max_value is not None:
        numbers = (
            isinstance(min_value, (int, float)),
            isinstance(max_value, (int, float)),
        )
        if numbers == (True, True) and max_value < min_value:
            max_value = min_value
    if min_value is None and max_value is None:
        return tensor(x)
    return np.clip(tensor(x), min_value, max_value)


@lifted
def maximum(x: Any, y: Any) -> Any:
    """The larger of two, element by element."""
    return np.maximum(*_two(x, y))


@lifted
def minimum(x: Any, y: Any) -> Any:
    """The smaller of two, element by element."""
    return np.minimum(*_two(x, y))


def _two(x: Any, y: Any) -> tuple[Any, Any]:
    """Return two operands; a Python number takes the dtype of the other."""
    plain = (int, float)
    return (
        x if isinstance(x, plain) and not isinstance(y, plain) else tensor(x),
        y if isinstance(y, plain) else tensor(y),
    )


@lifted
def cast(x: Any, dtype: Any) -> Any:
    """Return `x` in another dtype; from floats to floats gradients flow.

    >>> cast([1.7, -1.7], "int32").numpy()
    array([ 1, -1], dtype=int32)
    """
    return ops.cast(tensor(x), dtype)


@lifted
def cast_to_floatx(x: Any) -> Any:
    """Return `x` in the default float type: an array stays one."""
    return ops.cast(x, config.floatx())


@lifted
def identity(x: Any, name: str | None = None) -> Any:
    """Return x; of a variable, which may be assigned to, the values that it has now."""
    x = tensor(x)
    return np.copy(x) if isinstance(x, Variable) else x


# Reductions


@lifted
def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The sum along axes, by default all."""
    return np.sum(tensor(x), axis=_axes(axis), keepdims=keepdims)


@lifted
def prod(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The product along axes, by default all."""
    return np.prod(tensor(x), axis=_axes(axis), keepdims=keepdims)


@lifted
def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The mean along axes, by default all; that of booleans is the share of True.

    >>> mean([[1.0, 2.0], [3.0, 4.0]], axis=0).numpy()
    array([2., 3.], dtype=float32)
    """
    return np.mean(floats(x), axis=_axes(axis), keepdims=keepdims)


@lifted
def std(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The standard deviation along axes, by default all."""
    return np.std(floats(x), axis=_axes(axis), keepdims=keepdims)


@lifted
def var(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The variance along axes, by default all."""
    return np.var(floats(x), axis=_axes(axis), keepdims=keepdims)


@lifted
def max(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The largest element along axes, by default all."""
    return np.max(tensor(x), axis=_axes(axis), keepdims=keepdims)


@lifted
def min(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The smallest element along axes, by default all."""
    return np.min(tensor(x), axis=_axes(axis), keepdims=keepdims)


@lifted
def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """log(sum(exp(x))) along axes, by default all."""
    return ops.logsumexp(floats(x), axis=_axes(axis), keepdims=keepdims)


@lifted
def any(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Whether one element along axes is not 0."""
    return tensor(np.any(_plain(x), axis=_axes(axis), keepdims=keepdims))


@lifted
def all(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Whether no element along axes is 0."""
    return tensor(np.all(_plain(x), axis=_axes(axis), keepdims=keepdims))


@lifted
def argmax(x: Any, axis: int = -1) -> Any:
    """The place of the largest element along an axis.

    >>> argmax([[1.0, 3.0, 2.0]]).numpy()
    array([1])
    """
    return tensor(np.argmax(_plain(x), axis=axis))


@lifted
def argmin(x: Any, axis: int = -1) -> Any:
    """The place of the smallest element along an axis."""
    return tensor(np.argmin(_plain(x), axis=axis))


@lifted
def cumsum(x: Any, axis: int = 0) -> Any:
    """The sums of the first elements along an axis."""
    return np.cumsum(tensor(x), axis=axis)


@lifted
def cumprod(x: Any, axis: int = 0) -> Any:
    """The products of the first elements along an axis."""
    return np.cumprod(tensor(x), axis=axis)


def _axes(axis: Any) -> Any:
    """Return axes that came as a list, a range or an array as a tuple."""
    return tuple(map(int, axis)) if np.ndim(axis) else axis


# Comparisons


@lifted
def equal(x: Any, y: Any) -> Any:
    """x == y, element by element.

    >>> equal([1, 2], [1, 3]).numpy()
    array([ True, False])
    """
    return _compared(np.equal, x, y)


@lifted
def not_equal(x: Any, y: Any) -> Any:
    """x != y, element by element."""
    return _compared(np.not_equal, x, y)


@lifted
def greater(x: Any, y: Any) -> Any:
    """x > y, element by element."""
    return _compared(np.greater, x, y)


@lifted
def greater_equal(x: Any, y: Any) -> Any:
    """x >= y, element by element."""
    return _compared(np.greater_equal, x, y)


@lifted
def less(x: Any, y: Any) -> Any:
    """x < y, element by element."""
    return _compared(np.less, x, y)


@lifted
def less_equal(x: Any, y: Any) -> Any:
    """x <= y, element by element."""
    return _compared(np.less_equal, x, y)


def _compared(compare: Any, x: Any, y: Any) -> Any:
    return tensor(compare(*map(graph.plain, _two(x, y))))


def _plain(x: Any) -> Any:
    return np.asarray(graph.plain(x))
