"""The weights of layers: arrays with a name that training changes in place."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.allowance import spend
from keratorch.core import GradArray, record
from keratorch.dtypes import result_type, standardize_dtype
from keratorch.naming import auto_name, current_path
from keratorch.protocols import _operators

MIXING = {
    np.add,
    np.subtract,
    np.multiply,
    np.true_divide,
    np.floor_divide,
    np.remainder,
    np.power,
    np.matmul,
}
# Called with each variable that is about to be assigned to.
before_change: list[Callable[[Variable], None]] = []
# The scope that gives variables back what they held before it.
stateless: ContextVar[Any] = ContextVar("stateless", default=None)
_AGGREGATIONS = (None, "none", "mean", "sum", "only_first_replica")
_SYNCHRONIZATIONS = (None, "none", "auto", "on_read", "on_write")


def record_promoted(function: Callable, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Record a function of a variable, with Keras's dtypes instead of NumPy's.

    Of int32 and float32, or int32 and 0.5, NumPy makes float64, Keras float32.
    """
    if function in MIXING and len(args) == 2:
        x, y = args
        first = x._array.dtype if isinstance(x, GradArray) else _dtype_of(x)
        other = y._array.dtype if isinstance(y, GradArray) else _dtype_of(y)
        if first is not other or function is np.true_divide:
            args = _of_one_type(args, (first, other), function)
    return record(function, args, kwargs)


def _dtype_of(x: Any) -> Any:
    """Return the dtype of an ndarray, the class of a Python number; None for others."""
    if type(x) is float:
        return float
    if isinstance(x, (np.ndarray, np.generic)):
        return x.dtype
    return type(x) if isinstance(x, (bool, int, float)) else None


def _is_float(dtype: Any) -> bool:
    return dtype is float or getattr(dtype, "kind", "") in "fc"


def _of_one_type(args: Any, dtypes: tuple, function: Callable) -> Any:
    """Return two arguments, arrays among them cast to the type of the result."""
    if None in dtypes or (_is_float(dtypes[0]) and _is_float(dtypes[1])):
        return args
    division = [float] if function is np.true_divide else []
    wanted = result_type(*dtypes, *division)
    return tuple(
        x.astype(wanted) if isinstance(d, np.dtype) and d.name != wanted else x
        for x, d in zip(args, dtypes, strict=True)
    )


