"""`tf.function`: the function itself, which runs at once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.nested import is_nested, map_structure
from keratorch.ops import convert_to_tensor


def function(
    func: Callable | None = None,
    input_signature: Any = None,
    autograph: bool = True,
    jit_compile: bool | None = None,
    reduce_retracing: bool = False,
    **experimental: Any,
) -> Any:
    """Return a function that runs at once, and gives arrays as TensorFlow's do.

    Arguments that are NumPy's arrays come in as tensors, and numbers go out as such.
    There is nothing to compile: the other arguments change nothing.

    >>> function(lambda x: x + 1)(1).numpy()
    array(2, dtype=int32)
    """
    if func is None:
        return function

    @functools.wraps(func, updated=())
    def called(*args: Any, **kwargs: Any) -> Any:
        args = tuple(_tensors(x, _is_array) for x in args)
        kwargs = {key: _tensors(x, _is_array) for key, x in kwargs.items()}
        return _tensors(func(*args, **kwargs), _is_number)

    called.python_function = func  # type: ignore[attr-defined]
    called.get_concrete_function = lambda *args, **kwargs: called  # type: ignore[attr-defined]
    called.input_signature = input_signature  # type: ignore[attr-defined]
    return called


def _tensors(nested: Any, wanted: Callable[[Any], bool]) -> Any:
    """Return nested values, those that are wanted as tensors."""
    if is_nested(nested):
        return map_structure(lambda x: _tensors(x, wanted), nested)
    return convert_to_tensor(nested) if wanted(nested) else nested


def _is_array(x: Any) -> bool:
    return isinstance(x, np.ndarray) and x.dtype.kind in "biufc"


def _is_number(x: Any) -> bool:
    return isinstance(x, (bool, int, float, np.number, np.bool_)) or _is_array(x)
