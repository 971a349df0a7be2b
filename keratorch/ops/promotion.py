"""The types that Keras's functions compute in and answer with, where NumPy has others.

NumPy makes float64 of int32 and float32, of a Python list and of the root of an
integer, and int64 of a sum of int32.  Keras makes of them what
`keratorch.dtypes.result_type` says: the larger float there is, else `floatx()`, and
integers of 32 bits.

A rule for arguments takes the positional ones and how many of them are arrays, and
returns them all; a rule for results takes the result and the first argument.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from keratorch import config, graph
from keratorch.dtypes import result_type
from keratorch.ops.conversion import convert_to_tensor
from keratorch.symbolic import any_symbolic

_INT8, _INT32 = np.dtype("int8"), np.dtype("int32")
_TOTALS = {
    np.dtype(small): np.dtype(large)
    for small, large in (
        ("bool", "int32"),
        ("int8", "int32"),
        ("int16", "int32"),
        ("uint8", "uint32"),
        ("uint16", "uint32"),
    )
}


def arrays(args: tuple, count: int) -> tuple:
    """Make arrays of Python's lists and numbers, in Keras's types."""
    if hasattr(args[0], "dtype") and (count == 1 or hasattr(args[1], "dtype")):
        return args
    return (*map(as_array, args[:count]), *args[count:])


def numbers(args: tuple, count: int) -> tuple:
    """Make arrays, as `arrays` does, and int32 of booleans."""
    x, *others = arrays(args, count)
    is_boolean = getattr(x, "dtype", None) == "bool"
    return (_in(x, _INT32) if is_boolean else x, *others)


def common(args: tuple, count: int) -> tuple:
    """Bring arrays to the type that all of them make together."""
    first = getattr(args[0], "dtype", None)
    same = count == 2 and first is getattr(args[1], "dtype", None)
    if same and first is not None:
        return args
    return (*_promoted(args[:count]), *args[count:])


def common_arrays(args: tuple, count: int) -> tuple:
    """Bring arrays to their common type, and numbers too, of which NumPy makes its own.

    A sum takes a number as it is; of one, NumPy's `append` makes an array of 64 bits.
    """
    args = common(args, count)
    dtype = next(x.dtype for x in args[:count] if hasattr(x, "dtype"))
    return (*(_in(x, dtype) for x in args[:count]), *args[count:])


def products(args: tuple, count: int) -> tuple:
    """Bring arrays to their common type; of int8 to int32, for sums of products."""
    args = common(args, count)
    return (*_holding_sums(args[:count]), *args[count:])


def floats(args: tuple, count: int) -> tuple:
    """Bring arrays to their common type of floats: of integers, `floatx()`."""
    dtype = getattr(args[0], "dtype", None)
    if count == 1 and getattr(dtype, "kind", "") in ("f", "c"):
        return args
    return (*_promoted(args[:count], float), *args[count:])


def first_floats(args: tuple, count: int) -> tuple:
    """Bring the first array to floats, and leave the others what they are."""
    return (*floats(args[:1], 1), *args[1:])


def both_floats(args: tuple, count: int) -> tuple:
    """Bring an array, and the second argument unless it is None, to one float type."""
    return floats(args, 1 if len(args) < 2 or args[1] is None else 2)


def averaged(args: tuple, count: int) -> tuple:
    """Bring an array and its weights, after its axes, to their type of floats."""
    if len(args) < 3 or args[2] is None:
        return floats(args, 1)
    x, weights = _promoted((args[0], args[2]), float)
    return (x, args[1], weights, *args[3:])


def branches(args: tuple, count: int) -> tuple:
    """Bring all but the first argument to the type that they make together."""
    return (args[0], *_promoted(args[1:]))


def operands(args: tuple, count: int) -> tuple:
    """Bring all but the first argument to a type that holds sums of their products."""
    subscripts, *factors = branches(args, count)
    return (subscripts, *_holding_sums(tuple(factors)))


def every(args: tuple, count: int) -> tuple:
    """Make arrays of all arguments, each in its own type."""
    return tuple(map(as_array, args))


def parts(args: tuple, count: int) -> tuple:
    """Bring the arrays in a list to the type that they make together."""
    if not isinstance(args[0], (list, tuple)):
        return args
    return (_promoted(args[0]), *args[1:])


def as_int32(result: Any, x: Any) -> Any:
    """Return places and counts in 32 bits."""
    if isinstance(result, tuple):
        return tuple(as_int32(part, x) for part in result)
    return _in(result, _INT32)


def as_first(result: Any, x: Any) -> Any:
    """Return a result, or each of several, in the type of the first argument."""
    if isinstance(result, tuple):
        return tuple(as_first(part, x) for part in result)
    return _in(result, x.dtype)


def as_edges(result: Any, x: Any) -> Any:
    """Return counts, and the edges of what is counted: of integers in `floatx()`."""
    counts, edges = result
    return counts, _in(edges, np.dtype(result_type(_kind(x), float)))


def as_total(result: Any, x: Any) -> Any:
    """Return the sum of integers in their own type, of small ones in 32 bits."""
    dtype = np.dtype(x.dtype)  # a Variable says its name
    return result if dtype.kind in "fc" else _in(result, _TOTALS.get(dtype, dtype))


def as_cumulative(result: Any, x: Any) -> Any:
    """Return running sums in the type of what they sum; of booleans in int32."""
    dtype = np.dtype(x.dtype)
    return _in(result, _INT32 if dtype.kind == "b" else dtype)


def as_array(x: Any) -> Any:
    """Return `x` as an array in Keras's type; a list of symbols as one symbol."""
    if hasattr(x, "dtype") or isinstance(x, (str, bytes)) or x is None:
        return x
    if isinstance(x, (list, tuple)) and any_symbolic(x):
        return np.stack(x)
    tensor = convert_to_tensor(x)
    recorded = isinstance(x, (list, tuple)) and any(True for _ in graph.arrays_in(x))
    return tensor if recorded else tensor._array


def _promoted(values: Any, *more: type) -> tuple:
    values = [as_array(x) if isinstance(x, (list, tuple)) else x for x in values]
    made = _made(config.floatx(), *map(_kind, values), *more)
    if made is None:
        return tuple(values)
    if not any(hasattr(x, "dtype") for x in values):
        return tuple(made.type(x) for x in values)
    # Python's numbers have no type of their own beside an array
    return tuple(_in(x, made) if hasattr(x, "dtype") else x for x in values)


def _holding_sums(factors: tuple) -> tuple:
    """Return factors in a type for sums of their products: int32 where all are int8."""
    if all(getattr(x, "dtype", None) == _INT8 for x in factors):
        return tuple(_in(x, _INT32) for x in factors)
    return factors


def _kind(x: Any) -> Any:
    return getattr(x, "dtype", None) or type(x)


@functools.cache
def _made(floatx: str, *kinds: Any) -> np.dtype | None:
    """Return the common type of types, None where they are no numbers."""
    try:
        return np.dtype(result_type(*kinds))
    except (TypeError, ValueError):
        return None


def _in(x: Any, dtype: np.dtype) -> Any:
    own = getattr(x, "dtype", None)
    if own is None:
        return dtype.type(x)
    return x if own == dtype else x.astype(dtype)
