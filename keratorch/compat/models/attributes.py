"""Attributes and methods of layers, models and optimizers that Keras 2 had."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from keratorch import compat
from keratorch.compat import dialect
from keratorch.compat.training.decay import decay_of
from keratorch.lazy import Postponed
from keratorch.masks import get_mask
from keratorch.nested import map_structure

operation_layers = Postponed("keratorch.compat.models.operation_layers")


def _adding(name: str) -> Callable[..., None]:
    """Return a method of the module `adding`, loaded when it is called."""

    def method(layer: Any, *args: Any, **kwargs: Any) -> None:
        adding = importlib.import_module("keratorch.compat.layers.adding")
        getattr(adding, name)(layer, *args, **kwargs)

    method.__name__ = name
    return method


class _Own:
    """An attribute that the class has until an object sets one of its own."""

    def __init__(self, read: Callable[[Any], Any]):
        self._read = read

    def __get__(self, owner: Any, cls: Any = None) -> Any:
        return self if owner is None else self._read(owner)


class _InScripts(_Own):
    """What a model of a script has once it is compiled."""

    def __get__(self, owner: Any, cls: Any = None) -> Any:
        if owner is None:
            return self
        if not (compat._finder.serves_keras and owner.compiled):
            raise AttributeError(
                f"'{owner.name}' has no such attribute: Keras 2 had it, in a script "
                "that runs by python -m keratorch run, once the model is compiled."
            )
        return super().__get__(owner, cls)


def _of_compile(name: str, *key: str) -> _InScripts:
    """Return an attribute that the module `compiled` makes for a model."""

    def read(model: Any) -> Any:
        made = getattr(
            importlib.import_module("keratorch.compat.training.compiled"), name
        )
        found = made(model)
        return found[key[0]] if key else found

    return _InScripts(read)


def _nothing(*args: Any, **kwargs: Any) -> list[Any]:
    """Return an empty list: what is updated or linked keeps no list of it."""
    return []


def _rename(layer: Any, name: str) -> None:
    layer.name = name


def _is_stateful(layer: Any) -> bool:
    """Return whether a layer inside keeps its states from batch to batch."""
    inside = [inner for inner in layer._flat_layers() if inner is not layer]
    return any(inner.__dict__.get("stateful", False) for inner in inside)


def _uses_learning_phase(layer: Any) -> bool:
    """Return whether a layer inside does something else in training."""
    kinds = importlib.import_module("keratorch.layers")
    noise = importlib.import_module("keratorch.layers.noise_layer").NoiseLayer
    return any(
        isinstance(inner, (noise, kinds.BatchNormalization))
        or any(getattr(inner, name, 0) for name in ("dropout", "recurrent_dropout"))
        for inner in layer._flat_layers()
    )


def _losses_for(layer: Any, inputs: Any = None) -> list[Any]:
    """Return what the last call adds to the loss."""
    return layer.losses


LAYER_ATTRIBUTES: dict[str, Any] = {
    "_batch_input_shape": _Own(lambda layer: layer._batch_shape),
    "_inbound_nodes": _Own(lambda layer: layer._nodes),
    "_name": property(lambda layer: layer.name, _rename, doc="The name."),
    "_outbound_nodes": _Own(_nothing),
    "add_metric": _adding("add_metric"),
    "add_update": _adding("add_update"),
    "dynamic": _Own(lambda layer: False),
    "batch_input_shape": _Own(lambda layer: layer._batch_shape),
    "get_losses_for": _losses_for,
    "get_updates_for": _nothing,
    "inbound_nodes": _Own(lambda layer: layer._nodes),
    "input_mask": _Own(lambda layer: map_structure(get_mask, layer.input)),
    "outbound_nodes": _Own(_nothing),
    "output_mask": _Own(lambda layer: map_structure(get_mask, layer.output)),
    "stateful": _Own(_is_stateful),
    "updates": _Own(_nothing),
    "uses_learning_phase": _Own(_uses_learning_phase),
}


#: Of compiled models.
MODEL_ATTRIBUTES: dict[str, Any] = {
    "_is_compiled": _Own(lambda model: model.compiled),
    "_collected_trainable_weights": _InScripts(lambda model: model.trainable_weights),
    "compiled_loss": _of_compile("OlderLoss"),
    "compiled_metrics": _of_compile("compiled_metrics"),
    "internal_input_shapes": _Own(lambda model: [x.shape for x in model.inputs]),
    "internal_output_shapes": _Own(lambda model: [x.shape for x in model.outputs]),
    "stateful_metric_functions": _Own(_nothing),
    "stateful_metric_names": _Own(_nothing),
    "sample_weights": _of_compile("symbols", "sample_weights"),
    "targets": _of_compile("symbols", "targets"),
    "total_loss": _of_compile("symbols", "total_loss"),
}
#: ``Sequential().model``, of Keras 1 and 2.0.
ITSELF = _Own(lambda model: model)


class _Variables(list):
    """A list of variables that may be called, as ``optimizer.variables()`` was."""

    def __call__(self) -> _Variables:
        """Return the list."""
        return self


def callable_variables(variables: property) -> property:
    """Return the property of an optimizer's variables that may be called, too."""

    def read(optimizer: Any) -> _Variables:
        return _Variables(variables.fget(optimizer))  # type: ignore[misc]

    return property(read, doc=variables.__doc__)


