"""Shapes given to `build` of a Sequential whose input is known already.

Keras 2 did not read them; today they must agree with the input.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect


def unread(build: Callable[..., None]) -> Callable[..., None]:
    """Return `Sequential.build`, for which a known input counts in older scripts."""

    @functools.wraps(build)
    def built(model: Any, input_shape: Any = None) -> None:
        if model._input is not None and dialect.is_older():
            input_shape = model._input.batch_shape
        build(model, input_shape)

    return built
