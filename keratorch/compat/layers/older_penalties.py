"""Activity regularizers, whose penalty in Keras 2 before 2.4 was of the whole batch.

In Keras 1, in tf.keras and today it is the mean over the samples.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect
from keratorch.nested import flatten


def of_the_whole_batch(penalize: Callable[..., None]) -> Callable[..., None]:
    """Return the method that adds the penalty of a layer's outputs to the loss."""

    @functools.wraps(penalize)
    def older(layer: Any, outputs: Any) -> None:
        if not dialect.is_keras_before_2_4() or dialect.has_keras_1():
            penalize(layer, outputs)
            return
        for output in flatten(outputs):
            layer.add_loss(layer.activity_regularizer(output))

    return older
