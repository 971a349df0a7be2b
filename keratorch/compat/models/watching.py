"""A Sequential whose network keeps the values of symbolic arrays: see `captured`.

It stands alone, since models are finished by it, and `captured` needs models.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.nested import flatten


def through_network(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return the ``call`` of a Sequential that lets its network keep what is watched.

    Without that it runs its layers one by one.
    """

    @functools.wraps(call)
    def called(self: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        if getattr(self._network, "is_watched", False):
            return self._network.run(flatten(inputs))
        return call(self, inputs, *args, **kwargs)

    return called
