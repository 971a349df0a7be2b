"""`keras.legacy.interfaces` of Keras 2: decorators that took Keras 1's arguments.

Layers and optimizers of one's own copied them along with Keras's code. Here the tables
of `compat` take these arguments, and the decorators return what they decorate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])

_DECORATED = (
    "add_weight",
    "batchnorm",
    "conv1d",
    "conv2d",
    "conv3d",
    "convlstm2d",
    "cropping2d",
    "cropping3d",
    "deconv2d",
    "dense",
    "dropout",
    "embedding",
    "gaussiandropout",
    "gaussiannoise",
    "generator_methods",
    "get_updates",
    "global_pooling",
    "input",
    "lambda",
    "model_constructor",
    "pooling1d",
    "pooling2d",
    "pooling3d",
    "prelu",
    "recurrent",
    "separable_conv2d",
    "spatialdropout1d",
    "spatialdropoutNd",
    "upsampling1d",
    "upsampling2d",
    "upsampling3d",
    "zeropadding2d",
    "zeropadding3d",
)


def same(function: _Decorated) -> _Decorated:
    """Return the function, or method, itself."""
    return function


def generate_legacy_interface(**tables: Any) -> Callable[[_Decorated], _Decorated]:
    """Return a decorator that returns what it decorates; tables change nothing."""
    return same


generate_legacy_method_interface = generate_legacy_interface

for _name in _DECORATED:
    globals()[f"legacy_{_name}_support"] = same

__all__ = [
    "generate_legacy_interface",
    "generate_legacy_method_interface",
    *(f"legacy_{name}_support" for name in _DECORATED),
]