class Variable(GradArray):
    """A named array that layers learn and optimizers update in place.

    Parameters
    ----------
    initializer : array_like, a function ``(shape, dtype) -> array``, or the name of an
        initializer such as 'zeros'.
    shape : tuple of int, needed where `initializer` is a function or a name.
    dtype : str. By default the float type of `keratorch.config` for floats and
        functions, 'int32' for Python's integers, else the dtype that the value has.
    trainable : bool, whether it receives gradients and is updated; numbers other than
        floats receive none.
    autocast : bool, kept for Keras: a layer of mixed precision casts its inputs, never
        its weights.
    aggregation, synchronization : str, kept for Keras: how copies of the variable on
        several devices, of which there are none, would become one.
    name : str, by default numbered: 'variable', 'variable_1', ...
    path : str, by default `name` behind the open `name_scope`.

    Raises
    ------
    ValueError : a function without a shape, a value of another shape, a name that is no
        string or has a '/', or an unknown initializer.

    Notes
    -----
    Arithmetic with other dtypes follows Keras: int32 and float32 give float32.

    Examples
    --------
    >>> from keratorch import Variable
    >>> kernel = Variable([[1.0, 2.0]], name="kernel")
    >>> kernel.assign(kernel.numpy() * 10)
    <Variable path=kernel, shape=(1, 2), dtype=float32, value=[[10. 20.]]>
    >>> count = Variable(0, trainable=False)
    >>> count.dtype, (count * 0.5).dtype
    ('int32', dtype('float32'))
    >>> Variable("ones", shape=(2,), name="scale")
    <Variable path=scale, shape=(2,), dtype=float32, value=[1. 1.]>
    """

    _record = staticmethod(record_promoted)
    # Made again, so that Python asks them before those of a GradArray on the left.
    __add__, __radd__, _ = _operators(np.add)
    __sub__, __rsub__, _ = _operators(np.subtract)
    __mul__, __rmul__, _ = _operators(np.multiply)
    __truediv__, __rtruediv__, _ = _operators(np.true_divide)
    __floordiv__, __rfloordiv__, _ = _operators(np.floor_divide)
    __mod__, __rmod__, _ = _operators(np.remainder)
    __pow__, __rpow__, _ = _operators(np.power)
    __matmul__, __rmatmul__, _ = _operators(np.matmul)
    __and__, __rand__, __iand__ = _operators(np.logical_and)
    __or__, __ror__, __ior__ = _operators(np.logical_or)
    __xor__, __rxor__, __ixor__ = _operators(np.logical_xor)

    def __init__(
        self,
        initializer: Any,
        shape: Sequence[int] | None = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        aggregation: str | None = "none",
        synchronization: str | None = "auto",
        name: str | None = None,
        path: str | None = None,
    ):
        name = name or auto_name("variable")
        if path is None:
            _check_name(name)
        _check_choice("aggregation", aggregation, _AGGREGATIONS)
        _check_choice("synchronization", synchronization, _SYNCHRONIZATIONS)
        if isinstance(initializer, str):
            initializer = importlib.import_module("keratorch.initializers").get(
                initializer
            )
        array = _first_value(initializer, shape, dtype)
        self._trainable = self._made_trainable = bool(trainable)
        super().__init__(
            array,
            name=name,
            requires_grad=self._trainable and array.dtype.kind == "f",
        )
        scope = current_path()
        self.path = path or (f"{scope}/{name}" if scope else name)
        self.autocast = bool(autocast)
        self.aggregation = aggregation or "none"
        self.synchronization = synchronization or "none"
        self.regularizer = None
        self.constraint = None

    @property
    def trainable(self) -> bool:
        """Whether the variable receives gradients and is updated."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        self.requires_grad = self._trainable and self._array.dtype.kind == "f"

    @property
    def dtype(self) -> Any:
        """The name of the dtype, as Keras gives it."""
        return self._array.dtype.name

    @property
    def value(self) -> Variable:
        """The variable itself."""
        return self

    def assign(self, value: Any) -> Variable:
        """Overwrite the values in place.

        Raises
        ------
        ValueError : `value` has another shape; nothing is changed.
        """
        array = np.asarray(graph.plain(value))
        if array.shape != self.shape:
            raise ValueError(
                f"Variable '{self.path}' has shape {self.shape}; cannot assign a value "
                f"of shape {array.shape}."
            )
        scope = stateless.get()
        if scope is not None:
            scope.borrow(self)
        for noticed in before_change:
            noticed(self)
        self._array[...] = array
        self._mark_written()
        return self

    def assign_add(self, value: Any) -> Variable:
        """Add to the values in place."""
        return self.assign(self._array + graph.plain(value))

    def assign_sub(self, value: Any) -> Variable:
        """Subtract from the values in place."""
        return self.assign(self._array - graph.plain(value))

    @property
    def regularizer(self) -> Callable | None:
        """What adds to the loss: a function of the variable, or None."""
        return self._regularizer

    @regularizer.setter
    def regularizer(self, value: Callable | None) -> None:
        self._regularizer = _function_or_none("regularizer", value)

    @property
    def constraint(self) -> Callable | None:
        """What each update ends with: a function of the variable, or None."""
        return self._constraint

    @constraint.setter
    def constraint(self, value: Callable | None) -> None:
        self._constraint = _function_or_none("constraint", value)

    def numpy(self) -> np.ndarray:
        """Return a copy of the values, which later training does not change."""
        return self._array.copy()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        # Reading a weight is no step of a computation: no gradient is lost by it.
        return np.array(self._array, dtype=dtype)

    def __bool__(self) -> bool:
        return bool(self._one("the truth"))

    def __int__(self) -> int:
        return int(self._one("the int"))

    def __float__(self) -> float:
        self._one("the float")
        return super().__float__()

    def _one(self, wanted: str) -> Any:
        """Return the only value, or say that there are several."""
        if self.size != 1:
            raise TypeError(
                f"{wanted} of Variable '{self.path}' is wanted, which has shape "
                f"{self.shape}: only one value has one. Index it, or reduce it: "
                "v.any(), v.all(), v.sum()."
            )
        return self._array.item()

    def __repr__(self) -> str:
        value = np.array2string(self._array, threshold=20)
        return (
            f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}, "
            f"value={value}>"
        )


@contextlib.contextmanager
def borrowed(variables: Sequence[Any], values: Sequence[Any]) -> Iterator[None]:
    """Let variables hold other values for a while, and their own again after it.

    Parameters
    ----------
    variables : objects with ``numpy()`` and ``assign(value)``.
    values : array_like of their shapes, one for each.

    Raises
    ------
    ValueError : another number of values, or one of another shape.

    Examples
    --------
    >>> weight = Variable([1.0, 2.0])
    >>> with borrowed([weight], [[5.0, 6.0]]):
    ...     print(weight.numpy())
    [5. 6.]
    >>> weight.numpy()
    array([1., 2.], dtype=float32)
    """
    if len(values) != len(variables):
        raise ValueError(
            f"There must be one value for each of {len(variables)} variables; received "
            f"{len(values)} values. Are the variables those of this object, in order?"
        )
    own = [variable.numpy() for variable in variables]
    try:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        yield
    finally:
        for variable, value in zip(variables, own, strict=True):
            variable.assign(value)


def _first_value(initializer: Any, shape: Any, dtype: Any) -> np.ndarray:
    """Return the array that a variable begins with."""
    shape = None if shape is None else _checked_shape(shape)
    if not callable(initializer):
        array = np.array(graph.plain(initializer), dtype=_dtype_for(initializer, dtype))
    else:
        if shape is None:
            raise ValueError(
                "Variable: shape is needed when initializer is a function or a name; "
                "received shape=None."
            )
        spend(shape)
        wanted = np.dtype(_dtype_for(None, dtype))
        value = initializer(shape, dtype=wanted.name)
        array = np.array(graph.plain(value), dtype=wanted)
    if shape is not None and array.shape != shape:
        raise ValueError(
            f"Variable: the initial value has shape {array.shape}; expected {shape}."
        )
    return array


def _dtype_for(value: Any, dtype: Any) -> Any:
    """Return the dtype of a variable that begins with `value`."""
    if dtype in ("int", int, float):  # of 32 bits, where NumPy takes 64
        return standardize_dtype(dtype)
    if dtype is not None:
        return dtype
    own = None if value is None else np.asarray(graph.plain(value)).dtype
    if own is None or own == np.float64:
        return standardize_dtype(None)
    return np.dtype("int32") if own.kind == "i" and not hasattr(value, "dtype") else own


def _checked_shape(shape: Any) -> tuple[int, ...]:
    """Return a shape as a tuple of int."""
    lengths = tuple(shape) if isinstance(shape, Sequence) else None
    if lengths is None or not all(
        isinstance(n, (int, np.integer)) and n >= 0 for n in lengths
    ):
        raise ValueError(
            "Variable: shape must be a tuple of integers, 0 or more; received "
            f"{shape!r}."
        )
    return tuple(map(int, lengths))


def _check_name(name: Any) -> None:
    if not isinstance(name, str) or "/" in name:
        raise ValueError(
            "Variable: name must be a string without '/', which stands between the "
            f"names of a path; received {name!r}."
        )


def _check_choice(argument: str, value: Any, known: tuple) -> None:
    if value not in known:
        raise ValueError(
            f"Variable: {argument} must be one of {', '.join(map(repr, known))}; "
            f"received {value!r}."
        )


def _function_or_none(attribute: str, value: Any) -> Callable | None:
    if value is not None and not callable(value):
        raise ValueError(
            f"{attribute} of a Variable must be a function or None; received "
            f"{value!r}. Objects have names in keratorch.{attribute}s.get(name)."
        )
    return value
