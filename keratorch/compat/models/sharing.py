"""One optimizer that several models were compiled with, as in the usual GAN.

    optimizer = Adam(0.0002, 0.5)
    discriminator.compile(optimizer=optimizer, loss='binary_crossentropy')
    combined.compile(optimizer=optimizer, loss='binary_crossentropy')

Keras 2 made the arrays of an optimizer anew for each model that was compiled with it;
the learning rate and the count of updates were common to all. Today an optimizer
belongs to the weights with which it was built.
"""

from __future__ import annotations

import copy
import functools
import weakref
from collections.abc import Callable
from typing import Any

from keratorch.compat.spoken import say_modern
from keratorch.optimizers.bundles import Bundles
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.pieces import Scratch
from keratorch.optimizers.state import State

#: Optimizer -> the model that was compiled with it first.
_OWNERS: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()


def each_its_own(compile_model: Callable[..., Any]) -> Callable[..., Any]:
    """Return the `compile` that takes an optimizer of other weights as well."""

    @functools.wraps(compile_model)
    def compiled(
        model: Any, optimizer: Any = "rmsprop", *args: Any, **kwargs: Any
    ) -> Any:
        if isinstance(optimizer, Optimizer):
            optimizer = _optimizer_for(model, optimizer)
        return compile_model(model, optimizer, *args, **kwargs)

    return compiled


def _optimizer_for(model: Any, optimizer: Optimizer) -> Optimizer:
    """Return the optimizer, or one like it if it serves other weights."""
    owner = _OWNERS.get(optimizer)
    owner = model if owner is None else owner()
    if owner in (model, None) and not _lacks_weights(optimizer, model):
        _OWNERS[optimizer] = weakref.ref(model)
        return optimizer
    say_modern(
        "compile with an optimizer of other weights", "a new optimizer for each model"
    )
    own = unbuilt(optimizer)
    _OWNERS[own] = weakref.ref(model)
    return own


def _lacks_weights(optimizer: Optimizer, model: Any) -> bool:
    """Return whether the optimizer was built without some weights of the model."""
    if not (optimizer.built and model.built):
        return False
    known = {id(variable) for variable in optimizer._trainable_variables}
    return any(id(variable) not in known for variable in model.trainable_variables)


def unbuilt(optimizer: Optimizer) -> Optimizer:
    """Return an optimizer without arrays, of the same rate and count of updates.

    Examples
    --------
    >>> from keratorch.optimizers import SGD
    >>> first = SGD(0.5)
    >>> second = unbuilt(first)
    >>> first.learning_rate = 0.25
    >>> second
    SGD(learning_rate=0.25)
    """
    own = copy.copy(optimizer)
    own.built = False
    own._trainable_variables = []
    own._state = State(own.name)
    own._added = []
    own._scratch, own._bundles = Scratch(), Bundles()
    own._decays, own._missing = [], []
    return own
