"""Arrays that a dataset yields."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.nested import map_structure


class Element(np.ndarray):
    """An array of a dataset's element: a NumPy array that has ``numpy()``, too.

    In Keras a dataset yields tensors, from which ``numpy()`` gets the values; a part of
    a tensor is one as well, be it a single number.

    Examples
    --------
    >>> labels = np.arange(3).view(Element)
    >>> labels.numpy(), labels[1].numpy()
    (array([0, 1, 2]), np.int64(1))
    """

    def numpy(self) -> Any:
        """Return the plain array, or its scalar; texts as bytes in UTF-8, as Keras."""
        array = self.view(np.ndarray)
        if array.dtype == object:
            array = _encoded(array)
        return array[()]

    def __getitem__(self, index: Any) -> Any:
        return as_element(super().__getitem__(index))

    def __int__(self) -> int:
        return int(self.item())

    def __float__(self) -> float:
        return float(self.item())


class Text(str):
    """A text of a dataset's element: a str that has ``numpy()``, too."""

    def numpy(self) -> bytes:
        """Return the text in UTF-8."""
        return self.encode()


class Count(int):
    """A number of elements: an int that has ``numpy()``, too."""

    def numpy(self) -> np.int64:
        """Return the number as NumPy's."""
        return np.int64(self)


def as_elements(structure: Any) -> Any:
    """Return an element of a dataset with its arrays as `Element`s."""
    return map_structure(as_element, structure)


def as_element(value: Any) -> Any:
    """Return an array, a scalar of NumPy or a str with a method ``numpy()``."""
    if type(value) is np.ndarray:
        return value.view(Element)
    if isinstance(value, np.generic):
        return np.asarray(value).view(Element)
    return Text(value) if type(value) is str else value


def as_plain(value: Any) -> Any:
    """Return an `Element` or a `Text` as NumPy's array or scalar, or as a str."""
    if isinstance(value, Element):
        return value.view(np.ndarray)[()]
    return str(value) if isinstance(value, Text) else value


def _encoded(texts: np.ndarray) -> np.ndarray:
    result = np.empty(texts.shape, object)
    for place, text in np.ndenumerate(texts):
        result[place] = text.encode() if isinstance(text, str) else text
    return result
