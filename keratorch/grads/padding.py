"""Arrays with a border, in each mode of ``np.pad``."""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad, GradArray
from keratorch.grads.shape import as_array, as_dtype, holds_arrays
from keratorch.registry import composed


class PadGrad(Grad):
    """out = x with a border of constants; dL/dx = dL/dout without the border.

    `widths` is ``[(before, after), ...]``, one pair for each axis.
    """

    def __init__(self, x, widths, value=0):
        super().__init__(x)
        self.widths, self.value = widths, value

    def forward(self, x):
        if np.ndim(self.value):  # one for each side
            return np.pad(x, self.widths, constant_values=self.value)
        lengths = zip(x.shape, self.widths, strict=True)
        shape = [before + length + after for length, (before, after) in lengths]
        out = np.full(shape, self.value, x.dtype)
        out[self.inside(out)] = x
        return out

    def backward(self, grad):
        return grad[self.inside(grad)]

    def inside(self, out):
        """Return the index of x in the result."""
        lengths = zip(out.shape, self.widths, strict=True)
        return tuple(slice(before, n - after) for n, (before, after) in lengths)


@composed(np.pad)
def pad(array, pad_width, mode="constant", **kwargs):
    """One axis after another, by np.take of its elements or np.concatenate of others.

    A border of constants alone is an operation of its own, `PadGrad`.  Mode 'empty',
    which promises no values, pads with 0.
    """
    keyword, option, along_axis = _arguments(mode)
    option = kwargs.get(keyword, option)
    if kwargs.keys() - {keyword}:
        takes = f"the keyword {keyword}" if keyword else "no keyword"
        raise ValueError(
            f"pad: mode {mode!r} takes {takes}; received {', '.join(kwargs)}."
        )
    array = as_array(array)
    widths = _pairs_of_integers(_of_every_axis(pad_width, array.ndim), array.ndim)
    if (
        np.dtype(array.dtype).kind in "biu"
    ):  # without a gradient; NumPy rounds what it adds
        return GradArray(np.pad(graph.value(array), widths, mode, **kwargs))
    if not any(map(any, widths)):
        return array.copy()
    if along_axis is _constant and not holds_arrays(option):
        return PadGrad.apply(array, widths, option)
    for axis, width in enumerate(widths):
        if not any(width):
            continue
        if not array.shape[axis] and along_axis is not _constant:
            raise ValueError(
                f"pad: axis {axis} of length 0 has no element to pad with in mode "
                f"{mode!r}; mode 'constant' needs none."
            )
        array = along_axis(array, axis, width, mode, option)
    return array


def _arguments(mode):
    """Return a mode's keyword, the default of it, and what pads along an axis."""
    if callable(mode):
        raise TypeError(
            "pad: a function as mode writes into its array, which loses gradients. "
            "np.concatenate([before, x, after], axis) joins any border to x."
        )
    if mode not in _MODES:
        raise ValueError(f"pad: mode is one of {', '.join(_MODES)}; received {mode!r}.")
    return _MODES[mode]


def _of_every_axis(widths, ndim):
    """Return pad widths, also those given as ``{axis: (before, after)}``, for all."""
    if not isinstance(widths, dict):
        return widths
    pairs = [(0, 0)] * ndim
    for axis, width in widths.items():
        pairs[axis] = tuple(np.broadcast_to(width, 2).tolist())
    return pairs


def _pairs_of_integers(numbers, ndim):
    numbers = np.asarray(graph.plain(numbers))
    if numbers.dtype.kind not in "iu":
        raise TypeError(f"pad: widths are integers; received dtype {numbers.dtype}.")
    if np.any(numbers < 0):
        raise ValueError("pad: widths must not be negative; x[1:-1] makes x smaller.")
    return [tuple(pair) for pair in np.broadcast_to(numbers, (ndim, 2)).tolist()]


def _constant(x, axis, widths, mode, option):
    values = _pair(option, x, axis)
    sides = [
        _repeated(as_dtype(value, x.dtype), x, axis, width)
        for value, width in zip(values, widths, strict=True)
    ]
    return _bordered(x, axis, sides)


def _statistic(x, axis, widths, mode, option):
    length, before = x.shape[axis], (slice(None),) * axis
    counts = [length if n is None else min(n, length) for n in _pair(option, x, axis)]
    if min(counts) < 0:
        raise ValueError("pad: stat_length must not be negative.")
    parts = slice(counts[0]), slice(length - counts[1], None)
    sides = [
        _repeated(
            _STATISTICS[mode](x[(*before, part)], axis, keepdims=True), x, axis, n
        )
        for part, n in zip(parts, widths, strict=True)
    ]
    return _bordered(x, axis, sides)


def _ramp(x, axis, widths, mode, option):
    ends = _pair(option, x, axis)
    sides = []
    for i, width, end in zip((0, -1), widths, ends, strict=True):
        edge, end = np.take(x, [i], axis), as_dtype(end, x.dtype)
        steps = np.arange(width, dtype=x.dtype) / max(width, 1)
        steps = steps if i == 0 else steps[::-1]
        column = (-1,) + (1,) * (x.ndim - 1 - axis)
        sides.append(end + (edge - end) * steps.reshape(column))
    return _bordered(x, axis, sides)


def _indexed(x, axis, widths, mode, option=None):
    return np.take(x, np.pad(np.arange(x.shape[axis]), widths, mode), axis)


def _reflected(x, axis, widths, mode, option):
    if option not in ("even", "odd"):
        raise ValueError(f"pad: reflect_type is 'even' or 'odd'; received {option!r}.")
    period = x.shape[axis] - (mode == "reflect")
    if option == "even" or not period:
        return _indexed(x, axis, widths, mode)
    while any(widths):  # a wide border reflects what it reflected before
        width = [min(n, period) for n in widths]
        index = np.pad(np.arange(x.shape[axis]), width, mode)
        before, after = index[: width[0]], index[len(index) - width[1] :]
        sides = [
            2 * np.take(x, [i], axis) - np.take(x, mirrored, axis)
            for i, mirrored in ((0, before), (-1, after))
        ]
        x = _bordered(x, axis, sides)
        widths = [n - done for n, done in zip(widths, width, strict=True)]
    return x


def _pair(option, x, axis):
    """Return what an option says for the two sides of an axis."""
    return np.broadcast_to(as_array(option), (x.ndim, 2))[axis]


def _repeated(value, x, axis, width):
    """Return a value, or one for each place along the other axes, so often."""
    shape = list(x.shape)
    shape[axis] = width
    return np.broadcast_to(value, shape)


def _bordered(x, axis, sides):
    return np.concatenate([sides[0], x, sides[1]], axis)


_STATISTICS = {
    "mean": np.mean,
    "median": np.median,
    "maximum": np.max,
    "minimum": np.min,
}
_MODES = {
    "constant": ("constant_values", 0, _constant),
    "empty": (None, 0, _constant),
    "edge": (None, None, _indexed),
    "wrap": (None, None, _indexed),
    "reflect": ("reflect_type", "even", _reflected),
    "symmetric": ("reflect_type", "even", _reflected),
    "linear_ramp": ("end_values", 0, _ramp),
    **dict.fromkeys(_STATISTICS, ("stat_length", None, _statistic)),
}
