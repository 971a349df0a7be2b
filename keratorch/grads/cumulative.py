"""Running sums and products, differences, and integrals."""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad, GradArray
from keratorch.grads.reduction import delayed, refuse_output
from keratorch.registry import composed


class _Cumulative(Grad):
    """What running sums and products share: one axis, or all of them in a row."""

    def __init__(self, a, axis=None, dtype=None, out=None):
        refuse_output(self.of, out)
        super().__init__(a)
        self.axis, self.dtype = axis, dtype

    def forward(self, x):
        return self.of(x, axis=self.axis, dtype=self.dtype)

    def rows(self, array):
        """Return an array with the axis as its last."""
        return array if self.axis is None else array.swapaxes(self.axis, -1)


class CumsumGrad(_Cumulative, of=np.cumsum):
    """out[k] = x[0] + ... + x[k], hence dL/dx[k] = dL/dout[k] + dL/dout[k + 1] + ..."""

    def backward(self, grad):
        (x,) = self.inputs
        if self.axis is None:
            return grad[::-1].cumsum()[::-1].reshape(x.shape)
        turned = (slice(None),) * (self.axis % grad.ndim) + (slice(None, None, -1),)
        return grad[turned].cumsum(axis=self.axis)[turned]


class CumprodGrad(_Cumulative, of=np.cumprod):
    """out[k] = x[0] * ... * x[k], hence dL/dx[i] = sum(dL/dout[k] * out[k] / x[i]).

    The sum is over all k >= i.  Where out is 0 or not finite, it is computed without
    dividing: x[0] * ... * x[i - 1] times s[i], where s runs back from the end by
    s[k] = dL/dout[k] + x[k + 1] * s[k + 1].
    """

    def backward(self, grad):
        (x,) = self.inputs
        x_rows, out = self.rows(x.reshape(grad.shape)), self.rows(self.output)
        grad, last = self.rows(grad), graph.value(out)[..., -1:]
        if np.all(np.isfinite(last) & (last != 0)):
            dx = (grad * out)[..., ::-1].cumsum(axis=-1)[..., ::-1] / x_rows
        else:
            following = delayed(x_rows[..., ::-1], 0)
            s = RecurrenceGrad.apply(following, grad[..., ::-1])[..., ::-1]
            dx = delayed(x_rows, 1).cumprod(axis=-1) * s
        return self.rows(dx).reshape(x.shape)


class RecurrenceGrad(Grad):
    """out[k] = a[k] * out[k - 1] + b[k] along the last axis, and out[-1] = 0.

    Hence dL/db runs back from the end: dL/db[k] = dL/dout[k] + a[k + 1] * dL/db[k + 1],
    and dL/da[k] = dL/db[k] * out[k - 1].
    """

    def forward(self, a, b):
        # out[k] from the one 1, 2, 4, ... before it: few passes instead of many steps
        factor, out = a.copy(), b.copy()
        step = 1
        while step < out.shape[-1]:
            out[..., step:] += factor[..., step:] * out[..., :-step]
            factor[..., step:] *= factor[..., :-step].copy()
            step *= 2
        return out

    def backward(self, grad):
        a, _ = self.inputs
        following = delayed(a[..., ::-1], 0)
        db = RecurrenceGrad.apply(following, grad[..., ::-1])[..., ::-1]
        return db * delayed(self.output, 0), db


