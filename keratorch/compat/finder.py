"""The finder of modules: older paths lead to modern rooms.

It stands first on `sys.meta_path` and answers for four kinds of names:

    keratorch.layers.core           an older path: a module that searches the rooms
    keratorch.keras.layers          KeraTorch in TensorFlow's place
    keras.layers, tensorflow.keras  once `install` was called: KeraTorch's own modules
    keratorch.layers                a room: its own code, and then what `compat` adds

In scripts for Keras, `theano` can be imported as well, where it is not installed.
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from keratorch.compat.paths import PATHS, ROOTS, modern_path
from keratorch.compat.spoken import say_modern

#: Packages that mean KeraTorch in a script for Keras.
SERVED = (
    "keras",
    "keras_applications",
    "keras_core",
    "keras_preprocessing",
    "tensorflow",
    "tensorflow_datasets",
    "tf_keras",
)
#: Packages of their own for some years -> what they were of Keras.
_PARTS = {
    "keras_applications": "applications",
    "keras_preprocessing": "preprocessing",
}


class OlderPaths:
    """Finds modules under the names that they had, or have elsewhere.

    Parameters
    ----------
    wants : function of a name, whether that module of KeraTorch is to be finished.
    finish : function called with such a module when it was loaded, before anybody
        sees it.
    """

    def __init__(
        self, wants: Callable[[str], bool], finish: Callable[[ModuleType], None]
    ):
        self.wants, self.finish = wants, finish
        self.serves_keras = False

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: Any = None
    ) -> ModuleSpec | None:
        """Return how to load a module; None for modules that are no concern of ours."""
        if name == "keratorch.keras":
            return _spec(name, lambda: sys.modules["keratorch"])
        if name.startswith("keratorch.keras."):
            spec = _foreign(name.removeprefix("keratorch."))
            spec.name = name
            return spec
        if name.startswith("keratorch."):
            return self._own(name, path) or _view(name)
        if self.serves_keras and name.split(".")[0] in SERVED:
            return _foreign(name)
        if self.serves_keras and name.split(".")[0] == "theano":
            return _theano(name)
        return None

    def _own(self, name: str, path: Sequence[str] | None) -> ModuleSpec | None:
        """Return the spec of a module of KeraTorch that is finished when loaded."""
        spec = PathFinder.find_spec(name, path)
        if spec is None or spec.loader is None or not self.wants(name):
            return spec
        execute = spec.loader.exec_module

        def execute_and_finish(module: ModuleType) -> None:
            execute(module)
            self.finish(module)

        spec.loader.exec_module = execute_and_finish  # type: ignore[method-assign]
        return spec


class View(ModuleType):
    """A module without content: it searches modern rooms for the names it once had."""

    def __init__(self, name: str, rooms: Sequence[str]):
        super().__init__(name, f"An older path: see {', '.join(rooms)}.")
        self.__path__: list[str] = []
        self._rooms = rooms

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return sorted({n for room in self._opened() for n in room.__all__})
        if name.startswith("__"):
            raise AttributeError(name)
        for room in self._opened():
            if name in vars(room):
                return vars(room)[name]
        for room in self._opened():  # names that a room finds, older ones among them
            if hasattr(room, name):
                return getattr(room, name)
        if f"{self.__name__}.{name}".partition(".")[2] in PATHS:
            return importlib.import_module(f"{self.__name__}.{name}")
        raise AttributeError(
            f"{self.__name__} has no {name!r}, and nor have {', '.join(self._rooms)}."
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return call_by_older_name(self, *args, **kwargs)

    def _opened(self) -> list[ModuleType]:
        return [opened for room in self._rooms if (opened := _open(room)) is not None]


def call_by_older_name(module: ModuleType, *args: Any, **kwargs: Any) -> Any:
    """Call the function, or class, that once had the name of a module.

    `keras.layers.merge` is a module of Keras 2 and a function of Keras 1.
    """
    room, _, name = module.__name__.partition(".")[2].rpartition(".")
    rooms = importlib.import_module("keratorch.compat.rooms")
    found = rooms.older_name(room, name)
    if found is module:
        raise TypeError(f"{module.__name__} is a module, and cannot be called.")
    return found(*args, **kwargs)


class _Ready:
    """Loads a module by making it, or by handing on one that exists."""

    def __init__(self, make: Callable[[], ModuleType]):
        self._make = make
        self._spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = self._make()
        self._spec = getattr(module, "__spec__", None)
        return module

    def exec_module(self, module: ModuleType) -> None:
        if self._spec is not None:  # the import gave it the spec of this other name
            module.__spec__ = self._spec


def _open(room: str) -> ModuleType | None:
    try:
        return importlib.import_module(f"keratorch.{room}")
    except ModuleNotFoundError:
        return None


def _view(name: str) -> ModuleSpec | None:
    path = modern_path(name.removeprefix("keratorch."))
    rooms = PATHS.get(path) or _rooms_of_file(path)
    if rooms is None:
        return None
    today = [room for room in rooms if not room.startswith("compat.")] or rooms
    say_modern(f"keras.{path}", " or ".join(f"keras.{room}" for room in today))
    return _spec(name, lambda: View(name, rooms))


def _rooms_of_file(path: str) -> tuple[str, ...] | None:
    """Return the rooms of one of Keras's files, such as 'layers.core.dense'.

    Examples
    --------
    >>> _rooms_of_file("layers.core.dense"), _rooms_of_file("layers.core.nothing")
    (('layers',), None)
    """
    above, _, file = path.rpartition(".")
    while above and above not in PATHS:
        above = above.rpartition(".")[0]
    rooms = PATHS.get(above, ())
    word = file.replace("_", "")
    names = {n.lower() for r in rooms for n in dir(_open(r)) if n != file}
    return rooms if word in names else None


def _foreign(name: str) -> ModuleSpec:
    """Return the spec of a module that a script asks of Keras or TensorFlow."""
    top = name.partition(".")[0]
    if top in _PARTS:
        path = name.replace(top, _PARTS[top], 1)
        return _spec(name, functools.partial(_import_for, name, f"keratorch.{path}"))
    if top == "tensorflow_datasets":
        sets = importlib.import_module("keratorch.compat.tf.tfds")
        return _spec(name, lambda: sets.tensorflow_datasets)
    for root in ROOTS:
        if name == root or not modern_path(name.removeprefix(f"{root}.")):
            return _spec(
                name, lambda: importlib.import_module("keratorch.compat.keras")
            )
        if name.startswith(f"{root}."):
            ours = f"keratorch.{modern_path(name.removeprefix(f'{root}.'))}"
            return _spec(name, functools.partial(_import_for, name, ours))
    path = name.removeprefix("tensorflow").lstrip(".")
    tensorflow = importlib.import_module("keratorch.compat.tf")
    return _spec(name, lambda: tensorflow.module(path))


def _theano(name: str) -> ModuleSpec | None:
    """Return the spec of a module of Theano; None where Theano is installed."""
    if PathFinder.find_spec("theano") is not None:
        return None
    ours = importlib.import_module("keratorch.compat.theano")
    return _spec(name, lambda: ours.Theano(name))


def _import_for(name: str, ours: str) -> ModuleType:
    try:
        return importlib.import_module(ours)
    except ModuleNotFoundError as error:
        if error.name and not ours.startswith(error.name):
            raise
        raise ModuleNotFoundError(
            f"KeraTorch has no module {name!r} ({ours}).", name=name
        ) from None


def _spec(name: str, make: Callable[[], ModuleType]) -> ModuleSpec:
    return ModuleSpec(name, _Ready(make), is_package=True)  # type: ignore[arg-type]


def put_first(finder: OlderPaths) -> None:
    """Let the finder be asked before all others."""
    sys.meta_path.insert(0, finder)
