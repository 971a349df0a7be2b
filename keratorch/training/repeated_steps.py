"""When a step of training is repeated as it was written down."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import speed
from keratorch.callbacks.callback_list import CallbackList
from keratorch.core import GradArray
from keratorch.dtypes import BEFORE_NEP50
from keratorch.layers.dropout import Dropout
from keratorch.modes import is_plain
from keratorch.nested import flatten
from keratorch.optimizers import Optimizer
from keratorch.training.array_batches import ArrayBatches
from keratorch.training.own import (
    are_own_between_batches,
    is_own_callback,
    is_own_training,
)
from keratorch.training.recording import NotRepeatableError, Recording

#: The loss of a batch, the gradients of the weights, the predictions.
Step = tuple[float, list[Any], GradArray]


class RepeatedSteps:
    """The steps of one `fit` that were written down, by the shapes of their batches.

    The twin of the step that asks each layer, with the same bits. A step is written
    down when a batch of its shape comes for the second time. It is repeated only where
    nothing but the weights and random numbers can change between two batches: all
    layers, the loss and what is called between batches are the library's own.

    Parameters
    ----------
    model : the model that is trained.
    data : its batches.
    callbacks : what is called besides.
    """

    def __init__(self, model: Any, data: Any, callbacks: CallbackList):
        self._model = model
        self._known: dict[Any, Recording | None] = {}
        self._fits = isinstance(data, ArrayBatches) and not BEFORE_NEP50
        #: Whether functions of the user are called between batches.
        self.is_watched = not are_own_between_batches(callbacks)
        self._stays = all(map(is_own_callback, callbacks.callbacks))
        self._may_repeat: bool | None = None  # not known before the first epoch

    def __reduce__(self) -> tuple:
        return type(None), ()  # a copy of the model is not in the middle of `fit`

    def begin_epoch(self) -> None:
        """Look at the model, which functions of the user may have changed."""
        if self._stays and self._may_repeat is not None:
            return
        self._known.clear()
        self._may_repeat = (
            self._fits and not self.is_watched and _is_repeatable(self._model)
        )

    def train(self, x: Any, y: Any, sample_weight: Any) -> Step | None:
        """Return what a step found; None where it is to be taken as usual."""
        if not self._may_repeat or sample_weight is not None:
            return None
        if not (type(x) is type(y) is np.ndarray and speed.is_fast() and is_plain()):
            return None
        key = (x.shape, x.dtype, y.shape, y.dtype)
        if key not in self._known:
            self._known[key] = None
            return None
        known = self._known[key]
        return self._written_down(key, x, y) if known is None else known.run((x, y))

    def _written_down(self, key: Any, x: np.ndarray, y: np.ndarray) -> Step:
        """Take a step as usual, and write it down if it can be repeated."""
        model, loss_of = self._model, self._model._compiled.loss.single
        of_targets = np.intp if loss_of._expects.labels else loss_of.dtype
        (fitted,) = flatten(model._at_the_door(x))
        x = x.astype(fitted._array.dtype, copy=False)
        y = y.astype(of_targets, copy=False)
        # As floats want a gradient, what is computed from them alone is recorded too.
        inputs = GradArray(x.reshape(fitted.shape))
        outputs = model._called(inputs, True)
        loss = model.compute_loss(inputs, y, outputs)
        found = model._gradients(loss, model._variables)
        try:
            is_named = not isinstance(outputs, GradArray)  # a dict with one output
            if is_named or any(layer._call_losses for layer in model._cutter.layers):
                raise NotRepeatableError
            inputs._requires_grad = False
            self._known[key] = Recording(loss, outputs, (x, y), model._variables)
        except NotRepeatableError:
            self._fits = self._may_repeat = False
        return loss.item(), found, outputs


def _is_repeatable(model: Any) -> bool:
    """Return whether nothing but the weights changes between two steps of a model."""
    optimizer = model.optimizer
    return (
        is_own_training(model)
        and len(model._network.flat_inputs) == len(model._network.flat_outputs) == 1
        and model._cutter.may_cut
        and all(_is_fixed(x) for x in model._cutter.layers if x is not model)
        and type(optimizer).scale_loss is Optimizer.scale_loss
        and optimizer.loss_scale_factor is None
    )


def _is_fixed(layer: Any) -> bool:
    """Return whether a layer computes the same of the same, but for random numbers."""
    return not layer._signature.takes_training or type(layer) is Dropout
