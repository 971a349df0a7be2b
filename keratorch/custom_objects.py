"""Classes and functions of a user's own that configurations may name.

Reading a file runs no code and imports nothing: a configuration finds KeraTorch's own
classes, those registered here, and those that the user passes.
"""

from __future__ import annotations

import inspect
from collections import ChainMap
from collections.abc import Callable, Hashable, Mapping
from contextvars import ContextVar, Token
from typing import Any, TypeVar

_T = TypeVar("_T")

_registered: dict[str, Any] = {}
_names: dict[Any, str] = {}
_in_scope: ContextVar[dict[str, Any] | None] = ContextVar(
    "keratorch_custom_objects", default=None
)


class CustomObjectScope:
    """Within ``with``, configurations find these classes and functions by name.

    Parameters
    ----------
    custom_objects : dict from names to classes and functions, or None.

    Examples
    --------
    >>> import keratorch as keras
    >>> class Twice(keras.layers.Layer):
    ...     def call(self, inputs):
    ...         return inputs * 2
    >>> description = keras.layers.serialize(Twice(name="twice"))
    >>> with CustomObjectScope({"Twice": Twice}):
    ...     keras.layers.deserialize(description)
    <Twice name=twice, built=False>
    """

    def __init__(self, custom_objects: Mapping[str, Any] | None):
        self.custom_objects = dict(custom_objects or {})
        self._tokens: list[Token] = []

    def __enter__(self) -> CustomObjectScope:
        around = _in_scope.get() or {}
        self._tokens.append(_in_scope.set({**around, **self.custom_objects}))
        return self

    def __exit__(self, *error: Any) -> None:
        _in_scope.reset(self._tokens.pop())


custom_object_scope = CustomObjectScope


def get_custom_objects() -> dict[str, Any]:
    """Return the dict of what is registered everywhere; it may be changed.

    Examples
    --------
    >>> get_custom_objects()["double"] = lambda x: 2 * x
    >>> "double" in get_custom_objects()
    True
    >>> del get_custom_objects()["double"]
    """
    return _registered


def register_keras_serializable(
    package: str = "Custom", name: str | None = None
) -> Callable[[_T], _T]:
    """Return a decorator that lets configurations name a class or a function.

    Parameters
    ----------
    package : str, what the name begins with, so that two libraries do not collide.
    name : str, by default that of the class or function. It is known as
        'package>name'.

    Raises
    ------
    ValueError : a class without ``get_config``, from which no file could be written.

    Examples
    --------
    >>> @register_keras_serializable("docs")
    ... def cube(x):
    ...     return x**3
    >>> get_registered_name(cube)
    'docs>cube'
    """

    def register(item: Any) -> Any:
        if inspect.isclass(item) and not hasattr(item, "get_config"):
            raise ValueError(
                f"register_keras_serializable: the class {item.__name__} has no "
                "get_config(), which returns the arguments to make it again. Define it."
            )
        full_name = f"{package}>{name or item.__name__}"
        _registered[full_name] = item
        _names[item] = full_name
        return item

    return register


def get_registered_name(obj: Any) -> str:
    """Return the name under which a class or function is registered, or its own."""
    registered = _names.get(obj) if isinstance(obj, Hashable) else None
    return str(registered or getattr(obj, "__name__", type(obj).__name__))


def get_registered_object(
    name: str,
    custom_objects: Mapping[str, Any] | None = None,
    module_objects: Mapping[str, Any] | None = None,
) -> Any:
    """Return the class or function of a name, or None.

    Looked up among the objects of `CustomObjectScope`, those registered,
    `custom_objects` and `module_objects`, in this order.
    """
    for known in (_in_scope.get(), _registered, custom_objects, module_objects):
        if known and name in known:
            return known[name]
    return None


def known_objects(
    builtin: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Return all that a name may stand for: the user's objects hide the library's.

    Examples
    --------
    >>> with CustomObjectScope({"relu": abs}):
    ...     known_objects({"relu": max, "elu": min})["relu"]
    <built-in function abs>
    """
    users = {**_registered, **(_in_scope.get() or {}), **(custom_objects or {})}
    return ChainMap(users, builtin)  # type: ignore[arg-type] # builtin is only read
