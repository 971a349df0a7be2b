"""Large weights are updated piece by piece, in memory that is used again."""

from __future__ import annotations

import numpy as np

# Elements that are updated at once: so few that they stay in the cache over all passes
# of a formula, so many that the passes take longer than the calls.
PIECE = 65_536


def in_pieces(arrays: dict[str, np.ndarray]) -> list[dict[str, np.ndarray]]:
    """Return named arrays of one shape as they are, or flat pieces of large ones.

    The pieces of the first array are views; those of others may be copies, where their
    elements are not in order.

    Examples
    --------
    >>> [piece["x"].shape for piece in in_pieces({"x": np.ones((300, 500))})]
    [(65536,), (65536,), (18928,)]
    """
    first = next(iter(arrays.values()))
    if first.size < 2 * PIECE or not first.flags.c_contiguous:
        return [arrays]
    flat = {name: array.reshape(-1) for name, array in arrays.items()}
    return [
        {name: array[start : start + PIECE] for name, array in flat.items()}
        for start in range(0, first.size, PIECE)
    ]


class Scratch:
    """Memory for results in between: one array for each dtype, used again and again.

    Examples
    --------
    >>> scratch = Scratch()
    >>> scratch.like(np.ones((2, 3), "float32")).shape
    (2, 3)
    """

    def __init__(self) -> None:
        self._buffers: dict[np.dtype, np.ndarray] = {}
        self._views: dict[tuple, np.ndarray] = {}

    def like(self, array: np.ndarray) -> np.ndarray:
        """Return an array of the same shape and dtype, with any values."""
        key = array.shape, array.dtype
        if key not in self._views:
            self._views[key] = self._view(array)
        return self._views[key]

    def _view(self, array: np.ndarray) -> np.ndarray:
        buffer = self._buffers.get(array.dtype)
        if buffer is None or buffer.size < array.size:
            buffer = self._buffers[array.dtype] = np.empty(array.size, array.dtype)
            self._views.clear()  # they would keep the smaller buffer alive
        return buffer[: array.size].reshape(array.shape)

    def __reduce__(self) -> tuple:
        return Scratch, ()  # a copy has memory of its own
