"""What is added to a room of KeraTorch when it is loaded.

Names that it lacks are looked for among the older ones, and its classes, functions and
methods answer to older arguments: the tables say to which.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import sys
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from keratorch import compat
from keratorch.compat.arguments import (
    ARGUMENTS,
    OPTIMIZER,
    OPTIMIZERS,
    colours,
    rate_of_optimizer,
)
from keratorch.compat.finishing import FINISHING
from keratorch.compat.layers import older_gates
from keratorch.compat.layers.layer_arguments import (
    LAYERS,
    of_object,
    reordering,
)
from keratorch.compat.missing import Missing
from keratorch.compat.names import NAMES, Gone
from keratorch.compat.paths import PATHS
from keratorch.compat.resolving import resolve
from keratorch.compat.spoken import say_modern
from keratorch.compat.tf.names import HARMLESS, INSTEAD, VALUES
from keratorch.compat.tf.pipelines import PIPELINES
from keratorch.compat.tf.signatures import FUNCTIONS
from keratorch.compat.training import older_rates
from keratorch.compat.translation import Reordering, Table, answering
from keratorch.compat.wrapped import wrap


def finish(module: ModuleType) -> None:
    """Add to a module of KeraTorch what older versions of Keras had there."""
    path = module.__name__.partition(".")[2]
    for room in (path, path.partition(".")[0]):
        for name, (table, reorder) in _TAUGHT.get(room, {}).items():
            _teach(module, name, table, reorder)
    if path.startswith("layers."):
        _make_usable_as_in_keras_1(module)
    if path.partition(".")[0] in _OF_CLASSES:
        for name, found in list(vars(module).items()):
            own = vars(found).get("__init__") if isinstance(found, type) else None
            if inspect.isfunction(own) and not hasattr(own, "older_arguments"):
                _teach(module, name, {}, None)
    if path in FINISHING:
        FINISHING[path](module)
    wrap(module, path)
    if path in NAMES or path in PATHS or path in _ABOVE:
        _answer_to_names(module, path)


def _make_usable_as_in_keras_1(module: ModuleType) -> None:
    attributes = importlib.import_module("keratorch.compat.layers.older_attributes")
    calls = importlib.import_module("keratorch.compat.layers.older_calls")
    for name, table in LAYERS.items():
        cls: Any = vars(module).get(name)
        if getattr(cls, "__module__", "") == module.__name__:
            attributes.give(cls, table)
            cls.call = calls.taking_mask(cls.call)


def older_name(room: str, name: str) -> Any:
    """Return what an older name of a room stands for.

    Raises
    ------
    AttributeError : the room has never had it.
    """
    path = f"{room}.{name}".lstrip(".")
    if name.startswith("__"):
        raise AttributeError(name)
    target = NAMES.get(room, {}).get(name)
    if target is not None:
        return _of_target(f"keras.{path}", target)
    for searched in PATHS.get(room, ()):  # a module of today with an older content
        if searched != room and hasattr(
            importlib.import_module(f"keratorch.{searched}"), name
        ):
            return getattr(sys.modules[f"keratorch.{searched}"], name)
    if path in PATHS:
        return importlib.import_module(f"keratorch.{path}")
    known = {*HARMLESS, *VALUES, *INSTEAD, *FUNCTIONS, *PIPELINES, "math", "linalg"}
    if any(entry == path or entry.startswith(f"{path}.") for entry in known):
        return importlib.import_module("keratorch.compat.tf").lookup(path)
    module = sys.modules[f"keratorch.{room}".rstrip(".")]
    choices = getattr(module, "__all__", None) or [
        n for n in vars(module) if n[0] != "_"
    ]
    raise AttributeError(f"keras.{path} does not exist. {near_names(name, choices)}")


def near_names(name: str, known: Iterable[str]) -> str:
    """Return a sentence with the names nearest to one that does not exist.

    Examples
    --------
    >>> near_names("Dens", ["Dense", "Conv2D"])
    "Did you mean 'Dense'?"
    """
    lowered = {choice.lower(): choice for choice in known}
    near = difflib.get_close_matches(name.lower(), lowered, n=3)
    if not near:
        return "No name is near to it: dir() lists them all."
    return f"Did you mean {' or '.join(repr(lowered[n]) for n in near)}?"


_PARENTS = {path.rpartition(".")[0] for path in PATHS}
#: Room -> modules below it that `from keras.layers import *` brought along.
_MODULES_OF = {
    "layers": (
        "advanced_activations",
        "convolutional",
        "core",
        "embeddings",
        "local",
        "noise",
        "normalization",
        "pooling",
        "recurrent",
        "wrappers",
    ),
}
_ABOVE = {path[:i] for path in PATHS for i, sign in enumerate(path) if sign == "."}


def _of_target(written: str, target: Any) -> Any:
    if isinstance(target, Gone):
        return Missing(written, target.reason)
    try:
        if f"keras.{target}" == written:  # the name of today, which the room lacks
            raise AttributeError(written)
        found = resolve(target)
    except (ImportError, AttributeError):
        return Missing(written, f"KeraTorch has no keras.{target} yet.")
    if target and not target.startswith("compat.") and target != written[6:]:
        say_modern(written, f"keras.{target}")
    return found


def _answer_to_names(module: ModuleType, room: str) -> None:
    """Let a module look for names that it lacks among the older ones."""
    own: Callable[[str], Any] | None = vars(module).get("__getattr__")
    hidden = _HIDDEN.get(room, {})

    def __getattr__(name: str) -> Any:  # noqa: N807 - PEP 562
        if name in hidden:
            return getattr(importlib.import_module(hidden[name]), name)
        if name == "__all__" and compat._finder.serves_keras:
            return _brought_along(module, room)
        if own is None:
            return older_name(room, name)
        try:
            return own(name)
        except AttributeError as unknown:
            try:
                return older_name(room, name)
            except AttributeError:
                raise unknown from None

    module.__getattr__ = __getattr__  # type: ignore[method-assign]
    if not hasattr(module, "__path__") and room in _PARENTS:
        module.__path__ = []  # older versions had modules below it
    listed = vars(module).get("__all__")
    if isinstance(listed, list):
        new = [
            n
            for n, t in NAMES.get(room, {}).items()
            if n not in listed and n.isidentifier()
        ]
        new += _MODULES_OF.get(room, ())
        module.__all__ = [*listed, *new]  # type: ignore[attr-defined]


def _brought_along(module: ModuleType, room: str) -> list[str]:
    """Return what ``from room import *`` brings of a module that lists nothing."""
    own = [name for name in vars(module) if not name.startswith("_")]
    own += [name for name in NAMES.get(room, ()) if name.isidentifier()]
    for searched in PATHS.get(room, ()):  # an older room with a newer one's name
        content = importlib.import_module(f"keratorch.{searched}")
        own += [n for n in getattr(content, "__all__", ()) if n not in own]
    return own


def _teach(
    module: ModuleType, name: str, table: Table, reorder: Reordering | None
) -> None:
    """Let a class or a function that a module defines answer to older arguments."""
    known = vars(module).get(name)
    if getattr(known, "__module__", None) != module.__name__:
        return  # the file that defines it is, or was, finished on its own
    if isinstance(known, type):
        known.__init__ = answering(known.__init__, "", table, reorder)  # type: ignore[misc]
    elif known is not None:
        setattr(module, name, answering(known, name, table, reorder))


#: Rooms whose classes name the nearest argument where they do not know one.
_OF_CLASSES = ("callbacks", "losses", "metrics")
#: Room -> name -> the table of older arguments, and what changes their order.
_TAUGHT: dict[str, dict[str, tuple[Table, Reordering | None]]] = {
    room: {name: (table, None) for name, table in tables.items()}
    for room, tables in ARGUMENTS.items()
}
_TAUGHT["utils"]["load_img"] = (ARGUMENTS["utils"]["load_img"], colours)
_TAUGHT["layers"].update(
    {
        name: (table, of_object(reordering(name, table)))
        for name, table in LAYERS.items()
    }
)
_TAUGHT["layers"].update(
    {
        name: (table, of_object(older_gates.beginning(name, reordering(name, table))))
        for name, table in ((name, LAYERS.get(name, {})) for name in older_gates.GATED)
    }
)
_TAUGHT["optimizers"] = {
    name: (OPTIMIZER, older_rates.beginning(name, rate_of_optimizer))
    for name in OPTIMIZERS
}
#: Room -> name of today that hides an older one, Convolution2D(32, 3, 3) -> module.
_HIDDEN = {
    "layers": dict.fromkeys(
        (
            "Convolution1D",
            "Convolution2D",
            "Convolution3D",
            "SeparableConvolution2D",
        ),
        "keratorch.compat.layers.older_layers",
    ),
}
