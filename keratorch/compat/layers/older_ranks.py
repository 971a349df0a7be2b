"""Convolutions that are told of how many axes they are, as the base of Keras's.

class Normed(Conv2D):
    def __init__(self, filters, kernel_size, **kwargs):
        super(Conv2D, self).__init__(rank=2, filters=filters, ...)
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


def taking_rank(init: Callable[..., None]) -> Callable[..., None]:
    """Return the ``__init__`` of a base that takes `rank` by its name as well."""

    @functools.wraps(init)
    def made(self: Any, *args: Any, rank: int | None = None, **kwargs: Any) -> None:
        if rank is not None:
            self.__dict__["rank"] = rank  # before the layer can count its axes
        init(self, *args, **kwargs)

    return made
