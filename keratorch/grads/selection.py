"""Functions that pick elements: take, choose, select, compress, piecewise."""

from __future__ import annotations

import math

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.indexing import GetItemGrad, ScatterAddGrad
from keratorch.grads.update import SetItemGrad
from keratorch.registry import composed, constant

constant(np.nanargmax, np.nanargmin, np.isin)


class TakeGrad(Grad, of=np.take):
    """out = x[..., indices, ...] along an axis; dL/dx is dL/dout added up there."""

    def __init__(self, a, indices, axis=None, *, mode="raise"):
        super().__init__(a)
        self.indices = np.array(graph.plain(indices))
        self.axis, self.mode = axis, mode

    def forward(self, x):
        return np.take(x, self.indices, axis=self.axis, mode=self.mode)

    def backward(self, grad):
        (x,) = self.inputs
        if self.axis is None:
            shape, before = (x.size,), ()
        else:
            shape, before = x.shape, (slice(None),) * (self.axis % x.ndim)
        rows = _in_range(self.indices, shape[len(before)], self.mode)
        return ScatterAddGrad.apply(grad, (*before, rows), shape).reshape(x.shape)


def _in_range(indices, length, mode):
    """Return the indices below `length` that a mode of `np.take` stands for."""
    if mode == "wrap":
        return indices % length if length else indices
    return np.clip(indices, 0, length - 1) if mode == "clip" else indices


class TakeAlongAxisGrad(Grad, of=np.take_along_axis):
    """out[i, j] = x[i, indices[i, j]] for the last of two axes, and so for others.

    Hence dL/dx is dL/dout added up at the places it was taken from.
    """

    def __init__(self, arr, indices, axis=-1):
        super().__init__(arr)
        shape = np.shape(arr) if axis is not None else (np.size(arr),)
        indices = np.asarray(graph.plain(indices))
        self.places = places_along_axis(indices, axis or 0, shape)

    def forward(self, x):
        return np.take(x, self.places)

    def backward(self, grad):
        (x,) = self.inputs
        return ScatterAddGrad.apply(grad, self.places, (x.size,)).reshape(x.shape)


def places_along_axis(indices, axis, shape):
    """Return where in a flattened array of a shape the indices along an axis are.

    Raises
    ------
    IndexError : the indices are no integers, or one is out of bounds.
    ValueError : they have not the number of axes that the array has.
    """
    if indices.dtype.kind not in "iu":
        raise IndexError(f"indices must be integers; received {indices.dtype}.")
    if indices.ndim != len(shape):
        raise ValueError(
            f"indices must have as many axes as the array, {len(shape)}; received "
            f"{indices.ndim}. Give them an axis of length 1: np.expand_dims(i, axis)."
        )
    if not -len(shape) <= axis < len(shape):
        raise np.exceptions.AxisError(axis, len(shape))
    axis = axis % len(shape)
    places = _from_the_start(indices.astype(np.intp), shape[axis])
    places = places * math.prod(shape[axis + 1 :])
    for i, length in enumerate(shape):
        if i != axis:
            behind = shape[i + 1 :]
            steps = np.arange(length) * math.prod(behind)
            places = places + steps.reshape(-1, *(1 for _ in behind))
    return places


def _from_the_start(indices, length):
    """Return indices with those that count from the end counted from the start."""
    # Read as unsigned integers, negative ones are too large as well.
    if not indices.size or indices.view(np.uintp).max() < length:
        return indices
    if indices.min() < -length or indices.max() >= length:
        raise IndexError(
            f"indices must lie in [{-length}, {length}) along an axis of length "
            f"{length}; received {indices.min()} to {indices.max()}."
        )
    return indices % length


class ChooseGrad(Grad, of=np.choose):
    """out = choices[a], element by element: the gradient goes to the one chosen."""

    def __init__(self, a, choices, *, mode="raise"):
        super().__init__(*choices)
        self.chosen, self.mode = np.array(graph.plain(a)), mode

    def forward(self, *choices):
        return np.choose(self.chosen, choices, mode=self.mode)

    def backward(self, grad):
        count = len(self.inputs)
        chosen = _in_range(self.chosen, count, self.mode)
        return tuple(
            np.where(chosen == i, grad, 0) if self.needs(i) else None
            for i in range(count)
        )


