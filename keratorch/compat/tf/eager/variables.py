"""`tf.Variable`: Keras's variable with TensorFlow's arguments, methods and slices."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import backend, graph
from keratorch import variable as ours
from keratorch.compat.tf.eager import earlier
from keratorch.compat.tf.eager.dtypes import DType
from keratorch.core import GradArray
from keratorch.ops import convert_to_tensor


class _AnyVariable(type):
    """Weights of layers count as TensorFlow's variables."""

    def __instancecheck__(cls, x: Any) -> bool:
        if cls.__name__ == "Variable":
            return isinstance(x, ours.Variable)
        return super().__instancecheck__(x)


class Variable(ours.Variable, metaclass=_AnyVariable):
    """An array with a name that is changed in place.

    Parameters
    ----------
    initial_value : array_like, or a function without arguments that returns one.
    trainable : bool, whether tapes watch it. Default True.
    name : str, by default 'Variable'.
    dtype : dtype, by default the value's: float32 for Python's floats.
    constraint : function of the variable that optimizers apply after an update.
    shape : lengths to which the value's are compared; those that are None are not.
    validate_shape, caching_device, synchronization, aggregation : kept for TensorFlow,
        and without a meaning on one device.

    Raises
    ------
    ValueError : no initial value, or one of another shape.

    Examples
    --------
    >>> v = Variable([[1.0, 2.0], [3.0, 4.0]], name="v")
    >>> v[0, 1].assign(7.0).numpy()
    array([[1., 7.],
           [3., 4.]], dtype=float32)
    """

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        dtype: Any = None,
        constraint: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
        shape: Any = None,
    ):
        if initial_value is None:
            raise ValueError(
                "The `initial_value` arg to `tf.Variable` must be specified."
            )
        if callable(initial_value) and not isinstance(initial_value, GradArray):
            initial_value = initial_value()
        array = np.array(graph.value(convert_to_tensor(initial_value, dtype)))
        _check_shape(array, shape)
        trainable = trainable is None or bool(trainable)
        name = name or "Variable"
        super().__init__(
            array, dtype=array.dtype.name, trainable=trainable, name="v", path=name
        )
        self._name = name
        self.constraint = constraint

    @property
    def name(self) -> str:
        """The name, with the number of the output that TensorFlow adds."""
        return f"{self._name}:0"

    @name.setter
    def name(self, value: str | None) -> None:
        self._name = value

    @property
    def dtype(self) -> Any:
        """The dtype."""
        return DType(self._array.dtype.name)

    def read_value(self) -> GradArray:
        """Return the values as they are now, through which gradients flow."""
        return backend.identity(self)

    value = initialized_value = read_value  # type: ignore[assignment]

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: Any = None,
        read_value: bool = True,
    ) -> Variable:
        """Overwrite the values in place; the other arguments change nothing here."""
        super().assign(value)
        return self

    def assign_add(
        self,
        delta: Any,
        use_locking: bool = False,
        name: Any = None,
        read_value: bool = True,
    ) -> Variable:
        """Add to the values in place; the other arguments change nothing here."""
        return self.assign(self._array + graph.plain(delta))

    def assign_sub(
        self,
        delta: Any,
        use_locking: bool = False,
        name: Any = None,
        read_value: bool = True,
    ) -> Variable:
        """Subtract from the values in place."""
        return self.assign(self._array - graph.plain(delta))

    def scatter_nd_update(self, indices: Any, updates: Any, name: Any = None) -> Any:
        """Overwrite single elements, or parts: one row of `indices` says where."""
        self._write(_places(indices), graph.plain(updates))
        return self

    def scatter_nd_add(self, indices: Any, updates: Any, name: Any = None) -> Any:
        """Add to single elements, or to parts."""
        self._scatter(np.add, _places(indices), updates)
        return self

    def scatter_nd_sub(self, indices: Any, updates: Any, name: Any = None) -> Any:
        """Subtract from single elements, or from parts."""
        self._scatter(np.subtract, _places(indices), updates)
        return self

    def scatter_update(
        self, sparse_delta: Any, use_locking: bool = False, name: Any = None
    ) -> Any:
        """Overwrite the rows that an `IndexedSlices` names."""
        index = np.asarray(graph.plain(sparse_delta.indices))
        self._write(index, graph.plain(sparse_delta.values))
        return self

    def scatter_add(
        self, sparse_delta: Any, use_locking: bool = False, name: Any = None
    ) -> Any:
        """Add to the rows that an `IndexedSlices` names."""
        index = np.asarray(graph.plain(sparse_delta.indices))
        self._scatter(np.add, index, sparse_delta.values)
        return self

    def scatter_sub(
        self, sparse_delta: Any, use_locking: bool = False, name: Any = None
    ) -> Any:
        """Subtract from the rows that an `IndexedSlices` names."""
        index = np.asarray(graph.plain(sparse_delta.indices))
        self._scatter(np.subtract, index, sparse_delta.values)
        return self

    def _write(self, index: Any, values: Any) -> None:
        earlier.keep(self)
        self._array[index] = values
        self._mark_written()

    def _scatter(self, function: np.ufunc, index: Any, values: Any) -> None:
        earlier.keep(self)
        function.at(self._array, index, np.asarray(graph.plain(values)))
        self._mark_written()

    def __getitem__(self, index: Any) -> Any:
        return Slice.of(self, index, super().__getitem__(index))

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError(
            "'ResourceVariable' object does not support item assignment: write "
            "v[index].assign(value)."
        )

    def __repr__(self) -> str:
        values = np.array_repr(self._array) if self.ndim else str(self._array[()])
        return (
            f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}, "
            f"numpy={values}>"
        )


