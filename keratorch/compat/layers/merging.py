"""Keras 1's two ways to bring branches together: `merge` and `Merge`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch import layers
from keratorch.compat.spoken import say_modern
from keratorch.saving import deserialize_keras_object, serialize_keras_object

_LAYERS = {
    "sum": "Add",
    "add": "Add",
    "mul": "Multiply",
    "multiply": "Multiply",
    "concat": "Concatenate",
    "concatenate": "Concatenate",
    "ave": "Average",
    "average": "Average",
    "max": "Maximum",
    "maximum": "Maximum",
    "dot": "Dot",
    "cos": "Dot",
}


def merge(
    inputs: Sequence[Any],
    mode: str | Callable[..., Any] = "sum",
    concat_axis: int = -1,
    dot_axes: Any = -1,
    output_shape: Any = None,
    output_mask: Any = None,
    arguments: dict[str, Any] | None = None,
    name: str | None = None,
) -> Any:
    """Bring symbolic arrays together: layers such as `Concatenate` do it today.

    Parameters
    ----------
    inputs : symbolic arrays.
    mode : 'sum', 'mul', 'concat', 'ave', 'max', 'dot', 'cos', or a function of them.
    concat_axis, dot_axes : int, where arrays are joined or multiplied.
    arguments : dict, further arguments of the function.
    """
    return merging(mode, concat_axis, dot_axes, output_shape, arguments, name)(
        list(inputs)
    )


def merging(
    mode: str | Callable[..., Any],
    concat_axis: int = -1,
    dot_axes: Any = -1,
    output_shape: Any = None,
    arguments: dict[str, Any] | None = None,
    name: str | None = None,
) -> Any:
    """Return the layer of today for a mode of `merge`.

    Raises
    ------
    ValueError : an unknown mode.
    """
    named: dict[str, Any] = {} if name is None else {"name": name}
    if callable(mode):
        say_modern("merge(mode=function)", "keras.layers.Lambda(function)(inputs)")
        return layers.Lambda(mode, arguments=arguments or {}, **named)
    if mode not in _LAYERS:
        raise ValueError(
            f"merge: mode must be one of {', '.join(_LAYERS)}; received {mode!r}."
        )
    kind = _LAYERS[mode]
    say_modern(f"merge(mode={mode!r})", f"keras.layers.{kind}()(inputs)")
    if kind == "Concatenate":
        named["axis"] = concat_axis
    if kind == "Dot":
        named |= {"axes": _axes(dot_axes), "normalize": mode == "cos"}
    return getattr(layers, kind)(**named)


def _axes(axes: Any) -> Any:
    """Return Keras 1's ((axis,), (axis,)) as (axis, axis)."""
    if isinstance(axes, (list, tuple)):
        return tuple(a[0] if isinstance(a, (list, tuple)) else a for a in axes)
    return axes


class Merge(layers.Layer):
    """The first layer of a `Sequential` over several models, as Keras 1 had it.

    Parameters
    ----------
    layers : models or layers; each takes one array of the list of inputs. Without them
        it is a layer that is called with a list of arrays.
    mode, concat_axis, dot_axes, output_shape, arguments : as in `merge`.
    """

    def __init__(
        self,
        layers: Sequence[Any] | None = None,
        mode: str | Callable[..., Any] = "sum",
        concat_axis: int = -1,
        dot_axes: Any = -1,
        output_shape: Any = None,
        output_mask: Any = None,
        arguments: dict[str, Any] | None = None,
        name: str | None = None,
    ):
        super().__init__(name=name)
        self.branches = list(layers or [])
        self.options = {
            "mode": mode,
            "concat_axis": concat_axis,
            "dot_axes": dot_axes,
            "arguments": arguments,
        }
        self.merged = merging(mode, concat_axis, dot_axes, output_shape, arguments)

    def sources(self) -> list[Any]:
        """Return the inputs of all branches; one that several share comes once.

        Raises
        ------
        ValueError : a branch does not know the shape of its input.
        """
        found = [x for branch in self.branches for x in _inputs(branch, self.name)]
        return list({id(x): x for x in found}.values())

    def call(self, inputs: Any) -> Any:
        if not self.branches:
            return self.merged(inputs)
        given = dict(zip(map(id, self.sources()), inputs, strict=True))
        outputs = []
        for branch in self.branches:
            own = [given[id(x)] for x in _inputs(branch, self.name)]
            outputs.append(branch(own[0] if len(own) == 1 else own))
        return self.merged(outputs)

    def get_config(self) -> dict[str, Any]:
        branches = [serialize_keras_object(branch) for branch in self.branches]
        return {**super().get_config(), **self.options, "layers": branches}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Merge:
        branches = [deserialize_keras_object(layer) for layer in config["layers"]]
        names = ("mode", "concat_axis", "dot_axes", "arguments", "name")
        return cls(branches, **{name: config[name] for name in names})


class OwnMerge(layers.Layer):
    """What layers of one's own derive from, as ``keras.layers.merge._Merge``.

    They define `_merge_function`, which takes the list of the inputs.
    """

    supports_masking = True

    def _merge_function(self, inputs: Sequence[Any]) -> Any:
        raise NotImplementedError(
            f"{type(self).__name__} must define _merge_function(self, inputs)."
        )

    def call(self, inputs: Sequence[Any]) -> Any:
        return self._merge_function(inputs)

    def compute_output_shape(self, input_shape: Sequence[Any]) -> Any:
        """Return the shape of a sum of the inputs."""
        return layers.Add().compute_output_shape(input_shape)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the steps that count in all inputs that have a mask; None if none."""
        masks = [m for m in mask or () if m is not None]
        return np.logical_and.reduce(masks) if masks else None


def _inputs(branch: Any, name: str) -> list[Any]:
    """Return the symbolic inputs of a model that `Merge` takes."""
    first = getattr(branch, "layers", [None])[0]
    if isinstance(first, Merge):
        return first.sources()
    inputs = getattr(branch, "inputs", None)
    if not inputs:
        raise ValueError(
            f"Merge '{name}': the model '{branch.name}' does not know the shape of its "
            "input. Give it to its first layer: Dense(4, input_shape=(8,))."
        )
    return list(inputs)
