"""New models from the configurations of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keratorch.custom_objects import CustomObjectScope
from keratorch.nested import flatten, is_nested, map_structure, pack_like
from keratorch.saving import model_file
from keratorch.saving.objects import deserialize_keras_object
from keratorch.saving.written_by import modern, version_of
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
    config = model_file.parsed(json_string, "json_string")
    config = modern(config, version_of(config))
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
    version = str(config.get("keras_version", "3"))
    return deserialize_keras_object(modern(config, version), custom_objects)


def clone_model(
    model: Any,
    input_tensors: Any = None,
    clone_function: Callable[[Any], Any] | None = None,
    call_function: Callable[..., Any] | None = None,
    recursive: bool = False,
) -> Any:
    """Return a model with the same layers and new weights.

    If the model is compiled, so is the new one, with a new optimizer, unless its class
    has a ``compile`` of its own.

    Parameters
    ----------
    model : Model, functional, sequential or a subclass with ``get_config``.
    input_tensors : KerasTensors to begin with in place of new inputs.
    clone_function : function from a layer to the layer that takes its place; by
        default a new one of the same configuration.
    call_function : function ``(layer, *args, **kwargs) -> outputs`` that calls a new
        layer, and may add layers before and behind it; for functional models.
    recursive : bool, whether both functions are given the layers of models inside too;
        those of a Sequential inside are not called by `call_function`.

    Raises
    ------
    ValueError : arguments for a subclass, whose layers only its own code knows; input
        tensors in another structure than the model's inputs.

    Examples
    --------
    >>> import keratorch as keras
    >>> from keratorch.saving import clone_model
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    >>> clone_model(model).layers[0] is model.layers[0]
    False
    """
    cloned = _Clones(clone_function, call_function, recursive)
    if hasattr(model, "_layers"):
        if call_function is not None:
            raise ValueError(
                "clone_model: the layers of a Sequential model are listed, not called, "
                "so call_function cannot be used. Let clone_function replace them."
            )
        return cloned.sequence(model, input_tensors)
    if getattr(model, "_network", None) is not None:
        return cloned.network(model, input_tensors)
    if [input_tensors, clone_function, call_function] != [None, None, None]:
        raise ValueError(
            f"clone_model: {type(model).__name__} has a call() of its own, so neither "
            "input_tensors nor clone_function nor call_function can be used. Leave "
            "them out."
        )
    return _compiled_as(model, _copied(model))


class _Clones:
    """The new layers of a model and of those inside it, one for each old layer."""

    def __init__(
        self,
        clone: Callable[[Any], Any] | None,
        call: Callable[..., Any] | None,
        recursive: bool,
    ):
        self._clone = clone or _copied
        self._call = call or _called
        self._recursive = recursive
        self._known: dict[int, Any] = {}

    def layer(self, layer: Any) -> Any:
        """Return the layer that takes the place of another."""
        if id(layer) not in self._known:
            self._known[id(layer)] = self._new(layer)
        return self._known[id(layer)]

    def _new(self, layer: Any) -> Any:
        if self._recursive and hasattr(layer, "_layers"):
            return self.sequence(layer, None)
        if self._recursive and getattr(layer, "_network", None) is not None:
            return self.network(layer, None)
        return self._clone(layer)

    def sequence(self, model: Any, inputs: Any) -> Any:
        """Return a new Sequential model."""
        made = [self.layer(layer) for layer in model.layers]
        if inputs is not None:
            (first,) = flatten(inputs)
            made.insert(0, first)
        elif model._input is not None:
            made.insert(0, _copied(model._input))
        clone = type(model)(made, trainable=model.trainable, name=model.name)
        if not clone.built and model._built_shape is not None:
            clone.build_for(model._built_shape)
        return _compiled_as(model, clone)

    def network(self, model: Any, inputs: Any) -> Any:
        """Run the steps of a model once more, with new layers."""
        network = model._network
        begin = _begin(network) if inputs is None else _fitting(inputs, model)
        given = zip(network.flat_inputs, flatten(begin), strict=True)
        known = {id(x): new for x, new in given}
        for node in network.nodes:
            if node.inputs:
                results = flatten(self._run(node, known))
                olds = map(id, flatten(node.outputs))
                known.update(zip(olds, results, strict=True))
        outputs = substituted(network.outputs, known)
        return _compiled_as(model, type(model)(begin, outputs, name=model.name))

    def _run(self, node: Any, known: dict[int, Any]) -> Any:
        operation = node.operation
        args, kwargs = substituted((node.args, node.kwargs), known)
        if isinstance(operation, Function):
            return record_function(operation.function, args, kwargs, operation.name)
        return self._call(self.layer(operation), *args, **kwargs)


def _called(layer: Any, *args: Any, **kwargs: Any) -> Any:
    return layer(*args, **kwargs)


def _copied(layer: Any) -> Any:
    if hasattr(layer, "twin"):  # it holds what no configuration can
        return layer.twin()
    return type(layer).from_config(layer.get_config())


def _begin(network: Any) -> Any:
    """Return new inputs like those of a network."""
    begins = [_copied(x.node.operation) for x in network.flat_inputs]
    return pack_like(network.inputs, [layer._nodes[0].outputs for layer in begins])


def _fitting(inputs: Any, model: Any) -> Any:
    """Return inputs in the structure that a model has them in; one may be in a list."""
    wanted = model._network.inputs
    if not is_nested(wanted) and is_nested(inputs) and len(flatten(inputs)) == 1:
        (inputs,) = flatten(inputs)
    try:
        return map_structure(lambda _, x: x, wanted, inputs)
    except ValueError as error:
        raise ValueError(
            f"clone_model: input_tensors must be in the structure of '{model.name}'"
            f".input; {error}"
        ) from None


def _compiled_as(model: Any, clone: Any) -> Any:
    """Return a clone, compiled as the model is, with a new optimizer and metrics."""
    own = not type(clone).compile.__module__.startswith("keratorch.")
    if model.compiled and not clone.compiled and not own:
        given = dict(model._compiled.arguments)
        for name in ("optimizer", "metrics", "weighted_metrics"):
            given[name] = map_structure(_anew, given[name])
        clone.compile(**given)
    return clone


def _anew(part: Any) -> Any:
    """Return an optimizer or a metric without its state; names as they are."""
    return _copied(part) if hasattr(part, "get_config") else part
