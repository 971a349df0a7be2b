"""Functions that `keras.backend` had."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from keratorch import compat, config
from keratorch.compat.spoken import say_modern
from keratorch.compat.tf.settings import Session
from keratorch.variable import Variable

_ORDERINGS = {"th": "channels_first", "tf": "channels_last"}


def image_dim_ordering() -> str:
    """Return 'th' where channels come first, 'tf' where they come last."""
    say_modern("K.image_dim_ordering()", "keras.config.image_data_format()")
    return "th" if config.image_data_format() == "channels_first" else "tf"


def set_image_dim_ordering(dim_ordering: str) -> None:
    """Let channels come first ('th') or last ('tf')."""
    say_modern(
        "K.set_image_dim_ordering(...)", "keras.config.set_image_data_format(...)"
    )
    config.set_image_data_format(_ORDERINGS.get(dim_ordering, dim_ordering))


def set_learning_phase(value: int) -> None:
    """Do nothing: `fit` trains, `predict` does not, and calls say ``training=``."""
    say_modern("K.set_learning_phase(...)", "model(x, training=...)")


def learning_phase() -> int:
    """Return 0: a computation that `fit` did not ask for is no training."""
    say_modern("K.learning_phase()", "the argument training= of call()")
    return 0


@contextmanager
def learning_phase_scope(value: int) -> Iterator[None]:
    """Do nothing within ``with``, as `set_learning_phase` does nothing."""
    set_learning_phase(value)
    yield


def get_session() -> Session:
    """Return a session of TensorFlow 1 that does nothing."""
    return Session()


def harmless(*args: Any, **kwargs: Any) -> None:
    """Do nothing: there are no sessions."""


def tensorflow_in_scripts(backend: Callable[[], str]) -> Callable[[], str]:
    """Return the function `backend` that says 'tensorflow' in scripts for Keras."""

    @functools.wraps(backend)
    def named() -> str:
        return "tensorflow" if compat._finder.serves_keras else backend()

    return named


def of_rows_and_columns(eye: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function `eye` whose size may be (rows, columns), as in Keras 2.3."""

    @functools.wraps(eye)
    def made(size: Any, dtype: Any = None, name: str | None = None) -> Any:
        if not isinstance(size, (list, tuple)):
            return eye(size, dtype, name)
        return Variable(np.eye(*size), dtype=dtype or config.floatx(), name=name)

    return made


def no_gpus() -> list[str]:
    """Return the names of the GPUs: there are none."""
    return []
