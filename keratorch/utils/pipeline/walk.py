"""One walk through a dataset, and what all parts of a dataset know of it."""

from __future__ import annotations

import copy
import operator
from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keratorch import random
from keratorch.nested import map_structure
from keratorch.utils.element import as_elements

INFINITE_CARDINALITY = -1
UNKNOWN_CARDINALITY = -2


class Rows:
    """Arrays of one length, whose rows are the elements of a dataset.

    A walk goes through numbers of rows as long as nothing needs the rows themselves: to
    mix or to choose elements costs no copy, and a batch is one look-up for each array.
    """

    def __init__(self, arrays: Any):
        self.arrays = arrays
        self._is_flat = type(arrays) is tuple and all(
            type(array) is np.ndarray for array in arrays
        )

    def one(self, place: Any) -> Any:
        """Return the element of one row."""
        arrays = self.arrays
        if type(arrays) is np.ndarray:
            return arrays[place]
        if self._is_flat:
            return tuple([array[place] for array in arrays])
        return map_structure(lambda array: array[place], arrays)

    def many(self, places: list[int]) -> Any:
        """Return the element of some rows, along a first axis."""
        rows = np.asarray(places, np.intp)
        return map_structure(lambda array: array[rows], self.arrays)


class Walk(Iterator[Any]):
    """The iterator of a dataset: what ``next`` gives, ``get_next()`` gives as well."""

    def __init__(self, values: Iterator[Any]):
        self._values = values

    def __next__(self) -> Any:
        return as_elements(next(self._values))

    def get_next(self) -> Any:
        """Return the next element."""
        return next(self)


class Elements:
    """What the parts of a dataset build on: its walk, its length, and new datasets."""

    _make_iterator: Callable[[], Iterator[Any]]
    _rows: Rows | None
    _cardinality: int
    _batch_size: int | None
    _described: Callable[[], Any] | None

    @property
    @abstractmethod
    def element_spec(self) -> Any:
        """Shapes and dtypes of an element."""

    @classmethod
    @abstractmethod
    def _new(
        cls,
        make_iterator: Callable[[], Iterator[Any]],
        cardinality: int = UNKNOWN_CARDINALITY,
        rows: Rows | None = None,
    ) -> Any:
        """Return a dataset."""

    def _values(self) -> Iterator[Any]:
        """Begin a walk through the elements as plain arrays."""
        walk = self._make_iterator()
        return walk if self._rows is None else map(self._rows.one, walk)

    def _chosen(
        self, make_iterator: Callable[[], Iterator[Any]], cardinality: int
    ) -> Any:
        """Return a dataset of the same elements, in another order or number."""
        result = self._new(make_iterator, cardinality, self._rows)
        result._batch_size = self._batch_size
        result._described = lambda: self.element_spec
        return result

    def _first(self) -> Any:
        """Return the first element, without a trace in the stream of randomness.

        None where there is none.
        """
        generator = random.generator().bit_generator
        state = copy.deepcopy(generator.state)
        try:
            return next(self._values(), None)
        finally:
            generator.state = state


def whole_number(name: str, count: Any, least: int) -> int:
    """Return an argument as an int.

    Raises
    ------
    ValueError : it is not an int, or below `least`.
    """
    try:
        number = operator.index(count)
    except TypeError:
        number = least - 1
    if isinstance(count, (bool, np.bool_)) or number < least:
        raise ValueError(f"{name} must be an int >= {least}; received {count!r}.")
    return number


def call(function: Callable[..., Any], element: Any) -> Any:
    """Return ``function(element)``, or ``function(*element)`` for a tuple."""
    element = as_elements(element)
    if isinstance(element, tuple) and not hasattr(element, "_fields"):
        return function(*element)
    return function(element)


def check_dataset(name: str, value: Any) -> Any:
    """Return a dataset that a function of a user gave.

    Raises
    ------
    TypeError : it is none.
    """
    if not isinstance(value, Elements):
        raise TypeError(
            f"{name} must return a Dataset; received {type(value).__name__}. Use map "
            "for a function that returns an element."
        )
    return value
