"""Images for networks in the ways that Keras 2.2 had for them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch import lazy
from keratorch.compat.spoken import say_modern

imagenet_utils: Any = lazy.Postponed("keratorch.applications.imagenet_utils")


def of_any_mode(preprocess_input: Callable[..., Any]) -> Callable[..., Any]:
    """Return `preprocess_input` of a network with the argument `mode`.

    VGG16, VGG19 and ResNet50 had that of `imagenet_utils` to Keras 2.2.
    """

    @functools.wraps(preprocess_input)
    def older(x: Any, data_format: str | None = None, *args: Any, **kwargs: Any) -> Any:
        if not args and "mode" not in kwargs:
            return preprocess_input(x, data_format, **kwargs)
        today = "applications.imagenet_utils.preprocess_input(x, mode=...)"
        say_modern("preprocess_input(x, mode=...)", today)
        return imagenet_utils.preprocess_input(x, data_format, *args, **kwargs)

    return older
