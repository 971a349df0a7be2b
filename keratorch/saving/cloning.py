"""New models from the configurations of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keratorch.custom_objects import CustomObjectScope
from keratorch.nested import flatten, pack_like
from keratorch.saving import model_file
from keratorch.saving.legacy_config import modern_model
from keratorch.saving.objects import deserialize_keras_object
from keratorch.symbolic import Function, record_function, substituted


def model_from_json(
    json_string: str, custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return a model from what `model.to_json()` returned, with new weights.

    Parameters
    ----------
    json_string : str, of Keras 1, 2 or 3 or of KeraTorch.
    custom_objects : dict from names to classes and functions of your own.

    Raises
    ------
    ValueError : no JSON, or no configuration of a model.

    Examples
    --------
    >>> import keratorch as keras
    >>> from keratorch.saving import model_from_json
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    >>> model_from_json(model.to_json()).count_params()
    10
    """
    config = modern_model(model_file.parsed(json_string, "json_string"))
    compiled = config.pop("compile_config", None)
    with CustomObjectScope(custom_objects):
        model = model_file.built_from(config, "json_string")
        if compiled:
            model.compile_from_config(compiled)
    return model


def model_from_config(
    config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return the model, with new weights, that a dict describes."""
    return deserialize_keras_object(modern_model(config), custom_objects)


def clone_model(
    model: Any,
    input_tensors: Any = None,
    clone_function: Callable[[Any], Any] | None = None,
    recursive: bool = False,
) -> Any:
    """Return a model with the same layers and new weights.

    Parameters
    ----------
    model : Model, functional, sequential or a subclass with ``get_config``.
    input_tensors : KerasTensors to begin with in place of new inputs.
    clone_function : function from a layer to the layer that takes its place; by
        default a new one of the same configuration.
    recursive : bool, whether `clone_function` is given the layers of models inside too.

    Raises
    ------
    ValueError : arguments for a subclass, whose layers only its own code knows.

    Examples
    --------
    >>> import keratorch as keras
    >>> from keratorch.saving import clone_model
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    >>> clone_model(model).layers[0] is model.layers[0]
    False
    """
    copy = clone_function or _copied

    def cloned(layer: Any) -> Any:
        if recursive and hasattr(layer, "compile_from_config"):
            return clone_model(layer, None, clone_function, recursive)
        return copy(layer)

    if hasattr(model, "_layers"):
        return _cloned_sequence(model, input_tensors, cloned)
    if getattr(model, "_network", None) is not None:
        return _cloned_network(model, input_tensors, cloned)
    if input_tensors is not None or clone_function is not None:
        raise ValueError(
            f"clone_model: {type(model).__name__} has a call() of its own, so neither "
            "input_tensors nor clone_function can be used. Leave them out."
        )
    return _copied(model)


def _copied(layer: Any) -> Any:
    if hasattr(layer, "twin"):  # it holds what no configuration can
        return layer.twin()
    return type(layer).from_config(layer.get_config())


def _cloned_sequence(model: Any, inputs: Any, cloned: Callable[[Any], Any]) -> Any:
    made = [cloned(layer) for layer in model.layers]
    if inputs is not None:
        (first,) = flatten(inputs)
        made.insert(0, first)
    elif model._input is not None:
        made.insert(0, _copied(model._input))
    clone = type(model)(made, trainable=model.trainable, name=model.name)
    if not clone.built and model._built_shape is not None:
        clone.build_for(model._built_shape)
    return clone


def _cloned_network(model: Any, inputs: Any, cloned: Callable[[Any], Any]) -> Any:
    """Run the steps of a model once more, with new layers."""
    network = model._network
    if inputs is None:
        begins = [_copied(x.node.operation) for x in network.flat_inputs]
        given = [layer._nodes[0].outputs for layer in begins]
    else:
        given = flatten(inputs)
    if len(given) != len(network.flat_inputs):
        raise ValueError(
            f"clone_model: input_tensors must be {len(network.flat_inputs)} arrays, as "
            f"'{model.name}' has inputs; received {len(given)}."
        )
    known = {id(x): new for x, new in zip(network.flat_inputs, given, strict=True)}
    copies: dict[int, Any] = {}
    for node in network.nodes:
        if not node.inputs:
            continue
        operation = node.operation
        args, kwargs = substituted((node.args, node.kwargs), known)
        if isinstance(operation, Function):
            results = record_function(operation.function, args, kwargs, operation.name)
        else:
            if id(operation) not in copies:
                copies[id(operation)] = cloned(operation)
            results = copies[id(operation)](*args, **kwargs)
        for old, new in zip(flatten(node.outputs), flatten(results), strict=True):
            known[id(old)] = new
    outputs = substituted(network.outputs, known)
    begin = pack_like(network.inputs, given)
    return type(model)(begin, outputs, name=model.name)
