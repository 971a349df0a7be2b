"""Dtypes of arrays as TensorFlow's, in scripts that ask them for what only those have.

tf.cast(y_true, y_pred.dtype.base_dtype)
tf.zeros(n, x.dtype.as_numpy_dtype)
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from keratorch.compat.tf.eager.dtypes import DType
from keratorch.core import GradArray
from keratorch.symbolic import KerasTensor
from keratorch.variable import Variable

_OF_VARIABLES = vars(Variable)["dtype"]


class ArrayDType(DType):
    """The name of a dtype with the attributes of TensorFlow's and of NumPy's.

    Examples
    --------
    >>> float32 = ArrayDType("float32")
    >>> float32.base_dtype == np.dtype("float32"), float32.itemsize
    (True, 4)
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(np.dtype(str(self)), name)


_named = functools.cache(ArrayDType)


class _OfSymbols:
    """The attribute `dtype` of symbolic arrays, which keeps the name that is set."""

    def __get__(self, x: Any, owner: Any = None) -> Any:
        return self if x is None else _named(vars(x)["dtype"])

    def __set__(self, x: Any, dtype: Any) -> None:
        vars(x)["dtype"] = str(dtype)


def add() -> None:
    """Let the dtypes of arrays have TensorFlow's attributes."""
    of_array = property(lambda x: _named(x._array.dtype.name), doc="The dtype.")
    GradArray.dtype = Variable.dtype = of_array  # type: ignore[method-assign, assignment]
    KerasTensor.dtype = _OfSymbols()


def remove() -> None:
    """Let them be those of today again."""
    for cls in (GradArray, KerasTensor):
        delattr(cls, "dtype")
    Variable.dtype = _OF_VARIABLES  # type: ignore[method-assign]
