"""Functions of TensorFlow that build, index and rearrange arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import backend, graph, ops
from keratorch.core import GradArray
from keratorch.ops import convert_to_tensor
from keratorch.symbolic import is_symbolic


def constant(value: Any, dtype: Any, shape: Any) -> Any:
    """Return the values as an array, of one number as often as a shape says.

    >>> constant(1.0, None, (2,)).numpy()
    array([1., 1.], dtype=float32)
    """
    array = convert_to_tensor(graph.plain(value), dtype)
    if shape is None:
        return array
    lengths = tuple(int(n) for n in shape)
    if array.size == 1:
        return convert_to_tensor(np.full(lengths, array.numpy()))
    return np.reshape(array, lengths)


def fill(dims: Any, value: Any) -> np.ndarray:
    """Return one number as often as a shape says, in its dtype."""
    number = graph.value(convert_to_tensor(value))
    return np.full(
        [int(n) for n in np.asarray(graph.plain(dims))], number, number.dtype
    )


def shape(input: Any, out_type: Any) -> Any:
    """Return the lengths of the axes as an array; of symbols as a tuple."""
    if is_symbolic(input):
        return backend.shape(input)
    return np.array(np.shape(graph.value(as_array(input))), dtype=out_type)


def size(input: Any, out_type: Any) -> Any:
    """Return the number of elements."""
    return np.array(np.size(graph.value(as_array(input))), dtype=out_type)


def rank(input: Any) -> Any:
    """Return the number of axes."""
    return np.array(np.ndim(graph.value(as_array(input))), dtype="int32")


def zeros_like(input: Any, dtype: Any) -> Any:
    """Return zeros of an array's shape."""
    return ops.zeros_like(input, dtype=dtype)


def ones_like(input: Any, dtype: Any) -> Any:
    """Return ones of an array's shape."""
    return ops.ones_like(input, dtype=dtype)


def eye(num_rows: Any, num_columns: Any, batch_shape: Any, dtype: Any) -> np.ndarray:
    """Return identity matrices."""
    columns = None if num_columns is None else int(num_columns)
    matrix = np.eye(int(num_rows), columns, dtype=dtype)
    if batch_shape is None:
        return matrix
    lengths = tuple(int(n) for n in batch_shape)
    return np.broadcast_to(matrix, (*lengths, *matrix.shape)).copy()


def one_hot(
    indices: Any, depth: Any, on_value: Any, off_value: Any, axis: Any, dtype: Any
) -> np.ndarray:
    """Return arrays that are `on_value` at an index, and else `off_value`.

    >>> one_hot([1], 3, 5.0, None, None, "float32")
    array([[0., 5., 0.]], dtype=float32)
    """
    if is_symbolic(indices) and on_value is None and off_value is None:
        return ops.one_hot(indices, int(depth), -1 if axis is None else int(axis))
    places = np.asarray(graph.plain(indices))
    is_on = places[..., None] == np.arange(int(depth))
    if axis is not None and axis != -1:
        is_on = np.moveaxis(is_on, -1, int(axis))
    on = 1 if on_value is None else graph.plain(on_value)
    off = 0 if off_value is None else graph.plain(off_value)
    if dtype is None:
        given = on_value if on_value is not None else off_value
        dtype = "float32" if given is None else convert_to_tensor(given).dtype
    return np.where(is_on, on, off).astype(dtype)


def where(condition: Any, x: Any, y: Any) -> Any:
    """Return x or y by a condition, or without both the places where it holds."""
    if x is None and y is None:
        return np.argwhere(np.asarray(graph.plain(condition)))
    return ops.where(condition, x, y)


def gather(
    params: Any, indices: Any, validate_indices: Any, axis: Any, batch_dims: int
) -> Any:
    """Return the parts of an array at indices along an axis.

    `validate_indices` changes nothing here.
    """
    axis = batch_dims if axis is None else int(axis)
    if not batch_dims:
        return ops.take(params, indices, axis)
    params, places = as_array(params), np.asarray(graph.plain(indices))
    axis = axis + params.ndim if axis < 0 else axis
    index: list[Any] = []
    rest = places.ndim - batch_dims
    width = rest + axis - batch_dims
    for i in range(batch_dims):
        index.append(
            np.arange(params.shape[i]).reshape(-1, *[1] * (batch_dims - i - 1 + width))
        )
    for i in range(batch_dims, axis):
        index.append(
            np.arange(params.shape[i]).reshape(-1, *[1] * (axis - i - 1 + rest))
        )
    index.append(
        places.reshape(
            *places.shape[:batch_dims],
            *[1] * (axis - batch_dims),
            *places.shape[batch_dims:],
        )
    )
    return params[tuple(index)]


def gather_nd(params: Any, indices: Any, batch_dims: int) -> Any:
    """Return elements, or parts, of an array: a row of indices for each.

    >>> gather_nd(np.array([[1, 2], [3, 4]]), [[0, 1], [1, 0]], 0)
    array([2, 3])
    """
    params, places = as_array(params), np.asarray(graph.plain(indices))
    columns = list(np.moveaxis(places, -1, 0))
    lengths = params.shape[:batch_dims]
    ahead = [
        np.arange(n).reshape(-1, *[1] * (places.ndim - 2 - i))
        for i, n in enumerate(lengths)
    ]
    return params[(*ahead, *columns)]


