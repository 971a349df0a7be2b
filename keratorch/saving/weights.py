"""The weights of a model, taken from it and put into it as a whole."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from keratorch.saving.arrays import Arrays
from keratorch.saving.tree import Part, parts_of
from keratorch.training.user_warning import warn

# State that has no counterpart here: Keras 3's earlier versions stored random states.
_NO_WEIGHT = re.compile(r"(^|/)(seed_generator|_?metrics|_?loss|optimizer)(/|$)")
_SHOWN = 5


class Difference(NamedTuple):
    """An array that model and file do not have alike."""

    name: str
    model: str
    file: str


def collected(
    model: Any, optimizer: bool = True, objects_to_skip: Iterable[Any] | None = None
) -> dict[str, np.ndarray]:
    """Return the values of all weights by their paths in Keras's files."""
    arrays: dict[str, np.ndarray] = {}
    parts = parts_of(model)
    skipped = _places(parts, objects_to_skip)
    for part in parts:
        if (part.is_optimizer and not optimizer) or _within(part.group, skipped):
            continue
        for key, value in _values(part).items():
            arrays[f"{part.group}/{key}"] = np.asarray(value)
    return arrays


def group_names(model: Any) -> dict[str, str]:
    """Return the names of layers by the groups that hold their weights."""
    return {
        part.group: part.owner.name
        for part in parts_of(model)
        if isinstance(part.owner.name, str)
    }


def assign_arrays(
    model: Any,
    arrays: Arrays,
    skip_mismatch: bool = False,
    objects_to_skip: Iterable[Any] | None = None,
) -> None:
    """Put the arrays of a file into a model; nothing is changed if they do not fit.

    Parameters
    ----------
    model : built model.
    arrays : by their paths in Keras's files.
    skip_mismatch : bool, whether to take what fits, and warn of the rest.
    objects_to_skip : layers that keep their weights, or None.

    Raises
    ------
    ValueError : the file holds weights of another architecture.
    """
    held, arrays = _by_paths_of(model, arrays)
    optimizers = {part.group for part in held if part.is_optimizer}
    parts = [part for part in held if not part.is_optimizer]
    skipped = _places(parts, objects_to_skip)
    parts = [part for part in parts if not _within(part.group, skipped)]
    plan: list[tuple[Any, str]] = []
    differences: list[Difference] = []
    known: set[str] = set()
    for part in parts:
        known.update(name for name in arrays if _below(name, part.group))
        if part.writes_itself:
            continue
        names = [name for name in arrays if _below(name, part.group)]
        variables = part.variables
        wrong = list(_compared(part, variables, names, arrays))
        differences += wrong
        bad = {difference.name for difference in wrong}
        for i, variable in enumerate(variables):
            name = f"{part.group}/{i}"
            if name not in bad:
                plan.append((variable, name))
    differences += [
        Difference(name, "-", str(arrays.headers[name].shape))
        for name in arrays
        if name not in known
        and not _NO_WEIGHT.search(name)
        and not any(_below(name, group) for group in optimizers)
        and not _within(name, skipped)
    ]
    report(differences, arrays.file, skip_mismatch)
    values = [(variable, arrays.read(name)) for variable, name in plan]
    with unchanged_after_an_error(model):
        for variable, value in values:
            variable.assign(value)
        for part in parts:
            if part.writes_itself:
                _load_itself(part, arrays)
            else:
                part.owner._restored()


def _by_paths_of(model: Any, arrays: Arrays) -> tuple[list[Part], Arrays]:
    """Return the parts of a model by the paths of a file, and its arrays by these.

    Today's paths, where the file has neither these nor those of Keras 2.
    """
    found = []
    for of_keras_2 in (False, True):
        parts = parts_of(model, of_keras_2)
        named = _by_public_paths(arrays, {part.group for part in parts})
        found.append((parts, named))
        if all(f"{part.group}/0" in named for part in parts if _has_place(part)):
            return parts, named
    return found[0]


def _has_place(part: Part) -> bool:
    """Return whether a part has arrays in each file."""
    return not (part.is_optimizer or part.writes_itself) and bool(part.variables)


def _by_public_paths(arrays: Arrays, groups: set[str]) -> Arrays:
    """Return arrays by the groups of a model, where those of the file are private.

    In a MultiHeadAttention of Keras 2: ``_key_dense``, now ``key_dense``.
    """

    def public(name: str) -> str:
        group, _, key = name.rpartition("/")
        named = group.replace("/_", "/")
        is_private = group not in groups and named in groups
        new = f"{named}/{key}"
        return new if is_private and new not in arrays else name

    return arrays.renamed(public)


