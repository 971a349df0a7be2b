"""The types of numbers: their names, which one is the default, and what two make."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.errors import suggest

_FLOATS = ("float16", "float32", "float64")
_INTEGERS = tuple(
    f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)
)
_NAMES = (*_FLOATS, *_INTEGERS, "bool", "string", "complex64", "complex128")
_OF_PYTHON: dict[Any, str] = {
    bool: "bool",
    int: "int32",
    "int": "int32",
    float: "float32",
    complex: "complex64",
    str: "string",
}

#: Whether numbers and arrays without axes take part in choosing a result's type.
BEFORE_NEP50 = np.lib.NumpyVersion(np.__version__) < "2.0.0"

_floatx = "float32"


def floatx() -> str:
    """Return the float type of new weights and of data at a layer's door.

    Examples
    --------
    >>> floatx()
    'float32'
    """
    return _floatx


def set_floatx(value: str) -> None:
    """Set the default float type: 'float16', 'float32' or 'float64'.

    Raises
    ------
    ValueError : another name. NumPy has no 'bfloat16'.
    """
    global _floatx
    if value not in _FLOATS:
        raise ValueError(
            f"floatx must be the name of a NumPy float type; received {value!r}. "
            f"{suggest(value, _FLOATS)}"
        )
    _floatx = str(value)


def standardize_dtype(dtype: Any) -> str:
    """Return the name of a type that NumPy, Python or a name gives.

    None is `floatx()`; Python's int and float are the types of 32 bits.

    Raises
    ------
    ValueError : no type of NumPy's numbers.

    Examples
    --------
    >>> standardize_dtype(np.dtype("int64")), standardize_dtype(float)
    ('int64', 'float32')
    """
    if dtype is None:
        return _floatx
    name = dtype
    if isinstance(dtype, (str, type)):
        name = _OF_PYTHON.get(dtype, dtype)
    name = getattr(name, "name", getattr(name, "__name__", name))
    if name not in _NAMES:
        raise ValueError(
            f"dtype must name a type of NumPy's numbers; received {dtype!r}. "
            f"{suggest(name, _NAMES)}"
        )
    return str(name)


def is_float_dtype(dtype: Any) -> bool:
    """Return whether a type is one of floats.

    Examples
    --------
    >>> is_float_dtype("float16"), is_float_dtype(int)
    (True, False)
    """
    return standardize_dtype(dtype) in _FLOATS


def is_int_dtype(dtype: Any) -> bool:
    """Return whether a type is one of integers, with a sign or without.

    Examples
    --------
    >>> is_int_dtype(np.uint8), is_int_dtype(bool)
    (True, False)
    """
    return standardize_dtype(dtype) in _INTEGERS


def result_type(*dtypes: Any) -> str:
    """Return the type of numbers computed from numbers of these types.

    The larger float wins, whatever integers there are; integers widen as in NumPy, and
    become `floatx()` where none holds both. Python's ``int`` and ``float`` give way to
    any type of their kind.

    Examples
    --------
    >>> result_type("int64", "float16"), result_type("uint8", "int8")
    ('float16', 'int16')
    >>> result_type("float16", float), result_type("int8", float)
    ('float16', 'float32')
    """
    if not dtypes:
        return _floatx
    given = {d for d in dtypes if d is not int and d is not float}
    names = {standardize_dtype(d) for d in given}
    if "string" in names and len(names) > 1:
        raise ValueError(f"no number is made of {sorted(names)}. Cast one of them.")
    floats = names & {*_FLOATS, "complex64", "complex128"}
    if floats:
        return np.result_type(*floats).name
    if float in dtypes:
        return _floatx
    if int in dtypes and not names & {*_INTEGERS}:
        return f"int{_floatx[-2:]}"
    made = next(iter(names)) if len(names) == 1 else np.result_type(*names).name
    return _floatx if made == "float64" else made


def without_promotion(values: list) -> list:
    """Give Python scalars the dtype of the arrays, as NumPy 2 does by itself."""
    dtypes = {x.dtype for x in values if isinstance(x, np.ndarray)}
    if len(dtypes) != 1 or next(iter(dtypes)).kind not in "fc":
        return values
    (dtype,) = dtypes
    complex_dtype = np.result_type(dtype, np.complex64)
    kinds = {int: dtype, float: dtype, complex: complex_dtype}
    return [kinds[type(x)].type(x) if type(x) in kinds else x for x in values]


def in_type_of(values: list, output: np.ndarray) -> np.ndarray:
    """Give a 0-d result the float type of the inputs, as NumPy 2 does by itself."""
    dtypes = {x.dtype for x in values if isinstance(x, np.ndarray)}
    floats = [dtype for dtype in dtypes if dtype.kind in "fc"]
    if len(floats) != 1 or output.dtype.kind not in "fc":
        return output
    real = np.zeros(0, floats[0]).real.dtype
    is_complex = output.dtype.kind == "c"
    return output.astype(np.result_type(real, np.complex64) if is_complex else real)