class Slice(GradArray):
    """A part of a variable: an array through which the variable can be written."""

    __slots__ = ("_index", "_variable")
    _index: Any
    _variable: Variable

    @classmethod
    def of(cls, variable: Variable, index: Any, part: GradArray) -> Slice:
        """Return a part of a variable that remembers where it is from."""
        result = cls.__new__(cls)
        graph.set_state(result, graph.get_state(part))
        result._variable, result._index = variable, graph.plain(index)
        return result

    def assign(self, value: Any, use_locking: bool = False, name: Any = None) -> Any:
        """Overwrite this part of the variable, and return the variable."""
        self._variable._write(self._index, graph.plain(value))
        return self._variable

    def assign_add(
        self, delta: Any, use_locking: bool = False, name: Any = None
    ) -> Any:
        """Add to this part of the variable."""
        return self.assign(self._variable._array[self._index] + graph.plain(delta))

    def assign_sub(
        self, delta: Any, use_locking: bool = False, name: Any = None
    ) -> Any:
        """Subtract from this part of the variable."""
        return self.assign(self._variable._array[self._index] - graph.plain(delta))


class IndexedSlices:
    """Rows for some places of a larger array.

    Parameters
    ----------
    values : array_like, one row for each index.
    indices : array_like of int.
    dense_shape : shape of the larger array, or None.
    """

    def __init__(self, values: Any, indices: Any, dense_shape: Any = None):
        self.values = convert_to_tensor(values)
        self.indices = convert_to_tensor(indices)
        self.dense_shape = dense_shape


def _places(indices: Any) -> tuple[np.ndarray, ...]:
    return tuple(np.moveaxis(np.asarray(graph.plain(indices)), -1, 0))


def _check_shape(array: np.ndarray, shape: Any) -> None:
    if shape is None:
        return
    lengths = tuple(shape)
    if len(lengths) != array.ndim or any(
        n is not None and n != m for n, m in zip(lengths, array.shape, strict=True)
    ):
        raise ValueError(
            f"tf.Variable: shape {lengths} does not fit initial_value of shape "
            f"{array.shape}."
        )


def assign(
    ref: Any,
    value: Any,
    validate_shape: bool = True,
    use_locking: bool = False,
    name: Any = None,
) -> Any:
    """Overwrite a variable in place, and return it."""
    return ref.assign(value)


def assign_add(
    ref: Any, value: Any, use_locking: bool = False, name: Any = None
) -> Any:
    """Add to a variable in place, and return it."""
    return ref.assign_add(value)


def assign_sub(
    ref: Any, value: Any, use_locking: bool = False, name: Any = None
) -> Any:
    """Subtract from a variable in place, and return it."""
    return ref.assign_sub(value)
