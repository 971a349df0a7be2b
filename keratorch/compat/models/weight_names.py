"""Names of weights with that of their layer, as in Keras 1 and 2: 'dense/kernel:0'."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect
from keratorch.layers.calls import building


def with_layers(add_weight: Callable[..., Any]) -> Callable[..., Any]:
    """Return the `add_weight` of layers that names weights so in older scripts."""

    @functools.wraps(add_weight)
    def added(layer: Any, *args: Any, **kwargs: Any) -> Any:
        variable = add_weight(layer, *args, **kwargs)
        if dialect.is_older():
            around = building.get() or (layer,)
            names = [part.name for part in around if not hasattr(part, "compile")]
            variable.name = "/".join([*names, f"{variable.name}:0"])
        return variable

    return added
