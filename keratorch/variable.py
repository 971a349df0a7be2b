"""The weights of layers: arrays with a name that training changes in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.allowance import spend
from keratorch.core import GradArray
from keratorch.dtypes import standardize_dtype
from keratorch.naming import auto_name


class Variable(GradArray):
    """A named array that layers learn and optimizers update in place.

    Parameters
    ----------
    initializer : array_like, or a function ``(shape, dtype) -> array``.
    shape : tuple of int, needed where `initializer` is a function.
    dtype : str, by default the float type of `keratorch.config`.
    trainable : bool, whether it receives gradients and is updated.
    name : str, by default numbered: 'variable', 'variable_1', ...

    Raises
    ------
    ValueError : a function without a shape, or a value of another shape.

    Examples
    --------
    >>> from keratorch import Variable
    >>> kernel = Variable([[1.0, 2.0]], name="kernel")
    >>> kernel.assign(kernel.numpy() * 10)
    <Variable path=kernel, shape=(1, 2), dtype=float32, value=[[10. 20.]]>
    >>> Variable(0, dtype="int", trainable=False).dtype
    'int32'
    """

    def __init__(
        self,
        initializer: Any,
        shape: tuple[int, ...] | None = None,
        dtype: Any = None,
        trainable: bool = True,
        name: str | None = None,
        path: str | None = None,
    ):
        if dtype in (None, "int", int, float):  # of 32 bits, where NumPy takes 64
            dtype = standardize_dtype(dtype)
        dtype = np.dtype(dtype)
        if callable(initializer):
            spend(shape or ())
            if shape is None:
                raise ValueError(
                    "Variable: shape is needed when initializer is a function; "
                    "received shape=None."
                )
            initializer = initializer(shape, dtype=dtype.name)
        array = np.array(graph.plain(initializer), dtype=dtype)
        if shape is not None and array.shape != tuple(shape):
            raise ValueError(
                f"Variable: the initial value has shape {array.shape}; expected "
                f"{tuple(shape)}."
            )
        self._trainable = bool(trainable)
        super().__init__(
            array,
            name=name or auto_name("variable"),
            requires_grad=self._trainable and dtype.kind == "f",
        )
        self.path = path or self.name
        self.regularizer: Callable | None = None
        self.constraint: Callable | None = None

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
        self._array[...] = array
        self._mark_written()
        return self

    def assign_add(self, value: Any) -> Variable:
        """Add to the values in place."""
        return self.assign(self._array + graph.plain(value))

    def assign_sub(self, value: Any) -> Variable:
        """Subtract from the values in place."""
        return self.assign(self._array - graph.plain(value))

    def numpy(self) -> np.ndarray:
        """Return a copy of the values, which later training does not change."""
        return self._array.copy()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        # Reading a weight is no step of a computation: no gradient is lost by it.
        return np.array(self._array, dtype=dtype)

    def __repr__(self) -> str:
        value = np.array2string(self._array, threshold=20)
        return (
            f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}, "
            f"value={value}>"
        )
