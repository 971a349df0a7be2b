"""Elements repeated, rolled and turned around."""

from __future__ import annotations

import math

import numpy as np

from keratorch import graph
from keratorch.core import Grad, GradArray
from keratorch.grads.indexing import ScatterAddGrad
from keratorch.registry import composed


class TileGrad(Grad, of=np.tile):
    """out = x repeated along each axis; dL/dx = dL/dout summed over the repetitions."""

    def __init__(self, A, reps):
        super().__init__(A)
        self.reps = tuple(np.atleast_1d(graph.plain(reps)).tolist())

    def forward(self, x):
        return np.tile(x, self.reps)

    def backward(self, grad):
        (x,) = self.inputs
        reps = (1,) * (grad.ndim - len(self.reps)) + self.reps
        lengths = (1,) * (grad.ndim - x.ndim) + x.shape
        blocks = [n for pair in zip(reps, lengths, strict=True) for n in pair]
        over = tuple(range(0, 2 * grad.ndim, 2))
        return grad.reshape(blocks).sum(axis=over).reshape(x.shape)


class RepeatGrad(Grad, of=np.repeat):
    """out = each element of x several times; dL/dx = dL/dout summed over these."""

    def __init__(self, a, repeats, axis=None):
        super().__init__(a)
        self.repeats, self.axis = np.array(graph.plain(repeats)), axis

    def forward(self, x):
        return np.repeat(x, self.repeats, self.axis)

    def backward(self, grad):
        (x,) = self.inputs
        shape = (x.size,) if self.axis is None or not x.ndim else x.shape
        axis = (self.axis or 0) % len(shape)
        before, length, after = shape[:axis], shape[axis], shape[axis + 1 :]
        if self.repeats.size == 1:
            groups = grad.reshape(*before, length, self.repeats.item(), *after)
            return groups.sum(axis=axis + 1).reshape(x.shape)
        rows = np.repeat(np.arange(length), self.repeats)
        index = (slice(None),) * axis + (rows,)
        return ScatterAddGrad.apply(grad, index, shape).reshape(x.shape)


@composed(np.resize)
def resize(a, new_shape):
    """Composed of np.tile of the flattened x, as much of it as the new shape holds."""
    shape = tuple(np.atleast_1d(graph.plain(new_shape)).tolist())
    if any(length < 0 for length in shape):
        raise ValueError(f"resize: lengths must not be negative; received {shape}.")
    size = math.prod(shape)
    if not a.size:
        return np.reshape(np.tile(np.sum(a), size), shape)  # the zeros of NumPy
    return np.reshape(np.tile(np.ravel(a), -(-size // a.size))[:size], shape)


class FlipGrad(Grad, of=np.flip):
    """out = x in reverse order along some axes; dL/dx = dL/dout likewise."""

    def __init__(self, m, axis=None):
        super().__init__(m)
        self.axis = axis

    def forward(self, x):
        return np.flip(x, self.axis)

    def backward(self, grad):
        return np.flip(grad, self.axis)


@composed(np.flipud)
def flipud(m):
    """Composed of np.flip along the first axis."""
    return np.flip(m, 0)


@composed(np.fliplr)
def fliplr(m):
    """Composed of np.flip along the second axis."""
    return np.flip(m, 1)


class RollGrad(Grad, of=np.roll):
    """out = x shifted around along some axes; dL/dx = dL/dout shifted back."""

    def __init__(self, a, shift, axis=None):
        super().__init__(a)
        self.shift, self.axis = graph.plain(shift), axis

    def forward(self, x):
        return _rolled(x, self.shift, self.axis)

    def backward(self, grad):
        is_int = isinstance(self.shift, int)
        back = -self.shift if is_int else np.negative(self.shift)
        roll = np.roll if isinstance(grad, GradArray) else _rolled
        return roll(grad, back, self.axis)


def _rolled(x, shift, axis):
    """Return np.roll, by a shorter way where two pieces change places."""
    if not isinstance(shift, int) or not x.size:
        return np.roll(x, shift, axis)
    rows, axis = (x.ravel(), 0) if axis is None else (x, axis)
    if not isinstance(axis, int) or not -rows.ndim <= axis < rows.ndim:
        return np.roll(x, shift, axis)
    before = (slice(None),) * (axis % rows.ndim)
    start = -shift % rows.shape[axis]
    pieces = rows[(*before, slice(start, None))], rows[(*before, slice(start))]
    return np.concatenate(pieces, axis).reshape(x.shape)


class Rot90Grad(Grad, of=np.rot90):
    """out = x turned by k quarters in a plane of axes; dL/dx = dL/dout turned back."""

    def __init__(self, m, k=1, axes=(0, 1)):
        super().__init__(m)
        self.k, self.axes = k, axes

    def forward(self, x):
        return np.rot90(x, self.k, self.axes)

    def backward(self, grad):
        return np.rot90(grad, -self.k, self.axes)


class SlidingWindowViewGrad(Grad, of=np.lib.stride_tricks.sliding_window_view):
    """out[i, j] = x[i + j], for each axis that a window slides along.

    Hence dL/dx[n] is the sum of all dL/dout[i, j] with i + j = n.
    """

    def __init__(self, x, window_shape, axis=None, *, subok=False, writeable=False):
        super().__init__(x)
        if writeable:
            raise ValueError(
                "sliding_window_view: writeable=True would let a write into the "
                "windows change x, which a graph may need."
            )
        self.window_shape, self.axis = window_shape, axis

    def forward(self, x):
        return np.lib.stride_tricks.sliding_window_view(x, self.window_shape, self.axis)

    def backward(self, grad):
        return OverlapAddGrad.apply(grad, self.window_shape, self.axis)


class OverlapAddGrad(Grad):
    """out[n] = the sum of all x[i, j] with i + j = n, for each axis of the windows.

    Hence dL/dx[i, j] = dL/dout[i + j]: the windows of dL/dout.
    """

    def __init__(self, x, window_shape, axis=None):
        super().__init__(x)
        self.window_shape, self.axis = window_shape, axis

    def forward(self, x):
        count = np.size(self.window_shape)
        axes = range(count) if self.axis is None else np.atleast_1d(self.axis).tolist()
        ndim = x.ndim - count
        for axis in list(axes)[::-1]:  # the last window is the last axis
            x = _overlap_added(x, axis % ndim)
        return x

    def backward(self, grad):
        return np.lib.stride_tricks.sliding_window_view(
            grad, self.window_shape, self.axis
        )


def _overlap_added(x, axis):
    """Return the windows in the last axis of x added up along another axis."""
    x = np.moveaxis(x, (axis, -1), (0, 1))
    count, width, *others = x.shape
    out = np.zeros((count + width - 1, *others), x.dtype)
    if width <= count:
        for i in range(width):
            out[i : i + count] += x[:, i]
    else:
        for i in range(count):
            out[i : i + width] += x[i]
    return np.moveaxis(out, 0, axis)
