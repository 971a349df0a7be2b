"""Functional writing: ``x.at[index].set(value)`` and its kin."""

from __future__ import annotations

import math

import numpy as np

from keratorch import graph
from keratorch.broadcasting import unbroadcast
from keratorch.core import Grad
from keratorch.grads.indexing import (
    apply_at,
    as_written,
    constant_index,
    picked_places,
    picks_once,
)
from keratorch.modes import current_mode
from keratorch.registry import composed


class _WriteGrad(Grad):
    """out = x but for an index, where it is the value or something made of it."""

    method = ""

    def __init__(self, x, index, value):
        super().__init__(x, value)
        self.index = constant_index(index)

    @property
    def notation(self):
        """How names show it, as in ``x.at[0].set(y)``."""
        return f"{{}}.at[{as_written(self.index)}].{self.method}({{}})"

    def for_value(self, picked):
        """Return a gradient of the shape of x[index] in the shape of the value."""
        _, value = self.inputs
        shape = np.shape(value)
        if shape == picked.shape:
            return picked
        extra = max(len(shape) - picked.ndim, 0)  # axes of length 1 that writing drops
        return unbroadcast(picked, shape[extra:]).reshape(shape)


class SetItemGrad(_WriteGrad, of=np.ndarray.__setitem__):
    """out = x but for out[index] = value.

    dL/dx = dL/dout, 0 at the index; dL/dvalue = dL/dout[index].  Where the index picks
    a place several times the last value is written, and it alone has a gradient.
    """

    method = "set"

    def __init__(self, x, index, value):
        super().__init__(x, index, value)
        _check_not_cut(x, value)

    def forward(self, x, value):
        out = np.array(x)
        if picks_once(self.index) or np.size(value) == 1:
            out[self.index] = value
        else:
            kept = self.kept(x.shape)
            values = np.empty(kept.shape, x.dtype)
            values[...] = value
            out[self.index] = values.reshape(-1)[kept]
        return out

    def backward(self, grad):
        dx = SetItemGrad.apply(grad, self.index, 0.0) if self.needs(0) else None
        if not self.needs(1):
            return dx, None
        picked = grad[self.index]
        if not picks_once(self.index):
            kept = self.kept(grad.shape)
            own = kept == np.arange(kept.size).reshape(kept.shape)
            picked = np.where(own, picked, 0)
        return dx, self.for_value(picked)

    def kept(self, shape):
        """Return for each element of x[index] the number of the value that stays there.

        In which order NumPy itself writes depends on how the arrays lie in memory.
        """
        places = picked_places(self.index, shape)
        last = np.zeros(math.prod(shape), int)
        last[places.reshape(-1)] = np.arange(places.size)
        return last[places]


def _check_not_cut(x, value):
    """Raise where the gradient of a value would end at an array of integers."""
    dtype = graph.value(x).dtype
    if dtype.kind in "biu" and any(map(_is_recorded, graph.arrays_in(value))):
        raise TypeError(
            f"x.at[index] keeps the dtype of x, {dtype}, in which the value loses its "
            "gradient. Make x an array of floats: x.astype(float).at[index]."
        )


class _ApplyAt(_WriteGrad):
    """out = x but for function(x[index], value), once for each time it is picked."""

    def forward(self, x, value):
        function = self.of.__self__  # np.add of np.add.at
        _check_kept(np.result_type(x, value), x.dtype)
        out = np.array(x, order="C")
        if picks_once(self.index):
            out[self.index] = function(out[self.index], value)
        else:
            apply_at(function, out, self.index, value)
        return out


class AddAtGrad(_ApplyAt, of=np.add.at):
    """out = x with a value added at an index, hence dL/dx = dL/dout.

    dL/dvalue = dL/dout[index], since each value is added.
    """

    method = "add"

    def backward(self, grad):
        return grad, self.for_value(grad[self.index]) if self.needs(1) else None


