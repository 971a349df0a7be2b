"""Functions of arrays as Keras names them in configurations of models.

Keras has a class for each function, which is given some arguments when it is made and
the arrays when it is called.  `describe` splits a call that way, `restore` joins it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from keratorch import ops
from keratorch.models.keras_functions import (
    ARGUMENTS,
    BY_CLASS,
    FUNCTIONS,
    OPERATIONS,
    Operation,
)

_METHODS = {"get_item": np.ndarray.__getitem__, "cast": np.ndarray.astype}


def is_known(class_name: str) -> bool:
    """Return whether a class of Keras is one of the functions told of here."""
    return class_name in BY_CLASS or class_name == "Einsum"


def name_of(description: Mapping[str, Any]) -> str:
    """Return the name of the function that `describe` described.

    Examples
    --------
    >>> name_of({"class_name": "Reshape"})
    'reshape'
    """
    return BY_CLASS[description["class_name"]]


def function_of(name: str) -> Any:
    """Return the function of a name in the table; None for another one."""
    return getattr(ops, name, None) or getattr(ops.image, name, None)


def describe(function: Any, args: tuple, kwargs: dict) -> tuple[dict, tuple, dict]:
    """Return a function's description without its name, and the call's arguments.

    Raises
    ------
    ValueError : Keras has no such function, or it takes no such argument.
    """
    name = getattr(function, "__name__", "")
    name = FUNCTIONS.get(name, name)
    if name == "einsum" and isinstance(args[0], str):
        return _description("numpy", "Einsum", {"subscripts": args[0]}), args[1:], {}
    operation = OPERATIONS.get(name)
    if operation is None:
        raise ValueError(
            f"the model takes the function {name!r}, which no configuration can name. "
            "Put it into a Layer of your own, whose class is registered."
        )
    config: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    for i, (key, value, default) in enumerate(_bound(function, args, kwargs)):
        place = _keras_name(key, i, operation)
        if place in operation.arguments:
            config[place] = value
        elif place is not None:
            arrays[place] = value
        elif value is not default and value != default:
            raise ValueError(
                f"the model calls {name}(..., {key}=...), an argument that Keras's "
                f"function does not have. Put the call into a Layer of your own."
            )
    first = [arrays.pop(key) for key in operation.arrays if key in arrays]
    module = operation.module.rpartition(".")[2]
    return _description(module, operation.class_name, config), tuple(first), {}


def restore(
    description: Mapping[str, Any],
) -> tuple[Callable[..., Any], Callable[[list, dict], tuple[tuple, dict]]]:
    """Return the function that a description names, and how it is to be called.

    The second result takes the arguments of Keras's call, and returns ours.

    Raises
    ------
    ValueError : an unknown function.
    """
    class_name = description["class_name"]
    config = {k: v for k, v in description["config"].items() if k != "name"}
    if class_name == "Einsum":
        return ops.einsum, lambda args, kwargs: ((config["subscripts"], *args), {})
    name = BY_CLASS.get(class_name, "")
    function: Any = _METHODS.get(name) or function_of(name)
    if function is None:
        raise ValueError(
            f"the model takes an operation {class_name!r} that is not known."
        )
    operation = OPERATIONS[name]

    def joined(args: list, kwargs: dict) -> tuple[tuple, dict]:
        given = {**dict(zip(operation.arrays, args, strict=False)), **kwargs, **config}
        for key in operation.arguments:
            if isinstance(given.get(key), list):  # JSON has no tuples
                given[key] = tuple(given[key])
        return _ours(function, operation, given)

    return function, joined


def _description(module: str, class_name: str, config: dict) -> dict[str, Any]:
    return {
        "module": f"keras.src.ops.{module}",
        "class_name": class_name,
        "config": config,
        "registered_name": class_name,
    }


def _parameters(function: Any) -> list[inspect.Parameter] | None:
    """Return the parameters of a function; None: they have no names, as in ufuncs."""
    if hasattr(function, "__signature__"):
        return list(function.__signature__.parameters.values())
    is_ufunc = isinstance(inspect.unwrap(function), np.ufunc)
    if is_ufunc or function in _METHODS.values():
        return None
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None


def _bound(function: Any, args: tuple, kwargs: dict) -> list[tuple[str, Any, Any]]:
    """Return names, values and defaults of a call's arguments."""
    parameters = _parameters(function)
    if parameters is None:
        positional = [("", value, inspect.Parameter.empty) for value in args]
        return positional + [
            (key, value, inspect.Parameter.empty) for key, value in kwargs.items()
        ]
    defaults = {p.name: p.default for p in parameters}
    numpys = {key: x for key, x in kwargs.items() if key not in defaults}
    if not hasattr(function, "__signature__"):
        numpys = {}
    kwargs = {key: x for key, x in kwargs.items() if key not in numpys}
    bound = inspect.signature(function).bind(*args, **kwargs).arguments
    flat = {**bound, **numpys}
    flat.update(flat.pop("kwargs", {}))
    return [(key, value, defaults.get(key)) for key, value in flat.items()]


def _keras_name(key: str, i: int, operation: Operation) -> str | None:
    """Return what Keras calls an argument; None where it has none of that name."""
    known = (*operation.arrays, *operation.arguments)
    if key in known and not (i < len(operation.arrays) and key != operation.arrays[i]):
        return key
    if i < len(operation.arrays) and key not in operation.arguments:
        return operation.arrays[i]
    if key in known:
        return key
    if not key:  # the second argument of a method: x.astype(dtype)
        return known[i] if i < len(known) else None
    renamed = ARGUMENTS.get(key)
    return renamed if renamed in known else None


def _ours(
    function: Any, operation: Operation, given: dict[str, Any]
) -> tuple[tuple, dict]:
    """Return the arguments of Keras by the names that a function here has."""
    arrays = [given.pop(key) for key in operation.arrays if key in given]
    parameters = _parameters(function)
    if parameters is None:
        return (*arrays, *(v for v in given.values() if v is not None)), {}
    names = [p.name for p in parameters]
    back = {keras: ours for ours, keras in ARGUMENTS.items()}
    kwargs: dict[str, Any] = {}
    for key, value in given.items():
        if value is None:  # Keras's way to leave an argument out
            continue
        name = key if key in names else back.get(key, key)
        if name in names or "kwargs" in names:
            kwargs[name] = value
        elif value is not False:
            raise ValueError(
                f"{operation.class_name} in the model has {key}={value!r}, an argument "
                "that is not supported."
            )
    if len(arrays) > 1 and operation.arrays[1] in names:
        later = dict(zip(operation.arrays[1:], arrays[1:], strict=False))
        if all(key in names for key in later):
            kwargs.update({key: x for key, x in later.items() if x is not None})
            arrays = arrays[:1]
    return tuple(arrays), kwargs
