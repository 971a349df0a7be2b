"""From names and configurations to objects, and back.

Each room of formulas (initializers, metrics, ...) holds one dict from names to classes;
these functions read it.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from keratorch.custom_objects import get_registered_name, known_objects
from keratorch.errors import suggest

# Models stand outside the room of layers: (module, registered name) in Keras's files.
_ELSEWHERE = {
    "Sequential": ("keras", None),
    "Model": ("keras", None),
    "Distiller": ("keras.distillation", None),
    "FeatureSpace": ("keras.utils", None),
    "Functional": ("keras.src.models.functional", "Functional"),
    "CustomScaleLayer": (
        "keras.src.applications.inception_resnet_v2",
        "CustomScaleLayer",
    ),
    "LayerScale": ("keras.src.applications.convnext", "LayerScale"),
}


def resolve(identifier: Any, known: Mapping[str, Any], kind: str) -> Any:
    """Return the object that a name, class, configuration or callable stands for.

    Parameters
    ----------
    identifier : str, class, dict with 'class_name' and 'config', callable, or None.
    known : dict from names to classes. What a user registered, or passes by a
        `CustomObjectScope`, is found as well.
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
        return _made(_find(identifier, known, kind))
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


def from_config(
    config: str | Mapping[str, Any], known: Mapping[str, Any], kind: str
) -> Any:
    """Return the object that `serialize` described; of a name alone, one by default.

    Raises
    ------
    ValueError : no class of this name, or no description of an object.
    """
    if isinstance(config, str):
        return _made(_find(config, known, kind))
    name = config.get("class_name") if isinstance(config, Mapping) else None
    if not isinstance(name, str):
        received = _brief(config)
        if isinstance(config, Mapping):
            received = f"one with the keys {sorted(map(str, config))}"
        raise ValueError(
            f"the configuration of a {kind} is a dict such as "
            f"{{'class_name': ..., 'config': {{...}}}}; received {received}."
        )
    arguments = config.get("config")
    if name == "function":  # a function is described by its name alone
        if not isinstance(arguments, str):
            raise TypeError(
                f"the 'config' of a function is its name; received {_brief(arguments)}."
            )
        return _find(arguments, known, kind)
    registered = config.get("registered_name")
    if isinstance(registered, str) and registered in known_objects({}):
        name = registered
    found = _find(name, known, kind)
    if not hasattr(found, "from_config"):
        return _made(found)
    return found.from_config(dict(arguments or {}))


def serialize(instance: Any, module: str) -> dict[str, Any]:
    """Describe an object of the library in Keras's form, ready for JSON.

    Examples
    --------
    >>> from keratorch.initializers import Zeros
    >>> serialize(Zeros(), "keras.initializers")["class_name"]
    'Zeros'
    """
    cls = type(instance)
    if inspect.isfunction(instance):
        return describe_function(instance)
    registered: str | None = None
    if not cls.__module__.startswith("keratorch."):
        # A program's own module is of no use to another program.
        own = cls.__module__
        module = None if own == "__main__" else own  # type: ignore[assignment]
        registered = get_registered_name(cls)
    elif cls.__name__ in _ELSEWHERE:
        module, registered = _ELSEWHERE[cls.__name__]
    return {
        "module": module,
        "class_name": cls.__name__,
        "config": instance.get_config(),
        "registered_name": registered,
    }


def describe_function(function: Any) -> dict[str, Any]:
    """Describe a function by the name under which it is registered, or its own.

    Examples
    --------
    >>> describe_function(max)["config"]
    'max'
    """
    return {
        "module": "builtins",
        "class_name": "function",
        "config": get_registered_name(function),
        "registered_name": "function",
    }


def _find(name: str, known: Mapping[str, Any], kind: str) -> Any:
    objects = known_objects(known)
    found = objects.get(name)
    if found is None:  # files of Keras up to 3.6 name functions without their package
        found = objects.get(next((n for n in objects if n.endswith(f">{name}")), ""))
    if found is None:
        raise ValueError(
            f"unknown {kind} {name!r}. {_suggest(name, known)} Register a class or "
            "function of your own with @keratorch.saving.register_keras_serializable() "
            "or pass it in custom_objects={...}."
        )
    return found


def _made(found: Any) -> Any:
    """Return an instance of a class; functions and instances as they are."""
    return found() if inspect.isclass(found) else found


def _suggest(name: object, known: Mapping[str, Any]) -> str:
    # Each class is known by its snake_case name too, but for layers: list it once.
    names = [entry for entry in known if entry.islower()] or list(known)
    text = suggest(name, names)
    return text if len(text) <= 400 else text.partition("Known:")[0].strip()


def _brief(value: Any) -> str:
    text = repr(value)
    short = text if len(text) <= 60 else text[:57] + "..."
    return f"{short} of type {type(value).__name__}"
