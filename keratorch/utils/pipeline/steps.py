"""Steps that call a function of the user for each element."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keratorch.modes import no_grad
from keratorch.nested import flatten
from keratorch.utils.element import as_elements, as_plain
from keratorch.utils.pipeline.spec import TensorSpec, mapped
from keratorch.utils.pipeline.values import arrays_in, as_values
from keratorch.utils.pipeline.walk import (
    UNKNOWN_CARDINALITY,
    Elements,
    call,
    check_dataset,
    whole_number,
)

_CYCLE = 4


class Steps(Elements):
    """What functions make of elements. They run without gradients, on arrays."""

    def map(
        self,
        map_func: Callable[..., Any],
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Any:
        """Return the dataset of ``map_func(element)``, or ``map_func(*tuple)``.

        What it returns is an array, or a tuple or dict of arrays. `num_parallel_calls`
        and `deterministic` change nothing here: the elements are made one after the
        other, in order.
        """

        def made() -> Iterator[Any]:
            for element in self._values():
                with no_grad():
                    result = call(map_func, element)
                yield as_values(result)

        result = self._new(made, self._cardinality)
        result._described = lambda: spec_of_mapped(self, result)
        return result

    def filter(self, predicate: Callable[..., Any], name: str | None = None) -> Any:
        """Return the dataset of the elements of which `predicate` is true."""

        def kept() -> Iterator[Any]:
            for element in self._values():
                with no_grad():
                    keep = bool(call(predicate, element))
                if keep:
                    yield element

        return self._chosen_by(kept)

    def take_while(self, predicate: Callable[..., Any], name: Any = None) -> Any:
        """Return the dataset of the elements before the first that fails."""

        def kept() -> Iterator[Any]:
            for element in self._values():
                with no_grad():
                    if not bool(call(predicate, element)):
                        return
                yield element

        return self._chosen_by(kept)

    def flat_map(self, map_func: Callable[..., Any], name: str | None = None) -> Any:
        """Return the elements of the datasets ``map_func(element)``, one by one.

        Raises
        ------
        TypeError : during the walk, `map_func` returned no dataset.
        """

        def flat() -> Iterator[Any]:
            for element in self._values():
                yield from self._inner(map_func, element)

        return self._new(flat)

    def interleave(
        self,
        map_func: Callable[..., Any],
        cycle_length: int | None = None,
        block_length: int | None = None,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Any:
        """Return the elements of several datasets ``map_func(element)`` by turns.

        Parameters
        ----------
        map_func : function from an element to a dataset.
        cycle_length : int, how many datasets take turns; None or -1 for 4.
        block_length : int, elements per turn; None for 1.
        num_parallel_calls, deterministic : change nothing here.
        name : str, a label, which changes nothing.

        Raises
        ------
        TypeError : during the walk, `map_func` returned no dataset.
        """
        length = _CYCLE
        if cycle_length is not None and int(cycle_length) != -1:
            length = whole_number("cycle_length", cycle_length, 1)
        block = whole_number("block_length", block_length or 1, 1)

        def by_turns() -> Iterator[Any]:
            opened = (self._inner(map_func, element) for element in self._values())
            return _taking_turns(opened, length, block)

        return self._new(by_turns)

    def _inner(self, map_func: Callable[..., Any], element: Any) -> Iterator[Any]:
        with no_grad():
            dataset = check_dataset("map_func", call(map_func, element))
        return dataset._values()

    def scan(
        self, initial_state: Any, scan_func: Callable[..., Any], name: Any = None
    ) -> Any:
        """Return the dataset of what ``scan_func(state, element)`` returns.

        Parameters
        ----------
        initial_state : array, or tuple or dict of arrays.
        scan_func : function that returns the next state and an element.
        name : str, a label, which changes nothing.
        """

        def scanned() -> Iterator[Any]:
            state = arrays_in(initial_state)
            for element in self._values():
                with no_grad():
                    state, result = scan_func(as_elements(state), as_elements(element))
                state = arrays_in(state)
                yield as_values(result)

        return self._new(scanned, self._cardinality)

    def reduce(
        self, initial_state: Any, reduce_func: Callable[..., Any], name: Any = None
    ) -> Any:
        """Return the last state of ``state = reduce_func(state, element)``.

        Parameters
        ----------
        initial_state : array, or tuple or dict of arrays.
        reduce_func : function that returns the next state.
        name : str, a label, which changes nothing.
        """
        state = arrays_in(initial_state)
        for element in self._values():
            with no_grad():
                state = reduce_func(as_elements(state), as_elements(element))
            state = as_values(state)
        return as_elements(state)

    def enumerate(self, start: int = 0, name: str | None = None) -> Any:
        """Return the dataset of pairs of a number, int64, and an element."""

        def numbered() -> Iterator[Any]:
            counts = map(np.int64, itertools.count(int(start)))
            return zip(counts, self._values(), strict=False)

        result = self._new(numbered, self._cardinality)
        result._described = lambda: (TensorSpec((), "int64"), self.element_spec)
        return result

    def unique(self, name: str | None = None) -> Any:
        """Return the dataset without the elements that came before."""

        def fresh() -> Iterator[Any]:
            seen = set()
            for element in self._values():
                key = tuple(_key(leaf) for leaf in flatten(element))
                if key not in seen:
                    seen.add(key)
                    yield element

        return self._chosen_by(fresh)

    def apply(
        self, transformation_func: Callable[..., Any], name: str | None = None
    ) -> Any:
        """Return the dataset that a function makes of this one.

        Raises
        ------
        TypeError : it returned no dataset.
        """
        return check_dataset("transformation_func", transformation_func(self))

    def as_numpy_iterator(self) -> Iterator[Any]:
        """Return an iterator over the elements as arrays of NumPy, texts as bytes."""
        return (arrays_in(as_elements(v), as_plain) for v in self._values())

    def get_single_element(self, name: str | None = None) -> Any:
        """Return the element of a dataset of one.

        Raises
        ------
        ValueError : there are none, or more.
        """
        found = list(itertools.islice(self._values(), 2))
        if len(found) != 1:
            raise ValueError(
                "get_single_element needs a dataset of one element; received "
                f"{'none' if not found else 'more'}. Use take(1)."
            )
        return as_elements(found[0])

    def _chosen_by(self, make_iterator: Callable[[], Iterator[Any]]) -> Any:
        result = self._new(make_iterator, UNKNOWN_CARDINALITY)
        result._batch_size = self._batch_size
        result._described = lambda: self.element_spec
        return result


def _taking_turns(
    opened: Iterator[Iterator[Any]], length: int, block: int
) -> Iterator[Any]:
    """Yield blocks of `length` iterators in turn, the next one replacing an ended."""
    places: list[Iterator[Any] | None] = [None] * length
    turn, more = 0, True
    while more or any(place is not None for place in places):
        place = places[turn]
        if place is None and more:
            place = places[turn] = next(opened, None)
            more = place is not None
            continue
        if place is not None:
            values = list(itertools.islice(place, block))
            yield from values
            if len(values) < block:
                places[turn] = None
        turn = (turn + 1) % length


def spec_of_mapped(before: Elements, after: Elements) -> Any:
    """Return the spec of elements that a function made, None where there are none."""
    result = after._first()
    if result is None:
        return None
    return mapped(before.element_spec, before._first(), result)


def _key(leaf: Any) -> Any:
    if isinstance(leaf, np.ndarray):
        return leaf.shape, leaf.dtype.str, tuple(leaf.ravel().tolist())
    return leaf