def boolean_mask(tensor: Any, mask: Any, axis: Any) -> Any:
    """Return the parts for which a mask of the leading axes holds."""
    ahead = (slice(None),) * (int(axis) if axis is not None else 0)
    return as_array(tensor)[(*ahead, np.asarray(graph.plain(mask)).astype(bool))]


def slice_(input_: Any, begin: Any, size: Any) -> Any:
    """Return a block of an array; size -1 means to the end of an axis."""
    starts, sizes = np.asarray(graph.plain(begin)), np.asarray(graph.plain(size))
    parts = [
        slice(int(b), None if s == -1 else int(b) + int(s))
        for b, s in zip(starts, sizes, strict=True)
    ]
    return as_array(input_)[tuple(parts)]


def scatter_nd(indices: Any, updates: Any, shape: Any) -> Any:
    """Return zeros of a shape with the updates added where rows of indices say."""
    lengths = tuple(int(n) for n in np.asarray(graph.plain(shape)))
    updates = as_array(updates)
    zeros = GradArray(np.zeros(lengths, updates.dtype), requires_grad=False)
    return zeros.at[_columns(indices)].add(updates)


def tensor_scatter_nd_update(tensor: Any, indices: Any, updates: Any) -> Any:
    """Return an array with others written where rows of indices say."""
    return _grad_array(tensor).at[_columns(indices)].set(as_array(updates))


def tensor_scatter_nd_add(tensor: Any, indices: Any, updates: Any) -> Any:
    """Return an array with others added where rows of indices say."""
    return _grad_array(tensor).at[_columns(indices)].add(as_array(updates))


def tensor_scatter_nd_sub(tensor: Any, indices: Any, updates: Any) -> Any:
    """Return an array with others subtracted where rows of indices say."""
    return _grad_array(tensor).at[_columns(indices)].add(-as_array(updates))


def dynamic_partition(data: Any, partitions: Any, num_partitions: int) -> list[Any]:
    """Return the parts of an array that have the numbers 0, 1, ..."""
    data, numbers = as_array(data), np.asarray(graph.plain(partitions))
    return [data[numbers == i] for i in range(int(num_partitions))]


def dynamic_stitch(indices: Any, data: Any) -> Any:
    """Return one array of the parts of several, each at its index; the last counts.

    >>> dynamic_stitch([[0, 2], [1]], [np.array([1, 3]), np.array([2])])
    array([1, 2, 3])
    """
    places = [np.asarray(graph.plain(index)) for index in indices]
    parts = [as_array(part) for part in data]
    inner = parts[0].shape[places[0].ndim :]
    flat = np.concatenate([np.reshape(part, (-1, *inner)) for part in parts])
    order = np.concatenate([place.ravel() for place in places])
    source = np.zeros(int(order.max()) + 1, dtype=int)
    source[order] = np.arange(order.size)
    return flat[source]


def meshgrid(*args: Any, indexing: str = "xy", name: Any = None) -> list[Any]:
    """Return the coordinates of a grid as arrays."""
    arrays = [graph.value(as_array(x)) for x in args]
    grids = np.meshgrid(*arrays, indexing=indexing)  # type: ignore[call-overload]
    return [convert_to_tensor(x) for x in grids]


def range_(start: Any, limit: Any, delta: Any, dtype: Any) -> np.ndarray:
    """Return numbers from start to before limit: int32, or float32 if one is a float.

    >>> range_(3, None, 1, None)
    array([0, 1, 2], dtype=int32)
    """
    if limit is None:
        start, limit = 0, start
    delta = 1 if delta is None else delta
    values = [np.asarray(graph.plain(x)) for x in (start, limit, delta)]
    if dtype is None:
        given = [as_array(graph.plain(x)).dtype for x in (start, limit, delta)]
        floats = [d for d in given if d.kind == "f"]
        dtype = np.result_type(*(floats or given))
    return np.arange(*[x.item() for x in values]).astype(dtype)


def linspace(start: Any, stop: Any, num: Any, axis: int) -> Any:
    """Return numbers from start to stop, both included; of ints as float64."""
    first = convert_to_tensor(graph.plain(start))
    dtype = first.dtype if first.dtype.kind == "f" else np.dtype("float64")
    ends = [np.asarray(graph.plain(x)) for x in (start, stop)]
    return np.linspace(*ends, int(num), axis=axis).astype(dtype)  # type: ignore[call-overload]


def as_array(x: Any) -> Any:
    """Return an array or a symbol as it is, and numbers as an array."""
    if isinstance(x, (GradArray, np.ndarray)) or is_symbolic(x):
        return x
    return convert_to_tensor(x)


def _grad_array(x: Any) -> GradArray:
    return (
        x if isinstance(x, GradArray) else GradArray(np.asarray(x), requires_grad=False)
    )


def _columns(indices: Any) -> tuple[np.ndarray, ...]:
    return tuple(np.moveaxis(np.asarray(graph.plain(indices)), -1, 0))
