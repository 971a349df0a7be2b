"""Indexing: ``x[...]`` in every form that NumPy knows, and its way back."""

from __future__ import annotations

import math
import operator

import numpy as np

from keratorch import graph
from keratorch.core import Grad, GradArray
from keratorch.partial import PartialGradient
from keratorch.registry import constant

constant(np.ix_, np.unravel_index, np.ravel_multi_index)
constant(np.diag_indices_from, np.tril_indices_from, np.triu_indices_from)


class GetItemGrad(Grad, of=np.ndarray.__getitem__):
    """out = x[index]; dL/dx is dL/dout added up at the places it was read from."""

    def __init__(self, x, index):
        super().__init__(x)
        self.index = constant_index(index)

    @property
    def notation(self):
        """How names show it: ``x[0, 1:3]``, or ``x[...]`` for an index of arrays."""
        return f"{{}}[{as_written(self.index)}]"

    def forward(self, x):
        if _is_integers(self.index) and x.ndim and x.flags.c_contiguous:
            return x.take(self.index, axis=0)  # sooner, where it does not copy x
        return x[self.index]

    def backward(self, grad):
        (x,) = self.inputs
        if isinstance(grad, GradArray):
            return ScatterAddGrad.apply(grad, self.index, x.shape, copy=False)
        return (ScatteredGradient(grad, self.index, x.shape),)


class ScatteredGradient(PartialGradient):
    """Zeros of a shape, with values added at an index: `ScatterAddGrad`, not yet."""

    def __init__(self, values, index, shape):
        super().__init__(shape, values.dtype)
        self.values, self.index = values, index

    def add_to(self, total):
        if picks_once(self.index):
            total[self.index] += self.values
        else:
            apply_at(np.add, total, self.index, self.values)


class ScatterAddGrad(Grad):
    """out = zeros of a shape with x added at an index; dL/dx = dL/dout[index].

    The index is copied, unless it is known that nobody will write into it.
    """

    def __init__(self, x, index, shape, copy=True):
        super().__init__(x)
        self.index, self.shape = constant_index(index) if copy else index, shape

    def forward(self, x):
        out = np.zeros(self.shape, x.dtype)
        if picks_once(self.index):
            out[self.index] = x
        else:
            apply_at(np.add, out, self.index, x)
        return out

    def backward(self, grad):
        return grad[self.index]


def constant_index(index):
    """Return an index without GradArrays, in memory that nobody else writes into."""
    if _holds_no_array(index):
        return index
    index = graph.plain(index)
    return tuple(map(_own, index)) if isinstance(index, tuple) else _own(index)


def _holds_no_array(index):
    items = index if isinstance(index, tuple) else (index,)
    return _NO_ARRAYS.issuperset(map(type, items))


_NO_ARRAYS = {int, slice, type(None), type(Ellipsis)}


def _is_integers(index):
    return type(index) is np.ndarray and index.dtype == np.intp


def _own(item):
    if isinstance(item, list):
        item = np.asarray(item) if item else np.zeros(0, np.intp)
    if not isinstance(item, np.ndarray):
        return item
    if item.dtype.kind in "iu" and not _is_integers(item):
        return item.astype(np.intp)
    return item.copy()


def as_written(index):
    """Return the text of an index, ``"0, 1:3"``; ``"..."`` if it holds an array."""
    items = index if isinstance(index, tuple) else (index,)
    if any(isinstance(item, np.ndarray) for item in items):
        return "..."
    return ", ".join(map(_item_as_written, items)) or "()"


def _item_as_written(item):
    if isinstance(item, slice):
        parts = (item.start, item.stop, item.step)
        texts = ["" if x is None else str(operator.index(x)) for x in parts]
        return ":".join(texts if item.step is not None else texts[:2])
    return "..." if item is Ellipsis else str(item)


def picks_once(index):
    """Return whether an index can pick no element twice: only slices, ints, masks."""
    if _holds_no_array(index):
        return True
    items = index if isinstance(index, tuple) else (index,)
    return not any(
        isinstance(item, np.ndarray) and item.ndim and item.dtype != bool
        for item in items
    )


def picked_places(index, shape):
    """Return where each element of ``x[index]`` stands in the flattened x."""
    places = _places_of_integers(index, shape)
    if places is None:
        places = np.arange(math.prod(shape)).reshape(shape)[index]
    return np.asarray(places)


def apply_at(function, out, index, values):
    """Write function(out, value) into a C-ordered array, each time a place is picked.

    ``np.add.at`` and its kin are several times as fast along one axis, where they may
    be used so; and floats are added faster two by two, as complex numbers.
    """
    if function is np.add and _adds_rows(out, index, values):
        pair = _PAIRS[out.dtype]
        out, values = out.view(pair), np.ascontiguousarray(values).view(pair)
    one_axis = out.ndim == 1 and isinstance(index, np.ndarray) and index.dtype != bool
    places = index if one_axis else _places_of_integers(index, out.shape)
    if places is None:
        if np.ndim(values):  # NumPy reads beyond values that it has to broadcast
            values = np.broadcast_to(values, out[index].shape)
        function.at(out, index, values)
        return
    if np.shape(values) != places.shape:
        values = np.broadcast_to(values, places.shape)
    function.at(out.reshape(-1), places.reshape(-1), values.reshape(-1))


_PAIRS = {
    np.dtype(np.float32): np.dtype(np.complex64),
    np.dtype(np.float64): np.dtype(np.complex128),
}


def _adds_rows(out, index, values):
    """Return whether values are rows of pairs of floats, and an index says which."""
    return (
        out.ndim > 1
        and isinstance(index, np.ndarray)
        and index.dtype == np.intp
        and out.shape[-1] % 2 == 0
        and out.dtype in _PAIRS
        and np.shape(values) == index.shape + out.shape[1:]
        and values.dtype == out.dtype
    )


def _places_of_integers(index, shape):
    """Return `picked_places` of integers that stand side by side between whole axes.

    They are computed without a look at the rest of the array.  None for other indices,
    and for integers that are negative or too large.
    """
    items = index if isinstance(index, tuple) else (index,)
    start, stop = 0, len(items)
    while start < stop and _is_whole_axis(items[start]):
        start += 1
    while start < stop and _is_whole_axis(items[stop - 1]):
        stop -= 1
    integers = items[start:stop]
    if not integers or not all(map(_is_integer, integers)):
        return None
    before, inside, after = shape[:start], shape[start:stop], shape[stop:]
    try:
        places = np.ravel_multi_index(integers, inside)
    except ValueError:
        return None
    if after:
        columns = np.arange(math.prod(after)).reshape(after)
        places = np.add.outer(places * columns.size, columns)
    if before:
        blocks = np.arange(math.prod(before)).reshape(before)
        places = np.add.outer(blocks * math.prod(shape[start:]), places)
    return places


def _is_whole_axis(item):
    return isinstance(item, slice) and item == slice(None)


def _is_integer(item):
    if isinstance(item, np.ndarray):
        return item.dtype == np.intp
    return isinstance(item, (int, np.integer)) and not isinstance(item, bool)
