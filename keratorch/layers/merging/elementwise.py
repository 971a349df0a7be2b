"""Merging element by element: Add, Subtract, Multiply, Average, Maximum, Minimum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, ClassVar

import numpy as np

from keratorch.layers.merging.merge import Merge
from keratorch.masks import get_mask, set_mask


class ElementwiseMerge(Merge):
    """A merging layer whose arrays have one shape, or shapes that broadcast.

    Arrays with fewer axes get axes of length 1 behind the batch. A subclass says how
    to merge them, by a ufunc as `_function` or by the method `_merge_function`.
    """

    couples_samples = False
    _integer_dtype = True
    _function: ClassVar[Callable[..., Any]]

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        if "_merge_function" in vars(cls) and "couples_samples" not in vars(cls):
            cls.couples_samples = True

    def call(self, inputs: Sequence[Any]) -> Any:
        most = max(x.ndim for x in inputs)
        inputs = [_with_axes(x, most) for x in self._of_one_type(inputs)]
        return self._merge_function(inputs)

    def _merge_function(self, inputs: Sequence[Any]) -> Any:
        return reduce(type(self)._function, inputs)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        shapes = self._shapes(input_shape)
        batches = {shape[0] for shape in shapes} - {None}
        rest = reduce(
            lambda a, b: self._broadcast(a, b, shapes), [s[1:] for s in shapes]
        )
        return (batches.pop() if len(batches) == 1 else None, *rest)

    def _broadcast(self, a: tuple, b: tuple, shapes: list[tuple]) -> tuple:
        """Return the shape to which two shapes broadcast, None where it is unknown."""
        a, b = sorted((a, b), key=len)
        lengths = list(b[: len(b) - len(a)])
        for n, m in zip(a, b[len(b) - len(a) :], strict=True):
            if n is None or m is None:
                lengths.append(None)
            elif n == m or 1 in (n, m):
                lengths.append(max(n, m))
            else:
                raise self._mismatch(shapes, "arrays of shapes that broadcast")
        return tuple(lengths)


class Add(ElementwiseMerge):
    """Add arrays: outputs = inputs[0] + inputs[1] + ...

    Shapes
    ------
    inputs : list of arrays (batch, ...) of one shape, or shapes that broadcast.

    Raises
    ------
    ValueError : the input is no list, or the shapes do not go together.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Add
    >>> Add()([np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])]).numpy()
    array([[4., 6.]], dtype=float32)
    """

    _function = np.add


class Subtract(ElementwiseMerge):
    """Subtract two arrays: outputs = inputs[0] - inputs[1].

    Raises
    ------
    ValueError : the input is no list of two, or the shapes do not go together.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Subtract
    >>> Subtract()([np.array([[1.0, 2.0]]), np.array([[3.0, 5.0]])]).numpy()
    array([[-2., -3.]], dtype=float32)
    """

    _function = np.subtract

    def build(self, input_shape: Any) -> None:
        self._shapes(input_shape, 2)
        super().build(input_shape)


class Multiply(ElementwiseMerge):
    """Multiply arrays element by element: outputs = inputs[0] * inputs[1] * ...

    Where an input has a mask, its steps that do not count leave the product as it is;
    steps that count in no input give 0.

    Raises
    ------
    ValueError : the input is no list, or the shapes do not go together.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Multiply
    >>> Multiply()([np.array([[1.0, 2.0]]), np.array([[3.0, 5.0]])]).numpy()
    array([[ 3., 10.]], dtype=float32)
    """

    _function = np.multiply
    couples_samples = False

    def _merge_function(self, inputs: Sequence[Any]) -> Any:
        masks: list[Any] = [get_mask(x) for x in inputs]
        kept = [
            x if m is None else np.where(np.expand_dims(m, -1), x, np.ones_like(x))
            for x, m in zip(inputs, masks, strict=True)
        ]
        product = super()._merge_function(kept)
        if any(m is None for m in masks):
            return product
        counts = np.logical_or.reduce(masks)
        product = np.where(np.expand_dims(counts, -1), product, 0)
        set_mask(product, counts)
        return product


class Average(ElementwiseMerge):
    """Average arrays: outputs = (inputs[0] + inputs[1] + ...) / number of inputs.

    Raises
    ------
    ValueError : the input is no list, or the shapes do not go together.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Average
    >>> Average()([np.array([[1.0, 2.0]]), np.array([[3.0, 5.0]])]).numpy()
    array([[2. , 3.5]], dtype=float32)
    """

    _function = np.add
    couples_samples = False
    _keeps_integers = False
    _integer_dtype = False

    def _merge_function(self, inputs: Sequence[Any]) -> Any:
        return super()._merge_function(inputs) / len(inputs)


class _Extremum(ElementwiseMerge):
    """The larger or smaller of elements, among the steps that masks let count."""

    couples_samples = False

    def _merge_function(self, inputs: Sequence[Any]) -> Any:
        output = inputs[0]
        kept: Any = _wide_mask(output)
        for x in inputs[1:]:
            mask: Any = _wide_mask(x)
            if mask is not None:
                x = np.where(mask, x, output)
            if kept is not None:
                output = np.where(kept, output, x)
            both = kept is not None and mask is not None
            kept = np.logical_or(kept, mask) if both else None
            output = type(self)._function(output, x)
        if kept is not None:
            set_mask(output, np.any(kept, axis=-1))
        return output


class Maximum(_Extremum):
    """Take the largest of elements: outputs = max(inputs[0], inputs[1], ...).

    Raises
    ------
    ValueError : the input is no list, or the shapes do not go together.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Maximum
    >>> Maximum()([np.array([[1.0, 6.0]]), np.array([[3.0, 5.0]])]).numpy()
    array([[3., 6.]], dtype=float32)
    """

    _function = np.maximum


class Minimum(_Extremum):
    """Take the smallest of elements: outputs = min(inputs[0], inputs[1], ...).

    Raises
    ------
    ValueError : the input is no list, or the shapes do not go together.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Minimum
    >>> Minimum()([np.array([[1.0, 6.0]]), np.array([[3.0, 5.0]])]).numpy()
    array([[1., 5.]], dtype=float32)
    """

    _function = np.minimum


def add(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """Add arrays by an `Add` layer."""
    return Add(**kwargs)(inputs)


def subtract(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """Subtract two arrays by a `Subtract` layer."""
    return Subtract(**kwargs)(inputs)


def multiply(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """Multiply arrays by a `Multiply` layer."""
    return Multiply(**kwargs)(inputs)


def average(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """Average arrays by an `Average` layer."""
    return Average(**kwargs)(inputs)


def maximum(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """Take the largest elements by a `Maximum` layer."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """Take the smallest elements by a `Minimum` layer."""
    return Minimum(**kwargs)(inputs)


def _with_axes(x: Any, ndim: int) -> Any:
    """Return an array with axes of length 1 behind the batch."""
    if x.ndim == ndim:
        return x
    return x.reshape(x.shape[:1] + (1,) * (ndim - x.ndim) + x.shape[1:])


def _wide_mask(x: Any) -> np.ndarray | None:
    """Return the mask of an array, as wide as the array."""
    mask = get_mask(x)
    return None if mask is None else np.broadcast_to(np.expand_dims(mask, -1), x.shape)
