"""Functions of each element that choose, limit or convert: maximum, where, astype."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.choice import kept, split
from keratorch.registry import composed, derivatives


class AbsGrad(Grad, of=np.absolute):
    """out = abs(x), hence dL/dx = dL/dout * sign(x), which is 0 at 0.

    For a complex number dL/dx = dL/dout * conj(x) / out, 0 at 0 as well.
    """

    def backward(self, grad):
        (x,) = self.inputs
        if x.dtype.kind != "c":
            return grad * np.sign(x)
        out = self.output
        return grad * np.conjugate(x) / np.where(out == 0, 1, out)


class SignGrad(Grad, of=np.sign):
    """out = -1, 0 or 1, hence dL/dx = 0.

    Of a complex number it is x / abs(x), which only a turn of x moves: dL/dx =
    (dL/dout - Re(dL/dout * out) * conj(out)) / abs(x), 0 at 0.
    """

    def backward(self, grad):
        (x,) = self.inputs
        if x.dtype.kind != "c" or not _SIGN_IS_A_TURN:
            return np.where(False, grad, 0.0)  # zeros, and yet a part of its graph
        out, size = self.output, np.abs(x)
        along = np.real(grad * out) * np.conjugate(out)
        return np.where(out == 0, 0, (grad - along) / np.where(size == 0, 1, size))


_SIGN_IS_A_TURN = np.sign(1j) == 1j  # in NumPy 1 it is 1 or -1


class FabsGrad(AbsGrad, of=np.fabs):
    """out = abs(x), hence dL/dx = dL/dout * sign(x), which is 0 at 0."""


class CopysignGrad(Grad, of=np.copysign):
    """out = abs(a) with the sign of b.

    Hence dL/da = dL/dout * sign(a) * sign(out), 0 where a is 0, and dL/db = 0.
    """

    def backward(self, grad):
        a, _ = self.inputs
        da = grad * (np.sign(a) * np.sign(self.output)) if self.needs(0) else None
        return da, np.where(False, grad, 0.0)


class HeavisideGrad(Grad, of=np.heaviside):
    """out = 0 for x < 0, 1 for x > 0, and h at 0.

    Hence dL/dx = 0, and dL/dh = dL/dout where x is 0.
    """

    def backward(self, grad):
        x, _ = self.inputs
        return np.where(False, grad, 0.0), grad * (x == 0)


class MaximumGrad(Grad, of=np.maximum):
    """out = max(a, b): the gradient goes to the larger, half to each if equal.

    Where one is NaN, so is the result, and the gradient goes to both.
    """

    def backward(self, grad):
        a, b = self.inputs
        return _divided(grad, a > b, a < b, a, b)


class MinimumGrad(Grad, of=np.minimum):
    """out = min(a, b): the gradient goes to the smaller, half to each if equal.

    Where one is NaN, so is the result, and the gradient goes to both.
    """

    def backward(self, grad):
        a, b = self.inputs
        return _divided(grad, a < b, a > b, a, b)


def _divided(grad, first, second, a, b):
    """Return the gradients of a and b, given where the one and the other was chosen.

    Both get it where neither was: half of it if they are equal, else one is NaN.
    """
    if np.count_nonzero(first) + np.count_nonzero(second) == first.size:
        return split(grad, first)
    grad = grad * np.where(a == b, 0.5, 1).astype(grad.dtype)
    return kept(grad, ~second), kept(grad, ~first)


class FmaxGrad(Grad, of=np.fmax):
    """out = max(a, b), or the one that is no NaN: the gradient goes to the one chosen.

    If they are equal, or both NaN, it is a, as in PyTorch.
    """

    def backward(self, grad):
        a, b = self.inputs
        first = (a >= b) | np.isnan(b)
        return split(grad, first)


class FminGrad(Grad, of=np.fmin):
    """out = min(a, b), or the one that is no NaN: the gradient goes to the one chosen.

    If they are equal, or both NaN, it is a, as in PyTorch.
    """

    def backward(self, grad):
        a, b = self.inputs
        first = (a <= b) | np.isnan(b)
        return split(grad, first)


class NanToNumGrad(Grad, of=np.nan_to_num):
    """out = x with numbers for NaN, inf and -inf: dL/dx = dL/dout where x is finite."""

    def __init__(self, x, copy=True, nan=0.0, posinf=None, neginf=None):
        if not copy:
            raise ValueError(
                "nan_to_num: copy=False would write into x, which a graph may need. "
                "Use the result: y = np.nan_to_num(x)."
            )
        super().__init__(x)
        self.numbers = {"nan": nan, "posinf": posinf, "neginf": neginf}

    def forward(self, x):
        return np.nan_to_num(x, **self.numbers)

    def backward(self, grad):
        (x,) = self.inputs
        return kept(grad, np.isfinite(x))


class ClipGrad(Grad, of=np.clip):
    """out = min(max(x, low), high): the gradient goes to the one that out equals.

    Inside the limits, and on them, it goes to x.
    """

    def __init__(self, a, a_min=None, a_max=None, *, min=None, max=None):
        low, high = _one_of("min", a_min, min), _one_of("max", a_max, max)
        super().__init__(a, _limit(a, low, -np.inf), _limit(a, high, np.inf))

    def forward(self, x, low, high):
        return np.minimum(np.maximum(x, low), high)

    def backward(self, grad):
        x, low, high = self.inputs
        return (
            kept(grad, (x >= low) & (x <= high)),
            kept(grad, (x < low) & (low < high)) if self.needs(1) else None,
            kept(grad, (x > high) | (high < low)) if self.needs(2) else None,
        )


class _Asking:
    """What a ufunc is called with to learn which one it is."""

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return ufunc


# ndarray.clip calls a ufunc that has no public name: np.ones(3).clip(0, x).
_its_ufunc: Any = np.ones(1).clip(0, _Asking())  # type: ignore[call-overload]
derivatives[_its_ufunc] = ClipGrad


class WhereGrad(Grad, of=np.where):
    """out = a where the condition holds, else b: the gradient goes the same way.

    Of a condition alone NumPy returns the places where it holds, which are constants.
    """

    @classmethod
    def apply(cls, condition, *choices, **named):
        if not choices and not named:
            return np.nonzero(condition)
        return super().apply(condition, *choices, **named)

    def __init__(self, condition, x, y):
        super().__init__(x, y)
        self.condition = np.array(graph.value(condition), dtype=bool)

    def forward(self, a, b):
        return np.where(self.condition, a, b)

    def backward(self, grad):
        return split(grad, self.condition)


class AstypeGrad(Grad, of=np.ndarray.astype):
    """out = x in another dtype, hence dL/dx = dL/dout in the dtype of x.

    From complex to real numbers, and back, the gradient is that of the real parts.
    """

    changes_dtype = True

    def __init__(self, x, dtype, order="K", casting="unsafe", subok=True, copy=True):
        super().__init__(x)
        self.dtype = np.dtype(dtype)
        self.options = {
            "order": order,
            "casting": casting,
            "subok": subok,
            "copy": copy,
        }

    def forward(self, x):
        return x.astype(self.dtype, **self.options)

    def backward(self, grad):
        return grad  # the walk gives it the dtype of x


@composed(getattr(np, "astype", None))  # from NumPy 2.1 on
def astype(x, dtype, /, *, copy=True, device=None):
    """Return x.astype(dtype)."""
    if device not in (None, "cpu"):
        raise ValueError(f"astype: device must be 'cpu' or None; received {device!r}.")
    return x.astype(dtype, copy=copy)


class CopyGrad(Grad, of=np.ndarray.copy):
    """out = a copy of x, hence dL/dx = dL/dout."""

    def __init__(self, x, order="C"):
        super().__init__(x)
        self.order = order

    def forward(self, x):
        return x.copy(self.order)

    def backward(self, grad):
        return grad


def _one_of(name, old, new):
    """Return a limit of clip, whose name was longer before NumPy 2.1."""
    if old is not None and new is not None:
        raise ValueError(f"clip: give {name}= or a_{name}, not both.")
    return old if new is None else new


def _limit(x, limit, infinity):
    """Return a limit of clip; where there is none, one that no number passes."""
    if limit is not None:
        return limit
    dtype = np.asarray(graph.value(x)).dtype
    if dtype.kind not in "iu":
        return infinity
    return np.iinfo(dtype).min if infinity < 0 else np.iinfo(dtype).max
