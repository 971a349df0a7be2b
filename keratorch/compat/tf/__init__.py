"""A face of TensorFlow for scripts that use it to reach Keras.

Names that touch no data answer: ``tf.keras``, ``tf.config``, ``tf.Session``; and so do
the functions of arrays that losses and metrics are made of (`signatures`). The others
can be named, so that a script that never calls them runs; a call raises an error that
says what does the same with KeraTorch or NumPy.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from keratorch.compat.missing import Missing
from keratorch.compat.resolving import resolve
from keratorch.compat.tf.files import is_folder, places
from keratorch.compat.tf.names import HARMLESS, INSTEAD, VALUES
from keratorch.compat.tf.pipelines import PIPELINES

#: Parts of a path that mean nothing: tf.compat.v1.Session is tf.Session.
_HOLLOW = ("compat.v1", "compat.v2", "python", "contrib")
_ROOMS = ("math", "linalg", "signal")
_REASON = "it computes with TensorFlow's tensors, which KeraTorch does not have."


def plain(path: str) -> str:
    """Return a path below `tf` without the parts that mean nothing.

    Examples
    --------
    >>> plain("compat.v1.Session"), plain("compat.v1"), plain("random.set_seed")
    ('Session', '', 'random.set_seed')
    """
    for part in _HOLLOW:
        if path == part or path.startswith(f"{part}."):
            return plain(path[len(part) + 1 :])
    return path


def lookup(path: str) -> Any:
    """Return what a name below `tf` means here.

    Examples
    --------
    >>> lookup("config.list_physical_devices")("GPU")
    []
    >>> lookup("distribute.experimental.PreemptionWatcher")()
    Traceback (most recent call last):
    NotImplementedError: tf.distribute.experimental.PreemptionWatcher: it computes ...
    """
    path = plain(path)
    if path in VALUES:
        return VALUES[path]
    target = PIPELINES.get(path) or HARMLESS.get(path)
    if target is not None:
        return resolve(target)
    found = importlib.import_module("keratorch.compat.tf.functions").function(path)
    if found is not None:
        return found
    if path == "errors":
        return module(path)
    if path.startswith("errors."):
        return type(path.rpartition(".")[2], (Exception,), {})
    found = next((x for x in map(lookup, places(path)) if not _is_missing(x)), None)
    if found is not None:
        return found
    below = f"{path}." if path else ""
    if (
        path in _ROOMS
        or is_folder(path)
        or any(
            known.startswith(below)
            for known in (*HARMLESS, *VALUES, *PIPELINES, *_HOLLOW)
        )
    ):
        return module(path)
    instead = INSTEAD.get(path)
    hint = f" Write {instead} instead." if instead else ""
    return Missing(f"tf.{path}", f"{_REASON}{hint}")


def _is_missing(found: Any) -> bool:
    return isinstance(found, Missing)


class TensorFlow(ModuleType):
    """A module of TensorFlow, as far as scripts need it to reach Keras."""

    def __init__(self, path: str):
        super().__init__(f"tensorflow.{path}".rstrip("."))
        self.__path__: list[str] = []
        self._below = path

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__version__":
            raise AttributeError(name)
        found = lookup(f"{self._below}.{name}".lstrip("."))
        if not isinstance(found, Missing):
            setattr(self, name, found)  # a loop asks for tf.reduce_mean in each step
        return found


_modules: dict[str, TensorFlow] = {}


def module(path: str) -> TensorFlow:
    """Return the module of TensorFlow at a path, the same one each time."""
    path = plain(path)
    if path not in _modules:
        _modules[path] = TensorFlow(path)
    return _modules[path]


tensorflow = module("")
