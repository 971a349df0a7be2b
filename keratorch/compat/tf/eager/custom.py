"""Gradients of one's own, and small functions on structures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keratorch import ops
from keratorch.core import GradArray
from keratorch.nested import map_structure
from keratorch.ops import convert_to_tensor


def custom_gradient(f: Callable | None = None) -> Callable:
    """Let a function, which returns (result, gradient), say its own gradient.

    Parameters
    ----------
    f : function of arrays that returns one array, and a function of the gradient that
        arrives there: it returns that of each argument.

    Raises
    ------
    TypeError : the function returns something else.

    >>> @custom_gradient
    ... def double(x):
    ...     return x * 2.0, lambda upstream: upstream * 2.0
    >>> float(double(3.0))
    6.0
    """
    if f is None:
        return custom_gradient
    made = ops.custom_gradient(f)

    def called(*args: Any, **kwargs: Any) -> Any:
        return made(*[_tensor(x) for x in args], **kwargs)

    called.__name__ = getattr(f, "__name__", "f")
    called.__doc__ = f.__doc__
    return called


def _tensor(x: Any) -> Any:
    return x if isinstance(x, GradArray) else convert_to_tensor(x)


def group(*inputs: Any, name: Any = None) -> None:
    """Do nothing: what was given has run."""


def assert_same_structure(nest1: Any, nest2: Any, **options: Any) -> None:
    """Raise an error unless two structures are alike.

    Raises
    ------
    ValueError, TypeError : they differ.
    """
    map_structure(lambda x, y: None, nest1, nest2)
