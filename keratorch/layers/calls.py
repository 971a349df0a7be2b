"""The call of a layer: what it knows of the call around it, and of its arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

import numpy as np

from keratorch.masks import get_mask
from keratorch.nested import flatten, is_nested, map_structure, put_together


class Call:
    """A call of a layer, which the calls of layers inside it belong to."""

    __slots__ = ("outermost", "training")

    def __init__(self, training: bool | None, around: Call | None):
        self.training = training
        self.outermost: Call = self if around is None else around.outermost


current_call: ContextVar[Call | None] = ContextVar("keratorch_call", default=None)
# The layers that are being built, one inside the other: they give weights their paths.
building: ContextVar[tuple[Any, ...]] = ContextVar("keratorch_building", default=())


class Signature:
    """What a layer needs to know of the parameters of its ``call`` and ``build``."""

    def __init__(self, call: Callable, build: Callable):
        parameters = inspect.signature(call).parameters
        self.names = _behind_the_layer(parameters)
        first = parameters[self.names[0]] if self.names else None
        #: Whether ``call(self, inputs=None)`` computes without inputs, too.
        self.needs_no_inputs = first is not None and first.default is None
        self.takes_training = "training" in self.names[1:]
        default = parameters["training"].default if self.takes_training else None
        self.training = default if isinstance(default, bool) else None
        self.masks = tuple(name for name in self.names if name.endswith("mask"))
        shapes = [
            name.removesuffix("_shape")
            for name in inspect.signature(build).parameters
            if name.endswith("_shape")
        ]
        # build(query_shape, value_shape) gets the shape of each argument by its name
        self.shapes = tuple(shapes) if set(shapes) <= set(self.names) else ()
        self._wanted = [
            name
            for name, parameter in [*inspect.signature(build).parameters.items()][1:]
            if parameter.default is parameter.empty
            and parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
        ]

    def named(self, args: tuple, kwargs: dict) -> dict[str, Any]:
        """Return the arguments of a call by their names."""
        return {**dict(zip(self.names, args, strict=False)), **kwargs}

    def build_shapes(self, args: tuple, kwargs: dict) -> dict[str, Any] | None:
        """Return the arguments of ``build`` by name; None: it takes the first shape."""
        if len(self.shapes) < 2:
            return None
        named = self.named(args, kwargs)
        return {
            f"{name}_shape": shape_of(named[name])
            for name in self.shapes
            if named.get(name) is not None
        }

    def check_build(self, layer: str) -> None:
        """Raise if no call tells what ``build`` wants, beside the first shape."""
        if len(self._wanted) < 2:
            return
        told = [f"{name}_shape" for name in self.names]
        for name in self._wanted:
            if name not in told:
                raise ValueError(
                    f"{layer}.build has the parameter {name!r}, but gets the shapes of "
                    f"call's arguments by name: {', '.join(told)}. Rename it, give it "
                    "a default, or make it an argument of __init__."
                )

    def fill_masks(self, args: tuple, kwargs: dict) -> None:
        """Hand each argument's mask to the parameter that waits for it, as Keras does.

        With one array the parameter is ``mask``, with several ``<argument>_mask``.
        """
        named = self.named(args, kwargs)
        arrays = {name: x for name, x in named.items() if holds_arrays(x)}
        for name, x in arrays.items():
            mask = "mask" if len(arrays) == 1 else f"{name}_mask"
            if mask in self.masks and named.get(mask) is None:
                found = map_structure(get_mask, x)
                if any(m is not None for m in flatten(found)):
                    kwargs[mask] = found


def _behind_the_layer(parameters: Mapping[str, inspect.Parameter]) -> tuple[str, ...]:
    """Return the names of a method's parameters without `self`, however it is named."""
    names = tuple(parameters)
    if names and parameters[names[0]].kind in (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    ):
        return names[1:]
    return names


def holds_arrays(x: Any) -> bool:
    """Return whether a value is an array, or lists, tuples and dicts of arrays."""
    if not is_nested(x):
        return hasattr(x, "shape")
    leaves = flatten(x)
    return any(hasattr(leaf, "shape") for leaf in leaves)


def shape_of(x: Any) -> Any:
    """Return the shape of an array, or of each array in a structure."""
    return map_structure(lambda leaf: getattr(leaf, "shape", None), x)


def is_shape(x: Any) -> bool:
    """Return whether a value is one shape, not a structure of several.

    Examples
    --------
    >>> is_shape((None, 4)), is_shape([(None, 4), (None, 5)])
    (True, False)
    """
    return isinstance(x, (tuple, list)) and all(
        n is None or (not is_nested(n) and hasattr(n, "__index__")) for n in x
    )


def map_shapes(function: Callable, shapes: Any) -> Any:
    """Return a structure of shapes with a function applied to each shape."""
    if is_shape(shapes):
        return function(tuple(shapes))
    if isinstance(shapes, dict):
        return {key: map_shapes(function, shape) for key, shape in shapes.items()}
    if isinstance(shapes, (tuple, list)):
        return put_together(shapes, [map_shapes(function, shape) for shape in shapes])
    return shapes


def as_plain(values: Any) -> np.ndarray:
    """Return values as an ndarray, those of a sparse matrix of SciPy too.

    Examples
    --------
    >>> as_plain([1, 2])
    array([1, 2])
    """
    if hasattr(values, "toarray"):
        return np.asarray(values.toarray())
    try:
        return np.asarray(values)
    except ValueError as error:
        raise ValueError(
            "a layer takes an array, or rows of one length; received a "
            f"{type(values).__name__} whose rows differ in length. Pad them, as by "
            "keratorch.utils.pad_sequences."
        ) from error
