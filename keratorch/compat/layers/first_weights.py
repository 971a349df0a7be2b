"""Weights as Keras 1 kept them: kernels (filters, channels, *sizes), gate by gate.

file = h5py.File("vgg16_weights.h5")
group = file["layer_1"]
model.layers[1].set_weights([group["param_0"], group["param_1"]])
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import lazy
from keratorch.compat.spoken import say_modern

legacy_weights = lazy.Postponed("keratorch.saving.legacy_weights")


def in_todays_order(set_weights: Callable[..., None]) -> Callable[..., None]:
    """Return the `set_weights` of layers that takes Keras 1's weights, too.

    Only what fits in no other way is taken for these.
    """

    @functools.wraps(set_weights)
    def set_in_order(layer: Any, weights: Any) -> None:
        if layer.built and isinstance(weights, (list, tuple)):
            arrays = [np.asarray(weight) for weight in weights]
            weights = legacy_weights.modern_weights(layer, arrays)
            if [x.shape for x in weights] != [x.shape for x in arrays]:
                say_modern("set_weights() of Keras 1's weights", "those of today")
        set_weights(layer, weights)

    return set_in_order
