"""Lambda: a function as a layer."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from keratorch import identifiers
from keratorch.custom_objects import CustomObjectScope, known_objects
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

    _takes_lists = True
    _integer_dtype = True

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
    def from_config(
        cls,
        config: dict[str, Any],
        custom_objects: Mapping[str, Any] | None = None,
        safe_mode: bool | None = None,
    ) -> Lambda:
        """Make the layer that `get_config` described, with registered functions.

        Parameters
        ----------
        custom_objects : dict from names to functions of your own.
        safe_mode : bool. It changes nothing here: code is never read.

        Raises
        ------
        ValueError : a function that is not registered, or code in place of a name.
        """
        config = dict(config)
        with CustomObjectScope(custom_objects):
            for argument in ("function", "output_shape", "mask"):
                part = config.get(argument)
                if isinstance(part, Mapping):
                    config[argument] = _function_of(part, config.get("name"))
            config["arguments"] = _with_arrays(config.get("arguments") or {})
            return super().from_config(config)


def _function_of(description: Mapping[str, Any], layer: str | None) -> Any:
    """Return the function, or the array, of a configuration; code is never run."""
    if _is_array(description):
        return _with_arrays(description)
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


def _is_array(part: Any) -> bool:
    names = ("__numpy__", "__tensor__")
    return isinstance(part, Mapping) and part.get("class_name") in names


def _with_arrays(part: Any) -> Any:
    """Return arguments of a configuration with the arrays that JSON describes."""
    if _is_array(part):
        return np.array(part["config"]["value"], part["config"]["dtype"])
    if isinstance(part, Mapping):
        return {name: _with_arrays(own) for name, own in part.items()}
    return [_with_arrays(own) for own in part] if isinstance(part, list) else part


def _parameters_of(function: Callable[..., Any]) -> set[str]:
    try:
        return set(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # a ufunc of NumPy has no signature
        return set()


def _described(part: Any) -> Any:
    """Return a function as its registered name, an array as JSON can hold it."""
    if isinstance(part, np.ndarray):
        values = {"value": part.tolist(), "dtype": part.dtype.name}
        return {"class_name": "__numpy__", "config": values}
    if not callable(part):
        return part
    if getattr(part, "__name__", "") == "<lambda>":
        return {"class_name": "__lambda__", "config": {}}  # Keras writes its code too
    return identifiers.describe_function(part)
