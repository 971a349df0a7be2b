"""What layers share whose inputs are whole numbers: indices below a bound."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.layers.arguments import check_one_array
from keratorch.layers.calls import shape_of
from keratorch.layers.layer import Layer


class IndexLayer(Layer):
    """A layer from whole numbers, from 0 on, to floats."""

    _keeps_integers = False

    def _at_the_door(self, inputs: Any) -> Any:
        """Return the inputs as whole numbers, which the float type could not hold."""
        if inputs is None or isinstance(inputs, dict):
            check_one_array(self, shape_of(inputs))
        indices = np.asarray(graph.plain(inputs))
        if isinstance(inputs, Layer) or indices.dtype.kind not in "biuf":
            return super()._at_the_door(inputs)  # says what is wrong
        if indices.dtype.kind == "f" and not np.isfinite(indices).all():
            raise ValueError(
                f"{type(self).__name__} '{self.name}' expects whole numbers; received "
                "NaN or infinite inputs."
            )
        return GradArray(indices.astype(np.int64, copy=False), requires_grad=False)

    def _indices(self, inputs: Any, count: int, argument: str) -> np.ndarray:
        """Return inputs as an ndarray of numbers below a count, or raise.

        Parameters
        ----------
        argument : str, the name of the constructor's argument that set the count.
        """
        indices = np.asarray(graph.value(inputs)).astype(np.int64, copy=False)
        if indices.size and (indices.min() < 0 or indices.max() >= count):
            self._explain_range(indices, count, argument)
        return indices

    def _explain_range(self, indices: np.ndarray, count: int, argument: str) -> None:
        """Raise the error for an index outside the range."""
        largest = indices.max()
        wrong = largest if largest >= count else indices.min()
        place = tuple(int(i) for i in np.argwhere(indices == wrong)[0])
        fix = (
            f"Make {argument} at least {wrong + 1}, or map rare indices to one."
            if wrong > 0
            else "Indices begin at 0: shift or replace the negative ones."
        )
        raise ValueError(
            f"{type(self).__name__} '{self.name}' takes the indices 0 to {count - 1}; "
            f"received index {wrong} at position {place} of inputs of shape "
            f"{indices.shape}. {fix}"
        )
