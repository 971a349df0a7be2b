"""Three doors into one room: all that Python and NumPy may do with an array.

Operators (``a * b``), NumPy functions (``np.exp(a)``, ``np.concatenate([a, b])``) and
methods (``a.sum()``) of a class that inherits from `NumPyProtocols` all arrive at its
``_record(function, args, kwargs)`` with the NumPy function that they stand for.
"""

from __future__ import annotations

import opcode
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keratorch.at import At


def _operators(function: Callable) -> tuple[Callable, Callable, Callable]:
    """Return the operator of a function, its reflection, and its in-place form."""

    def operator(self: NumPyProtocols, other: Any) -> Any:
        if getattr(other, "__array_ufunc__", True) is None:  # it wants to answer
            return NotImplemented
        return self._record(function, (self, other), {})

    def reflected(self: NumPyProtocols, other: Any) -> Any:
        return self._record(function, (other, self), {})

    def in_place(self: NumPyProtocols, other: Any) -> Any:
        return self._record_in_place(function, other)

    return operator, reflected, in_place


def _method(function: Callable) -> Callable:
    """Return the method that is the function with the array put first."""

    def method(self: NumPyProtocols, *args: Any, **kwargs: Any) -> Any:
        return self._record(function, (self, *args), kwargs)

    method.__doc__ = f"``np.{function.__name__}`` of this array."
    return method


