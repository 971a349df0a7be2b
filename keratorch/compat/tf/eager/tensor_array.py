"""`tf.TensorArray`: a list of arrays for loops."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.compat.tf.eager.control import as_dtype, as_tensor
from keratorch.ops import convert_to_tensor


class TensorArray:
    """A list of arrays that is written by index, and stacked.

    Parameters
    ----------
    dtype : dtype of what is written.
    size : int, the length.
    dynamic_size : bool, whether writing behind the end makes it longer.
    clear_after_read, tensor_array_name, handle, flow, infer_shape, element_shape,
    colocate_with_first_write_call : change nothing here.

    Raises
    ------
    IndexError : a place behind the end, or one that was not written.

    Examples
    --------
    >>> array = TensorArray("float32", size=0, dynamic_size=True)
    >>> array = array.write(0, 1.0).write(1, 2.0)
    >>> array.stack().numpy()
    array([1., 2.], dtype=float32)
    """

    def __init__(
        self,
        dtype: Any,
        size: Any = None,
        dynamic_size: bool | None = None,
        clear_after_read: Any = None,
        tensor_array_name: Any = None,
        handle: Any = None,
        flow: Any = None,
        infer_shape: bool = True,
        element_shape: Any = None,
        colocate_with_first_write_call: bool = True,
        name: Any = None,
    ):
        self.dtype, self.dynamic_size = dtype, bool(dynamic_size)
        self._items: list[Any] = [None] * int(0 if size is None else size)

    def write(self, index: Any, value: Any, name: Any = None) -> TensorArray:
        """Put an array at a place, and return this TensorArray."""
        i = int(index)
        if not 0 <= i < len(self._items):
            if not self.dynamic_size or i < 0:
                raise IndexError(
                    f"Tried to write to index {i} but array is not resizeable and size "
                    f"is: {len(self._items)}. Give dynamic_size=True."
                )
            self._items += [None] * (i + 1 - len(self._items))
        self._items[i] = as_dtype(value, self.dtype)
        return self

    def read(self, index: Any, name: Any = None) -> Any:
        """Return the array at a place."""
        i = int(index)
        if not 0 <= i < len(self._items) or self._items[i] is None:
            raise IndexError(f"TensorArray: nothing was written at index {i}.")
        return self._items[i]

    def _all(self) -> list[Any]:
        shown = next((x for x in self._items if x is not None), None)
        if shown is None:
            return [np.zeros((0,), self.dtype)] * len(self._items)
        zero = np.zeros(shown.shape, shown.dtype)
        return [zero if x is None else x for x in self._items]

    def stack(self, name: Any = None) -> Any:
        """Return the arrays as one, with an axis more; zeros for those not written."""
        items = self._all()
        if not items:
            return convert_to_tensor(np.zeros((0,), self.dtype))
        return as_tensor(np.stack(items))

    def concat(self, name: Any = None) -> Any:
        """Return the arrays one behind the other, along their first axis."""
        return as_tensor(np.concatenate(self._all()))

    def gather(self, indices: Any, name: Any = None) -> Any:
        """Return some of the arrays as one, with an axis more."""
        places = np.asarray(graph.plain(indices))
        return np.stack([self.read(i) for i in places])

    def unstack(self, value: Any, name: Any = None) -> TensorArray:
        """Put the parts of an array along its first axis at the places."""
        return self.scatter(range(len(value)), value)

    def scatter(self, indices: Any, value: Any, name: Any = None) -> TensorArray:
        """Put the parts of an array along its first axis at these places."""
        value = convert_to_tensor(value)
        for i, place in enumerate(np.asarray(graph.plain(indices))):
            self.write(place, value[i])
        return self

    def split(self, value: Any, lengths: Any, name: Any = None) -> TensorArray:
        """Put parts of these lengths at the places."""
        value, start = convert_to_tensor(value), 0
        for i, length in enumerate(np.asarray(graph.plain(lengths))):
            self.write(i, value[start : start + int(length)])
            start += int(length)
        return self

    def size(self, name: Any = None) -> Any:
        """Return the length."""
        return convert_to_tensor(np.int32(len(self._items)))

    def __len__(self) -> int:
        return len(self._items)

    def identity(self) -> TensorArray:
        """Return itself."""
        return self

    mark_used = identity
