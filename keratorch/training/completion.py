"""Building the layers of a model that no call has reached when training begins."""

from __future__ import annotations

from typing import Any

from keratorch.layers.trial import state_kept
from keratorch.modes import no_grad
from keratorch.training.undoing import undone_by_errors


def complete(model: Any, x: Any) -> bool:
    """Call a built model once in inference if layers inside are not; say whether.

    A layer that makes others in its `build`, and tells its output's shape by itself, is
    built without its `call`: theirs would be weights of which the optimizer hears too
    late.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import Sequential, layers
    >>> complete(Sequential([layers.Input((2,)), layers.Dense(1)]), np.ones((4, 2)))
    False
    """
    if not model.built or all(layer.built for layer in model._flat_layers()):
        return False
    with undone_by_errors(model), no_grad(), state_kept(model):
        model(x, training=False)
    return True
