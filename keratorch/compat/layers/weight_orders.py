"""The orders that the arguments of `add_weight` had."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.compat.spoken import say_modern

_TENSORFLOW = ("name", "shape", "dtype", "initializer", "regularizer", "trainable")
_KERAS_1 = ("name", "trainable", "regularizer", "constraint")


def name_first(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let the first argument of `add_weight` be the name, as in TensorFlow 2.

    In Keras 1.2 the name came third: ``add_weight((3, 2), "zero", "kernel")``.
    """
    if len(args) > 1 and isinstance(args[1], str):
        say_modern("add_weight(name, ...)", "add_weight(shape, name=name)")
        kwargs.update(zip(_TENSORFLOW, args[1:], strict=False))
        return args[:1]
    if len(args) > 3 and isinstance(args[3], str) and not _is_dtype(args[3]):
        say_modern("add_weight(shape, initializer, name)", "add_weight(name=name)")
        kwargs.update(zip(_KERAS_1, args[3:], strict=False))
        return args[:3]
    return args


def _is_dtype(name: str) -> bool:
    try:
        np.dtype(name)
    except TypeError:
        return name == "bfloat16"
    # one letter is the name of a weight: 'b' is a type of NumPy's, too
    return len(name) > 2
