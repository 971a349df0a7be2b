"""Weights that a model is told of before it has any, as TensorFlow's checkpoints."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.layers.trial import state_kept
from keratorch.modes import no_grad


def load_when_called(model: Any, load: Callable[[], Any]) -> None:
    """Let a model load its weights when a first call has made them.

    Parameters
    ----------
    load : reads them into the model.
    """
    call = model.call

    @functools.wraps(call)
    def first(*args: Any, **kwargs: Any) -> Any:
        model.__dict__.pop("call", None)
        with no_grad(), state_kept(model):
            call(*args, **kwargs)
        load()
        return call(*args, **kwargs)

    model.__dict__["call"] = first
