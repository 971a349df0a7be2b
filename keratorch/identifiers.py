"""From names and configurations to objects, and back.

Each room of formulas (initializers, metrics, ...) holds one dict from names to classes;
these functions read it.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from keratorch.errors import suggest


def resolve(identifier: Any, known: Mapping[str, Any], kind: str) -> Any:
    """Return the object that a name, class, configuration or callable stands for.

    Parameters
    ----------
    identifier : str, class, dict with 'class_name' and 'config', callable, or None.
    known : dict from names to classes.
    kind : str, what is looked up, for the error message: 'metric'.

    Returns
    -------
    An instance of the class named or given; a callable, or None, as it came.

    Raises
    ------
    ValueError : a name or an object that stands for nothing.
    """
    if identifier is None:
        return None
    if isinstance(identifier, str):
        return _find(identifier, known, kind)()
    if isinstance(identifier, Mapping):
        return from_config(identifier, known, kind)
    if inspect.isclass(identifier):
        return identifier()
    if callable(identifier):
        return identifier
    raise ValueError(
        f"{kind} must be a name, an instance, a configuration or a function; "
        f"received {_brief(identifier)}. {_suggest(identifier, known)}"
    )


def from_config(config: Mapping[str, Any], known: Mapping[str, Any], kind: str) -> Any:
    """Return the object that `serialize` described."""
    name = config.get("class_name")
    if not isinstance(name, str):
        raise ValueError(
            f"the configuration of a {kind} is a dict such as "
            "{'class_name': ..., 'config': {...}}; "
            f"received one with the keys {sorted(map(str, config))}."
        )
    return _find(name, known, kind).from_config(dict(config.get("config") or {}))


def serialize(instance: Any, module: str) -> dict[str, Any]:
    """Describe an object of the library in Keras's form, ready for JSON.

    Examples
    --------
    >>> from keratorch.initializers import Zeros
    >>> serialize(Zeros(), "keras.initializers")["class_name"]
    'Zeros'
    """
    cls = type(instance)
    ours = cls.__module__.startswith("keratorch.")
    return {
        "module": module if ours else cls.__module__,
        "class_name": cls.__name__,
        "config": instance.get_config(),
        "registered_name": None if ours else cls.__name__,
    }


def _find(name: str, known: Mapping[str, Any], kind: str) -> Any:
    if name not in known:
        raise ValueError(f"unknown {kind} {name!r}. {_suggest(name, known)}")
    return known[name]


def _suggest(name: object, known: Mapping[str, Any]) -> str:
    # Each class is known by its snake_case name too: list it once.
    return suggest(name, [entry for entry in known if entry.islower()])


def _brief(value: Any) -> str:
    text = repr(value)
    short = text if len(text) <= 60 else text[:57] + "..."
    return f"{short} of type {type(value).__name__}"
