"""StackedRNNCells: several cells as one, and what all cells have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch.layers.layer import Layer
from keratorch.layers.recurrent.inner import build_inner, deserialized, serialized
from keratorch.layers.recurrent.sizes import first_size, listed, map_sizes
from keratorch.nested import flatten, is_nested


class StackedRNNCells(Layer):
    """Cells one above the other, as one cell: each gets the output of the one below.

    Parameters
    ----------
    cells : list of cells, the lowest first. See `RNN` for what a cell is.

    Raises
    ------
    ValueError : one of them lacks ``call`` or ``state_size``.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import layers
    >>> cells = [layers.LSTMCell(4), layers.GRUCell(3)]
    >>> layers.RNN(layers.StackedRNNCells(cells))(np.ones((2, 5, 6))).shape
    (2, 3)
    """

    _takes_lists = True

    def __init__(self, cells: Any, **kwargs: Any):
        super().__init__(**kwargs)
        for cell in cells:
            check_cell("StackedRNNCells", cell)
        if not cells:
            raise ValueError("StackedRNNCells needs one cell or more; received none.")
        self.cells = list(cells)

    @property
    def couples_samples(self) -> bool:
        """Whether one of the cells may mix samples."""
        return any(getattr(cell, "couples_samples", True) for cell in self.cells)

    @property
    def state_size(self) -> list[Any]:
        """The size of the states of each cell."""
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self) -> Any:
        """The size of the last cell's output."""
        return output_size_of(self.cells[-1])

    def get_initial_state(self, batch_size: int | None = None) -> list[Any]:
        """Return the first states of each cell."""
        return [initial_state_of(cell, batch_size, self.dtype) for cell in self.cells]

    def build(self, input_shape: tuple) -> None:
        shape, batch = input_shape, flatten(input_shape)[0]
        for cell in self.cells:
            build_inner(cell, shape)
            shape = map_sizes(lambda size: (batch, *size), output_size_of(cell))

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        after = []
        for cell, own in zip(self.cells, states, strict=True):
            alone = not is_nested(own)
            inputs, new = run_cell(
                cell, inputs, [own] if alone else list(own), training
            )
            new = list(new) if is_nested(new) else [new]
            after.append(new[0] if alone else new)
        return inputs, after

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "cells": [serialized(c) for c in self.cells]}

    @classmethod
    def from_config(
        cls,
        config: dict[str, Any],
        custom_objects: Mapping[str, Any] | None = None,
    ) -> Any:
        cells = [deserialized(cell, custom_objects) for cell in config["cells"]]
        return super().from_config({**config, "cells": cells})


def check_cell(layer: str, cell: Any) -> None:
    """Raise unless an object has what a cell needs."""
    for name, what in [
        ("call", "a method call(inputs, states), which returns output and new states"),
        ("state_size", "an attribute state_size, an int or a list of ints"),
    ]:
        if not hasattr(cell, name) or isinstance(cell, type):
            raise ValueError(
                f"{layer}: a cell must have {what}; received {cell!r}. Pass a cell "
                "such as LSTMCell(32), or derive your own from keratorch.Layer."
            )


def run_cell(cell: Any, inputs: Any, states: Any, training: bool) -> Any:
    """Apply a cell: a layer, or another object with ``call(inputs, states)``."""
    if isinstance(cell, Layer):
        return cell(inputs, states, training=training)
    function = cell if callable(cell) else cell.call
    return function(inputs, states)


def output_size_of(cell: Any) -> Any:
    """Return the size of a cell's output: its own word, or its first state's."""
    size = getattr(cell, "output_size", None)
    if size is None:
        return first_size(cell.state_size)
    return size if len(listed(size)) > 1 else first_size(size)


def initial_state_of(cell: Any, batch_size: Any, dtype: str) -> Any:
    """Return a cell's own first states, by default zeros."""
    if hasattr(cell, "get_initial_state"):
        return cell.get_initial_state(batch_size=batch_size)
    size = cell.state_size
    return map_sizes(lambda shape: np.zeros((batch_size, *shape), dtype), size)
