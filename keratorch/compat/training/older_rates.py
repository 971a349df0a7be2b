"""What Keras's optimizers began with before 2.4, where no number was given.

Adadelta's rate was 1.0 and is 0.001 today: a script that named no rate hardly learned.

And their formulas up to 2.10: RMSprop and Adagrad added epsilon to the root, not to the
square, so that small gradients moved weights as well; Nadam's factors hardly grew.
"""

from __future__ import annotations

from typing import Any

from keratorch.compat import dialect
from keratorch.compat.spoken import warn_once
from keratorch.compat.translation import Reordering

_RATES = {"Adadelta": 1.0, "Adagrad": 0.01, "Adamax": 0.002, "Nadam": 0.002}
_WITH_EPSILON = ("Adadelta", "Adagrad", "Adam", "Adamax", "Nadam", "RMSprop")
_MOMENTS = ("learning_rate", "beta_1", "beta_2", "epsilon")
#: What the arguments by place were to Keras 2.2.
_PLACES = {
    "SGD": ("learning_rate", "momentum", "decay", "nesterov"),
    "RMSprop": ("learning_rate", "rho", "epsilon", "decay"),
    "Adagrad": ("learning_rate", "epsilon", "decay"),
    "Adadelta": ("learning_rate", "rho", "epsilon", "decay"),
    "Adam": (*_MOMENTS, "decay", "amsgrad"),
    "Adamax": (*_MOMENTS, "decay"),
    "Nadam": (*_MOMENTS, "schedule_decay"),
}
_EPSILON_OF_KERAS_1 = 1e-8
SCHEDULE_DECAY = 0.004
_BESIDE_THE_ROOT = ("Adagrad", "RMSprop")


def beginning(name: str, reorder: Reordering) -> Reordering:
    """Return a change of an optimizer's arguments that adds the numbers of then.

    Parameters
    ----------
    name : str, the class of the optimizer.
    reorder : what else changes its arguments, and comes first.
    """

    def as_then(args: tuple, kwargs: dict[str, Any]) -> tuple:
        if dialect.is_before_2_9():
            _give_formula(name, args[0])
        if not dialect.is_keras_before_2_4():
            return reorder(args, kwargs)
        args = reorder(_named(name, args, kwargs), kwargs)
        _give_rate(name, args, kwargs)
        _give_others(name, args, kwargs)
        return args

    return as_then


def _named(name: str, args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let arguments behind the rate be by name: their places are others today."""
    places = _PLACES.get(name, ())
    as_in_2_3 = name == "SGD" and any(isinstance(x, bool) for x in args[3:4])
    if len(args) <= 2 or len(args) - 1 > len(places) or as_in_2_3:
        return args
    kwargs.update(zip(places, args[1:], strict=False))
    return args[:1]


def _give_rate(name: str, args: tuple, kwargs: dict[str, Any]) -> None:
    given = len(args) > 1 or not kwargs.keys().isdisjoint(("lr", "learning_rate"))
    if name in _RATES and not given:
        kwargs["learning_rate"] = _RATES[name]
        warn_once(
            f"{name}() has the rate {_RATES[name]} here, as it had before Keras 2.4: "
            "today it is 0.001. Write learning_rate=... to be clear."
        )


def _give_others(name: str, args: tuple, kwargs: dict[str, Any]) -> None:
    by_name = len(args) <= 2  # the rate may come by place
    if name in _WITH_EPSILON and by_name and dialect.has_keras_1():
        kwargs.setdefault("epsilon", _EPSILON_OF_KERAS_1)
    if kwargs.get("clipnorm"):
        kwargs["global_clipnorm"] = kwargs.pop("clipnorm")
        warn_once(
            f"{name}(clipnorm=...) limits the norm of all gradients together here, as "
            "before Keras 2.4: today it is that of each. Write global_clipnorm=... to "
            "be clear."
        )
    if name == "Adagrad" and by_name:
        kwargs.setdefault("initial_accumulator_value", 0.0)


def _give_formula(name: str, optimizer: Any) -> None:
    if name in _BESIDE_THE_ROOT:
        optimizer.epsilon_in_root = False
    elif name == "Nadam":
        give_schedule_decay(optimizer, SCHEDULE_DECAY)


def give_schedule_decay(optimizer: Any, schedule_decay: float) -> None:
    """Let Nadam's factors grow by this share of an update's step, as in Keras 2."""
    optimizer.factor_steps = float(schedule_decay)
