"""Tensors of the old backend: making them, looking at them, changing them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import config, graph, ops
from keratorch.backend.made import made
from keratorch.core import GradArray
from keratorch.layers import Input
from keratorch.lengths import length
from keratorch.symbolic import KerasTensor, is_symbolic, lifted
from keratorch.utils.io_utils import print_msg
from keratorch.variable import Variable


def tensor(x: Any) -> Any:
    """Return `x` as a GradArray; Python's floats become `floatx()`."""
    return x if isinstance(x, GradArray) else ops.convert_to_tensor(x)


def floats(x: Any) -> Any:
    """Return `x` as a GradArray of floats."""
    x = tensor(x)
    return x if x._array.dtype.kind in "fc" else x.astype(config.floatx())


# Making them


def variable(
    value: Any, dtype: Any = None, name: str | None = None, constraint: Any = None
) -> Variable:
    """Return a `Variable` with a value: an array that can be assigned to.

    >>> variable([[1, 2], [3, 4]]).dtype
    'float32'
    """
    made = Variable(value, dtype=dtype or config.floatx(), name=name)
    made.constraint = constraint
    return made


def constant(
    value: Any, dtype: Any = None, shape: Any = None, name: str | None = None
) -> GradArray:
    """Return a tensor that wants no gradient; one number fills a whole shape.

    >>> constant(2, shape=(2,)).numpy()
    array([2., 2.], dtype=float32)
    """
    array = np.array(graph.plain(value), dtype or config.floatx())
    if shape is not None:
        same = array.size == math.prod(shape)
        array = array.reshape(shape) if same else np.broadcast_to(array, shape).copy()
    return GradArray(array, name=name, requires_grad=False)


def placeholder(
    shape: Any = None,
    ndim: int | None = None,
    dtype: Any = None,
    sparse: bool = False,
    name: str | None = None,
) -> KerasTensor:
    """Return a symbolic array, for which `function` takes a value later.

    Parameters
    ----------
    shape : sequence of int or None, with the batch axis; or
    ndim : int, the number of axes, all of unknown length.
    dtype : str, by default `floatx()`.
    sparse : False; NumPy has no sparse arrays.
    name : str.

    Raises
    ------
    ValueError : neither shape nor ndim, or sparse=True.

    >>> placeholder((None, 3)).shape
    (None, 3)
    """
    if sparse:
        raise ValueError("placeholder: sparse=True is not supported. Leave it out.")
    if shape is None and ndim is None:
        raise ValueError("placeholder needs shape=(None, 3), or ndim=2.")
    axes = (None,) * int(ndim or 0) if shape is None else tuple(shape)
    return Input(batch_shape=axes, dtype=dtype, name=name)


def zeros(shape: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Return a `Variable` of zeros."""
    return _filled("zeros", shape, dtype, name)


def ones(shape: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Return a `Variable` of ones.

    >>> ones((2, 2)).numpy()
    array([[1., 1.],
           [1., 1.]], dtype=float32)
    """
    return _filled("ones", shape, dtype, name)


def _filled(kind: str, shape: Any, dtype: Any, name: str | None) -> Any:
    filled = made(kind, shape, dtype)
    return filled if is_symbolic(filled) else variable(filled, filled.dtype, name)


def eye(size: int, dtype: Any = None, name: str | None = None) -> Variable:
    """Return a `Variable` with the identity matrix."""
    return variable(np.eye(size), dtype, name)


@lifted
def zeros_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Return zeros of the shape of `x`, and of its dtype."""
    return GradArray(np.zeros_like(graph.value(x), dtype), None, name, False)


@lifted
def ones_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Return ones of the shape of `x`, and of its dtype."""
    return GradArray(np.ones_like(graph.value(x), dtype), None, name, False)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = "int32") -> Any:
    """Return numbers from `start`, or 0, up to but without `stop`.

    >>> arange(3).numpy()
    array([0, 1, 2], dtype=int32)
    """
    if stop is None:
        start, stop = 0, max(start, 0)
    return tensor(np.arange(start, stop, step, dtype=dtype))


# Looking at them


def shape(x: Any) -> tuple[Any, ...]:
    """Return the lengths of the axes; those that only data will say are symbolic.

    >>> shape([[1, 2, 3]])
    (1, 3)
    """
    if not is_symbolic(x):
        return np.shape(graph.value(x))
    return tuple(length(x, axis) if n is None else n for axis, n in enumerate(x.shape))


def int_shape(x: Any) -> tuple[int | None, ...]:
    """Return the lengths of the axes, None for those that only data will say."""
    return tuple(x.shape) if hasattr(x, "shape") else np.shape(x)


