"""Methods of ufuncs: ``reduce``, ``accumulate``, ``outer``, ``reduceat``.

Most come down to functions that are differentiable by themselves: the graph shows
these.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.indexing import ScatterAddGrad
from keratorch.registry import composed, constant

_REDUCTIONS: dict[np.ufunc, Callable] = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
}
_RUNNING: dict[np.ufunc, Callable] = {np.add: np.cumsum, np.multiply: np.cumprod}
_PAIRED: tuple[np.ufunc, ...] = (
    *(np.add, np.subtract, np.multiply, np.true_divide, np.power, np.float_power),
    *(np.floor_divide, np.remainder, np.fmod),
    *(np.maximum, np.minimum, np.fmax, np.fmin),
    *(np.hypot, np.arctan2, np.copysign, np.heaviside, np.logaddexp, np.logaddexp2),
)
_COMPARISONS: tuple[np.ufunc, ...] = (
    *(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal),
    *(np.logical_and, np.logical_or, np.logical_xor),
)

for _ufunc in _COMPARISONS:
    constant(_ufunc.outer)
constant(np.logical_and.reduce, np.logical_or.reduce, np.logical_xor.reduce)


def reduction(function):
    """Return the ``reduce`` of a ufunc, given the function that it is named as."""

    def reduce(array, axis=0, dtype=None, **options):
        array = array if dtype is None else array.astype(dtype)
        # of a single number there is no axis 0
        return function(array, axis=axis if np.ndim(array) else None, **options)

    return reduce


def running(function):
    """Return the ``accumulate`` of a ufunc, given the function that it is named as."""

    def accumulate(array, axis=0, dtype=None, **options):
        array = array if dtype is None else array.astype(dtype)
        return function(array, axis=axis, **options)

    return accumulate


def running_extremum(extremum):
    """Return ``maximum.accumulate`` or ``minimum.accumulate``.

    The result is taken from where the extremum stands so far, at the last such place if
    there are several, as in PyTorch's `cummax`: there the gradient goes.
    """

    def accumulate(array, axis=0, dtype=None):
        array = array if dtype is None else array.astype(dtype)
        values = graph.value(array)
        found = extremum.accumulate(values, axis=axis)
        holds = (values == found) | np.isnan(values)
        after = values.ndim - 1 - axis % values.ndim
        place = np.arange(values.shape[axis]).reshape(-1, *[1] * after)
        places = np.maximum.accumulate(np.where(holds, place, 0), axis=axis)
        return np.take_along_axis(array, places, axis=axis)

    return accumulate


def outer_of(function):
    """Return the ``outer`` of a ufunc, which pairs each element with each."""

    def outer(A, B):
        spread = np.reshape(A, (*np.shape(A), *[1] * np.ndim(B)))
        return function(spread, B)

    return outer


for _ufunc, _function in _REDUCTIONS.items():
    composed(_ufunc.reduce)(reduction(_function))
for _ufunc, _function in _RUNNING.items():
    composed(_ufunc.accumulate)(running(_function))
for _ufunc in (np.maximum, np.minimum):
    composed(_ufunc.accumulate)(running_extremum(_ufunc))
for _ufunc in _PAIRED:
    composed(_ufunc.outer)(outer_of(_ufunc))


class AddReduceatGrad(Grad, of=np.add.reduceat):
    """out[i] = the sum of x from indices[i] up to indices[i + 1], along an axis.

    Hence dL/dx[j] = the sum of dL/dout[i] over the pieces i that j is in.  A piece that
    would be empty is x[indices[i]] alone.
    """

    def __init__(self, array, indices, axis=0, dtype=None):
        super().__init__(array)
        self.indices = np.array(graph.plain(indices))
        self.axis, self.dtype = axis, dtype
        self.changes_dtype = dtype is not None

    def forward(self, x):
        return np.add.reduceat(x, self.indices, self.axis, self.dtype)

    def backward(self, grad):
        (x,) = self.inputs
        axis = self.axis % x.ndim
        starts = self.indices
        ends = np.append(starts[1:], x.shape[axis])
        lengths = np.maximum(ends - starts, 1)
        pieces = np.repeat(np.arange(len(starts)), lengths)
        begins = np.cumsum(lengths) - lengths
        places = np.arange(len(pieces)) + (starts - begins)[pieces]
        shared = np.take(grad, pieces, axis=axis)
        return ScatterAddGrad.apply(shared, (*[slice(None)] * axis, places), x.shape)
