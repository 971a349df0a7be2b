"""What of a training is the library's own, and so known to do nothing else besides."""

from __future__ import annotations

from typing import Any

from keratorch.callbacks.callback import Callback
from keratorch.callbacks.callback_list import CallbackList
from keratorch.callbacks.lambda_callback import LambdaCallback
from keratorch.callbacks.learning_rate_scheduler import LearningRateScheduler
from keratorch.optimizers.update_loop import UpdateLoop

_HOOKS = ("on_train_batch_begin", "on_train_batch_end")
_FUNCTIONS = ("activation", "recurrent_activation", "function")  # given to a layer
_RUN_FUNCTIONS = (LambdaCallback, LearningRateScheduler)


def is_own(x: Any, room: str = "") -> bool:
    """Return whether a function, or an object's class, is the library's; None is."""
    module = str(getattr(x, "__module__", ""))  # an object says that of its class
    return x is None or module.startswith(f"keratorch.{room}")


def is_own_callback(callback: Callback) -> bool:
    """Return whether a callback is the library's own, and calls no user's function."""
    return is_own(callback, "callbacks.") and not isinstance(callback, _RUN_FUNCTIONS)


def is_own_layer(layer: Any) -> bool:
    """Return whether a layer's computing is the library's own."""
    given = [getattr(layer, name, None) for name in _FUNCTIONS]
    own = is_own(layer, "layers.") and "call" not in vars(layer)
    return own and all(map(is_own, given))


def is_own_optimizer(optimizer: Any) -> bool:
    """Return whether an optimizer's formula and rate are the library's own.

    Not of one that lets others change the weights, which may be the user's.
    """
    return (
        is_own(optimizer, "optimizers.")
        and type(optimizer)._advance is UpdateLoop._advance
        and is_own(optimizer._learning_rate)
    )


def are_own_between_batches(callbacks: CallbackList) -> bool:
    """Return whether what is called before and after each batch is the library's."""
    return all(
        is_own_callback(callback)
        for hook in _HOOKS
        for callback in callbacks.overriding(hook)
    )


def is_own_training(model: Any) -> bool:
    """Return whether layers, loss and penalties are the library's own.

    The layers are called in the order of their graph, and the loss is the compiled one.
    """
    return (
        model._runs_network_alone
        and model._sums_losses
        and is_own(model._compiled.loss.single, "losses")
        and is_own(getattr(model._compiled.loss.single, "fn", None), "losses")
        and all(is_own(x.regularizer, "regularizers") for x in model._variables)
        and all(is_own_layer(x) for x in model._cutter.layers if x is not model)
    )
