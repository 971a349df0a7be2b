"""`keras.initializations` of Keras 1: functions from a shape to a variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import initializers
from keratorch.naming import to_snake_case
from keratorch.variable import Variable


def normal(shape: Any, scale: float = 0.05, name: str | None = None, **_: Any) -> Any:
    """Return normal numbers with mean 0 and standard deviation `scale`."""
    return _made(initializers.RandomNormal(stddev=scale), shape, name)


def uniform(shape: Any, scale: float = 0.05, name: str | None = None, **_: Any) -> Any:
    """Return uniform numbers in [-scale, scale)."""
    return _made(initializers.RandomUniform(-scale, scale), shape, name)


def identity(shape: Any, scale: float = 1.0, name: str | None = None, **_: Any) -> Any:
    """Return `scale` on the diagonal, and 0 elsewhere."""
    return _made(initializers.Identity(gain=scale), shape, name)


def orthogonal(
    shape: Any, scale: float = 1.1, name: str | None = None, **_: Any
) -> Any:
    """Return `scale` times an orthogonal matrix."""
    return _made(initializers.Orthogonal(gain=scale), shape, name)


def _drawing(name_of_class: str) -> Callable[..., Variable]:
    """Return the function of Keras 1 for an initializer without a scale."""

    def drawn(shape: Any, name: str | None = None, **_: Any) -> Variable:
        return _made(getattr(initializers, name_of_class)(), shape, name)

    drawn.__name__ = to_snake_case(name_of_class)
    drawn.__doc__ = f"Return a variable drawn by `{name_of_class}`."
    return drawn


glorot_normal = _drawing("GlorotNormal")
glorot_uniform = _drawing("GlorotUniform")
he_normal = _drawing("HeNormal")
he_uniform = _drawing("HeUniform")
lecun_uniform = _drawing("LecunUniform")
one = _drawing("Ones")
zero = _drawing("Zeros")


def get_fans(shape: Any, dim_ordering: str = "th") -> tuple[int, int]:
    """Return the numbers of inputs and outputs of a kernel, (filters, ...) for 'th'.

    Examples
    --------
    >>> get_fans((5, 2, 3, 3)), get_fans((3, 3, 2, 5), "tf"), get_fans((4, 6))
    ((18, 45), (18, 45), (4, 6))
    """
    first = dim_ordering == "th"
    return _compute_fans(shape, "channels_first" if first else "channels_last")


def _compute_fans(shape: Any, data_format: str = "channels_last") -> tuple[int, int]:
    """Return the numbers of inputs and outputs of a kernel; `compute_fans` today.

    Examples
    --------
    >>> _compute_fans((3, 3, 2, 5)), _compute_fans((5, 2, 3, 3), "channels_first")
    ((18, 45), (18, 45))
    """
    if data_format == "channels_first" and len(shape) > 2:
        shape = (*shape[2:], shape[1], shape[0])
    return initializers.compute_fans(shape)


def get(identifier: Any, **kwargs: Any) -> Any:
    """Return an initializer that layers take, and that makes a variable by itself.

    Examples
    --------
    >>> get("one")((2,), name="W").numpy().tolist()
    [1.0, 1.0]
    >>> get("glorot_uniform").__name__
    'glorot_uniform'
    """
    made = initializers.get(identifier)
    return made if made is None else _making_variables(made)


def _making_variables(initializer: Callable[..., Any]) -> Callable[..., Any]:
    def initial(
        shape: Any, dtype: Any = None, name: str | None = None, **_: Any
    ) -> Any:
        if dtype is not None:  # a layer of today asks
            return initializer(shape, dtype=dtype)
        return _made(initializer, shape, name)

    # layers of one's own write it down: {"init": self.init.__name__}
    own_name = getattr(initializer, "__name__", None)
    initial.__name__ = own_name or to_snake_case(type(initializer).__name__)
    return initial


def _made(initializer: Callable[..., Any], shape: Any, name: str | None) -> Variable:
    return Variable(np.asarray(initializer(tuple(shape), dtype="float32")), name=name)


__all__ = [
    "get",
    "get_fans",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_uniform",
    "normal",
    "one",
    "orthogonal",
    "uniform",
    "zero",
]
