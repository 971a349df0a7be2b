"""TensorFlow's dtypes: texts that NumPy and Keras know, with what a DType can say."""

from __future__ import annotations

from typing import Any

import numpy as np

_NAMES = (
    *("float16", "float32", "float64", "int8", "int16", "int32", "int64"),
    *("uint8", "uint16", "uint32", "uint64", "complex64", "complex128", "bool"),
)
#: What TensorFlow's dtypes are as numbers.
_NUMBERED = {
    **{1: "float32", 2: "float64", 3: "int32", 4: "uint8", 5: "int16", 6: "int8"},
    **{8: "complex64", 9: "int64", 10: "bool", 17: "uint16", 18: "complex128"},
    **{19: "float16", 22: "uint32", 23: "uint64"},
}


class DType(str):
    """The name of a dtype with TensorFlow's attributes.

    Examples
    --------
    >>> float32 = DType("float32")
    >>> float32 == np.zeros(1, "float32").dtype, float32.is_floating, float32.size
    (True, True, 4)
    """

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return str.__eq__(self, other)
        if not isinstance(other, (type, np.dtype)):
            return False
        try:
            return np.dtype(self) == other
        except TypeError:
            return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __repr__(self) -> str:
        return f"tf.{self}"

    @property
    def name(self) -> str:
        """The name alone."""
        return str(self)

    @property
    def base_dtype(self) -> DType:
        """The dtype itself."""
        return self

    @property
    def as_numpy_dtype(self) -> type:
        """NumPy's class of such numbers."""
        return np.dtype(self).type

    @property
    def kind(self) -> str:
        """NumPy's letter for such numbers, which functions of arrays ask for."""
        return np.dtype(self).kind

    @property
    def size(self) -> int:
        """The number of bytes of one element."""
        return np.dtype(self).itemsize

    @property
    def is_floating(self) -> bool:
        """Whether these are floats."""
        return np.dtype(self).kind == "f"

    @property
    def is_integer(self) -> bool:
        """Whether these are integers."""
        return np.dtype(self).kind in "iu"

    @property
    def is_complex(self) -> bool:
        """Whether these are complex numbers."""
        return np.dtype(self).kind == "c"

    @property
    def is_bool(self) -> bool:
        """Whether these are booleans."""
        return np.dtype(self).kind == "b"

    @property
    def is_unsigned(self) -> bool:
        """Whether these are integers without a sign."""
        return np.dtype(self).kind == "u"

    @property
    def max(self) -> Any:
        """The largest number."""
        return _limits(self).max

    @property
    def min(self) -> Any:
        """The smallest number."""
        return _limits(self).min

    @property
    def limits(self) -> tuple[Any, Any]:
        """The smallest and the largest number."""
        return self.min, self.max


def _limits(dtype: str) -> Any:
    kind = np.dtype(dtype).kind
    return np.iinfo(dtype) if kind in "iu" else np.finfo(dtype)


def as_dtype(type_value: Any) -> DType:
    """Return the dtype of a name, of NumPy's dtypes and classes, or of Python's.

    Or of the number that TensorFlow gives it.

    Raises
    ------
    TypeError : there is no such dtype.

    >>> as_dtype(np.float64), as_dtype(1)
    (tf.float64, tf.float32)
    """
    if isinstance(type_value, DType):
        return type_value
    if isinstance(type_value, int) and type_value in _NUMBERED:
        return DType(_NUMBERED[type_value])
    return DType(np.dtype(type_value).name)


#: Name below `tf` -> the dtype.
DTYPES: dict[str, DType] = {
    **{name: DType(name) for name in _NAMES},
    **{f"dtypes.{name}": DType(name) for name in _NAMES},
    "half": DType("float16"),
    "double": DType("float64"),
}
