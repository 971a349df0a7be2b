"""Activations with the arguments that Keras 2 gave them."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

from keratorch.compat.spoken import say_modern


def of_a_slope_alpha(relu: Callable[..., Any]) -> Callable[..., Any]:
    """Return the activation that takes its slope by the older name ``alpha``, too.

    It is the one that names stand for, so that layers know it from configurations.
    """

    @functools.wraps(relu)
    def older(x: Any, *args: Any, **kwargs: Any) -> Any:
        if "alpha" in kwargs:
            say_modern("relu(x, alpha=...)", "relu(x, negative_slope=...)")
            kwargs["negative_slope"] = kwargs.pop("alpha")
        return relu(x, *args, **kwargs)

    sys.modules[relu.__module__].ACTIVATIONS["relu"] = older
    return older
