"""Layers that learn from data, as tf.keras 2 let them: ``adapt(x, batch_size, steps)``.

Only `steps` makes a difference: arrays come in batches then, and the rest is left out.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any


def in_batches(adapt: Callable[..., None]) -> Callable[..., None]:
    """Return the method `adapt` that takes the size and the number of batches.

    Parameters
    ----------
    adapt : method of (data), which learns from all of them.
    """

    @functools.wraps(adapt)
    def adapted(
        layer: Any, data: Any, batch_size: int | None = None, steps: int | None = None
    ) -> None:
        if steps is not None and hasattr(data, "__array__"):
            data = data[: steps * (batch_size or 32)]
        elif steps is not None:
            data = [*itertools.islice(data, steps)]
        adapt(layer, data)

    return adapted
