"""Attributes of layers by the names that Keras 1 gave them.

    layer.W.get_value(), layer.nb_filter, layer.border_mode, layer.output_dim

Most are called as the arguments were: so the tables of older arguments say what they
are today. A layer of one's own may still set an attribute of such a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from keratorch.compat.layers import initializations
from keratorch.compat.translation import Part, Renamed, Table

#: Older argument of a layer that has them -> its weights -> what these are today.
_WEIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    "W_regularizer": {"W": ("kernel", "embeddings")},
    "U_regularizer": {"U": ("recurrent_kernel",)},
    "b_regularizer": {"b": ("bias",)},
    "beta_init": {
        "running_mean": ("moving_mean",),
        "running_std": ("moving_variance",),
    },
}
_HIDDEN = "bias"  # was whether there is one: it is the weight today
_ORDERINGS = {"channels_first": "th", "channels_last": "tf"}


class OlderAttribute:
    """An attribute that a class has until an object sets one of its own.

    Parameters
    ----------
    read : function from the layer to the value.
    """

    def __init__(self, read: Callable[[Any], Any]):
        self._read = read

    def __get__(self, layer: Any, cls: Any = None) -> Any:
        return self if layer is None else self._read(layer)


def give(cls: type, table: Table) -> None:
    """Let the objects of a class answer to the older names of their attributes.

    Parameters
    ----------
    cls : type, a class of layers.
    table : its older arguments.
    """
    for name, read in _readings(table):
        if not hasattr(cls, name):
            setattr(cls, name, OlderAttribute(read))


def _readings(table: Table) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    for old, rule in table.items():
        if isinstance(rule, Renamed) and old != _HIDDEN:
            yield old, _reading(old, rule.new)
        elif isinstance(rule, Part):
            yield old, _part(rule.new, rule.index)
        for weight, names in _WEIGHTS.get(old, {}).items():
            yield weight, _first_of(names)


def _reading(old: str, new: str) -> Callable[[Any], Any]:
    def read(layer: Any) -> Any:
        value = getattr(layer, new)
        if new.endswith("_initializer"):
            return initializations.get(value)
        if old == "dim_ordering":
            return _ORDERINGS.get(value, value)
        if isinstance(value, tuple) and len(value) == 1:  # of one axis of places
            return (*value, 1) if old == "subsample" else value[0]
        return value

    return read


def _part(new: str, index: int) -> Callable[[Any], Any]:
    return lambda layer: getattr(layer, new)[index]


def _first_of(names: tuple[str, ...]) -> Callable[[Any], Any]:
    def read(layer: Any) -> Any:
        cell = getattr(layer, "cell", layer)  # holds what a recurrent layer learns
        found = [name for name in names if hasattr(cell, name)]
        return getattr(cell, found[0] if found else names[0])

    return read
