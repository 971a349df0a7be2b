"""`tf.TensorShape`: a shape of which lengths, or all, may be unknown."""

from __future__ import annotations

from typing import Any

from keratorch.compat.models.array_attributes import Shape


class TensorShape(Shape):
    """A shape with TensorFlow's methods.

    Examples
    --------
    >>> TensorShape([None, 3]).as_list(), TensorShape([2, 3]).num_elements()
    ([None, 3], 6)
    """

    __slots__ = ()

    def __new__(cls, dims: Any) -> TensorShape:
        """Return the shape of lengths, None for those not known.

        Raises
        ------
        ValueError : None, a shape of which not even the number of axes is known.
        """
        if dims is None:
            raise ValueError(
                "tf.TensorShape(None): shapes have a number of axes here. Write "
                "[None, None] for two of any length."
            )
        return super().__new__(cls, dims)  # type: ignore[return-value]

    def num_elements(self) -> int | None:
        """Return the number of elements; None where a length is not known."""
        if None in self:
            return None
        count = 1
        for length in self:
            count *= int(length)
        return count

    def concatenate(self, other: Any) -> TensorShape:
        """Return this shape with another behind it."""
        return TensorShape([*self, *other])

    def is_compatible_with(self, other: Any) -> bool:
        """Return whether known lengths are equal."""
        lengths = tuple(other)
        return len(self) == len(lengths) and all(
            n is None or m is None or n == m for n, m in zip(self, lengths, strict=True)
        )
