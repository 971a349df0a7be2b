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


def parts_of(model: Any, of_keras_2: bool = False) -> list[Part]:
    """Return all layers and optimizers of a model, each once, in Keras's order.

    Parameters
    ----------
    model : Model.
    of_keras_2 : bool, whether by the paths of Keras 2.13 to 2.15: they lead through the
        last attributes first, hence to most layers of a subclass through `layers`.
    """
    walk = _WalkOfKeras2() if of_keras_2 else _Walk()
    return list(walk.parts(model, ""))


class _Walk:
    """A way through the attributes of a model to its layers, as Keras 3 goes."""

    def __init__(self) -> None:
        # By identity, and kept alive: a list made by `layers` must not hand its id on.
        self.seen: dict[int, Any] = {}

    def parts(self, owner: Any, path: str) -> Iterator[Part]:
        """Yield an object and those behind its attributes."""
        if id(owner) in self.seen:
            return
        self.seen[id(owner)] = owner
        yield Part(path, owner)
        for name, value in self.attributes(owner):
            where = f"{path}/{name}" if path else name
            if _is_owner(value):
                yield from self.parts(value, where)
            elif is_nested(value):
                yield from self.inside(value, where)

    def inside(self, container: Any, path: str) -> Iterator[Part]:
        """Yield the objects in a list or a dict, which their classes name."""
        if id(container) in self.seen:
            return
        self.seen[id(container)] = container
        used: dict[str, int] = {}
        items = container.values() if hasattr(container, "values") else container
        for item in list(items):
            if not self.is_named(item):
                continue
            kind = _kind(item) if _is_owner(item) else "container"
            used[kind] = used.get(kind, -1) + 1
            name = f"{kind}_{used[kind]}" if used[kind] else kind
            walk = self.parts if _is_owner(item) else self.inside
            yield from walk(item, f"{path}/{name}")

    def is_named(self, item: Any) -> bool:
        """Return whether an item of a list has a name there."""
        return _is_owner(item) or is_nested(item)

    def attributes(self, owner: Any) -> list[tuple[str, Any]]:
        """Return what is visited of an object, in its order: private names last."""
        values = _own_attributes(owner)
        first = []
        if _lists_layers(owner):
            first = [("layers", values.pop("layers"))]
        # Letters that no name may begin with come last.
        return first + sorted(
            values.items(),
            key=lambda item: (
                item[0].replace("_", "~_", 1) if item[0].startswith("_") else item[0]
            ),
        )


class _WalkOfKeras2(_Walk):
    """As Keras 2.13 to 2.15 went: backwards by name, and past what it has seen."""

    def is_named(self, item: Any) -> bool:
        return _is_owner(item) and id(item) not in self.seen

    def attributes(self, owner: Any) -> list[tuple[str, Any]]:
        return sorted(_own_attributes(owner).items(), reverse=True)


def _own_attributes(owner: Any) -> dict[str, Any]:
    values = {k: v for k, v in vars(owner).items() if k not in _OWN}
    if hasattr(owner, "layers"):  # a model
        values["layers"] = owner.layers
    return values


def _lists_layers(owner: Any) -> bool:
    """Return whether an object is a functional or sequential model."""
    has_steps = getattr(owner, "_network", None) is not None
    return hasattr(owner, "layers") and (has_steps or hasattr(owner, "_layers"))


def _kind(item: Any) -> str:
    """Return the name that a class has in files."""
    name = type(item).__name__
    return to_snake_case(_IN_FILES.get(name, name))


def _is_owner(value: Any) -> bool:
    return isinstance(value, (Layer, Optimizer)) and not inspect.isclass(value)


def _is_ours(cls: type, name: str) -> bool:
    """Return whether a method is missing, or that of `Layer` itself."""
    method = getattr(cls, name, None)
    return method is None or method is getattr(Layer, name, None)
