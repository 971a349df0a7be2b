"""`decay` of Keras 2's optimizers: a rate that falls as 1 / time, update by update."""

from __future__ import annotations

import importlib
from typing import Any

from keratorch.compat import dialect
from keratorch.compat.training.while_stepping import running


def give_decay(optimizer: Any, decay: float) -> None:
    """Let the rate of an optimizer fall: rate = learning_rate / (1 + decay * updates).

    `learning_rate` goes on to be the rate before the decay, a variable that programs
    read and set, as in Keras 2.

    Examples
    --------
    >>> from keratorch.optimizers import SGD
    >>> optimizer = SGD(0.5)
    >>> give_decay(optimizer, 1.0)
    >>> float(optimizer.learning_rate)
    0.5
    """
    if decay:
        decaying = importlib.import_module("keratorch.compat.training.decaying_rate")
        rate = float(optimizer.learning_rate)
        schedule = decaying.InverseTimeDecay(rate, float(decay))
        optimizer.learning_rate = schedule
        optimizer._decaying_rate = schedule


def decay_of(optimizer: Any) -> Any:
    """Return `decay` as a variable, which programs read and set.

    As in Keras 2, setting it changes the rate only where a decay was given. Else, and
    in TensorFlow's Keras, it is a variable that nobody reads.

    Raises
    ------
    AttributeError : no script of the past runs.
    """
    decaying = getattr(optimizer, "_decaying_rate", None)
    if decaying is not None and not dialect.imports_tf_keras():
        return decaying.decay
    if not dialect.is_older():
        raise AttributeError("decay")  # which the optimizer then says in full
    if "_unread_decay" not in vars(optimizer):
        made = importlib.import_module("keratorch.variable").Variable
        given = 0.0 if decaying is None else decaying.decay_rate
        optimizer._unread_decay = made(given, name="decay", trainable=False)
    return optimizer._unread_decay


def settable(rate: property) -> property:
    """Return the property `learning_rate` that means the base in spite of `decay`."""

    def get_rate(optimizer: Any) -> Any:
        decaying = getattr(optimizer, "_decaying_rate", None)
        return rate.fget(optimizer) if decaying is None else decaying.base  # type: ignore[misc]

    def set_rate(optimizer: Any, value: Any) -> None:
        decaying = getattr(optimizer, "_decaying_rate", None)
        step = running.get()
        if step is not None:
            step.replace_rate(optimizer, value)
        elif decaying is not None and not callable(value):
            decaying.base.assign(value)
        else:
            rate.fset(optimizer, value)  # type: ignore[misc]

    return property(get_rate, set_rate, rate.fdel, rate.__doc__)
