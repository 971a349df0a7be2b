"""A callback from functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keratorch.callbacks.callback import Callback
from keratorch.errors import suggest

_HOOKS = [name for name in vars(Callback) if name.startswith("on_")]


class LambdaCallback(Callback):
    """Calls given functions at given moments.

    Parameters
    ----------
    on_epoch_begin, on_epoch_end : functions ``f(epoch, logs)``.
    on_train_begin, on_train_end : functions ``f(logs)``.
    on_train_batch_begin, on_train_batch_end : functions ``f(batch, logs)``.
    **kwargs : any other method of `Callback`, such as ``on_test_end``.

    Raises
    ------
    TypeError : a name that is no such method, or something that cannot be called.

    Examples
    --------
    >>> callback = LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch))
    >>> callback.on_epoch_end(3, {})
    3
    """

    def __init__(
        self,
        on_epoch_begin: Callable | None = None,
        on_epoch_end: Callable | None = None,
        on_train_begin: Callable | None = None,
        on_train_end: Callable | None = None,
        on_train_batch_begin: Callable | None = None,
        on_train_batch_end: Callable | None = None,
        **kwargs: Any,
    ):
        functions = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
            **kwargs,
        }
        for name, function in functions.items():
            if name not in _HOOKS:
                raise TypeError(
                    f"LambdaCallback has no moment {name!r}. {suggest(name, _HOOKS)}"
                )
            if function is None:
                continue
            if not callable(function):
                raise TypeError(
                    f"{name} must be a function; received {function!r} of type "
                    f"{type(function).__name__}."
                )
            setattr(self, name, function)
