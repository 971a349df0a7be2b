"""What layers share that take a list of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch.layers.arguments import brief
from keratorch.layers.calls import is_shape
from keratorch.layers.layer import Layer
from keratorch.nested import flatten
from keratorch.symbolic import KerasTensor


class Merge(Layer):
    """A layer whose input is a list of arrays with one batch size.

    Raises
    ------
    ValueError : the input is no list, or its arrays do not go together.
    """

    _takes_lists = True
    supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Raise unless the shapes are a list of shapes that go together."""
        shapes = self._shapes(input_shape)
        batches = {shape[0] for shape in shapes if shape} - {None}
        if len(batches) > 1:
            raise ValueError(
                f"{self._named} expects arrays with one batch size; received the "
                f"shapes {_listed(shapes)}."
            )
        self.compute_output_shape(shapes)

    def _shapes(self, input_shape: Any, count: int | None = None) -> list[tuple]:
        """Return the shapes of the inputs, or raise if they are no list of some."""
        if is_shape(input_shape) or not len(input_shape):
            raise ValueError(
                f"{self._named} expects a list of arrays; received one of shape "
                f"{input_shape}. Call it as {type(self).__name__}()([a, b])."
            )
        shapes = [tuple(shape) for shape in input_shape]
        if count is not None and len(shapes) != count:
            raise ValueError(
                f"{self._named} expects {count} arrays; received {len(shapes)}, of "
                f"shapes {_listed(shapes)}."
            )
        return shapes

    def _of_one_type(self, inputs: Sequence[Any]) -> Sequence[Any]:
        """Return the arrays, integers as floats if others are floats."""
        first = inputs[0].dtype
        if all(x.dtype is first or x.dtype == first for x in inputs):
            return inputs
        kinds = [np.dtype(x.dtype).kind for x in inputs]
        if set(kinds) <= set("biu") or set(kinds) == {"f"}:
            return inputs
        return [
            x.astype(self.dtype) if kind in "biu" else x
            for x, kind in zip(inputs, kinds, strict=True)
        ]

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return a symbolic array like the output, of floats if an input has floats."""
        spec = super().compute_output_spec(*args, **kwargs)
        kinds = {np.dtype(x.dtype).kind for x in flatten(args[0])}
        if isinstance(spec, KerasTensor) and kinds - set("biu"):
            return KerasTensor(spec.shape, self.dtype)
        return spec

    def _mismatch(self, shapes: list[tuple], wanted: str) -> ValueError:
        return ValueError(
            f"{self._named} expects {wanted}; received the shapes {_listed(shapes)}. "
            "Bring them there by a layer before it, such as Dense or Reshape."
        )

    def _checked_masks(self, inputs: Any, mask: Any) -> list[Any]:
        """Return a mask or None for each input, or raise if there are no such lists."""
        lists = (tuple, list)
        are_lists = isinstance(inputs, lists) and isinstance(mask, lists)
        if are_lists and len(inputs) == len(mask):
            return list(mask)
        counts = [
            f"{len(x)} of them" if isinstance(x, lists) else brief(x)
            for x in (inputs, mask)
        ]
        raise ValueError(
            f"{self._named}.compute_mask expects a list of inputs and a list of as "
            f"many masks, None where there is none; received {counts[0]} as inputs and "
            f"{counts[1]} as mask."
        )

    @property
    def _named(self) -> str:
        return f"{type(self).__name__} '{self.name}'"

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the steps that count in any input; None if one has no mask."""
        if mask is None:
            return None
        masks = self._checked_masks(inputs, mask)
        if any(m is None for m in masks):
            return None
        return np.logical_or.reduce(masks)


def _listed(shapes: list[tuple]) -> str:
    more = f" and {len(shapes) - 8} more" if len(shapes) > 8 else ""
    return ", ".join(map(str, shapes[:8])) + more
