"""Functions that move elements and change none."""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad, GradArray
from keratorch.registry import composed

# what functions of several arrays return: a tuple, or in NumPy before 2 a list
_SEQUENCE = type(np.broadcast_arrays())


class ReshapeGrad(Grad, of=np.reshape):
    """out = the elements of x in another shape; dL/dx = dL/dout in the shape of x."""

    def __init__(self, a, shape=None, order="C", *, newshape=None, copy=None):
        super().__init__(a)
        if order not in ("C", "F", "A"):
            raise ValueError(
                f"reshape: order must be 'C', 'F' or 'A'; received {order!r}. To read "
                "the elements as they lie in memory write np.ravel(x, order='K')."
            )
        self.new_shape = newshape if shape is None else shape
        if order == "A":
            order = "F" if np.asarray(graph.value(a)).flags.fnc else "C"
        self.order, self.copy = order, copy

    def forward(self, x):
        if self.copy is False:  # an error where it takes a copy
            return np.reshape(x, self.new_shape, order=self.order, copy=False)
        if self.copy:
            x = x.copy(self.order)
        return x.reshape(self.new_shape, order=self.order)

    def backward(self, grad):
        (x,) = self.inputs
        return grad.reshape(x.shape, order=self.order)


@composed(np.ravel)
def ravel(a, order="C"):
    """Composed of np.reshape; order 'K', that of the memory, takes np.transpose too."""
    if order == "K":
        a, order = np.transpose(a, _axes_as_in_memory(graph.value(a))), "C"
    return np.reshape(a, -1, order)


def _axes_as_in_memory(array):
    """Return the axes in the order of their strides, the largest first."""
    lengths = zip(array.strides, array.shape, strict=True)
    strides = [abs(stride) if length > 1 else 1 for stride, length in lengths]
    if 0 in strides:
        raise ValueError(
            "ravel: a broadcast array has its elements in memory once, and no order "
            "'K' of all. Use order='C'."
        )
    return np.argsort([-stride for stride in strides])


@composed(np.ndarray.flatten)
def flatten(a, order="C"):
    """Composed of np.ravel, and a copy where that is none."""
    if order == "K":
        return np.ravel(a, order).copy()
    return ReshapeGrad.apply(a, -1, order, copy=True)


@composed(np.copy)
def copy(a, order="K", subok=False):
    """The method of that name."""
    return a.copy(order)


class TransposeGrad(Grad, of=np.transpose):
    """out = x with its axes in another order; dL/dx = dL/dout with them put back."""

    def __init__(self, a, axes=None):
        super().__init__(a)
        self.axes = None if axes is None else tuple(np.ravel(axes).tolist())

    @property
    def notation(self):
        """How names show it: ``x.T`` if all axes are reversed."""
        ndim = len(self._inputs[0].shape)
        reverses = self.axes is None or self.forwards() == list(range(ndim))[::-1]
        return "{}.T" if reverses else None

    def forwards(self):
        """Return the axes without negative numbers."""
        return [axis % len(self.axes) for axis in self.axes]

    def forward(self, x):
        return x.transpose(self.axes)

    def backward(self, grad):
        if self.axes is None:
            return grad.transpose()
        forwards = self.forwards()
        return np.transpose(grad, sorted(range(grad.ndim), key=forwards.__getitem__))


class SwapaxesGrad(Grad, of=np.swapaxes):
    """out = x with two axes swapped; dL/dx = dL/dout with them swapped again."""

    def __init__(self, a, axis1, axis2):
        super().__init__(a)
        self.axes = axis1, axis2

    def forward(self, x):
        return np.swapaxes(x, *self.axes)

    def backward(self, grad):
        return np.swapaxes(grad, *self.axes)


@composed(getattr(np, "matrix_transpose", None))  # from NumPy 2 on
def matrix_transpose(x, /):
    """Composed of np.swapaxes, of the last two axes."""
    return np.swapaxes(x, -1, -2)


class MoveaxisGrad(Grad, of=np.moveaxis):
    """out = x with some axes at other places; dL/dx = dL/dout with them put back."""

    def __init__(self, a, source, destination):
        super().__init__(a)
        self.source, self.destination = source, destination

    def forward(self, x):
        return np.moveaxis(x, self.source, self.destination)

    def backward(self, grad):
        return np.moveaxis(grad, self.destination, self.source)


@composed(np.rollaxis)
def rollaxis(a, axis, start=0):
    """Composed of np.moveaxis: the axis comes to lie before that of number start."""
    if not -a.ndim <= start <= a.ndim:
        raise ValueError(
            f"rollaxis: start must lie between {-a.ndim} and {a.ndim} for an array of "
            f"shape {a.shape}; received {start}."
        )
    start = start + a.ndim if start < 0 else start
    forwards = axis + a.ndim if axis < 0 else axis
    return np.moveaxis(a, axis, start - 1 if forwards < start else start)


class ExpandDimsGrad(Grad, of=np.expand_dims):
    """out = x with axes of length 1 added; dL/dx = dL/dout without them."""

    def __init__(self, a, axis):
        super().__init__(a)
        self.axis = axis

    def forward(self, x):
        return np.expand_dims(x, self.axis)

    def backward(self, grad):
        (x,) = self.inputs
        return np.reshape(grad, x.shape)


class SqueezeGrad(Grad, of=np.squeeze):
    """out = x without axes of length 1; dL/dx = dL/dout with them put back."""

    def __init__(self, a, axis=None):
        super().__init__(a)
        self.axis = axis

    def forward(self, x):
        return np.squeeze(x, self.axis)

    def backward(self, grad):
        (x,) = self.inputs
        return np.reshape(grad, x.shape)


