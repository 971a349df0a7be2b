"""Lengths of axes that only data will say, as symbolic numbers.

    batch = length(x, 0)
    np.reshape(y, (batch, 2 * length(x, 1)))

Where a function is tried on made-up values, such numbers are those of the made-up
arrays: the shape of its result then follows them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.nested import flatten, map_structure


def length(x: Any, axis: int) -> Any:
    """Return the length of an axis as an array of one number; of a symbol, a symbol.

    Examples
    --------
    >>> import numpy as np
    >>> import keratorch as keras
    >>> int(length(np.zeros((2, 3)), 1))
    3
    >>> length(keras.Input((3,)), 0)
    <KerasTensor shape=(), dtype=int32, name=...>
    """
    if hasattr(x, "node"):
        return x._record(length, (x, axis), {})
    return np.asarray(x.shape[axis], "int32")


def is_length(x: Any) -> bool:
    """Return whether a symbol is such a length, or whole numbers computed from some.

    Examples
    --------
    >>> import keratorch as keras
    >>> x = keras.Input((3,), dtype="int32")
    >>> is_length(length(x, 0) * 2), is_length(x)
    (True, False)
    """
    function = getattr(getattr(x.node, "operation", None), "function", None)
    if function is None or x.ndim > 1 or np.dtype(x.dtype).kind not in "iu":
        return False
    return function is length or _all_lengths(x.node.inputs)


def _all_lengths(symbols: list[Any]) -> bool:
    return bool(symbols) and all(map(is_length, symbols))


def value_of(x: Any, known: Callable[[tuple], tuple]) -> np.ndarray:
    """Return the numbers of a symbol that `is_length`.

    Parameters
    ----------
    known : function from a shape with None in it to the lengths that it has.

    Examples
    --------
    >>> import keratorch as keras
    >>> twice = length(keras.Input((3,)), 0) * 2
    >>> value_of(twice, lambda shape: (5, 3))
    array(10, dtype=int32)
    """
    node = x.node
    if node.operation.function is length:
        array, axis = list(node.args) + list(node.kwargs.values())
        return np.asarray(known(array.shape)[axis], x.dtype)
    values = {id(symbol): value_of(symbol, known) for symbol in node.inputs}
    args, kwargs = map_structure(
        lambda leaf: values.get(id(leaf), leaf), (node.args, node.kwargs)
    )
    results = flatten(node.operation(*args, **kwargs))
    return np.asarray(graph.value(results[x.index]), x.dtype)
