"""Functions of arrays as steps of models in configurations.

Keras's name of a function is taken where Keras has the function. Others are named by a
room of this library and a name in it:

    {"module": "keratorch", "class_name": "Function",
     "config": {"name": "repeat", "function": "backend.repeat"}, ...}

The rooms are those listed here, and each holds its own table of functions: nothing that
stands in a file says what is imported.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Mapping
from typing import Any

from keratorch import lazy
from keratorch.errors import suggest
from keratorch.models import keras_operations
from keratorch.nested import flatten
from keratorch.symbolic import any_symbolic, is_symbolic


class _Operations:
    """The functions that Keras has, for calls that its configurations cannot tell."""

    LIKE_KERAS: frozenset[str] = frozenset()

    @functools.cached_property
    def STEPS(self) -> dict[str, Any]:  # noqa: N802 - a room's table
        names = (*keras_operations.OPERATIONS, *_MADE_OF_SHAPES)
        return {name: keras_operations.function_of(name) for name in names}


#: Room -> the module of its table `STEPS`, from names to functions. Those `LIKE_KERAS`
#: compute what Keras's function of the name does, given all their arguments.
ROOMS: dict[str, Any] = {
    "backend": lazy.Postponed("keratorch.backend.steps"),
    "ops": _Operations(),
}
_CLASS_NAME = "Function"
_MADE_OF_SHAPES = ("arange", "eye", "full", "ones", "tri", "zeros")
#: Functions whose numbers, times the lengths of the inputs, say how much they make.
_MULTIPLYING = (
    *("eye", "identity", "multi_hot", "one_hot", "ones", "repeat", "repeat_elements"),
    *("resize_images", "tile", "tri", "zeros"),
)
#: Functions of which one argument says it: a number, or the product of a shape.
_COUNTING = (
    *("arange", "broadcast_to", "empty", "fill", "full", "linspace", "made", "pad"),
    *("range", "resize"),
)
_MOST = 1 << 31


def describe(function: Any, args: tuple, kwargs: dict) -> tuple[dict, tuple, dict]:
    """Return a function's description without its name, and the call's arguments.

    Raises
    ------
    ValueError : no configuration can name the function.
    """
    name = name_of(function)
    described = _like_keras(name, function, args, kwargs)
    if described and not any_symbolic(described[0]["config"]):
        return described
    if described and not name:  # a length that only data will say
        name = f"ops.{keras_operations.name_of(described[0])}"
    return _described(str(name)), args, kwargs


def _like_keras(name: str | None, function: Any, args: tuple, kwargs: dict) -> Any:
    """Return the description by Keras's function; None if it is not the same."""
    if name is None:
        return keras_operations.describe(function, args, kwargs)
    room, _, own_name = name.partition(".")
    if own_name not in ROOMS[room].LIKE_KERAS:
        return None
    bound = inspect.signature(inspect.unwrap(function)).bind(*args, **kwargs)
    bound.apply_defaults()  # Keras's may be others
    try:
        return keras_operations.describe(function, (), bound.arguments)
    except ValueError:  # Keras's has not all of the arguments
        return None


def name_of(function: Any) -> str | None:
    """Return the name of a function that Keras has not; None if no room has it.

    Examples
    --------
    >>> from keratorch import backend
    >>> name_of(backend.repeat), name_of(len)
    ('backend.repeat', None)
    """
    wanted = inspect.unwrap(function)
    module = str(getattr(wanted, "__module__", ""))
    if module.startswith("keratorch.ops.") and wanted.__name__ in _MADE_OF_SHAPES:
        return f"ops.{wanted.__name__}"
    if not module.startswith("keratorch.") or module.startswith("keratorch.ops."):
        return None
    for room, place in ROOMS.items():
        if makes_steps(room):  # none of its own is ever recorded
            continue
        for name, step in place.STEPS.items():
            if inspect.unwrap(step) is wanted:
                return f"{room}.{name}"
    return None


def makes_steps(name: str) -> bool:
    """Return whether a function of this name is called on symbols itself.

    It makes steps of its own then, as TensorFlow's functions in older files do.
    """
    return bool(getattr(ROOMS[name.partition(".")[0]], "MAKES_STEPS", False))


def is_described(description: Mapping[str, Any]) -> bool:
    """Return whether a description is one of a function by a room and its name."""
    own = description.get("module") == "keratorch"
    return own and description.get("class_name") == _CLASS_NAME


def found(name: str) -> Callable[..., Any]:
    """Return the function that a configuration names.

    Raises
    ------
    ValueError : a room, or a name in it, that there is not.

    Examples
    --------
    >>> found("backend.flatten").__name__
    'flatten'
    >>> found("os.remove")
    Traceback (most recent call last):
    ValueError: the model takes the function 'os.remove', but functions come from ...
    """
    room, _, own_name = str(name).partition(".")
    if room not in ROOMS:
        raise ValueError(
            f"the model takes the function {name!r}, but functions come from "
            f"{', '.join(sorted(ROOMS))} here. Those of TensorFlow are known once "
            "keratorch.compat.install() was called, as python -m keratorch run does."
        )
    steps: Mapping[str, Any] = ROOMS[room].STEPS
    if own_name not in steps:
        raise ValueError(
            f"the model takes the function {name!r}, which {room} does not have. "
            f"{suggest(own_name, list(steps))}"
        )
    return steps[own_name]


def check_size(function: Callable[..., Any], args: Any, kwargs: Any) -> None:
    """Raise where the numbers in a configuration ask for an array without bounds.

    Steps are tried out when a model is read: that would fill the memory.

    Raises
    ------
    ValueError : more than 2**31 elements.

    Examples
    --------
    >>> from keratorch import ops
    >>> check_size(ops.zeros, [[1000, 1000]], {})
    >>> check_size(ops.zeros, [[10**6, 10**6]], {})
    Traceback (most recent call last):
    ValueError: the model asks zeros for an array of 1000000000000 elements. ...
    """
    name = getattr(function, "__name__", "")
    given = [*args, *kwargs.values()]
    asked = 0
    if name in _MULTIPLYING:
        arrays = [x.shape for x in flatten(given) if is_symbolic(x)]
        asked = _product(flatten([given, arrays]))
    elif name in _COUNTING:
        asked = max(_product(flatten(part)) for part in [1, *given])
    if asked > _MOST:
        raise ValueError(
            f"the model asks {name} for an array of {asked} elements. No more than "
            f"{_MOST} are made when a model is read: is the file damaged?"
        )


def _product(numbers: list[Any]) -> int:
    return math.prod(abs(n) for n in numbers if type(n) is int and n)


def _described(name: str) -> dict[str, Any]:
    return {
        "module": "keratorch",
        "class_name": _CLASS_NAME,
        "config": {"function": name},
        "registered_name": None,
    }