class BroadcastToGrad(Grad, of=np.broadcast_to):
    """out = x repeated to a shape; dL/dx = dL/dout summed over the repetitions."""

    def __init__(self, array, shape, subok=False):
        super().__init__(array)
        self.shape = shape

    def forward(self, x):
        return np.broadcast_to(x, self.shape)

    def backward(self, grad):
        return grad  # the walk sums over the axes that were broadcast


@composed(np.broadcast_arrays)
def broadcast_arrays(*args, subok=False):
    """Composed of np.broadcast_to, for each array that has not the common shape."""
    arrays = [as_array(x) for x in args]
    shape = np.broadcast_shapes(*[x.shape for x in arrays])
    return _SEQUENCE(
        x if x.shape == shape else np.broadcast_to(x, shape) for x in arrays
    )


@composed(np.full_like)
def full_like(
    a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None
):
    """Composed of np.broadcast_to; without a gradient unless the fill value has one."""
    options = {} if device is None else {"device": device}
    like = np.empty_like(a, dtype, order, shape=shape, **options)
    if not isinstance(fill_value, GradArray):
        return np.full_like(like, fill_value)
    check_kept(fill_value, like.dtype, "full_like", "dtype=")
    return as_dtype(np.broadcast_to(fill_value, like.shape), like.dtype)


@composed(np.atleast_1d)
def atleast_1d(*arys):
    """Composed of np.reshape: a number becomes an array of one element."""
    return _reshaped(arys, 1, lambda shape: (1,))


@composed(np.atleast_2d)
def atleast_2d(*arys):
    """Composed of np.reshape: a vector becomes a row."""
    return _reshaped(arys, 2, lambda shape: (1,) * (2 - len(shape)) + shape)


@composed(np.atleast_3d)
def atleast_3d(*arys):
    """Composed of np.reshape: (n,) becomes (1, n, 1), and (m, n) becomes (m, n, 1)."""
    return _reshaped(arys, 3, lambda shape: (1,) * (2 - len(shape)) + shape + (1,))


def _reshaped(arrays, ndim, larger):
    """Return the arrays, those of fewer axes in a larger shape."""
    arrays = [as_array(x) for x in arrays]
    result = [x if x.ndim >= ndim else x.reshape(larger(x.shape)) for x in arrays]
    return result[0] if len(result) == 1 else _SEQUENCE(result)


@composed(np.meshgrid)
def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    """Composed of np.reshape and np.broadcast_to: each array spans an axis."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: indexing is 'xy' or 'ij'; received {indexing!r}.")
    axes = list(range(len(xi)))
    if indexing == "xy":
        axes[:2] = axes[:2][::-1]
    grids = [
        np.reshape(as_array(x), [-1 if i == axis else 1 for i in range(len(xi))])
        for x, axis in zip(xi, axes, strict=True)
    ]
    if not sparse:
        grids = np.broadcast_arrays(*grids)
    return _SEQUENCE(np.copy(grid, "C") if copy else grid for grid in grids)


@composed(np.array)
def array(object, dtype=None, *, copy=True, order="K", ndmin=0):
    """out = nested lists of numbers and arrays as one array, by ``like=x``."""
    joined = as_array(object)
    if joined.ndim < ndmin:
        joined = joined.reshape((1,) * (ndmin - joined.ndim) + joined.shape)
    if dtype is not None:
        joined = as_dtype(joined, dtype)
    return np.copy(joined, order) if copy else joined


@composed(np.asarray)
def asarray(a, dtype=None, order=None, *, copy=None):
    """out = nested lists of numbers and arrays as one array, x itself if it is one."""
    ordered = order in ("C", "F")
    return array(a, dtype, copy=copy or ordered, order=order or "K")


@composed(np.full)
def full(shape, fill_value, dtype=None, order="C", *, device=None):
    """out = fill_value everywhere: ``np.full(..., like=x)``."""
    out = np.copy(np.broadcast_to(fill_value, shape), order)
    return out if dtype is None else as_dtype(out, dtype)


def as_array(x):
    """Return x as an array: a GradArray if it is one, or a list with one in it."""
    if isinstance(x, (GradArray, np.ndarray)):
        return x
    if isinstance(x, (list, tuple)) and holds_arrays(x):
        return np.stack(_alike([as_array(item) for item in x]))
    return np.asarray(x)


def _alike(items):
    """Return the entries of a list, which must have one shape to make an array."""
    shapes = list(dict.fromkeys(np.shape(item) for item in items))
    if len(shapes) > 1:
        received = ", ".join(map(str, shapes[:4])) + ", ..." * (len(shapes) > 4)
        raise ValueError(
            "the entries of a list must have one shape to become an array; received "
            f"shapes {received}. Write np.concatenate or np.hstack to put vectors of "
            "different lengths one after another."
        )
    return items


def holds_arrays(nested):
    """Return whether there is a GradArray in nested lists, or instead of them."""
    return next(graph.arrays_in(nested), None) is not None


def as_dtype(x, dtype):
    """Return x in a dtype, itself if it has that."""
    return x if x.dtype == dtype else x.astype(dtype)


def check_kept(values, dtype, function, advice):
    """Raise where integers would take values whose gradient would end there."""
    if np.dtype(dtype).kind in "biu" and getattr(values, "requires_grad", False):
        raise TypeError(
            f"{function} keeps the dtype {dtype}, in which values of dtype "
            f"{values.dtype} lose their gradient. Make it floats: {advice}."
        )
