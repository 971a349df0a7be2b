"""Rooms that load what they hold when it is first asked for.

    __getattr__, __dir__ = lazy.contents(__name__, {"dense": "Dense", ...})

So a program waits for what it uses, and not for all that the library has.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from keratorch.errors import suggest


def contents(
    room: str, files: Mapping[str, str], aliases: Mapping[str, str] | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and ``__dir__`` of a room, as PEP 562 has them.

    Parameters
    ----------
    room : the ``__name__`` of the room.
    files : file of the room -> the names that it defines, with spaces between them.
    aliases : another name -> the name that it stands for.

    Examples
    --------
    >>> from keratorch import lazy
    >>> getattr_of_losses, _ = lazy.contents("keratorch.losses", {"overlap": "Dice"})
    >>> getattr_of_losses("Dice").__module__
    'keratorch.losses.overlap'
    """
    file_of = {name: file for file, names in files.items() for name in names.split()}
    meant_by = dict(aliases or {})

    def __getattr__(name: str) -> Any:  # noqa: N807 - PEP 562
        module = sys.modules[room]
        if name in file_of:
            file = importlib.import_module(f"{room}.{file_of[name]}")
            found = getattr(file, name)
        elif name in meant_by:
            found = getattr(module, meant_by[name])
        elif name in files:
            return importlib.import_module(f"{room}.{name}")
        elif name.startswith("__"):
            raise AttributeError(name)
        else:
            near = suggest(name, module.__all__).partition("Known: ")[0].strip()
            hint = f"{near} dir({room}) lists what it has.".strip()
            raise AttributeError(f"{room} has no {name!r}. {hint}")
        setattr(module, name, found)  # from now on Python finds it without us
        return found

    def __dir__() -> list[str]:  # noqa: N807 - PEP 562
        module = sys.modules[room]
        return sorted({*vars(module), *module.__all__, *files})

    return __getattr__, __dir__


class Postponed:
    """A module that is loaded when something of it is first asked for.

    Parameters
    ----------
    name : str, the module's full name.

    Examples
    --------
    >>> Postponed("keratorch.naming").to_snake_case("LayerNormalization")
    'layer_normalization'
    """

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self._name), name)


class Table(MutableMapping[str, Any]):
    """A dict of a room's objects, each loaded when it is looked up.

    A value that is added may be the `Postponed` module that has it.

    Parameters
    ----------
    room : the ``__name__`` of the room.
    names : key -> the name of its object in the room.

    Examples
    --------
    >>> table = Table("keratorch.losses", {"mse": "mean_squared_error"})
    >>> "mse" in table, table["mse"].__name__
    (True, 'mean_squared_error')
    """

    def __init__(self, room: str, names: Mapping[str, str]):
        self._room = room
        self._names = dict(names)
        self._added: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key in self._added:
            found = self._added[key]
            if isinstance(found, Postponed):  # the module that has it
                found = self._added[key] = getattr(found, key)
            return found
        return getattr(sys.modules[self._room], self._names[key])

    def __setitem__(self, key: str, value: Any) -> None:
        self._added[key] = value

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        self._added.pop(key, None)
        self._names.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return key in self._names or key in self._added

    def __iter__(self) -> Iterator[str]:
        return iter({**self._names, **self._added})

    def __len__(self) -> int:
        return len({*self._names, *self._added})
