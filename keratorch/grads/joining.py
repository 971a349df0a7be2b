"""Arrays put together, and taken apart."""

from __future__ import annotations

import itertools

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.shape import as_array, as_dtype, check_kept
from keratorch.registry import composed


class _Joined(Grad):
    """What concatenate and stack share: a list of arrays, an axis, a dtype."""

    def __init__(self, arrays, axis=0, *, dtype=None, casting="same_kind"):
        super().__init__(*[as_array(x) for x in arrays])
        self.axis = axis
        self.options = {} if dtype is None else {"dtype": dtype, "casting": casting}
        self.changes_dtype = dtype is not None

    def forward(self, *arrays):
        return self.of(arrays, axis=self.axis, **self.options)


class ConcatenateGrad(_Joined, of=np.concatenate):
    """out = arrays joined along an axis; each dL/darray is its piece of dL/dout."""

    def backward(self, grad):
        pieces, start = [], 0
        axis = 0 if self.axis is None else self.axis % grad.ndim
        before = (slice(None),) * axis
        for i, x in enumerate(self.inputs):
            stop = start + (x.size if self.axis is None else x.shape[axis])
            piece = None
            if self.needs(i):
                piece = grad[(*before, slice(start, stop))]
                piece = piece.reshape(x.shape) if self.axis is None else piece
            pieces.append(piece)
            start = stop
        return tuple(pieces)


class StackGrad(_Joined, of=np.stack):
    """out = arrays joined along a new axis; each dL/darray is its slice of dL/dout."""

    def forward(self, *arrays):
        if len({x.shape for x in arrays}) != 1:
            return super().forward(*arrays)  # which says what is wrong
        shape = list(arrays[0].shape)
        shape.insert(self.axis % (len(shape) + 1), 1)
        rows = [x.reshape(shape) for x in arrays]
        return np.concatenate(rows, self.axis, **self.options)

    def backward(self, grad):
        before = (slice(None),) * (self.axis % grad.ndim)
        pieces = [
            grad[(*before, i)] if self.needs(i) else None
            for i in range(len(self._inputs))
        ]
        return tuple(pieces)


@composed(np.hstack)
def hstack(tup, *, dtype=None, casting="same_kind"):
    """Composed of np.concatenate along the second axis, or the only one."""
    arrays = [np.atleast_1d(as_array(x)) for x in tup]
    axis = 0 if arrays and arrays[0].ndim == 1 else 1
    return ConcatenateGrad.apply(arrays, axis, dtype=dtype, casting=casting)


@composed(np.vstack)
def vstack(tup, *, dtype=None, casting="same_kind"):
    """Composed of np.atleast_2d and np.concatenate along the first axis."""
    arrays = [np.atleast_2d(as_array(x)) for x in tup]
    return ConcatenateGrad.apply(arrays, 0, dtype=dtype, casting=casting)


@composed(np.dstack)
def dstack(tup):
    """Composed of np.atleast_3d and np.concatenate along the third axis."""
    return ConcatenateGrad.apply([np.atleast_3d(as_array(x)) for x in tup], 2)


@composed(np.column_stack)
def column_stack(tup):
    """Composed of np.concatenate along the second axis, where vectors are columns."""
    arrays = [as_array(x) for x in tup]
    return ConcatenateGrad.apply(
        [x if x.ndim > 1 else x.reshape(-1, 1) for x in arrays], 1
    )


@composed(np.block)
def block(arrays):
    """Composed of np.concatenate: innermost lists along the last axis, and so on."""
    depth, leaf = 0, arrays
    while isinstance(leaf, list) and leaf:
        depth, leaf = depth + 1, leaf[0]
    ndim = max(depth, *_leaf_ndims(arrays, depth))
    return _joined(arrays, depth, ndim)


def _leaf_ndims(nested, depth):
    """Yield the number of axes of each array in lists that are nested so deep."""
    if isinstance(nested, tuple):
        raise TypeError("block: arrays are given in lists; received a tuple.")
    is_list = isinstance(nested, list)
    if is_list != (depth > 0) or (is_list and not nested):
        raise ValueError(
            "block: lists must all be nested equally deep, and none be empty, as in "
            "np.block([[A, B], [C, D]])."
        )
    if depth == 0:
        yield np.ndim(nested)
    else:
        for item in nested:
            yield from _leaf_ndims(item, depth - 1)


def _joined(nested, depth, ndim):
    """Return lists nested so deep as one array."""
    if depth == 0:
        x = as_array(nested)
        return x.reshape((1,) * (ndim - x.ndim) + x.shape)
    return ConcatenateGrad.apply(
        [_joined(item, depth - 1, ndim) for item in nested], -depth
    )


@composed(np.append)
def append(arr, values, axis=None):
    """Composed of np.concatenate."""
    return ConcatenateGrad.apply([arr, values], axis)