@composed(getattr(np, "cumulative_sum", None))
def cumulative_sum(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    """``np.cumsum``, after a 0 if that is asked for."""
    result = np.cumsum(x, _only_axis(x, axis), dtype, out)
    return _after(0, result, axis) if include_initial else result


@composed(getattr(np, "cumulative_prod", None))
def cumulative_prod(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    """``np.cumprod``, after a 1 if that is asked for."""
    result = np.cumprod(x, _only_axis(x, axis), dtype, out)
    return _after(1, result, axis) if include_initial else result


def _only_axis(x, axis):
    """Return the axis, which may be left out if there is only one."""
    if axis is None and x.ndim > 1:
        raise ValueError(
            f"which axis of shape {x.shape}? Say axis=, or use np.cumsum or np.cumprod "
            "for all elements in a row."
        )
    return axis


def _after(first, array, axis):
    """Return an array with a number before the others along an axis."""
    axis = 0 if axis is None else axis
    shape = list(array.shape)
    shape[axis] = 1
    return np.concatenate([np.full(shape, first, array.dtype), array], axis=axis)


class DiffGrad(Grad):
    """out = x[k + 1] - x[k], n times over.

    dL/dx is minus the same of dL/dout between zeros, n times over, n at each end.
    """

    def __init__(self, a, n=1, axis=-1):
        super().__init__(a)
        self.n, self.axis = n, axis

    def forward(self, x):
        return np.diff(x, self.n, self.axis)

    def backward(self, grad):
        (x,) = self.inputs
        if not grad.size:
            return np.zeros(x.shape, grad.dtype) + grad.sum()  # of no numbers
        shape = list(x.shape)
        shape[self.axis] = self.n
        zeros = np.zeros(shape, grad.dtype)
        dx = np.diff(np.concatenate([zeros, grad, zeros], self.axis), self.n, self.axis)
        return -dx if self.n % 2 else dx


@composed(np.diff)
def diff(a, n=1, axis=-1, prepend=None, append=None):
    """`DiffGrad` of the array, joined with what comes before and after it."""
    if n == 0:
        return a
    a = as_array(a)
    shape = list(a.shape)
    if shape:
        shape[axis] = 1
    pieces = [as_array(x) for x in (prepend, a, append) if x is not None]
    pieces = [x if x.ndim else np.broadcast_to(x, shape) for x in pieces]
    joined = np.concatenate(pieces, axis) if len(pieces) > 1 else a
    return DiffGrad.apply(joined, n, axis)


@composed(np.ediff1d)
def ediff1d(ary, to_end=None, to_begin=None):
    """``np.diff`` of all elements in a row, joined with what comes before and after."""
    ary = as_array(ary).reshape(-1)
    before = _ends("to_begin", to_begin, ary.dtype)
    after = _ends("to_end", to_end, ary.dtype)
    pieces = [*before, np.diff(ary), *after]
    return np.concatenate(pieces) if len(pieces) > 1 else pieces[0]


def _ends(name, ends, dtype):
    """Return a list of what `ediff1d` joins to the differences, if anything."""
    if ends is None:
        return []
    ends = as_array(ends).reshape(-1)
    if not np.can_cast(ends.dtype, dtype, "same_kind"):
        raise TypeError(
            f"np.ediff1d: {name} of {ends.dtype} does not fit into {dtype}."
        )
    return [ends if ends.dtype == dtype else ends.astype(dtype)]


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """The sum of the means of neighbours, each times their distance."""
    y = as_array(y)
    before = (slice(None),) * range(y.ndim)[axis]
    if x is not None:
        x = as_array(x)
        dx = np.diff(x, axis=axis if x.ndim > 1 else -1)
        if x.ndim == 1:
            dx = _column(dx, y.ndim - len(before))
    neighbours = y[(*before, slice(1, None))] + y[(*before, slice(-1))]
    return (dx * neighbours / 2.0).sum(axis=axis)


# before NumPy 2 its name is another
composed(getattr(np, "trapezoid" if hasattr(np, "trapezoid") else "trapz"))(trapezoid)


@composed(np.gradient)
def gradient(f, *varargs, axis=None, edge_order=1):
    """Slices of f, weighted by their distances, put together along each axis."""
    f = as_array(f)
    axes = range(f.ndim) if axis is None else np.atleast_1d(axis).tolist()
    axes = [range(f.ndim)[i] for i in axes]
    if edge_order not in (1, 2):
        raise ValueError(f"np.gradient: edge_order is 1 or 2; received {edge_order}.")
    if np.dtype(f.dtype).kind not in "fc":
        f = f.astype(np.float64)
    slopes = []
    for i, spacing in zip(axes, _spacings(f, varargs, axes), strict=True):
        if f.shape[i] <= edge_order:
            raise ValueError(
                f"np.gradient: axis {i} of length {f.shape[i]} is too short; with "
                f"edge_order={edge_order} it needs {edge_order + 1} elements."
            )
        slope = _slope(f, spacing, i, edge_order)
        slopes.append(slope if slope.dtype == f.dtype else slope.astype(f.dtype))
    if len(slopes) == 1:
        return slopes[0]
    return slopes if _LISTS else tuple(slopes)


_LISTS = np.lib.NumpyVersion(np.__version__) < "2.0.0"  # np.gradient returns them


def _spacings(f, given, axes):
    """Return for each axis one distance, or an array of them."""
    if not given:
        return [1.0] * len(axes)
    if len(given) == 1 and np.ndim(given[0]) == 0:
        return list(given) * len(axes)
    if len(given) != len(axes):
        raise TypeError(
            f"np.gradient: needs no spacing, one, or one for each of {len(axes)} axes; "
            f"received {len(given)}."
        )
    return [
        _distances(as_array(x), f.shape[i]) if np.ndim(x) else x
        for x, i in zip(given, axes, strict=True)
    ]


def _distances(x, length):
    """Return the distances of coordinates, one number if they are the same constant."""
    if x.shape != (length,):
        raise ValueError(
            f"np.gradient: coordinates along an axis of length {length} have shape "
            f"({length},); received {x.shape}."
        )
    distances = np.diff(x)
    if not isinstance(x, GradArray) and (distances == distances[:1]).all():
        return distances[0]
    return distances


def _slope(f, spacing, axis, edge_order):
    """Return the derivative of f along one axis.

    Inside, and at the edges if edge_order is 2, it is that of the parabola through
    three neighbours at distances h and k: with p and q the slopes between them, that
    is p - h * bend, p + h * bend and q + k * bend, where bend = (q - p) / (h + k).
    """
    before = (slice(None),) * axis
    lower, upper = (*before, slice(-1)), (*before, slice(1, None))
    start, end = (*before, slice(1)), (*before, slice(-1, None))
    h = k = h_start = k_end = spacing
    if np.ndim(spacing):
        spacing = _column(spacing, f.ndim - axis)
        h, k, h_start, k_end = spacing[:-1], spacing[1:], spacing[:1], spacing[-1:]
    slopes = (f[upper] - f[lower]) / spacing
    first, last = slopes[start], slopes[end]
    if edge_order == 2 or np.ndim(spacing):
        p, q = slopes[lower], slopes[upper]
        bend = (q - p) / (h + k)
    if np.ndim(spacing):
        inside = p + h * bend
    else:  # the same, rounded as NumPy does
        two_on, two_back = (*before, slice(2, None)), (*before, slice(-2))
        inside = (f[two_on] - f[two_back]) / (2.0 * spacing)
    if edge_order == 2:
        first, last = first - h_start * bend[start], last + k_end * bend[end]
    return np.concatenate([first, inside, last], axis)


def _column(vector, ndim):
    """Return a vector along the first of so many axes."""
    return vector.reshape(-1, *[1] * (ndim - 1))


def as_array(x):
    """Return a GradArray as it is, anything else as an ndarray."""
    return x if isinstance(x, GradArray) else np.asanyarray(x)