def ndim(x: Any) -> int:
    """Return the number of axes."""
    return len(int_shape(x))


def dtype(x: Any) -> str:
    """Return the name of the dtype.

    >>> dtype(variable(0.0))
    'float32'
    """
    return x.dtype if is_symbolic(x) else ops.dtype(x)


def count_params(x: Any) -> int:
    """Return the number of elements of a weight."""
    return math.prod(int_shape(x))  # type: ignore[arg-type]


def is_keras_tensor(x: Any) -> bool:
    """Return whether `x` is symbolic: an `Input`, or a layer's output for one."""
    return is_symbolic(x)


def is_tensor(x: Any) -> bool:
    """Return whether `x` is an array, with values or symbolic."""
    return is_symbolic(x) or ops.is_tensor(x)


def is_variable(x: Any) -> bool:
    """Return whether `x` is a `Variable`."""
    return isinstance(x, Variable)


def is_placeholder(x: Any) -> bool:
    """Return whether `x` is a symbolic array that no step computes."""
    return is_symbolic(x) and (x.node is None or not x.node.inputs)


def is_sparse(tensor: Any) -> bool:
    """Return False: there are no sparse arrays here."""
    return False


def to_dense(tensor: Any) -> Any:
    """Return the tensor as it is: it is dense."""
    return tensor


def eval(x: Any) -> Any:
    """Return the values of a tensor as an ndarray.

    >>> eval(variable([1.0, 2.0]))
    array([1., 2.], dtype=float32)
    """
    return get_value(x)


def get_value(x: Any) -> Any:
    """Return the values of a tensor as an ndarray, and anything else as it is.

    Raises
    ------
    TypeError : a symbolic array, which has no values.
    """
    if is_symbolic(x):
        raise TypeError(
            f"get_value: {x!r} has no values until data come. Write "
            "K.function([inputs], [x])([data]), or use a Model's predict."
        )
    return x.numpy() if isinstance(x, GradArray) else x


def batch_get_value(tensors: Sequence[Any]) -> list[Any]:
    """Return the values of several tensors."""
    return [get_value(x) for x in tensors]


@lifted
def print_tensor(x: Any, message: str = "", summarize: int = 3) -> Any:
    """Print the values of a tensor whenever it is computed, and return it.

    Parameters
    ----------
    message : str, printed in front.
    summarize : int, how many elements at either end of each axis; -1 for all.
    """
    array = np.asarray(graph.value(x))
    ends = {} if summarize < 0 else {"edgeitems": summarize}
    threshold = array.size + 1 if summarize < 0 else 2 * summarize
    text = np.array2string(array, threshold=threshold, **ends)  # type: ignore[arg-type]
    print_msg(f"{message} {text}" if message else text)
    return x


# Changing them


def set_value(x: Any, value: Any) -> None:
    """Overwrite the values of a `Variable`.

    Raises
    ------
    TypeError : `x` is no variable.
    ValueError : values of another shape.

    >>> x = variable([1.0, 2.0])
    >>> set_value(x, [3, 4])
    >>> x.numpy()
    array([3., 4.], dtype=float32)
    """
    _assigning("set_value", x).assign(np.asarray(graph.plain(value)))


def batch_set_value(tuples: Sequence[tuple[Any, Any]]) -> None:
    """Overwrite the values of several variables, given as pairs with the values."""
    for x, value in tuples:
        set_value(x, value)


def update(x: Any, new_x: Any) -> Any:
    """Overwrite the values of a `Variable`, and return it."""
    return _assigning("update", x).assign(new_x)


def update_add(x: Any, increment: Any) -> Any:
    """Add to the values of a `Variable`, and return it."""
    return _assigning("update_add", x).assign_add(increment)


def update_sub(x: Any, decrement: Any) -> Any:
    """Subtract from the values of a `Variable`, and return it."""
    return _assigning("update_sub", x).assign_sub(decrement)


def moving_average_update(x: Any, value: Any, momentum: float) -> Any:
    """x = momentum * x + (1 - momentum) * value, in place.

    >>> average = variable(1.0)
    >>> round(float(moving_average_update(average, 2.0, momentum=0.9)), 2)
    1.1
    """
    average = _assigning("moving_average_update", x)
    step = (average.numpy() - graph.plain(value)) * (1 - momentum)
    return average.assign_sub(step)


def _assigning(function: str, x: Any) -> Variable:
    if not isinstance(x, Variable):
        raise TypeError(
            f"{function} needs a Variable, such as K.variable(0.0), a layer's weight "
            f"or an optimizer's learning_rate; received a {type(x).__name__}."
        )
    return x
