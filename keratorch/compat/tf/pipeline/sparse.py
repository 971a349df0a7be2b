"""Arrays of which only some values are there."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.utils.element import as_element
from keratorch.utils.pipeline.values import as_value


class SparseTensor:
    """Values, the places where they are, and the shape of the array.

    It is what ``tf.io.VarLenFeature`` gives; `tf.sparse.to_dense` makes it an array.

    Parameters
    ----------
    indices : (values, axes), in rising order.
    values : (values,).
    dense_shape : (axes,).

    Examples
    --------
    >>> sparse = SparseTensor([[0, 1], [1, 0]], [5, 6], [2, 2])
    >>> to_dense(sparse).tolist()
    [[0, 5], [6, 0]]
    """

    def __init__(self, indices: Any, values: Any, dense_shape: Any):
        self.indices = as_element(np.asarray(as_value(indices), np.int64))
        self.values = as_element(np.asarray(as_value(values)))
        self.dense_shape = as_element(np.asarray(as_value(dense_shape), np.int64))

    @classmethod
    def of_rows(cls, rows: list[Any]) -> SparseTensor:
        """Return rows of several lengths in a table."""
        lengths = [len(row) for row in rows]
        indices = [[i, j] for i, n in enumerate(lengths) for j in range(n)]
        places = np.asarray(indices, np.int64).reshape(-1, 2)
        shape = [len(rows), max(lengths, default=0)]
        return cls(places, np.concatenate([np.asarray(r) for r in rows]), shape)

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return tuple(int(n) for n in self.dense_shape)

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the values."""
        return self.values.dtype

    def __repr__(self) -> str:
        return f"<SparseTensor shape={self.shape} of {len(self.values)} values>"


def to_dense(
    sp_input: SparseTensor,
    default_value: Any = None,
    validate_indices: bool = True,
    name: str | None = None,
) -> Any:
    """Return the array, with 0, '' or `default_value` where there is no value.

    Raises
    ------
    TypeError : no `SparseTensor`.
    """
    if not isinstance(sp_input, SparseTensor):
        raise TypeError(
            f"to_dense needs a SparseTensor; received {type(sp_input).__name__}."
        )
    fill = as_value(default_value) if default_value is not None else None
    if fill is None:
        fill = "" if sp_input.dtype.kind == "O" else 0
    array = np.full(sp_input.shape, fill, sp_input.dtype)
    places = np.asarray(sp_input.indices)
    array[tuple(places.T)] = np.asarray(sp_input.values)
    return as_element(array)


def from_dense(tensor: Any, name: str | None = None) -> SparseTensor:
    """Return the values of an array that are not 0 or ''."""
    array = np.asarray(as_value(tensor))
    places = np.argwhere(array != ("" if array.dtype.kind == "O" else 0))
    return SparseTensor(places, array[tuple(places.T)], array.shape)
