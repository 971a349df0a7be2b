"""Functions of TensorFlow that make tensors, or take any number of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph, ops
from keratorch.core import GradArray
from keratorch.ops import convert_to_tensor
from keratorch.symbolic import any_symbolic


def convert(value: Any, dtype: Any, dtype_hint: Any) -> Any:
    """Return a value as an array; a list may hold arrays, through which gradients flow.

    `dtype_hint` is taken where the value has no dtype of its own.
    """
    if dtype is None and dtype_hint is not None and not hasattr(value, "dtype"):
        dtype = dtype_hint
    if isinstance(value, (list, tuple)) and any(True for _ in graph.arrays_in(value)):
        joined = stacked(value)
        return joined if dtype is None else joined.astype(dtype)
    return convert_to_tensor(value, dtype)


def listed(value: Any) -> Any:
    """Return a list of numbers as an array, and anything else as it is."""
    if isinstance(value, (list, tuple)) and value and not any_symbolic(value):
        return convert(value, None, None)
    return value


def stacked(value: Any) -> Any:
    """Return nested lists of arrays as one array."""
    if isinstance(value, (list, tuple)):
        return np.stack([stacked(x) for x in value])
    return value if isinstance(value, GradArray) else convert_to_tensor(value)


def einsum(equation: str, *inputs: Any, optimize: Any = None, name: Any = None) -> Any:
    """Return the sums of products that an equation names; `optimize` is ours."""
    arrays = [x if hasattr(x, "ndim") else convert_to_tensor(x) for x in inputs]
    return ops.einsum(equation, *arrays)


def multiply_no_nan(x: Any, y: Any) -> Any:
    """Return x * y, and 0 where y is 0 even if x is not finite."""
    x, y = _array(x), _array(y)
    is_zero = graph.value(y) == 0
    return np.where(is_zero, np.zeros((), x.dtype), x) * y


def xlogy(x: Any, y: Any) -> Any:
    """Return x * log(y), and 0 where x is 0."""
    x, y = _array(x), _array(y)
    return x * np.log(np.where(graph.value(x) == 0, np.ones((), y.dtype), y))


def xdivy(x: Any, y: Any) -> Any:
    """Return x / y, and 0 where x is 0."""
    x, y = _array(x), _array(y)
    return x / np.where(graph.value(x) == 0, np.ones((), y.dtype), y)


def polyval(coeffs: Any, x: Any) -> Any:
    """Return coeffs[0] * x**(n-1) + ... + coeffs[n-1]."""
    x, total = _array(x), 0.0
    for coefficient in coeffs:
        total = total * x + coefficient
    return total


def _array(x: Any) -> Any:
    return x if isinstance(x, GradArray) else convert_to_tensor(x)
