"""Arrays that a dataset yields."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import Any

import numpy as np

from keratorch.nested import map_structure


class _Tensor:
    """What Keras's tensors answer to, beside NumPy's own."""

    shape: Any

    def get_shape(self) -> Any:
        """Return the shape."""
        return self.shape

    def set_shape(self, shape: Any) -> None:
        """Check that the shape is this one; None stands for any length.

        Raises
        ------
        ValueError : another shape.
        """
        wanted = tuple(shape)
        fits = len(wanted) == len(self.shape) and all(
            w is None or w == n for w, n in zip(wanted, self.shape, strict=True)
        )
        if not fits:
            raise ValueError(
                f"set_shape: the array has shape {tuple(self.shape)}; received "
                f"{wanted}. Use None for a length that may be any, or reshape it."
            )


class TextDType(str):
    """The dtype of texts: its name, which is as good as NumPy's dtype of objects.

    Examples
    --------
    >>> np.dtype(object) == TextDType("string"), TextDType("string") == "string"
    (True, True)
    """

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return str(other) in ("string", "str")
        kind = getattr(other, "kind", None)
        return other is str or other is object or kind in ("O", "U")

    def __ne__(self, other: object) -> bool:
        return not self == other

    @property
    def name(self) -> str:
        """The name."""
        return "string"

    @property
    def as_numpy_dtype(self) -> type:
        """NumPy's class of objects."""
        return object


class Element(_Tensor, np.ndarray):
    """An array of a dataset's element: a NumPy array that has ``numpy()``, too.

    In Keras a dataset yields tensors, from which ``numpy()`` gets the values; a part of
    a tensor is one as well, be it a single number. Like a tensor, an element is not
    changed by ``x += 1``: that makes a new one, and the data it came from stay.

    Examples
    --------
    >>> labels = np.arange(3).view(Element)
    >>> labels.numpy(), labels[1].numpy()
    (array([0, 1, 2]), np.int64(1))
    """

    def numpy(self) -> Any:
        """Return the plain array, or its scalar; texts as bytes in UTF-8, as Keras."""
        array = self.view(np.ndarray)
        if array.dtype.kind in "OU":
            array = _encoded(array)
        return array[()]

    def __getitem__(self, index: Any) -> Any:
        return as_element(super().__getitem__(index))

    def __iter__(self) -> Iterator[Any]:
        return map(as_element, super().__iter__())

    def __str__(self) -> str:
        return str(self.view(np.ndarray))

    def __repr__(self) -> str:
        return repr(self.view(np.ndarray))

    def __int__(self) -> int:
        return int(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __eq__(self, other: Any) -> Any:
        return super().__eq__(_alike(self, other))

    def __ne__(self, other: Any) -> Any:
        return super().__ne__(_alike(self, other))

    __hash__ = None


def _rebinding(name: str) -> Any:
    compute = getattr(operator, name)

    def changed(self: Element, other: Any) -> Any:
        return compute(self, other)

    return changed


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
    setattr(Element, f"__i{_name}__", _rebinding(_name))


class Text(_Tensor, str):
    """A text of a dataset's element: a str that has ``numpy()``, too."""

    shape = ()
    ndim = 0
    dtype = TextDType("string")

    def numpy(self) -> bytes:
        """Return the text in UTF-8."""
        return self.encode()

    def __eq__(self, other: Any) -> Any:
        return super().__eq__(as_text(other) if isinstance(other, bytes) else other)

    def __ne__(self, other: Any) -> Any:
        return super().__ne__(as_text(other) if isinstance(other, bytes) else other)

    __hash__ = str.__hash__


class Binary(_Tensor, bytes):
    """The bytes of a dataset's element, as of a file: they have ``numpy()``, too."""

    shape = ()
    ndim = 0
    dtype = TextDType("string")

    def numpy(self) -> bytes:
        """Return the plain bytes."""
        return bytes(self)


class Count(int):
    """A number of elements: an int that has ``numpy()``, too."""

    def numpy(self) -> np.int64:
        """Return the number as NumPy's."""
        return np.int64(self)


def as_elements(structure: Any) -> Any:
    """Return an element of a dataset with its arrays as `Element`s."""
    kind = type(structure)
    if kind is tuple:
        return tuple([as_elements(part) for part in structure])
    if kind is dict:
        return {key: as_elements(part) for key, part in structure.items()}
    if kind is np.ndarray:
        return as_element(structure)
    return map_structure(as_element, structure)


def as_element(value: Any) -> Any:
    """Return an array, a scalar of NumPy, a str or bytes with a method ``numpy()``.

    Examples
    --------
    >>> as_element(np.float32(2.5)).numpy(), as_element("a").numpy()
    (np.float32(2.5), b'a')
    """
    kind = type(value)
    if kind is np.ndarray:
        return (
            value.view(Element)
            if value.ndim or value.dtype != object
            else (as_element(value[()]))
        )
    if kind is str or kind is np.str_:
        return Text(value)
    if kind is bytes or kind is np.bytes_:
        return Binary(value)
    return np.asarray(value).view(Element) if isinstance(value, np.generic) else value


def as_plain(value: Any) -> Any:
    """Return an `Element` as NumPy's array or scalar, texts as bytes, as Keras does."""
    if isinstance(value, (Element, Text, Binary)):
        return value.numpy()
    return value


def as_text(value: str | bytes) -> str | bytes:
    """Return bytes as the text that they are in UTF-8, others as they are."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return bytes(value)
    return str(value)


def _alike(texts: Element, other: Any) -> Any:
    """Return what an array is compared with: for texts, bytes as text."""
    if texts.dtype == object and isinstance(other, bytes):
        return as_text(other)
    return other


def _encoded(texts: np.ndarray) -> np.ndarray:
    result = np.empty(texts.shape, object)
    for place, text in np.ndenumerate(texts):
        result[place] = text.encode() if isinstance(text, str) else text
    return result
