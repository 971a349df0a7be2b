"""The table of `model.summary()` as Keras 1 and 2 printed it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect


def of_weights_alone(size_of_optimizer: Callable[..., tuple]) -> Callable[..., tuple]:
    """Return what counts the variables of an optimizer: none, in older scripts."""

    @functools.wraps(size_of_optimizer)
    def counted(model: Any) -> tuple[int, int]:
        return (0, 0) if dialect.is_before_2_9() else size_of_optimizer(model)

    return counted
