"""All numbers of a model in nested dicts, by the paths of its variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from keratorch.errors import suggest

_FORMATS = ("backend_tensor", "numpy_array")


def state_tree(model: Any, value_format: str) -> dict[str, Any]:
    """Return the values of all variables, for `Model.get_state_tree`."""
    if value_format not in _FORMATS:
        raise ValueError(
            f"get_state_tree: value_format must be one of {_FORMATS}; received "
            f"{value_format!r}."
        )
    return {kind: _tree(found) for kind, found in _variables(model).items()}


def set_state_tree(model: Any, tree: Mapping[str, Any]) -> None:
    """Assign all values of a tree, or none, for `Model.set_state_tree`."""
    variables = _variables(model)
    found = []
    for kind, part in tree.items():
        if kind not in variables:
            raise ValueError(
                f"set_state_tree: no variables are called {kind!r}. "
                f"{suggest(kind, variables)}"
            )
        known = dict(variables[kind])
        for path, value in _leaves(part):
            if path not in known:
                raise ValueError(
                    f"set_state_tree: {kind} has no variable {path!r}. "
                    f"{suggest(path, known)}"
                )
            found.append((known[path], value))
    for variable, value in found:
        variable.assign(value)


def _variables(model: Any) -> dict[str, list[tuple[str, Any]]]:
    """Return pairs (path, variable) of each kind of variables."""
    optimizer = getattr(model, "optimizer", None)
    return {
        "trainable_variables": _with_paths(model.trainable_variables),
        "non_trainable_variables": _with_paths(model.non_trainable_variables),
        "optimizer_variables": _with_paths(optimizer.variables if optimizer else ()),
        "metrics_variables": list(_of_metrics(model.metrics)),
    }


def _with_paths(variables: Iterable[Any]) -> list[tuple[str, Any]]:
    return [(variable.path, variable) for variable in variables]


def _of_metrics(metrics: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for metric in metrics:
        inside = getattr(metric, "metrics", ())
        yield from _of_metrics(inside)
        known = {id(variable) for one in inside for variable in one.variables}
        for variable in metric.variables:
            if id(variable) not in known:
                yield f"{metric.name}/{variable.name}", variable


def _tree(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return values nested by the parts of their paths."""
    tree: dict[str, Any] = {}
    for path, variable in pairs:
        *rooms, last = path.split("/")
        place = tree
        for room in rooms:
            place = place.setdefault(room, {})
        if last in place:
            raise ValueError(
                f"get_state_tree: two variables have the path {path!r}. Give each "
                "layer and metric a name of its own."
            )
        place[last] = variable.numpy()
    return tree


def _leaves(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, part in tree.items():
        if isinstance(part, Mapping):
            yield from _leaves(part, f"{path}{key}/")
        else:
            yield f"{path}{key}", part
