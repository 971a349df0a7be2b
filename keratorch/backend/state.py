"""What the old backend keeps for the whole process: the phase, names, sessions."""

from __future__ import annotations

import itertools
from typing import Any

from keratorch.backend.graphs import function
from keratorch.layers.calls import current_call
from keratorch.naming import reset_names

_phase: int | None = None
_uids: dict[str, itertools.count] = {}


def backend() -> str:
    """Return 'numpy', what everything here is computed with."""
    return "numpy"


# Training or inference


def learning_phase() -> int:
    """Return 1 in training and 0 in inference.

    Inside a layer that is what its call was told; elsewhere what `set_learning_phase`
    said, or 0. It may stand among the inputs of `function`.

    >>> learning_phase()
    0
    """
    call = current_call.get()
    if _phase is not None:
        return _phase
    return 0 if call is None else int(bool(call.training))


def set_learning_phase(value: int) -> None:
    """Let `learning_phase` and `in_train_phase` say 1 (training) or 0 (inference).

    Layers go on to learn from `fit` and from their ``training`` argument what to do.

    Raises
    ------
    ValueError : neither 0 nor 1.
    """
    global _phase
    if value not in (0, 1):
        raise ValueError(f"learning phase must be 0 or 1; received {value!r}.")
    _phase = int(value)


def in_train_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """Return `x` in training and `alt` in inference; called, if they are functions.

    >>> in_train_phase(lambda: "dropped", "all", training=0)
    'all'
    """
    chosen = x if (learning_phase() if training is None else training) else alt
    return chosen() if callable(chosen) else chosen


def in_test_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """Return `x` in inference and `alt` in training; called, if they are functions."""
    return in_train_phase(alt, x, training)


# Names


def get_uid(prefix: str = "") -> int:
    """Return 1, 2, 3, ... from call to call, for each prefix."""
    return next(_uids.setdefault(prefix, itertools.count(1)))


def reset_uids() -> None:
    """Let `get_uid` begin with 1 again."""
    _uids.clear()


def clear_session(free_memory: bool = True) -> None:
    """Number new names from the beginning, and forget the learning phase.

    Models, and the memory that they use, go when nothing refers to them any more:
    `free_memory` changes nothing here.
    """
    global _phase
    _phase = None
    reset_uids()
    reset_names()


# Sessions, which computed graphs in TensorFlow 1


class Session:
    """What `get_session` returns: it computes symbolic arrays, and holds nothing.

    >>> with get_session() as session:
    ...     session.run(2.0)
    2.0
    """

    def run(self, fetches: Any, feed_dict: dict[Any, Any] | None = None) -> Any:
        """Return the values of tensors, given those of placeholders.

        Parameters
        ----------
        fetches : tensor, list of tensors, or None for what has no value, such as
            TensorFlow's initializer of all variables.
        feed_dict : dict from symbolic arrays to their values.
        """
        if fetches is None:
            return None
        fed = feed_dict or {}
        return function(list(fed), fetches)(list(fed.values()))

    def close(self) -> None:
        """Do nothing: there is nothing to free."""

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()


def get_session() -> Session:
    """Return an object whose `run` computes tensors, as TensorFlow 1's sessions did."""
    return Session()


def set_session(session: Any) -> None:
    """Do nothing: there is no session to set, and no device memory to limit."""


def manual_variable_initialization(value: bool) -> None:
    """Do nothing: variables have their values as soon as they are made."""
