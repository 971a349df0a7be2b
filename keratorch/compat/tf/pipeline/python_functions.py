"""``tf.py_function`` and ``tf.numpy_function``: functions called as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch.modes import no_grad
from keratorch.utils.element import as_element, as_plain
from keratorch.utils.pipeline.spec import dtype_of
from keratorch.utils.pipeline.values import as_value


def py_function(
    func: Callable[..., Any],
    inp: Sequence[Any],
    Tout: Any,
    name: str | None = None,
) -> Any:
    """Return ``func(*inp)`` in other dtypes, without gradients.

    Parameters
    ----------
    func : function of arrays with a method ``numpy()``.
    inp : its arguments.
    Tout : dtype of its result, or a list of them for several ones.
    name : str, a label, which changes nothing.

    Raises
    ------
    ValueError : another number of results.
    """
    arguments = [as_element(as_value(value)) for value in inp]
    return _results(func, arguments, Tout)


def numpy_function(
    func: Callable[..., Any],
    inp: Sequence[Any],
    Tout: Any,
    stateful: bool = True,
    name: str | None = None,
) -> Any:
    """Return ``func(*inp)`` as `py_function` does; it gets NumPy's arrays and bytes."""
    arguments = [as_plain(as_element(as_value(value))) for value in inp]
    return _results(func, arguments, Tout)


def _results(func: Callable[..., Any], arguments: list[Any], dtypes: Any) -> Any:
    with no_grad():
        results = func(*arguments)
    if not isinstance(dtypes, (list, tuple)):
        return _in_dtype(results, dtypes)
    if not dtypes:
        return []
    several = list(results) if isinstance(results, (list, tuple)) else [results]
    if len(several) != len(dtypes):
        raise ValueError(
            f"the function must return {len(dtypes)} arrays, as Tout says; received "
            f"{len(several)}."
        )
    return [_in_dtype(r, d) for r, d in zip(several, dtypes, strict=True)]


def _in_dtype(result: Any, dtype: Any) -> Any:
    kind = dtype_of(dtype)
    value = as_value(result)
    return as_element(value if kind.kind == "O" else np.asarray(value).astype(kind))