class SelectGrad(Grad, of=np.select):
    """out = the choice whose condition holds first, else the default.

    The gradient goes to the one that out was taken from.
    """

    def __init__(self, condlist, choicelist, default=0):
        super().__init__(*choicelist, default)
        self.conditions = [np.array(condition) for condition in graph.plain(condlist)]

    def forward(self, *values):
        return np.select(self.conditions, values[:-1], values[-1])

    def backward(self, grad):
        undecided = np.True_
        gradients = []
        for i, condition in enumerate([*self.conditions, np.True_]):
            taken = undecided & condition
            gradients.append(np.where(taken, grad, 0) if self.needs(i) else None)
            undecided = undecided & ~condition
        return tuple(gradients)


@composed(np.compress)
def compress(condition, a, axis=None):
    """The slices of x for which a condition holds: `take` of their numbers."""
    condition = np.asarray(graph.plain(condition))
    if condition.ndim != 1:
        raise ValueError(
            f"compress: condition must have one axis; received {condition.ndim}. For "
            "one of the shape of x write x[condition]."
        )
    return TakeGrad.apply(a, np.flatnonzero(condition), axis=axis)


@composed(np.extract)
def extract(condition, arr):
    """The elements for which a condition holds: `take` of their places."""
    return TakeGrad.apply(arr, np.flatnonzero(graph.plain(condition)))


@composed(np.piecewise)
def piecewise(x, condlist, funclist, *args, **kw):
    """A function in pieces: each is applied to x[condition] and written there.

    The last condition that holds decides; a function more than there are conditions is
    for all other elements, which are 0 without it.  The result has the dtype of x.
    """
    conditions = _conditions(graph.plain(condlist), np.ndim(x))
    if len(funclist) == len(conditions) + 1:
        conditions = [*conditions, ~np.logical_or.reduce(conditions)]
    if len(funclist) != len(conditions):
        raise ValueError(
            f"piecewise: {len(conditions)} conditions need as many functions, or one "
            f"more; received {len(funclist)}."
        )
    out = SetItemGrad.apply(x, ..., 0)
    for condition, function in zip(conditions, funclist, strict=True):
        if not condition.any():
            continue
        value = function
        if callable(function):
            value = function(GetItemGrad.apply(x, condition), *args, **kw)
        out = SetItemGrad.apply(out, condition, value)
    return out


def _conditions(condlist, ndim):
    """Return the conditions of `np.piecewise`, which takes a single one as well."""
    single = np.isscalar(condlist) or (
        ndim and not isinstance(condlist[0], (list, np.ndarray))
    )
    return [np.asarray(c, bool) for c in ([condlist] if single else condlist)]


@composed(np.bincount)
def bincount(x, weights=None, minlength=0):
    """out = the sum of the weights at each integer of x, by `ScatterAddGrad`."""
    places = np.asarray(graph.value(x))
    if not hasattr(weights, "_grad_op"):
        return np.bincount(places, weights, minlength)
    length = len(np.bincount(places, graph.value(weights), minlength))
    return ScatterAddGrad.apply(weights.astype(np.float64), places, (length,))


@composed(np.histogram)
def histogram(a, bins=10, range=None, density=None, weights=None):
    """The counts, which carry no gradient."""
    if getattr(weights, "requires_grad", False):
        raise TypeError(
            "np.histogram would lose the gradient of its weights. Write "
            "np.bincount(np.digitize(a, edges) - 1, weights)."
        )
    return np.histogram(*graph.plain((a, bins, range, density, weights)))


@composed(np.unique)
def unique(
    ar,
    return_index=False,
    return_inverse=False,
    return_counts=False,
    axis=None,
    **options,
):
    """The sorted values, each taken from where it first occurs."""
    plain = graph.value(ar)
    wanted = (return_inverse, return_counts, axis)
    if not hasattr(ar, "_grad_op") or ar.dtype.kind not in "fc":  # labels stay plain
        return np.unique(plain, return_index, *wanted, **options)
    _, first, *others = np.unique(plain, True, *wanted, **options)
    values = np.take(ar, first, axis=axis)
    others = [first, *others] if return_index else others
    return (values, *others) if others else values
