"""Functions that `keras.utils.generic_utils` had."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from keratorch.compat.missing import Missing
from keratorch.compat.training.older_training import slice_arrays

_CODE = "code in files could do anything. Write the function down, and import it."
func_dump = Missing("keras.utils.generic_utils.func_dump", _CODE)
func_load = Missing("keras.utils.generic_utils.func_load", _CODE)


def has_arg(fn: Callable[..., Any], name: str, accept_all: bool = False) -> bool:
    """Return whether a function can be called with an argument of a name.

    Parameters
    ----------
    fn : function.
    name : str.
    accept_all : bool, whether ``**kwargs`` count.

    Examples
    --------
    >>> has_arg(lambda x, **others: x, "y"), has_arg(lambda x, **o: x, "y", True)
    (False, True)
    """
    parameters = inspect.signature(fn).parameters
    kinds = {parameter.kind for parameter in parameters.values()}
    if name in parameters:
        by_name = (
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            inspect.Parameter.KEYWORD_ONLY,
        )
        return parameters[name].kind in by_name
    return accept_all and inspect.Parameter.VAR_KEYWORD in kinds


def get_from_module(
    identifier: Any,
    module_params: Mapping[str, Any],
    module_name: str,
    instantiate: bool = False,
    kwargs: Mapping[str, Any] | None = None,
) -> Any:
    """Return what a name, or a dict with a name, means among the names of a module.

    Parameters
    ----------
    identifier : str, dict with 'name' and arguments, or an object, which is returned.
    module_params : dict of names, such as ``globals()``.
    module_name : str, what is asked for, for the error.
    instantiate : bool, whether the class that is found is called.
    kwargs : arguments of the class.

    Raises
    ------
    ValueError : a name that is not there.

    Examples
    --------
    >>> get_from_module("one", {"one": 1}, "number")
    1
    """
    if isinstance(identifier, dict):
        identifier = dict(identifier)
        kwargs, identifier = identifier, identifier.pop("name")
        instantiate = True
    if not isinstance(identifier, str):
        return identifier
    found = module_params.get(identifier)
    if found is None:
        raise ValueError(
            f"unknown {module_name} {identifier!r}. Known: the names of "
            "the module that asks."
        )
    return found(**(kwargs or {})) if instantiate else found


def make_tuple(*args: Any) -> tuple:
    """Return the arguments as a tuple.

    Examples
    --------
    >>> make_tuple(1, 2)
    (1, 2)
    """
    return args


def to_list(x: Any, allow_tuple: bool = False) -> list[Any]:
    """Return a list as it is, and all else as a list of one.

    Examples
    --------
    >>> to_list(3), to_list((1, 2)), to_list((1, 2), allow_tuple=True)
    ([3], [(1, 2)], [1, 2])
    """
    if isinstance(x, list):
        return x
    return list(x) if allow_tuple and isinstance(x, tuple) else [x]


_to_list = to_list  # as `keras.engine.topology` had it


def unpack_singleton(x: Sequence[Any]) -> Any:
    """Return the only entry of a list of one, and all else as it is."""
    return x[0] if len(x) == 1 else x


def is_all_none(iterable_or_element: Any) -> bool:
    """Return whether all entries are None."""
    return all(x is None for x in to_list(iterable_or_element, allow_tuple=True))


def object_list_uid(object_list: Any) -> str:
    """Return a text that tells one list of objects from another."""
    return ", ".join(str(abs(id(x))) for x in to_list(object_list))


def check_for_unexpected_keys(
    name: str, input_dict: Iterable[str], expected_values: Iterable[str]
) -> None:
    """Refuse keys that were not expected.

    Raises
    ------
    ValueError : a dict has others.
    """
    expected = list(expected_values)
    unknown = sorted(set(input_dict) - set(expected))
    if unknown:
        raise ValueError(
            f"{name}: unknown keys {unknown}; expected some of {expected}."
        )


def transpose_shape(
    shape: Sequence[Any], target_format: str, spatial_axes: Iterable[int]
) -> tuple[Any, ...]:
    """Return a shape with the channels last as one in another order.

    Parameters
    ----------
    shape : (batch, ..., channels).
    target_format : 'channels_first' or 'channels_last'.
    spatial_axes : the axes between.

    Raises
    ------
    ValueError : another format.

    Examples
    --------
    >>> transpose_shape((16, 128, 64, 3), "channels_first", (1, 2))
    (16, 3, 128, 64)
    """
    if target_format == "channels_first":
        between = tuple(shape[i] for i in spatial_axes)
        return (*shape[:1], shape[-1], *between)
    if target_format != "channels_last":
        raise ValueError(
            "target_format must be 'channels_first' or 'channels_last'; received "
            f"{target_format!r}."
        )
    return tuple(shape)


__all__ = [
    "check_for_unexpected_keys",
    "func_dump",
    "func_load",
    "has_arg",
    "is_all_none",
    "object_list_uid",
    "slice_arrays",
    "to_list",
    "transpose_shape",
    "unpack_singleton",
]
