"""Many callbacks called as one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack
from typing import Any

from keratorch.callbacks.callback import Callback, Logs, as_floats
from keratorch.callbacks.history import History
from keratorch.callbacks.progbar_logger import ProgbarLogger

_BATCH_HOOKS = (
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_batch_begin",
    "on_test_batch_end",
    "on_predict_batch_begin",
    "on_predict_batch_end",
    "on_batch_begin",
    "on_batch_end",
)
# The base class hands these on to a hook of an older name.
_OLDER = {
    "on_train_batch_begin": "on_batch_begin",
    "on_train_batch_end": "on_batch_end",
}
BatchLogs = Logs | Callable[[], dict[str, Any]]


class CallbackList(Callback):
    """A list of callbacks that takes each call and hands it to all of them.

    Callbacks get the logs as Python floats, in alphabetical order; what one adds to
    them, the next one sees. Which callbacks override a batch hook is found out once:
    the others are not called in the loop over batches.

    Parameters
    ----------
    callbacks : a callback, or a list of them, nested as one likes; or None.
    add_history : bool, whether a `History` is added where there is none.
    add_progbar : bool, whether a `ProgbarLogger` is added where there is none.
    model : the model that runs; its ``history`` becomes the `History`.
    validation_freq : int or collection of int, as in `fit`: a number of the validation
        may be missing from the logs of the other epochs.
    **params : what `Callback.set_params` gets: verbose, epochs, steps.

    Raises
    ------
    TypeError : a class, or something else that is no callback.

    Examples
    --------
    >>> callbacks = CallbackList(add_history=True)
    >>> callbacks.on_train_begin()
    >>> callbacks.on_epoch_end(0, {"loss": 0.5})
    >>> callbacks.callbacks[0].history
    {'loss': [0.5]}
    """

    def __init__(
        self,
        callbacks: Any = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        validation_freq: int | Collection[int] = 1,
        **params: Any,
    ):
        self.validation_freq = validation_freq
        self.callbacks: list[Callback] = []
        for callback in _flatten(callbacks):
            _check_callback(callback)
            self.callbacks.append(callback)
        if add_history and not self._holds(History):
            self.callbacks.append(History())
        if add_progbar and not self._holds(ProgbarLogger):
            self.callbacks.append(ProgbarLogger())
        self.set_model(model)
        self.set_params(params)

    def append(self, callback: Callback) -> None:
        """Add a callback, which learns of the model and of the run."""
        _check_callback(callback)
        self.callbacks.append(callback)
        self.set_model(self.model)
        self.set_params(self.params or {})

    def set_params(self, params: dict[str, Any]) -> None:
        """Hand on what is known of the run, if anything is."""
        self.params = params
        if params:
            for callback in self.callbacks:
                callback.set_params(params)
        for callback in self.callbacks:
            callback.validation_freq = self.validation_freq
        self._hooks = {name: self._overriders(name) for name in _BATCH_HOOKS}

    def set_model(self, model: Any) -> None:
        """Hand on the model, if there is one."""
        if model is None:
            return
        self._model = model
        for callback in self.callbacks:
            callback.set_model(model)
            if isinstance(callback, History):
                model.history = callback

    def overriding(self, hook: str) -> list[Callback]:
        """Return the callbacks that override a batch hook: 'on_train_batch_end'."""
        return [
            callback
            for callback in self.callbacks
            if _overrides(callback, hook) or _overrides(callback, _OLDER.get(hook))
        ]

    def on_train_begin(self, logs: Logs = None) -> None:
        """Call all callbacks."""
        self._call_all("on_train_begin", logs)

    def on_train_end(self, logs: Logs = None) -> None:
        """Call all callbacks, also where one of them raises; its error goes on."""
        logs = as_floats(logs)
        with ExitStack() as calls:
            for callback in reversed(self.callbacks):
                calls.callback(callback.on_train_end, logs)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Call all callbacks."""
        self._call_all("on_epoch_begin", logs, epoch)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Call all callbacks."""
        self._call_all("on_epoch_end", logs, epoch)

    def on_test_begin(self, logs: Logs = None) -> None:
        """Call all callbacks."""
        self._call_all("on_test_begin", logs)

    def on_test_end(self, logs: Logs = None) -> None:
        """Call all callbacks."""
        self._call_all("on_test_end", logs)

    def on_predict_begin(self, logs: Logs = None) -> None:
        """Call all callbacks."""
        self._call_all("on_predict_begin", logs)

    def on_predict_end(self, logs: Logs = None) -> None:
        """Call all callbacks."""
        self._call_all("on_predict_end", logs)

    # The hooks of a batch take the logs, or a function that makes them: metrics cost
    # time, and most batches pass without anybody looking at them.

    def on_train_batch_begin(self, batch: int, logs: BatchLogs = None) -> None:
        """Call the callbacks that override this."""
        self._call_hook("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch: int, logs: BatchLogs = None) -> None:
        """Call the callbacks that override this."""
        self._call_hook("on_train_batch_end", batch, logs)

    def on_test_batch_begin(self, batch: int, logs: BatchLogs = None) -> None:
        """Call the callbacks that override this."""
        self._call_hook("on_test_batch_begin", batch, logs)

    def on_test_batch_end(self, batch: int, logs: BatchLogs = None) -> None:
        """Call the callbacks that override this."""
        self._call_hook("on_test_batch_end", batch, logs)

    def on_predict_batch_begin(self, batch: int, logs: BatchLogs = None) -> None:
        """Call the callbacks that override this."""
        self._call_hook("on_predict_batch_begin", batch, logs)

    def on_predict_batch_end(self, batch: int, logs: BatchLogs = None) -> None:
        """Call the callbacks that override this."""
        self._call_hook("on_predict_batch_end", batch, logs)

    def on_batch_begin(self, batch: int, logs: BatchLogs = None) -> None:
        """Call the callbacks that override this."""
        self._call_hook("on_batch_begin", batch, logs)

    def on_batch_end(self, batch: int, logs: BatchLogs = None) -> None:
        """Call the callbacks that override this."""
        self._call_hook("on_batch_end", batch, logs)

    def _call_all(self, moment: str, logs: Logs, *epoch: int) -> None:
        logs = as_floats(logs)
        for callback in self.callbacks:
            getattr(callback, moment)(*epoch, logs)

    def _call_hook(self, name: str, batch: int, logs: BatchLogs) -> None:
        made: Logs = None
        for hook, lazy in self._hooks[name]:
            if lazy:
                hook(batch, logs=logs)
                continue
            if made is None:
                made = as_floats(logs() if callable(logs) else logs)
            hook(batch, logs=made)

    def _overriders(self, name: str) -> list[tuple[Callable[..., None], bool]]:
        """The hooks of that name, and whether they make the logs themselves."""
        found = []
        for callback in self.overriding(name):
            older = _OLDER.get(name) if not _overrides(callback, name) else None
            hook = getattr(callback, older or name)
            bars = vars(ProgbarLogger).get(name, hook)
            lazy = getattr(hook, "__func__", None) is bars
            found.append((_taking_logs(hook), lazy))
        return found

    def _holds(self, kind: type[Callback]) -> bool:
        return any(isinstance(callback, kind) for callback in self.callbacks)


def _taking_logs(hook: Callable[..., None]) -> Callable[..., None]:
    """Return the hook as a function of ``logs=``, by whatever name it takes them.

    Older versions of Keras handed them on by position: ``on_batch_end(batch, log)``.
    """
    try:
        parameters = inspect.signature(hook).parameters.values()
    except (TypeError, ValueError):  # a function in C may have no signature
        return hook
    if any(p.name == "logs" or p.kind is p.VAR_KEYWORD for p in parameters):
        return hook
    return lambda batch, logs=None: hook(batch, logs)


def _overrides(callback: Callback, name: str | None) -> bool:
    if name is None:
        return False
    own = getattr(callback, name)
    return getattr(own, "__func__", own) is not getattr(Callback, name)


def _flatten(callbacks: Any) -> Iterable[Any]:
    if callbacks is None:
        return
    if isinstance(callbacks, CallbackList):
        callbacks = callbacks.callbacks
    if not isinstance(callbacks, (list, tuple)):
        yield callbacks
        return
    for callback in callbacks:
        if callback is None:
            raise TypeError("callbacks must be instances of Callback; received None.")
        yield from _flatten(callback)


def _check_callback(callback: Any) -> None:
    if inspect.isclass(callback):
        raise TypeError(
            f"callbacks must be instances; received the class {callback.__name__}. "
            f"Pass an instance: {callback.__name__}()."
        )
    if not isinstance(callback, Callback):
        raise TypeError(
            "callbacks must be instances of keratorch.callbacks.Callback; received "
            f"an object of type {type(callback).__name__}. "
            "For a function, use LambdaCallback(on_epoch_end=function)."
        )
