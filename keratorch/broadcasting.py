"""Broadcasting undone: the walk calls this, so that no operation has to."""

from __future__ import annotations

from typing import Any

import numpy as np


def unbroadcast(gradient: Any, shape: tuple[int, ...]) -> Any:
    """Sum a gradient over the axes along which an input of `shape` was broadcast.

    Broadcasting uses one number many times; its gradient is the sum over all uses.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.broadcasting import unbroadcast
    >>> unbroadcast(np.ones((4, 3, 2)), (3, 1))
    array([[8.],
           [8.],
           [8.]])
    """
    extra = len(gradient.shape) - len(shape)
    if gradient.shape[extra:] == shape:
        return np.add.reduce(gradient, tuple(range(extra)))
    stretched = [
        extra + i
        for i, length in enumerate(shape)
        if length == 1 and gradient.shape[extra + i] != 1
    ]
    return np.add.reduce(gradient, (*range(extra), *stretched)).reshape(shape)


def was_broadcast(shape: tuple, gradient_shape: tuple, output_shape: tuple) -> bool:
    """Return whether a gradient has axes of the output where the input had none.

    Only then may `unbroadcast` sum over them; any other shape is a mistake in the
    ``backward`` that returned it.
    """
    if len(gradient_shape) != len(output_shape) or len(shape) > len(gradient_shape):
        return False
    if gradient_shape == output_shape and shape == output_shape[-len(shape) :]:
        return True
    padded = (1,) * (len(gradient_shape) - len(shape)) + tuple(shape)
    return all(
        have == want or (have == 1 and want == out)
        for have, want, out in zip(padded, gradient_shape, output_shape, strict=True)
    )
