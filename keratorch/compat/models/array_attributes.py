"""What tensors answered to in Keras 1 and 2, and in TensorFlow 1.

    x.get_shape().as_list(), x._keras_shape, x.shape[1].value, x.shape.as_list()
    variable.get_value(), variable.set_value(array)

Symbolic arrays and GradArrays have these while `keras` means KeraTorch.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.nested import is_nested, map_structure
from keratorch.symbolic import KerasTensor
from keratorch.variable import Variable


class Dimension(int):
    """A length with TensorFlow 1's attribute `value`."""

    @property
    def value(self) -> int:
        """The length itself."""
        return int(self)


class Shape(tuple):
    """A shape with the methods of TensorFlow's shapes.

    Examples
    --------
    >>> shape = Shape((None, 4))
    >>> shape.as_list(), shape[1].value, shape[1:].as_list(), shape.ndims
    ([None, 4], 4, [4], 2)
    """

    __slots__ = ()

    def __new__(cls, lengths: Any) -> Shape:
        """Return the shape of lengths, None for those not known."""
        return super().__new__(
            cls, (None if n is None else Dimension(n) for n in lengths)
        )

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        return Shape(found) if isinstance(index, slice) else found

    def as_list(self) -> list[int | None]:
        """Return the lengths as a list of plain numbers."""
        return [None if n is None else int(n) for n in self]

    def is_fully_defined(self) -> bool:
        """Return whether each length is known."""
        return None not in self

    @property
    def ndims(self) -> int:
        """The number of axes."""
        return len(self)

    rank = ndims
    dims = property(list, doc="The lengths.")


def plain_shapes(shape_of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the function of the shapes that layers get, which are tuples alone."""

    @functools.wraps(shape_of)
    def shapes(x: Any) -> Any:
        if type(x) is KerasTensor or type(x) is GradArray:
            return tuple(x.shape)
        if is_nested(x):
            return map_structure(shapes, x)
        return shape_of(x)

    return shapes


def _get_shape(x: Any) -> Shape:
    """Return the shape, with the methods of TensorFlow's."""
    return Shape(x.shape)


def _keras_shape(x: Any) -> tuple[int | None, ...]:
    return tuple(Shape(x.shape).as_list())


def _keras_history(x: Any) -> tuple[Any, int, int]:
    return x.node.operation, x.node.place, x.index


def _latest_history(x: Any) -> tuple[Any, int, int]:
    return importlib.import_module("keratorch.compat.models.histories").history_of(x)


class _TensorShape:
    """The attribute `shape` of symbolic arrays, which keeps what is set as a Shape."""

    def __get__(self, x: Any, owner: Any = None) -> Any:
        return self if x is None else Shape(vars(x)["shape"])

    def __set__(self, x: Any, shape: Any) -> None:
        vars(x)["shape"] = tuple(shape)


def _eval(x: Any, feed_dict: Any = None, session: Any = None) -> np.ndarray:
    """Return the values, which need no session."""
    if feed_dict:
        raise ValueError(
            "x.eval(feed_dict=...): an array has its values already. Call the model "
            "on what would be fed, or K.function([inputs], [x])."
        )
    return x.numpy()


def _get_value(variable: Any, borrow: bool = False, **where: Any) -> np.ndarray:
    """Return the values, as Theano's variables did."""
    return np.array(variable)


def _set_value(variable: Any, new_value: Any, borrow: bool = False) -> None:
    """Overwrite the values, as Theano's variables did."""
    variable.assign(new_value)


_ADDED: dict[type, dict[str, Any]] = {
    KerasTensor: {
        "_keras_history": property(_keras_history, doc="Layer, call and output."),
        "shape": _TensorShape(),
    },
    GradArray: {
        "_keras_history": property(_latest_history, doc="Layer, call and output."),
        "eval": _eval,
    },
    Variable: {"get_value": _get_value, "set_value": _set_value},
}
for _added in (_ADDED[KerasTensor], _ADDED[GradArray]):
    _added["get_shape"] = _get_shape
    _added["_keras_shape"] = property(_keras_shape, doc="The shape, as a tuple.")


def add(shapes: bool = False, dtypes: bool = False) -> None:
    """Let arrays answer to older attributes.

    Parameters
    ----------
    shapes : bool, whether the `shape` of a GradArray is a `Shape` as well: it is asked
        for in each step of training, so that this takes time.
    dtypes : bool, whether the `dtype` of arrays has TensorFlow's attributes, too.
    """
    for cls, attributes in _ADDED.items():
        for name, attribute in attributes.items():
            setattr(cls, name, attribute)
    if shapes:
        GradArray.shape = property(_shape, doc="The length of each axis.")  # type: ignore[method-assign, assignment]
    if dtypes:
        importlib.import_module("keratorch.compat.models.array_dtypes").add()


def remove() -> None:
    """Let arrays answer to the attributes of today alone."""
    for cls, attributes in _ADDED.items():
        for name in attributes:
            if name in vars(cls):
                delattr(cls, name)
    if "shape" in vars(GradArray):
        del GradArray.shape
    if "dtype" in vars(GradArray):
        importlib.import_module("keratorch.compat.models.array_dtypes").remove()


def _shape(x: Any) -> Shape:
    return Shape(x._array.shape)