def assign_optimizer(model: Any, arrays: Arrays) -> None:
    """Put the state of the optimizers of a file into those of a model.

    A state of another kind is left out with a warning, as in Keras.
    """
    for part in parts_of(model):
        found = [name for name in arrays if _below(name, part.group)]
        if not part.is_optimizer or not found:
            continue
        if not part.owner.built and part.owner is model.optimizer:
            part.owner.build(model.trainable_variables)
        variables = part.variables
        wrong = list(_compared(part, variables, found, arrays))
        if wrong and len(found) <= 2 < len(variables):
            continue  # saved before any training: there is no state but the rate
        if wrong:
            warn(
                f"the state of the optimizer in '{arrays.file}' is not that of "
                f"{type(part.owner).__name__}: {len(found)} arrays for its "
                f"{len(variables)}. It is left out; the optimizer begins anew."
            )
            continue
        values = [arrays.read(f"{part.group}/{i}") for i in range(len(variables))]
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def report(
    differences: list[Difference], file: str, skip_mismatch: bool, what: str = ""
) -> None:
    """Raise an error with a table of differences, or warn of them.

    Raises
    ------
    ValueError : there are any, and they are not to be skipped.
    """
    if not differences:
        return
    table = _table(differences)
    if skip_mismatch:
        warn(f"load_weights: these weights of '{file}' were left out:\n{table}")
        return
    raise ValueError(
        f"'{file}' holds the weights of another architecture{what}; nothing was loaded."
        f"\n{table}\nMake the model as it was when it was saved, or pass "
        "skip_mismatch=True to load what fits."
    )


@contextlib.contextmanager
def unchanged_after_an_error(model: Any) -> Iterator[None]:
    """Give a model its weights back if an error stops what changes them."""
    variables = model.weights
    before = [variable.numpy() for variable in variables]
    try:
        yield
    except BaseException:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)
        raise


def _values(part: Part) -> dict[str, Any]:
    if part.writes_itself:
        store: dict[str, Any] = {}
        part.owner.save_own_variables(store)
        return store
    if part.is_optimizer:
        return {str(i): variable.numpy() for i, variable in enumerate(part.variables)}
    return {str(i): value for i, (_, value) in enumerate(part.owner._stored())}


def _load_itself(part: Part, arrays: Arrays) -> None:
    names = [name for name in arrays if _below(name, part.group)]
    store = {name[len(part.group) + 1 :]: arrays.read(name) for name in names}
    part.owner.load_own_variables(store)


def _places(parts: list[Part], objects: Iterable[Any] | None) -> tuple[str, ...]:
    """Return how the names of all arrays of some layers begin.

    Raises
    ------
    ValueError : an object is no layer of the model.
    """
    places = []
    for wanted in objects or ():
        place = next((part.path for part in parts if part.owner is wanted), None)
        if place is None:
            raise ValueError(
                f"objects_to_skip: {wanted!r} is no layer of the model. Take them from "
                "model.layers or by model.get_layer(name)."
            )
        places.append(f"{place}/" if place else "")
    return tuple(places)


def _within(name: str, places: tuple[str, ...]) -> bool:
    return name.startswith(places)


def _below(name: str, group: str) -> bool:
    return name.startswith(f"{group}/")


def _compared(
    part: Part, variables: list[Any], names: list[str], arrays: Arrays
) -> Iterator[Difference]:
    """Yield what model and file do not have alike of one part."""
    wanted = {f"{part.group}/{i}": variable for i, variable in enumerate(variables)}
    for name, variable in wanted.items():
        header, mine = arrays.headers.get(name), f"{variable.shape} {variable.path}"
        if header is None:
            yield Difference(name, mine, "-")
        elif header.shape != variable.shape:
            yield Difference(name, mine, str(header.shape))
        elif header.dtype.kind == "c" and variable._array.dtype.kind != "c":
            yield Difference(name, mine, f"{header.shape} {header.dtype}")
    for name in names:
        if name not in wanted:
            yield Difference(name, "-", str(arrays.headers[name].shape))


def _table(differences: list[Difference]) -> str:
    rows = [Difference("weight", "model", "file"), *differences[:_SHOWN]]
    rows = [Difference(*(_cut(cell) for cell in row)) for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    lines = [
        "  ".join(cell.ljust(n) for cell, n in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    if len(differences) > _SHOWN:
        lines.append(f"... and {len(differences) - _SHOWN} more")
    return "\n".join(lines)


def _cut(cell: str) -> str:
    return cell if len(cell) <= 40 else f"{cell[:18]}...{cell[-19:]}"
