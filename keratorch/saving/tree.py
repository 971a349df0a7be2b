"""Where the weights of a model stand in Keras's files.

The path of a layer is made of the attributes that lead to it, and in lists of its
class: ``layers/dense_1``, ``encoder/blocks/attention``.  The names of layers do not
count, since another program may have numbered them otherwise.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from keratorch.layers import Layer
from keratorch.naming import to_snake_case
from keratorch.nested import is_nested
from keratorch.optimizers import Optimizer
from keratorch.variable import Variable

# What a layer knows of itself, and no user's attribute.
_OWN = {*vars(Layer(name="any")), *dir(Layer), "_network", "_layers", "_input"}
_METHODS = "save_own_variables", "load_own_variables"
# Classes that Keras exports by another name than they have in its files.
_IN_FILES = {"GroupQueryAttention": "GroupedQueryAttention"}


class Part:
    """A layer or an optimizer of a model, and its place in a file.

    Parameters
    ----------
    path : str, '' for the model itself.
    owner : Layer or Optimizer.
    """

    def __init__(self, path: str, owner: Any):
        self.path = path
        self.owner = owner
        self.is_optimizer = isinstance(owner, Optimizer)

    @property
    def group(self) -> str:
        """The group of its arrays."""
        return f"{self.path}/vars" if self.path else "vars"

    @property
    def variables(self) -> list[Variable]:
        """The variables that it holds itself, not by layers inside."""
        return own_variables(self.owner)

    @property
    def writes_itself(self) -> bool:
        """Whether its class has a way of its own to write and read them."""
        return not self.is_optimizer and any(
            not _is_ours(type(self.owner), name) for name in _METHODS
        )


def own_variables(owner: Any) -> list[Variable]:
    """Return what a layer or an optimizer holds itself, trainable variables first."""
    if isinstance(owner, Optimizer):
        return owner.variables
    return [variable for variable, _ in owner._stored()]


def parts_of(model: Any) -> list[Part]:
    """Return all layers and optimizers of a model, each once, in Keras's order."""
    # By identity, and kept alive: a list made by `layers` must not hand its id on.
    seen: dict[int, Any] = {}
    return list(_parts(model, "", seen))


def _parts(owner: Any, path: str, seen: dict[int, Any]) -> Iterator[Part]:
    if id(owner) in seen:
        return
    seen[id(owner)] = owner
    yield Part(path, owner)
    for name, value in _attributes(owner):
        where = f"{path}/{name}" if path else name
        if _is_owner(value):
            yield from _parts(value, where, seen)
        elif is_nested(value):
            yield from _in_container(value, where, seen)


def _in_container(container: Any, path: str, seen: dict[int, Any]) -> Iterator[Part]:
    if id(container) in seen:
        return
    seen[id(container)] = container
    used: dict[str, int] = {}
    items = container.values() if hasattr(container, "values") else container
    for item in list(items):
        if _is_owner(item):
            name = type(item).__name__
            kind = to_snake_case(_IN_FILES.get(name, name))
        elif is_nested(item):
            kind = "container"
        else:
            continue
        used[kind] = used.get(kind, -1) + 1
        name = f"{kind}_{used[kind]}" if used[kind] else kind
        walk = _parts if _is_owner(item) else _in_container
        yield from walk(item, f"{path}/{name}", seen)


def _attributes(owner: Any) -> list[tuple[str, Any]]:
    """Return what Keras visits of an object, in its order: private names last."""
    values = {k: v for k, v in vars(owner).items() if k not in _OWN}
    first = []
    if hasattr(owner, "layers"):  # a model
        if getattr(owner, "_network", None) is not None or hasattr(owner, "_layers"):
            first = [("layers", owner.layers)]
        else:
            values["layers"] = owner.layers
    # Letters that no name may begin with come last.
    return first + sorted(
        values.items(),
        key=lambda item: (
            item[0].replace("_", "~_", 1) if item[0].startswith("_") else item[0]
        ),
    )


def _is_owner(value: Any) -> bool:
    return isinstance(value, (Layer, Optimizer)) and not inspect.isclass(value)


def _is_ours(cls: type, name: str) -> bool:
    """Return whether a method is missing, or that of `Layer` itself."""
    method = getattr(cls, name, None)
    return method is None or method is getattr(Layer, name, None)