def _get_weights(optimizer: Any) -> list[np.ndarray]:
    """Return the values of the variables."""
    return [np.array(variable) for variable in optimizer.variables]


def _set_weights(optimizer: Any, weights: Iterable[Any]) -> None:
    """Overwrite the values of the variables."""
    for variable, value in zip(optimizer.variables, weights, strict=True):
        variable.assign(value)


def _rate(optimizer: Any, dtype: Any = None) -> Any:
    """Return the rate of the next update."""
    results = importlib.import_module("keratorch.compat.metrics.results")
    return results.answering_numpy(np.float32(optimizer._rate_now()))


def _get_gradients(optimizer: Any, loss: Any, params: Any) -> list[Any]:
    """Return the gradients of a loss by variables, clipped in a step that runs."""
    running = importlib.import_module("keratorch.compat.training.running_step")
    if isinstance(loss, running.Loss):
        return running.gradients_for(optimizer, loss, params)
    return importlib.import_module("keratorch.backend").gradients(loss, params)


OPTIMIZER_ATTRIBUTES: dict[str, Any] = {
    "_decayed_lr": _rate,
    "decay": _Own(decay_of),
    "get_gradients": _get_gradients,
    "get_weights": _get_weights,
    "set_weights": _set_weights,
    "weights": _Own(lambda optimizer: optimizer.variables),
}


class _Loaded:
    """What `load_weights` returned for TensorFlow's checkpoints: all was found."""

    def expect_partial(self) -> _Loaded:
        """Return itself."""
        return self

    assert_consumed = assert_existing_objects_matched = expect_partial


def with_status(load_weights: Callable[..., Any]) -> Callable[..., Any]:
    """Return `load_weights` whose result answers to `expect_partial` in scripts."""

    @functools.wraps(load_weights)
    def loaded(*args: Any, **kwargs: Any) -> Any:
        load_weights(*args, **kwargs)
        return _Loaded() if compat._finder.serves_keras else None

    return loaded


def different_names(output_names: property) -> property:
    """Return the property `output_names` without one name twice, in scripts.

    Keras 2 called the outputs of a layer that two of them come from 'd' and 'd_1'.
    """

    def read(model: Any) -> list[str]:
        names = output_names.fget(model)  # type: ignore[misc]
        if not compat._finder.serves_keras or len(set(names)) == len(names):
            return names
        seen: dict[str, int] = {}
        numbered = []
        for name in names:
            count = seen.get(name, 0)
            seen[name] = count + 1
            numbered.append(f"{name}_{count}" if count else name)
        return numbered

    return property(read, doc=output_names.__doc__)


class Layers(list):
    """The layers of a model; `pop` takes the last one from the model, as in Keras 1."""

    def __init__(self, layers: Iterable[Any], model: Any):
        super().__init__(layers)
        self._model = model

    def pop(self, index: Any = -1) -> Any:
        """Take a layer out of the list, and out of the model if it is the last."""
        layer = super().pop(index)
        if index in (-1, len(self)):
            if hasattr(self._model, "_append"):
                self._model.pop()
            else:
                hidden = self._model.__dict__.get("_popped", frozenset())
                object.__setattr__(self._model, "_popped", hidden | {id(layer)})
        return layer


def layers_to_pop(layers: property) -> property:
    """Return the property `layers` of models from which scripts may pop.

    In scripts for Keras before 3 it has the functions of symbolic arrays, too.
    """

    def read(model: Any) -> list[Any]:
        found = layers.fget(model)  # type: ignore[misc]
        if not compat._finder.serves_keras:
            return found
        if dialect.is_before_3():
            found = operation_layers.among(model, found)
        popped = model.__dict__.get("_popped", ())
        return Layers((layer for layer in found if id(layer) not in popped), model)

    return property(read, doc=layers.__doc__)


def named_inputs(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what makes the input of a Sequential, 'dense_input' in older scripts."""

    @functools.wraps(make)
    def named(layer: Any) -> Any:
        made = make(layer)
        if made is not None and dialect.is_older():
            name_input(made, layer)
        return made

    return named


def name_input(made: Any, layer: Any) -> Any:
    """Return the input of a Sequential with the name that its first layer gives it."""
    made.name = made._nodes[0].outputs.name = f"{layer.name}_input"
    return made


def settable_outputs(outputs: property) -> property:
    """Return the property `outputs` of models that can be set, as in Keras 1."""

    def write(model: Any, wanted: Any) -> None:
        wanted = list(wanted) if isinstance(wanted, (list, tuple)) else [wanted]
        if list(map(id, wanted)) == list(map(id, model.outputs)):
            return
        network = importlib.import_module("keratorch.models.network")
        single = wanted[0] if len(wanted) == 1 else wanted
        model._set_network(network.Network(model.input, single, model.name))

    return outputs.setter(write)
