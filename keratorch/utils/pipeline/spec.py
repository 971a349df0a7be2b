"""What is known of an element before there is one: shapes and dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.nested import flatten, is_nested, put_together, take_apart

_TEXT = ("string", "str", str, bytes)


class TensorSpec:
    """The shape and the dtype of an array.

    Parameters
    ----------
    shape : int, or tuple of int with None for lengths that vary; None for any shape.
    dtype : dtype, its name, or 'string'.
    name : str, a label, which changes nothing.

    Examples
    --------
    >>> TensorSpec((None, 4), "float32")
    TensorSpec(shape=(None, 4), dtype=float32)
    """

    def __init__(self, shape: Any = None, dtype: Any = "float32", name: Any = None):
        lengths = [shape] if isinstance(shape, (int, np.integer)) else shape
        self.shape = None
        if lengths is not None:
            self.shape = tuple(None if n is None else int(n) for n in lengths)
        self.dtype = dtype_of(dtype)
        self.name = name

    def fits(self, value: Any) -> bool:
        """Return whether an array has a shape like this one."""
        shape = np.shape(value)
        return self.shape is None or (
            len(shape) == len(self.shape)
            and all(w is None or w == n for w, n in zip(self.shape, shape, strict=True))
        )

    def __repr__(self) -> str:
        name = "string" if self.dtype == object else self.dtype.name
        return f"TensorSpec(shape={self.shape}, dtype={name})"

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, TensorSpec) and (self.shape, self.dtype) == (
            other.shape,
            other.dtype,
        )

    def __hash__(self) -> int:
        return hash((self.shape, self.dtype))


def dtype_of(dtype: Any) -> np.dtype:
    """Return NumPy's dtype of a name or a type; that of objects for texts.

    Examples
    --------
    >>> dtype_of("string"), dtype_of(np.float32)
    (dtype('O'), dtype('float32'))
    """
    dtype = getattr(dtype, "as_numpy_dtype", dtype)
    if any(dtype is text or dtype == text for text in _TEXT):
        return np.dtype(object)
    return np.dtype(dtype)


def signature_of(types: Any, shapes: Any) -> Any:
    """Return `TensorSpec`s of dtypes, and of shapes nested in the same way."""
    if isinstance(types, list):
        types = tuple(types)
    if not is_nested(types):
        return TensorSpec(shapes, types)
    if shapes is None:
        parts = [signature_of(part, None) for part in take_apart(types)]
    else:
        like = types if isinstance(types, dict) else None
        parts = [
            signature_of(t, s)
            for t, s in zip(take_apart(types), take_apart(shapes, like), strict=True)
        ]
    return put_together(types, parts)


def spec_of(value: Any, open_length: int | None = None) -> Any:
    """Return the spec of an element, first axes of `open_length` being None."""
    if isinstance(value, (tuple, dict)):
        parts = [spec_of(part, open_length) for part in take_apart(value)]
        return put_together(value, parts)
    if not isinstance(value, (np.ndarray, np.generic, str, bytes)):
        return value  # a dataset in a dataset
    shape = np.shape(value)
    if open_length is not None and shape[:1] == (open_length,):
        shape = (None, *shape[1:])
    return TensorSpec(shape, getattr(value, "dtype", object))


def batched(spec: Any, length: int | None, lengths: bool = True) -> Any:
    """Return the spec of elements stacked; without `lengths` all axes are open."""
    if isinstance(spec, (tuple, dict)):
        parts = [batched(part, length, lengths) for part in take_apart(spec)]
        return put_together(spec, parts)
    if not isinstance(spec, TensorSpec) or spec.shape is None:
        return spec
    axes = spec.shape if lengths else (None,) * len(spec.shape)
    return TensorSpec((length, *axes), spec.dtype)


def mapped(before: Any, first: Any, result: Any) -> Any:
    """Return the spec of what a function made of a first element.

    Where the batches that it got have no fixed size, no axis has that comes of it.
    """
    sources, leaves = flatten(before), flatten(first)
    is_open = sources and getattr(sources[0], "shape", None)
    open_length = None
    if is_open and sources[0].shape[0] is None:
        open_length = len(leaves[0])
    return spec_of(result, open_length)


def fitted(value: Any, signature: Any) -> Any:
    """Return an element with the dtypes of its signature.

    Raises
    ------
    ValueError : another structure or another shape.
    """
    if is_nested(signature):
        if isinstance(signature, dict):
            keys = isinstance(value, dict) and set(value) == set(signature)
            same = keys
        else:
            same = isinstance(value, (tuple, list)) and len(value) == len(signature)
        if not same:
            raise ValueError(
                f"the generator must yield elements like {signature}; received "
                f"{type(value).__name__} of {len(flatten(value))} parts."
            )
        parts = [
            fitted(v, s)
            for v, s in zip(
                take_apart(value, signature if isinstance(signature, dict) else None),
                take_apart(signature),
                strict=True,
            )
        ]
        return put_together(signature, parts)
    return _fitted_array(value, signature)


def _fitted_array(value: Any, spec: TensorSpec) -> Any:
    array = value
    if spec.dtype != object:
        array = np.asarray(value).astype(spec.dtype)
    if not spec.fits(array):
        raise ValueError(
            f"the generator must yield arrays of shape {spec.shape}; received shape "
            f"{np.shape(array)}. Write None for lengths that vary."
        )
    return array
