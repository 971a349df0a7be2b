"""Activations with the arguments and by the names that Keras 2 gave them."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable
from typing import Any

from keratorch import compat
from keratorch.compat.spoken import say_modern

#: Layers whose names were activations.
_LAYERS = ("ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax")


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


def naming_layers(deserialize: Callable[..., Any]) -> Callable[..., Any]:
    """Return what finds activations, in scripts also by the names of layers.

    tf.keras made such a layer, 'LeakyReLU' for one, with its default arguments.
    """

    @functools.wraps(deserialize)
    def older(config: Any, *args: Any, **kwargs: Any) -> Any:
        named = isinstance(config, str) and config in _LAYERS
        if named and compat._finder.serves_keras:
            say_modern(f"activation={config!r}", f"activation=layers.{config}()")
            return getattr(importlib.import_module("keratorch.layers"), config)()
        return deserialize(config, *args, **kwargs)

    return older