class _ExtremumAt(_ApplyAt):
    """The gradient goes to what out equals, in equal shares among ties."""

    def backward(self, grad):
        x, value = map(graph.value, self.inputs)
        out = graph.value(self.output)
        stayed = (x == out).astype(grad.dtype)
        written = (np.asarray(value, out.dtype) == out[self.index]).astype(grad.dtype)
        ties = np.array(stayed, order="C")
        apply_at(np.add, ties, self.index, written)
        share = grad / np.maximum(ties, 1)  # nothing equals NaN
        return share * stayed, self.for_value(share[self.index] * written)


class MaximumAtGrad(_ExtremumAt, of=np.maximum.at):
    """out = x, or the largest value at an index: dL/dout goes to what out equals."""

    method = "max"


class MinimumAtGrad(_ExtremumAt, of=np.minimum.at):
    """out = x, or the smallest value at an index: dL/dout goes to what out equals."""

    method = "min"


@composed(np.subtract.at)
def subtract_at(x, index, value):
    """``x.at[index].subtract(value)``: the negative value is added."""
    return AddAtGrad.apply(x, index, np.negative(value))


@composed(np.multiply.at)
def multiply_at(x, index, value):
    """``x.at[index].multiply(value)``: x[index] * value is written."""
    return _applied_at(np.multiply, x, index, value)


@composed(np.true_divide.at)
def divide_at(x, index, value):
    """``x.at[index].divide(value)``: x[index] / value is written."""
    return _applied_at(np.true_divide, x, index, value)


@composed(np.power.at)
def power_at(x, index, value):
    """``x.at[index].power(value)``: x[index] ** value is written."""
    return _applied_at(np.power, x, index, value)


def _applied_at(function, x, index, value):
    """Write function(x[index], value) to the index, once for each time it is picked."""
    index = constant_index(index)
    if picks_once(index):
        return _applied_once(function, x, index, value)
    places = picked_places(index, x.shape)
    found, numbers = np.unique(places.reshape(-1), return_inverse=True)
    if found.size == places.size:
        return _applied_once(function, x, index, value)
    value = np.broadcast_to(value, places.shape).reshape(-1)
    index = np.unravel_index(found, x.shape)
    result = x[index]
    for turn in _turns(numbers):
        result = _applied_once(function, result, numbers[turn], value[turn])
    return SetItemGrad.apply(x, index, result)


def _applied_once(function, x, index, value):
    result = function(x[index], value)
    _check_kept(result.dtype, x.dtype)
    return SetItemGrad.apply(x, index, result)


def _check_kept(result, dtype):
    """Raise where a dtype would cut a result, as NumPy does for ``x += y``."""
    if not np.can_cast(result, dtype, "same_kind"):
        raise TypeError(
            f"x.at[index] keeps the dtype of x, {dtype}, which would cut a result of "
            f"dtype {result}. Write x.astype(np.{result}).at[index]."
        )


def _turns(numbers):
    """Return positions of all numbers, in groups in which each number is there once."""
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    turn = np.arange(order.size) - np.searchsorted(ordered, ordered)
    return [order[turn == i] for i in range(turn.max() + 1)]


def _refused(function, advice):
    """Let a function that writes into its array say what to write instead.

    Outside a graph it writes, as ``x[index] = value`` does.
    """

    @composed(function)
    def refuse(array, *args, **kwargs):
        needed = [x for x in graph.arrays_in(array, args, kwargs) if _is_recorded(x)]
        if needed or getattr(array, "_grad_op", None) is not None:
            raise TypeError(
                f"np.{function.__name__} writes into its array, which loses gradients. "
                f"Make a new array: {advice}."
            )
        function(graph.value(array), *graph.plain(args), **graph.plain(kwargs))
        if hasattr(array, "_mark_written"):
            array._mark_written()


def _is_recorded(x):
    return x.requires_grad and current_mode.get().records


_refused(np.put, "x = x.at[np.unravel_index(ind, x.shape)].set(v)")
_refused(np.place, "x = x.at[mask].set(vals), one value for each True of the mask")
_refused(np.putmask, "x = np.where(mask, values, x)")
_refused(np.copyto, "x = np.where(where, src, dst), or src itself")
_refused(
    np.put_along_axis,
    "x = x.at[rows, indices].set(values) with rows = np.arange(len(x))[:, None]",
)
_refused(np.fill_diagonal, "x = x.at[i, i].set(val) with i = np.arange(min(x.shape))")
