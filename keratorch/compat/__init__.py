"""The past of Keras: the spellings of Keras 1 and 2, and of `tf.keras`.

The other rooms know only the names of today. This one holds tables of the older ones:
paths of modules (`paths`), names (`names`), arguments (`arguments`), functions that
come in another form (`wrapped`). A finder of modules (`finder`) applies them: it serves
older paths, and adds to each room, when that is loaded, what its tables say (`rooms`,
`finishing`). Each older spelling warns once, and names the modern one.

The folders hold what the tables name: `layers`, `models`, `training`, `metrics`, the
`functions` of `keras.backend` and `keras.utils`, and `tf`.

    import keratorch as keras                       # only the import is changed
    model.add(keras.layers.Dense(output_dim=10))

    python -m keratorch run script.py               # nothing is changed
    python -m keratorch check script.py             # what would not work, and where
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

from keratorch.compat.finder import SERVED, OlderPaths, put_first
from keratorch.core import GradArray

#: Rooms that had other contents once. Modules below them count as well.
_ROOMS = [
    "activations",
    "applications",
    "backend",
    "callbacks",
    "constraints",
    "datasets",
    "initializers",
    "inspect",
    "layers",
    "losses",
    "metrics",
    "mixed_precision",
    "models",
    "ops",
    "optimizers",
    "preprocessing",
    "random",
    "regularizers",
    "saving",
    "training",
    "utils",
    "wrappers",
]

#: Modules that add to the library what scripts alone shall find, and take it away.
_CHANGED_BY_INSTALL = (
    *("models.array_attributes", "tf.eager.tensors", "functions.older_regularizers"),
)


def _is_in_a_room(name: str) -> bool:
    package, *rooms = name.split(".")
    return package == "keratorch" and bool(rooms) and rooms[0] in _ROOMS


def _finish(module: ModuleType) -> None:
    # The tables are loaded with the first room: `import keratorch` stays fast.
    importlib.import_module("keratorch.compat.rooms").finish(module)


_finder = OlderPaths(_is_in_a_room, _finish)


def watch() -> None:
    """Let the rooms of KeraTorch answer to older spellings from now on.

    `import keratorch` does this.
    """
    if _finder in sys.meta_path:
        return
    put_first(_finder)
    for name in ("keratorch", "keratorch.config"):  # loaded before, and without tables
        _let_answer(sys.modules[name])
    for name, module in list(sys.modules.items()):
        if _is_in_a_room(name):
            _finish(module)


def install() -> None:
    """Let `keras`, `tensorflow.keras` and `tf.keras` mean KeraTorch in this process.

    Call it before the first import of Keras. `python -m keratorch run` does this.

    Raises
    ------
    RuntimeError : the real Keras or TensorFlow is loaded already.

    Examples
    --------
    >>> import keratorch.compat
    >>> keratorch.compat.install()  # doctest: +SKIP
    >>> from tensorflow.keras.layers import Dense  # doctest: +SKIP
    """
    for name in ("keras", "tensorflow"):
        module = sys.modules.get(name)
        if module is not None and not _ours(module):
            raise RuntimeError(
                f"compat.install(): the real {name} is loaded already. Call install() "
                "before the first import of Keras or TensorFlow, or run the script by "
                "python -m keratorch run script.py."
            )
    watch()
    _finder.serves_keras = True
    GradArray.leaves_silently = True
    for room in _CHANGED_BY_INSTALL:
        importlib.import_module(f"keratorch.compat.{room}").add()


def uninstall() -> None:
    """Let `keras` and `tensorflow` mean what they meant before `install`."""
    _finder.serves_keras = False
    GradArray.leaves_silently = False
    for room in _CHANGED_BY_INSTALL:
        importlib.import_module(f"keratorch.compat.{room}").remove()
    importlib.import_module("keratorch.compat.tf.eager.numpy_answers").remove()
    importlib.import_module("keratorch.compat.dialect").forget()
    for name, module in list(sys.modules.items()):
        ours = name.split(".")[0] == "theano" and _ours(module)
        if ours or name.split(".")[0] in SERVED:
            del sys.modules[name]


def older_name(name: str, room: str = "") -> Any:
    """Return what a name of older versions means, which a room, or `keratorch`, lacks.

    Raises
    ------
    AttributeError : there never was such a name.
    """
    return importlib.import_module("keratorch.compat.rooms").older_name(room, name)


def _let_answer(module: ModuleType) -> None:
    """Let a module look for names that it lacks among the older ones."""
    modern = vars(module).get("__getattr__")

    def __getattr__(name: str) -> Any:  # noqa: N807 - PEP 562
        try:
            if modern is not None:
                return modern(name)
            raise AttributeError(f"{module.__name__} has no {name!r}.")
        except AttributeError as unknown:
            try:
                return older_name(name, module.__name__.partition(".")[2])
            except AttributeError:
                raise unknown from None

    module.__getattr__ = __getattr__  # type: ignore[method-assign]


def _ours(module: ModuleType) -> bool:
    return type(module).__module__.startswith(
        "keratorch"
    ) or module.__name__.startswith("keratorch")


def __getattr__(name: str) -> Any:
    if name in ("v1", "v2"):  # import keratorch as tf: tf.compat.v1
        return importlib.import_module("keratorch.compat.tf").module("")
    raise AttributeError(f"keratorch.compat has no {name!r}.")


__all__ = ["install", "older_name", "uninstall", "watch"]
