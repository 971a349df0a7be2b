"""Activations with the arguments and by the names that Keras 2 gave them."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from keratorch import compat
from keratorch.compat import dialect
from keratorch.compat.spoken import say_modern
from keratorch.grads import recurrent_steps
from keratorch.grads.activation import RampGrad
from keratorch.kernels.squashes import SQUASHES, Squash
from keratorch.ops.arrays import as_floats
from keratorch.symbolic import lifted

#: Layers whose names were activations.
_LAYERS = ("ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax")
#: The name by which configurations tell it from Keras 3's 'hard_sigmoid'.
STEEP = "hard_sigmoid_of_keras_2"


@lifted
def hard_sigmoid_of_keras_2(x: Any) -> Any:
    """0.2 * x + 0.5, clipped to [0, 1]: Keras 3's has the slope 1 / 6.

    >>> hard_sigmoid_of_keras_2([-3.0, 0.0, 1.0]).numpy().round(2)
    array([0. , 0.5, 0.7], dtype=float32)
    """
    return RampGrad.apply(as_floats(x) * 0.2 + 0.5, 0, 1)


def of_its_slope(get: Callable[..., Any]) -> Callable[..., Any]:
    """Return what finds activations, with Keras 2's 'hard_sigmoid' in its scripts.

    Keras 2's has a name of its own as well, by which files know it.
    """
    activations: Any = sys.modules[get.__module__]
    activations.ACTIVATIONS[STEEP] = hard_sigmoid_of_keras_2
    setattr(activations, STEEP, hard_sigmoid_of_keras_2)
    SQUASHES[STEEP] = Squash(_squash, _slope)
    recurrent_steps.ACTIVATIONS[STEEP] = hard_sigmoid_of_keras_2

    @functools.wraps(get)
    def older(identifier: Any) -> Any:
        found = get(identifier)
        if found is activations.hard_sigmoid and dialect.is_before_3():
            return hard_sigmoid_of_keras_2
        return found

    return older


def steep_in_scripts(hard_sigmoid: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function that has Keras 2's slope in the scripts for it.

    It is the one that its name stands for, so that configurations have this name.
    """

    @functools.wraps(hard_sigmoid)
    def older(x: Any) -> Any:
        steep = dialect.is_before_3()
        return hard_sigmoid_of_keras_2(x) if steep else hard_sigmoid(x)

    sys.modules["keratorch.activations"].ACTIVATIONS["hard_sigmoid"] = older
    return older


def _squash(z: np.ndarray, out: np.ndarray) -> None:
    np.multiply(z, 0.2, out=out)
    out += 0.5
    np.clip(out, 0, 1, out=out)


def _slope(y: np.ndarray, out: np.ndarray) -> None:
    np.logical_and(y > 0, y < 1, out=out)
    out *= 0.2


def known_to_kernels(module: ModuleType) -> None:
    """Let the recurrent layers compute it in their kernels."""
    module._NAMES[hard_sigmoid_of_keras_2] = STEEP


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
