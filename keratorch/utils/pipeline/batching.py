"""Steps that stack elements, take them apart and cut windows."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from keratorch.nested import flatten, map_structure
from keratorch.utils.pipeline.padding import padded, padding_of
from keratorch.utils.pipeline.spec import batched
from keratorch.utils.pipeline.values import arrays_in
from keratorch.utils.pipeline.walk import Elements, Rows, whole_number


class Batching(Elements):
    """Elements side by side."""

    def batch(
        self,
        batch_size: int,
        drop_remainder: bool = False,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Any:
        """Return the dataset of `batch_size` elements stacked along a new first axis.

        The last batch may be smaller, unless `drop_remainder`. `num_parallel_calls` and
        `deterministic` change nothing here.

        Raises
        ------
        ValueError : `batch_size` is not an int > 0; during the walk, elements of
            different shapes.
        """
        size = whole_number("batch_size", batch_size, 1)
        rows = self._rows

        def batches() -> Iterator[Any]:
            for values in in_groups(self._make_iterator(), size, drop_remainder):
                yield stacked(values) if rows is None else rows.many(values)

        return self._of_batches(batches, size, drop_remainder, True)

    def padded_batch(
        self,
        batch_size: int,
        padded_shapes: Any = None,
        padding_values: Any = None,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Any:
        """Return the dataset of `batch_size` elements, filled up to one shape.

        Parameters
        ----------
        batch_size : int > 0.
        padded_shapes : shape of each array, nested as the elements are, with None or -1
            for the greatest length of a batch; None for that in all axes.
        padding_values : what to fill with, nested in the same way or one for all; None
            for 0 and ''.
        drop_remainder : bool, whether to leave out a last batch that is smaller.
        name : str, a label, which changes nothing.

        Raises
        ------
        ValueError : during the walk, an array larger than its padded shape.

        Examples
        --------
        >>> from keratorch.utils import Dataset
        >>> lines = Dataset.from_generator(lambda: map(np.arange, (1, 3)))
        >>> [batch.tolist() for batch in lines.padded_batch(2)]
        [[[0, 0, 0], [0, 1, 2]]]
        """
        size = whole_number("batch_size", batch_size, 1)

        def batches() -> Iterator[Any]:
            for values in in_groups(self._values(), size, drop_remainder):
                shapes, fills = padding_of(values[0], padded_shapes, padding_values)
                yield map_structure(padded, shapes, fills, *values)

        return self._of_batches(batches, size, drop_remainder, False)

    def _of_batches(
        self, batches: Any, size: int, drop_remainder: Any, lengths: bool
    ) -> Any:
        count = self._cardinality
        if count > 0:
            count = count // size if drop_remainder else -(-count // size)
        result = self._new(batches, count)
        result._batch_size = size
        length = size if drop_remainder else None
        result._described = lambda: batched(self.element_spec, length, lengths)
        return result

    def unbatch(self, name: str | None = None) -> Any:
        """Return the dataset of the slices of each element along its first axis."""

        def slices() -> Iterator[Any]:
            for batch in self._values():
                for place in range(len(flatten(batch)[0])):
                    yield map_structure(lambda a: a[place], batch)  # noqa: B023

        return self._new(slices)

    def rebatch(
        self, batch_size: int, drop_remainder: bool = False, name: str | None = None
    ) -> Any:
        """Return the dataset of batches cut anew."""
        return self.unbatch().batch(batch_size, drop_remainder)

    def window(
        self,
        size: int,
        shift: int | None = None,
        stride: int = 1,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Any:
        """Return the dataset of datasets of `size` elements.

        Parameters
        ----------
        size : int > 0, elements of a window.
        shift : int > 0, by how many elements the next window begins later; None for
            `size`.
        stride : int > 0, from one element of a window to its next.
        drop_remainder : bool, whether to leave out windows that are smaller.
        name : str, a label, which changes nothing.

        Examples
        --------
        >>> from keratorch.utils import Dataset
        >>> windows = Dataset.range(5).window(3, shift=1, drop_remainder=True)
        >>> [batch.tolist() for batch in windows.flat_map(lambda w: w.batch(3))]
        [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
        """
        size = whole_number("size", size, 1)
        step = size if shift is None else whole_number("shift", shift, 1)
        stride = whole_number("stride", stride, 1)

        def windows() -> Iterator[Any]:
            walk = self._make_iterator()
            for values in _windows(walk, size, step, stride, drop_remainder):
                yield self._window_of(values)

        total = self._cardinality
        if total >= 0:
            reach = (size - 1) * stride + 1 if drop_remainder else 1
            total = max(0, -(-(total - reach + 1) // step))
        return self._new(windows, total)

    def _window_of(self, values: list[Any]) -> Any:
        """Return datasets of some elements, one for each array of them."""
        if self._rows is not None:
            return arrays_in(
                self._rows.arrays,
                lambda array: self._new(lambda: iter(values), len(values), Rows(array)),
            )
        if not isinstance(values[0], (tuple, dict)):
            return self._new(lambda: iter(values), len(values))
        return map_structure(
            lambda *leaves: self._new(lambda: iter(leaves), len(leaves)), *values
        )


def in_groups(
    walk: Iterator[Any], size: int, drop_remainder: Any = False
) -> Iterator[list[Any]]:
    """Yield lists of `size` elements; the last may have fewer."""
    while values := list(itertools.islice(walk, size)):
        if len(values) == size or not drop_remainder:
            yield values


def stacked(values: list[Any]) -> Any:
    """Return elements stacked along a new first axis.

    Raises
    ------
    ValueError : elements of different shapes.
    """
    if type(values[0]) is tuple:
        return tuple([stacked(list(parts)) for parts in zip(*values, strict=True)])
    return map_structure(_stack, *values)


def _stack(*values: Any) -> Any:
    first = values[0]
    if isinstance(first, (str, bytes)):
        texts = np.empty(len(values), object)
        texts[:] = values
        return texts
    if hasattr(first, "stack_rows"):  # ragged rows know how to
        return first.stack_rows(values)
    if isinstance(first, Elements):
        raise TypeError(
            "batch cannot stack datasets. Batch each window first: "
            "windows.flat_map(lambda window: window.batch(size))."
        )
    shapes = {np.shape(value) for value in values}
    if len(shapes) > 1:
        raise ValueError(
            "a batch needs elements of one shape; received shapes "
            f"{sorted(shapes)[:8]}. Pad or resize them first with map, or use "
            "padded_batch."
        )
    return np.stack([np.asarray(value) for value in values])


def _windows(
    walk: Iterator[Any], size: int, shift: int, stride: int, drop_remainder: Any
) -> Iterator[list[Any]]:
    reach = (size - 1) * stride + 1
    buffer: deque[Any] = deque()
    while True:
        buffer.extend(itertools.islice(walk, reach - len(buffer)))
        if not buffer or (drop_remainder and len(buffer) < reach):
            return
        yield list(itertools.islice(buffer, 0, reach, stride))
        for _ in range(min(shift, len(buffer))):
            buffer.popleft()
        if shift > reach:
            next(itertools.islice(walk, shift - reach, shift - reach), None)
