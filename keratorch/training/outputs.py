"""What belongs to which output: targets, weights and losses in the outputs' order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keratorch.errors import suggest
from keratorch.nested import flatten, flatten_with_path, is_nested, map_structure

Names = Sequence[str] | None
_MANY = 12  # outputs are more than an error message can list


def path_names(outputs: Any, names: Names) -> list[str | None]:
    """Return a name for each output: its key in a dict, else that of `names`.

    Examples
    --------
    >>> path_names({"a": 1, "b": [2, 3]}, ["x", "y", "z"])
    ['a', 'b/y', 'b/z']
    >>> path_names([1, 2], None)
    [None, None]
    """
    leaves = flatten_with_path(outputs)
    given: Sequence[str | None] = names or ()
    if len(given) != len(leaves):
        given = [None] * len(leaves)
    found: list[str | None] = []
    for (path, _), name in zip(leaves, given, strict=True):
        if not path or not isinstance(path[-1], str):
            path = (*path[:-1], *([name] if name is not None else []))
        found.append("/".join(map(str, path)) or None)
    return found


def in_output_order(
    given: Any, outputs: Any, names: Names, what: str, wanted: Sequence[bool]
) -> list[Any]:
    """Return what is given for each output, in the order of the flat outputs.

    Parameters
    ----------
    given : one thing for a model with one output; else a list with one for each
        output, or for each of those that are wanted, or a dict by the outputs' names.
    outputs : the nested outputs of the model.
    names : the names of the flat outputs, None where they have none.
    what : str, the argument, for errors.
    wanted : for each output, whether something has to be given.

    Raises
    ------
    ValueError : another number of things, or names that no output has.
    """
    count = len(flatten(outputs))
    if not is_nested(given):
        if count > 1 and sum(wanted) != 1:
            raise ValueError(
                f"{what}: the model has {count} outputs{_listed(names)}; received one "
                f"{type(given).__name__}. Pass a list with one entry for each output, "
                "or a dict by their names."
            )
        return [given if one else None for one in wanted] if count > 1 else [given]
    if isinstance(given, Mapping):
        return _by_name(given, outputs, names, what)
    leaves = flatten(given)
    if len(leaves) == count:
        return leaves
    if len(leaves) == sum(wanted):
        rest = iter(leaves)
        return [next(rest) if one else None for one in wanted]
    raise ValueError(
        f"{what}: the model has {count} output{'s' * (count > 1)}{_listed(names)}; "
        f"received a {type(given).__name__} of {len(leaves)}. Give one entry for each."
    )


def _by_name(given: Mapping, outputs: Any, names: Names, what: str) -> list[Any]:
    """Return the entries of a dict in the order of the outputs; None for the rest."""
    if any(map(is_nested, given.values())):
        try:
            return flatten(map_structure(lambda _, part: part, outputs, given))
        except ValueError:  # not nested as the outputs are: names say what is meant
            pass
    keys: list[Any] = path_names(outputs, names)
    known = flatten_with_path(given)
    found = {"/".join(map(str, path)): leaf for path, leaf in known}
    unknown = [key for key in found if key not in keys]
    if not unknown:
        return [found.get(key) for key in keys]
    if len(known) == len(keys) and None in keys:
        return [leaf for _, leaf in known]  # there are no names to go by
    by_layer = list(names or ())
    if len(by_layer) == len(keys) and set(found) <= set(by_layer):
        return [found.get(name) for name in by_layer]
    known_names = [key for key in keys if key]
    hint = suggest(unknown[0], known_names) if known_names else "They have no names."
    if len(known_names) > _MANY:
        hint = hint.partition("Known: ")[0].strip()
        hint = f"{hint} There are {len(known_names)}.".strip()
    raise ValueError(f"{what}: no output is named {unknown[0]!r}. {hint}")


def _listed(names: Sequence[str | None] | None) -> str:
    if not names or None in names or len(names) > _MANY:
        return ""
    return f" ({', '.join(map(repr, names))})"