@composed(np.insert)
def insert(arr, obj, values, axis=None):
    """Composed of np.concatenate, and np.take of the order that puts values in place.

    The result has the dtype of arr.
    """
    arr, values, obj = as_array(arr), as_array(values), graph.plain(obj)
    check_kept(values, arr.dtype, "insert", "np.insert(arr.astype(float), ...)")
    values = as_dtype(values, arr.dtype)
    if axis is None:
        arr, axis = np.ravel(arr), 0
    length = arr.shape[axis]
    count = np.insert(np.arange(length), obj, 0).size - length
    if count == 1:  # a place for one value takes several
        values = values.reshape((1,) * (arr.ndim - values.ndim) + values.shape)
        if not isinstance(obj, slice) and np.ndim(obj) == 0:
            values = np.moveaxis(values, 0, axis)
        count = values.shape[axis]
    values = values.reshape(values.shape[max(values.ndim - arr.ndim, 0) :])
    shape = list(arr.shape)
    shape[axis] = count
    joined = np.concatenate([arr, np.broadcast_to(values, shape)], axis)
    order = np.insert(np.arange(length), obj, np.arange(length, length + count))
    return np.take(joined, order, axis)


@composed(np.delete)
def delete(arr, obj, axis=None):
    """Composed of np.take of what is kept."""
    if axis is None:
        arr, axis = np.ravel(arr), 0
    kept = np.delete(np.arange(arr.shape[axis]), graph.plain(obj))
    return np.take(arr, kept, axis)


@composed(np.trim_zeros)
def trim_zeros(filt, trim="fb", axis=None):
    """A slice of x, along each axis from the first number other than 0 to the last."""
    sides = trim.lower()
    if sides not in ("f", "b", "fb", "bf"):
        raise ValueError(f"trim_zeros: trim is 'f', 'b' or 'fb'; received {trim!r}.")
    axes = range(filt.ndim) if axis is None else np.atleast_1d(axis).tolist()
    nonzero = np.argwhere(filt)
    index = [slice(None)] * filt.ndim
    for i in axes:
        places = nonzero[:, i]
        start = places.min(initial=filt.shape[i]) if "f" in sides else 0
        stop = places.max(initial=-1) + 1 if "b" in sides else filt.shape[i]
        index[i] = slice(start, stop) if places.size else slice(0)
    return filt[tuple(index)]


@composed(np.array_split)
def array_split(ary, indices_or_sections, axis=0):
    """Slices of x that end at the indices, or so many of almost the same length."""
    length, ends = ary.shape[axis], graph.plain(indices_or_sections)
    if np.ndim(ends) == 0:
        sections = int(ends)
        if sections <= 0:
            raise ValueError(
                f"array_split: the number of sections must be positive; received "
                f"{sections}."
            )
        short, longer = divmod(length, sections)
        ends = [i * short + min(i, longer) for i in range(1, sections)]
    before = (slice(None),) * (axis % ary.ndim)
    return [
        ary[(*before, slice(start, end))]
        for start, end in itertools.pairwise([0, *ends, length])
    ]


@composed(np.split)
def split(ary, indices_or_sections, axis=0):
    """Composed of np.array_split, where sections are of one length."""
    sections = graph.plain(indices_or_sections)
    if np.ndim(sections) == 0 and sections > 0 and ary.shape[axis] % sections:
        raise ValueError(
            f"split: an axis of length {ary.shape[axis]} has no {sections} sections of "
            "one length. np.array_split makes some longer than others."
        )
    return np.array_split(ary, sections, axis)


@composed(np.hsplit)
def hsplit(ary, indices_or_sections):
    """Composed of np.split along the second axis, or the only one."""
    _check_ndim(ary, 1, "hsplit")
    return np.split(ary, indices_or_sections, 0 if ary.ndim == 1 else 1)


@composed(np.vsplit)
def vsplit(ary, indices_or_sections):
    """Composed of np.split along the first axis."""
    _check_ndim(ary, 2, "vsplit")
    return np.split(ary, indices_or_sections, 0)


@composed(np.dsplit)
def dsplit(ary, indices_or_sections):
    """Composed of np.split along the third axis."""
    _check_ndim(ary, 3, "dsplit")
    return np.split(ary, indices_or_sections, 2)


def _check_ndim(x, least, function):
    if x.ndim < least:
        raise ValueError(
            f"{function} needs an array with {least} axes or more; received shape "
            f"{x.shape}."
        )


@composed(getattr(np, "unstack", None))  # from NumPy 2.1 on
def unstack(x, /, *, axis=0):
    """The slices of x along an axis, in a tuple."""
    _check_ndim(x, 1, "unstack")
    before = (slice(None),) * (axis % x.ndim)
    return tuple(x[(*before, i)] for i in range(x.shape[axis]))


@composed(np.apply_along_axis)
def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """Composed of np.stack of what the function returns for each slice."""
    slices = np.moveaxis(arr, axis, -1)
    outer = slices.shape[:-1]
    if 0 in outer:
        raise ValueError(
            f"apply_along_axis: there is no slice along axis {axis} of an array of "
            f"shape {arr.shape}."
        )
    results = [func1d(slices[i], *args, **kwargs) for i in np.ndindex(outer)]
    joined = np.stack([as_array(result) for result in results])
    joined = joined.reshape(outer + joined.shape[1:])
    made = range(len(outer), joined.ndim)  # the axes in place of the one
    first = axis % arr.ndim
    return np.moveaxis(joined, made, range(first, first + len(made)))


@composed(np.apply_over_axes)
def apply_over_axes(func, a, axes):
    """The function applied to x and each of the axes in turn, all of which stay."""
    for axis in np.atleast_1d(axes):
        axis = axis % a.ndim
        result = func(a, axis)
        a = result if result.ndim == a.ndim else np.expand_dims(result, axis)
    return a
