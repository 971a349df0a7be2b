"""Losses and metrics of margins, which before Keras 2.4 took targets as they are.

Targets of 0 and 1 count as -1 and 1 today, and as 0 and 1 then: a sample of 0 had the
loss 1, whatever was predicted.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.compat import dialect


def of_targets_as_they_are(shortfall: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function that says by how much predictions miss the margin."""
    module: Any = sys.modules[shortfall.__module__]
    name = "paired" if hasattr(module, "paired") else "float_pair"

    @functools.wraps(shortfall)
    def older(y_true: Any, y_pred: Any) -> Any:
        if not dialect.is_keras_before_2_4():
            return shortfall(y_true, y_pred)
        y_true, y_pred = getattr(module, name)(y_true, y_pred)
        return np.maximum(1 - y_true * y_pred, 0)

    return older
