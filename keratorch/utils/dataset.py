"""A chain of steps over data that can be walked through again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from keratorch.utils.element import Count
from keratorch.utils.pipeline.batching import Batching
from keratorch.utils.pipeline.grouping import Grouping
from keratorch.utils.pipeline.order import Order
from keratorch.utils.pipeline.sources import Sources
from keratorch.utils.pipeline.spec import spec_of
from keratorch.utils.pipeline.steps import Steps
from keratorch.utils.pipeline.walk import (
    INFINITE_CARDINALITY,
    UNKNOWN_CARDINALITY,
    Rows,
    Walk,
)


class Dataset(Sources, Steps, Order, Batching, Grouping):
    """Elements that are made one by one, each time that somebody walks through them.

    An element is an array, or a tuple or dict of arrays. Each method returns a new
    dataset and computes nothing: that happens during the walk. `fit`, `evaluate` and
    `predict` take a dataset of batches, `(x, y)` or `(x, y, sample_weight)`. The arrays
    of an element have a method ``numpy()``, as the tensors of Keras have.

    The methods stand in `utils.pipeline`, by what they do: sources, steps that call a
    function, the order of elements, batches and windows, groups.

    Parameters
    ----------
    make_iterator : function without arguments that begins a new walk.
    cardinality : int, number of elements; -1 for infinitely many, -2 for unknown.
    rows : what the walk gives numbers of, where it does not give the elements.

    Examples
    --------
    >>> import numpy as np
    >>> numbers = Dataset.from_tensor_slices(np.arange(5))
    >>> pairs = numbers.map(lambda x: x * x).batch(2)
    >>> len(pairs), [batch.tolist() for batch in pairs]
    (3, [[0, 1], [4, 9], [16]])
    """

    def __init__(
        self,
        make_iterator: Callable[[], Iterator[Any]],
        cardinality: int = UNKNOWN_CARDINALITY,
        rows: Rows | None = None,
    ):
        self._make_iterator = make_iterator
        self._cardinality = cardinality
        self._rows = rows
        self._batch_size: int | None = None
        self._described: Callable[[], Any] | None = None  # gives the element_spec
        # What the files of `..._from_directory` are.
        self.class_names: list[str] | None = None
        self.file_paths: list[str] | None = None

    @classmethod
    def _new(
        cls,
        make_iterator: Callable[[], Iterator[Any]],
        cardinality: int = UNKNOWN_CARDINALITY,
        rows: Rows | None = None,
    ) -> Dataset:
        return Dataset(make_iterator, cardinality, rows)

    def __iter__(self) -> Iterator[Any]:
        return Walk(self._values())

    def __len__(self) -> int:
        if self._cardinality < 0:
            infinite = self._cardinality == INFINITE_CARDINALITY
            raise TypeError(
                f"the dataset's length is {'infinite' if infinite else 'unknown'}. Say "
                "steps_per_epoch, or use take(count)."
            )
        return self._cardinality

    def __bool__(self) -> bool:
        return True  # not `len`, which may be unknown

    def __repr__(self) -> str:
        count = {INFINITE_CARDINALITY: "infinitely many", UNKNOWN_CARDINALITY: "some"}
        number = count.get(self._cardinality, self._cardinality)
        kind = (
            "elements"
            if self._batch_size is None
            else (f"batches of {self._batch_size}")
        )
        return f"<{type(self).__name__} of {number} {kind}>"

    def cardinality(self) -> int:
        """Return the number of elements; -1 for infinitely many, -2 for unknown."""
        return Count(self._cardinality)

    @property
    def element_spec(self) -> Any:
        """Shapes and dtypes of an element, as `TensorSpec`s.

        The lengths of axes that vary, as of batches without `drop_remainder`, are None.
        Where a function makes the elements, the first one is computed for this; None
        where there is none.
        """
        if self._described is not None:
            return self._described()
        first = self._first()
        return None if first is None else spec_of(first)

    def _like(self, other: Dataset) -> Dataset:
        other._batch_size = self._batch_size
        return other
