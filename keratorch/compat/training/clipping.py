"""`clipnorm` and `clipvalue` together, which Keras 2 allowed: one after the other."""

from __future__ import annotations

import functools
import importlib
from typing import Any


def give_both_clips(optimizer: Any, clipvalue: float) -> None:
    """Let an optimizer with `clipnorm` limit each element of the gradients after that.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import Variable
    >>> from keratorch.optimizers import SGD
    >>> optimizer, w = SGD(1.0, clipnorm=1.0), Variable([0.0, 0.0])
    >>> give_both_clips(optimizer, 0.7)
    >>> optimizer.apply([np.array([3.0, 4.0])], [w])
    >>> w.numpy()
    array([-0.6, -0.7], dtype=float32)
    """
    optimizer.clipvalue = float(clipvalue)
    optimizer._prepared = functools.partial(_clipped_twice, optimizer)


def _clipped_twice(optimizer: Any, gradients: dict[int, Any]) -> dict[int, Any]:
    prepare, limit = type(optimizer)._prepared, optimizer.clipvalue
    if not limit or not (optimizer.clipnorm or optimizer.global_clipnorm):
        return prepare(optimizer, gradients)  # one limit alone
    optimizer.clipvalue = None
    try:
        prepared = prepare(optimizer, gradients)
    finally:
        optimizer.clipvalue = limit
    gradients_module = importlib.import_module("keratorch.optimizers.gradients")
    clip, scale = gradients_module.clip_by_value, gradients_module.scale
    return {
        i: (clip(scale([gradient], factor), limit)[0], 1.0)
        for i, (gradient, factor) in prepared.items()
    }
