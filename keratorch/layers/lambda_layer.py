"""Lambda: a function as a layer."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from keratorch import identifiers
from keratorch.custom_objects import known_objects
from keratorch.layers.calls import is_shape, map_shapes
from keratorch.layers.layer import Layer
from keratorch.nested import flatten
from keratorch.symbolic import infer


class Lambda(Layer):
    """Apply a function of arrays.

    outputs = function(inputs, **arguments)

    Parameters
    ----------
    function : of an array, or of a list of them, written in NumPy functions,
        operators and `keratorch.ops`. It may have parameters `mask` and `training`.
    output_shape : tuple, the shape of one sample of the output, or a function of the
        shape of the input; by default found by trying the function.
    mask : function ``(inputs, mask) -> mask``, or the mask itself, of the output.
    arguments : dict of further arguments of the function.

    Raises
    ------
    TypeError : `function` is no function.

    Notes
    -----
    A file can hold the name of a function that is registered, but no code: to save a
    model, register the function, or write a Layer of your own.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Lambda
    >>> Lambda(lambda x: x**2)(np.array([[1.0, 3.0]])).numpy()
    array([[1., 9.]], dtype=float32)
    """

    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Any = None,
        mask: Any = None,
        arguments: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if not callable(function):
            raise TypeError(
                f"Lambda: function must be a function; received {function!r}."
            )
        self.function = function
        self.arguments = dict(arguments or {})
        self.mask = mask
        self.supports_masking = mask is not None
        self._output_shape = output_shape
        self._takes = _parameters_of(function) & {"mask", "training"}

    def call(self, inputs: Any, mask: Any = None, training: Any = None) -> Any:
        given = {"mask": mask, "training": training}
        context = {name: given[name] for name in self._takes}
        return self.function(inputs, **{**self.arguments, **context})

    def compute_output_shape(self, input_shape: Any) -> Any:
        if self._output_shape is None:
            return super().compute_output_shape(input_shape)
        if callable(self._output_shape):
            return self._output_shape(input_shape)
        first = input_shape if is_shape(input_shape) else flatten(input_shape)
        return map_shapes(lambda shape: (first[0], *shape), self._output_shape)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        if self._output_shape is None:  # the function knows its dtype too
            return infer(self, args, kwargs)
        return super().compute_output_spec(*args, **kwargs)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return what the argument `mask` says."""
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def get_config(self) -> dict[str, Any]:
        config = {
            **super().get_config(),
            "function": _described(self.function),
            "arguments": self.arguments,
        }
        if self._output_shape is not None:
            config["output_shape"] = _described(self._output_shape)
        if self.mask is not None:
            config["mask"] = _described(self.mask)
        return config

    def twin(self) -> Lambda:
        """Return a new layer of the same function, which no configuration can hold."""
        config = Layer.get_config(self)
        layer = Lambda(self.function, self._output_shape, self.mask, self.arguments)
        layer.name, layer.trainable = config["name"], config["trainable"]
        return layer

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Lambda:
        """Make the layer that `get_config` described, with registered functions.

        Raises
        ------
        ValueError : a function that is not registered, or code in place of a name.
        """
        config = dict(config)
        for argument in ("function", "output_shape", "mask"):
            if isinstance(config.get(argument), Mapping):
                config[argument] = _function_of(config[argument], config.get("name"))
        return super().from_config(config)


def _function_of(description: Mapping[str, Any], layer: str | None) -> Any:
    """Return the function that a configuration names; code in it is never run."""
    known = known_objects({})
    if description.get("class_name") == "__lambda__":
        if layer is not None and layer in known:
            return known[layer]
        raise ValueError(
            f"the function of the Lambda layer {layer!r} has no name, and KeraTorch "
            "runs no code from files. Pass the function under the layer's name: "
            f"custom_objects={{{layer!r}: function}}."
        )
    return identifiers.from_config(description, known, "function")


def _parameters_of(function: Callable[..., Any]) -> set[str]:
    try:
        return set(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # a ufunc of NumPy has no signature
        return set()


def _described(part: Any) -> Any:
    """Return a function as its registered name, and anything else as it is."""
    if not callable(part) or isinstance(part, np.ndarray):
        return part
    if getattr(part, "__name__", "") == "<lambda>":
        return {"class_name": "__lambda__", "config": {}}  # Keras writes its code too
    return identifiers.describe_function(part)
