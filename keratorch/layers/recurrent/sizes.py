"""The sizes of a cell's states and outputs: lengths, shapes, and structures of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keratorch.nested import is_nested, put_together, take_apart


def is_shape(size: Any) -> bool:
    """Return whether a size is one shape, such as `tf.TensorShape` or `torch.Size`.

    A plain tuple of numbers holds several sizes, as it always did in Keras.

    Examples
    --------
    >>> is_shape((3, 4)), is_shape(3)
    (False, False)
    """
    of_its_own = isinstance(size, tuple) and type(size) is not tuple
    return of_its_own and not hasattr(size, "_fields")


def listed(size: Any) -> list[Any]:
    """Return the sizes that stand side by side, one alone in a list."""
    return list(size) if is_nested(size) and not is_shape(size) else [size]


def map_sizes(function: Callable[[tuple], Any], size: Any) -> Any:
    """Return a structure like that of the sizes, with a function of each shape.

    Examples
    --------
    >>> map_sizes(lambda shape: (None, *shape), [3, (4, 5)])
    [(None, 3), ((None, 4), (None, 5))]
    """
    if is_shape(size):
        return function(tuple(size))
    if is_nested(size):
        parts = [map_sizes(function, part) for part in take_apart(size)]
        return put_together(size, parts)
    return function((size,))


def first_size(size: Any) -> Any:
    """Return the first of the sizes.

    Examples
    --------
    >>> first_size([(3, 4), 5])
    3
    """
    while is_nested(size) and not is_shape(size):
        size = take_apart(size)[0]
    return size