def _in_place(name: str, instead: str) -> Callable:
    """Return a method of ndarray that writes, as an error that says how to do without.

    It would overwrite values that a graph may need.
    """

    def method(self: NumPyProtocols, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(
            f"x.{name}() writes into its array, which a graph may need. Make a new "
            f"one: {instead}."
        )

    method.__doc__ = f"Raise TypeError: write {instead}."
    return method


def _is_augmented_assignment(inputs: tuple, out: Any) -> bool:
    """Return whether a ufunc was called by ``a += x`` for an ndarray `a`.

    NumPy calls it as ``np.add(a, x, out=a)``, which as a call is an error.  What the
    statement gets back takes the place of `a`.
    """
    if out is None or out[0] is not inputs[0] or not hasattr(sys, "_getframe"):
        return False
    caller = sys._getframe(2)  # that of the statement, since NumPy itself has none
    operation = opcode.opname[caller.f_code.co_code[caller.f_lasti]]
    return operation == "BINARY_OP" or operation.startswith("INPLACE_")


class NumPyProtocols:
    """The operators, NumPy protocols and methods of an array, by one ``_record``."""

    __slots__ = ()

    _record: Callable[..., Any]

    def _record_in_place(self, function: Callable, other: Any) -> Any:
        """``x += y`` makes a new array, as for Python's numbers."""
        return self._record(function, (self, other), {})

    def __array_ufunc__(
        self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any
    ) -> Any:
        if method == "__call__":
            if not kwargs or _is_augmented_assignment(inputs, kwargs.get("out")):
                return self._record(ufunc, inputs, {})
            if kwargs.get("dtype") is not None:
                dtype = kwargs.pop("dtype")
                inputs = tuple(
                    x.astype(dtype) if hasattr(x, "_record") else np.asarray(x, dtype)
                    for x in inputs
                )
            return self._record(ufunc, inputs, kwargs)
        if method == "at":
            raise TypeError(
                f"np.{ufunc.__name__}.at writes into its array, which a graph may "
                "need. Make a new one: x.at[index].add(value), or .multiply, .max, "
                ".min, .set."
            )
        return self._record(getattr(ufunc, method), inputs, kwargs)

    def __array_function__(
        self, function: Callable, types: Any, args: tuple, kwargs: dict
    ) -> Any:
        return self._record(function, args, kwargs)

    __add__, __radd__, __iadd__ = _operators(np.add)
    __sub__, __rsub__, __isub__ = _operators(np.subtract)
    __mul__, __rmul__, __imul__ = _operators(np.multiply)
    __truediv__, __rtruediv__, __itruediv__ = _operators(np.true_divide)
    __floordiv__, __rfloordiv__, __ifloordiv__ = _operators(np.floor_divide)
    __mod__, __rmod__, __imod__ = _operators(np.remainder)
    __pow__, __rpow__, __ipow__ = _operators(np.power)
    __matmul__, __rmatmul__, __imatmul__ = _operators(np.matmul)
    __and__, __rand__, __iand__ = _operators(np.bitwise_and)
    __or__, __ror__, __ior__ = _operators(np.bitwise_or)
    __xor__, __rxor__, __ixor__ = _operators(np.bitwise_xor)
    __invert__ = _method(np.invert)
    __neg__, __pos__ = _method(np.negative), _method(np.positive)
    __abs__ = _method(np.absolute)
    __lt__, __le__ = _method(np.less), _method(np.less_equal)
    __gt__, __ge__ = _method(np.greater), _method(np.greater_equal)
    __eq__, __ne__ = _method(np.equal), _method(np.not_equal)
    __hash__ = object.__hash__  # by identity: == compares elements

    __divmod__ = _method(np.divmod)

    def __rdivmod__(self, other: Any) -> Any:
        return self._record(np.divmod, (other, self), {})

    sum, prod, mean = _method(np.sum), _method(np.prod), _method(np.mean)
    max, min = _method(np.max), _method(np.min)
    var, std = _method(np.var), _method(np.std)
    cumsum, cumprod = _method(np.cumsum), _method(np.cumprod)
    argmax, argmin = _method(np.argmax), _method(np.argmin)
    argsort, argpartition = _method(np.argsort), _method(np.argpartition)
    all, any = _method(np.all), _method(np.any)
    nonzero, searchsorted = _method(np.nonzero), _method(np.searchsorted)
    swapaxes, squeeze = _method(np.swapaxes), _method(np.squeeze)
    repeat, ravel = _method(np.repeat), _method(np.ravel)
    diagonal, trace = _method(np.diagonal), _method(np.trace)
    take, choose = _method(np.take), _method(np.choose)
    dot = _method(np.dot)
    clip, round = _method(np.clip), _method(np.round)
    __round__ = round
    conj = conjugate = _method(np.conjugate)
    astype, copy = _method(np.ndarray.astype), _method(np.ndarray.copy)
    flatten = _method(np.ndarray.flatten)
    sort = _in_place("sort", "np.sort(x)")
    partition = _in_place("partition", "np.partition(x, kth)")
    fill = _in_place("fill", "np.full_like(x, value)")
    put = _in_place("put", "x.at[index].set(value)")
    resize = _in_place("resize", "np.resize(x, shape)")
    __getitem__ = _method(np.ndarray.__getitem__)

    def compress(self, condition: Any, axis: Any = None) -> Any:
        """``np.compress`` of this array."""
        return self._record(np.compress, (condition, self), {"axis": axis})

    def reshape(self, *shape: Any, **options: Any) -> Any:
        """``np.reshape``: ``x.reshape(2, 3)`` or ``x.reshape((2, 3))``."""
        shape = shape[0] if len(shape) == 1 else shape
        return self._record(np.reshape, (self, shape), options)

    def transpose(self, *axes: Any) -> Any:
        """``np.transpose``: ``x.transpose(1, 0)`` or ``x.transpose((1, 0))``."""
        order = axes[0] if len(axes) == 1 else axes or None
        return self._record(np.transpose, (self, order), {})

    @property
    def flat(self) -> Any:
        """The elements in one row, to be read: ``x.flat[3]``, ``for a in x.flat``."""
        return self._record(np.reshape, (self, -1), {})

    @property
    def at(self) -> At:
        """Functional writing: ``x.at[index].set(value)``, ``.add``, ``.max``, ..."""
        return At(self)

    @property
    def T(self) -> Any:  # noqa: N802 - NumPy's name
        """The array with its axes reversed."""
        return self._record(np.transpose, (self,), {})

    @property
    def mT(self) -> Any:  # noqa: N802 - NumPy's name
        """The array with its last two axes swapped."""
        return self._record(np.swapaxes, (self, -1, -2), {})

    @property
    def real(self) -> Any:
        """The real part of each element."""
        return self._record(np.real, (self,), {})

    @property
    def imag(self) -> Any:
        """The imaginary part of each element."""
        return self._record(np.imag, (self,), {})

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))  # type: ignore[arg-type]


class ArrayValues:
    """What an array that holds values in ``_array`` can say of them."""

    __slots__ = ()
    _array: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self._array.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._array.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._array.size

    @property
    def nbytes(self) -> int:
        """The number of bytes of all elements."""
        return self._array.nbytes

    @property
    def itemsize(self) -> int:
        """The number of bytes of one element."""
        return self._array.itemsize

    @property
    def dtype(self) -> np.dtype:
        """The NumPy dtype of the elements."""
        return self._array.dtype

    def numpy(self) -> np.ndarray:
        """Return the ndarray itself (not a copy), without its graph."""
        return self._array

    def item(self, *index: Any) -> Any:
        """Return the Python scalar of a one-element array, or of the element there."""
        return self._array.item(*index)

    def tolist(self) -> Any:
        """Return the values as nested Python lists."""
        return self._array.tolist()

    def __len__(self) -> int:
        return len(self._array)

    def __bool__(self) -> bool:
        return bool(self._array)

    def __float__(self) -> float:
        return float(self._array.item())

    def __complex__(self) -> complex:
        return complex(self._array.item())

    def __int__(self) -> int:
        return int(self._array.item())

    def __index__(self) -> int:
        return self._array.__index__()

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else repr(self)
