"""What TensorFlow's tensors can say that a GradArray cannot.

GradArrays have these attributes while `tensorflow` means KeraTorch.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.core import GradArray

_OWN: dict[str, Any] = {}  # what was there before


def _set_shape(x: GradArray, shape: Any) -> None:
    """Check a shape, as TensorFlow does for arrays that have one already.

    Raises
    ------
    ValueError : another shape.
    """
    if shape is None or getattr(shape, "rank", 0) is None:
        return
    lengths = tuple(shape)
    if len(lengths) != x.ndim or any(
        n is not None and n != m for n, m in zip(lengths, x.shape, strict=True)
    ):
        raise ValueError(
            f"Tensor's shape {x.shape} is not compatible with supplied shape {lengths}."
        )


class Reference:
    """What stands for an array as the key of a dict or in a set: its identity."""

    def __init__(self, array: Any):
        self._array = array

    def deref(self) -> Any:
        """Return the array."""
        return self._array

    def __hash__(self) -> int:
        return id(self._array)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and self._array is other._array


def _written(x: GradArray) -> str:
    """Return the values, shape and dtype as TensorFlow prints them."""
    separated = _numbers(x._array)
    separated = f"\n{separated}" if x.ndim > 1 else separated
    return f"tf.Tensor({separated}, shape={_shape(x)}, dtype={x._array.dtype.name})"


def _shown(x: GradArray) -> str:
    """Return what TensorFlow shows of a tensor in an interactive session."""
    values = np.array_repr(x._array) if x.ndim else _numbers(x._array)
    return (
        f"<tf.Tensor: shape={_shape(x)}, dtype={x._array.dtype.name}, numpy={values}>"
    )


def _numbers(array: np.ndarray) -> str:
    if not array.ndim:
        return str(array[()])
    return np.array2string(array, separator=" ", threshold=1000)


def _shape(x: GradArray) -> str:
    return str(tuple(int(n) for n in x._array.shape))


def _formatted(x: GradArray, spec: str) -> str:
    """Return the values in a format, as NumPy's scalars give them."""
    return format(x._array[()] if not x.ndim else x._array, spec)


def _no_flat(x: GradArray) -> Any:
    raise AttributeError("a tensor has no attribute 'flat'. Use tf.reshape(x, [-1]).")


_ADDED: dict[str, Any] = {
    "flat": property(_no_flat, doc="A tensor has none: SymPy would walk it for ever."),
    "__format__": _formatted,
    "device": property(
        lambda x: "/job:localhost/replica:0/task:0/device:CPU:0", doc="The CPU."
    ),
    "experimental_ref": Reference,
    "ref": lambda x: Reference(x),
    "set_shape": _set_shape,
}
_ADDED["experimental_ref"] = _ADDED["ref"]
#: These only for plain GradArrays: variables and others write themselves.
_OF_PLAIN = {"__str__": _written, "__repr__": _shown}


def add() -> None:
    """Let GradArrays have the attributes of tensors."""
    if _OWN:
        return
    for name, attribute in _ADDED.items():
        _OWN[name] = vars(GradArray).get(name)
        setattr(GradArray, name, attribute)
    for name, written in _OF_PLAIN.items():
        _OWN[name] = vars(GradArray).get(name)
        setattr(GradArray, name, _of_plain(name, written))


def remove() -> None:
    """Let GradArrays be as they were."""
    for name, own in _OWN.items():
        if own is None:
            delattr(GradArray, name)
        else:
            setattr(GradArray, name, own)
    _OWN.clear()


def _of_plain(name: str, written: Any) -> Any:
    def method(x: GradArray) -> str:
        if type(x) is GradArray:
            return written(x)
        own = type(x).__repr__ if name == "__str__" else _OWN["__repr__"]
        return own(x)

    method.__doc__ = written.__doc__
    return method
