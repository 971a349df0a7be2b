"""Functional models as configurations in Keras's form, and back.

A configuration lists the operations; each has its ``inbound_nodes``, one for each of
its calls, whose arguments name other operations' results by ``[name, call, result]``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from keratorch import identifiers
from keratorch.core import GradArray
from keratorch.layers import InputLayer, Layer, deserialize, serialize
from keratorch.models import function_steps
from keratorch.models.keras_operations import restore
from keratorch.models.network import Network
from keratorch.nested import flatten, map_structure
from keratorch.symbolic import Function, KerasTensor, Node, infer, is_symbolic


class _Operations(dict[str, Any]):
    """Layers and functions by name, and how often other models called them before."""

    def __init__(self) -> None:
        self.called_before: dict[str, int] = {}

    def count_calls(self) -> None:
        """Let the calls to come be numbered from 0; an input has its call already."""
        for name, operation in self.items():
            if not isinstance(operation, InputLayer):
                self.called_before[name] = len(operation._nodes)


class _Program:
    """A function that makes steps of the symbols that it is called on.

    Parameters
    ----------
    function : called on symbols and constants.
    name : str, what other calls in the configuration name.
    """

    def __init__(self, function: Callable[..., Any], name: str):
        self.function = function
        self.name = name
        self._nodes: list[_Outputs] = []

    def take(self, args: list, kwargs: dict[str, Any]) -> None:
        """Make the steps of one call."""
        self._nodes.append(_Outputs(self.function(*args, **kwargs)))


class _Outputs(NamedTuple):
    """What one call of a program gave."""

    outputs: Any


def network_config(network: Network) -> dict[str, Any]:
    """Return layers, inputs and outputs of a network as a configuration."""
    calls = _call_numbers(network)

    def reference(x: KerasTensor) -> list[Any]:
        node: Any = x.node
        return [node.operation.name, calls[id(node)], x.index]

    def end(x: KerasTensor) -> list[Any]:
        name, call, index = reference(x)
        return [name, call + _first_call(x.node.operation), index]  # type: ignore

    def described(x: Any) -> Any:
        if is_symbolic(x):
            dtype = "string" if x.dtype == "str" else x.dtype
            where = {"shape": x.shape, "dtype": dtype, "keras_history": reference(x)}
            return {"class_name": "__keras_tensor__", "config": where}
        return _constant(x)

    layers = []
    for operation in network.operations:
        nodes = [n for n in operation._nodes if id(n) in calls and n.inputs]
        description, arguments = _description(operation, nodes)
        description["name"] = operation.name
        description["inbound_nodes"] = [
            {
                "args": map_structure(described, args),
                "kwargs": map_structure(described, kwargs),
            }
            for args, kwargs in arguments
        ]
        layers.append(description)
    return {
        "layers": layers,
        "input_layers": map_structure(end, network.inputs),
        "output_layers": map_structure(end, network.outputs),
    }


def network_from_config(
    config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> tuple[Any, Any]:
    """Return the symbolic inputs and outputs that a configuration describes."""
    operations = _Operations()
    waiting: list[tuple[Any, Mapping[str, Any]]] = []
    for description in config["layers"]:
        operation = operation_from(description, custom_objects)
        operations[description["name"]] = operation
        waiting += [(operation, node) for node in description["inbound_nodes"]]
    operations.count_calls()
    while waiting:
        later: list[tuple[Any, Mapping[str, Any]]] = []
        held: set[str] = set()  # a layer's calls have numbers: none overtakes another
        for operation, node in waiting:
            if operation.name in held or not _call_if_ready(
                operation, node, operations
            ):
                later.append((operation, node))
                held.add(operation.name)
        if len(later) == len(waiting):
            raise ValueError(
                "the configuration of the model is broken: "
                f"'{later[0][0].name}' takes results that no layer gives."
            )
        waiting = later

    def found(structure: Any) -> Any:
        if isinstance(structure, Mapping):
            return {key: found(part) for key, part in structure.items()}
        if _is_reference(structure):
            name, call, index = structure
            call -= _first_call(operations.get(name))
            return _result([name, call, index], operations)
        return type(structure)(found(part) for part in structure)

    return found(config["input_layers"]), found(config["output_layers"])


def _description(
    operation: Any, nodes: list[Node]
) -> tuple[dict[str, Any], list[tuple[tuple, dict]]]:
    """Return the configuration of an operation, and the arguments of its calls."""
    if isinstance(operation, Layer):
        return serialize(operation), [(node.args, node.kwargs) for node in nodes]
    if not isinstance(operation, Function):
        description = identifiers.serialize(operation, "keras")
        return description, [(node.args, node.kwargs) for node in nodes]
    (node,) = nodes  # a function is written down anew at each call
    description, *arguments = function_steps.describe(
        operation.function, node.args, node.kwargs
    )
    config = map_structure(_constant, description["config"])
    description["config"] = {"name": operation.name, **config}
    return description, [tuple(arguments)]  # type: ignore[list-item]


def operation_from(
    description: Mapping[str, Any], custom_objects: Mapping[str, Any] | None
) -> Any:
    """Return the layer or the function that a configuration describes."""
    if function_steps.is_described(description):
        function = function_steps.found(description["config"]["function"])
        is_program = function_steps.makes_steps(description["config"]["function"])
        return (_Program if is_program else Function)(function, description["name"])
    if not str(description.get("module", "")).startswith("keras.src.ops"):
        layer = deserialize(description, custom_objects)
        if isinstance(layer, InputLayer):
            layer.name = description["name"]
        return layer
    function, arguments = restore(description)
    operation = Function(function, description["name"])
    operation.arguments = arguments  # type: ignore[attr-defined]
    return operation


def _call_numbers(network: Network) -> dict[int, int]:
    """Return for each node the number of the call among those of its operation."""
    inside = {id(node) for node in network.nodes}
    numbers: dict[int, int] = {}
    for operation in network.operations:
        own = [id(node) for node in operation._nodes if id(node) in inside]
        numbers.update(zip(own, range(len(own)), strict=True))
    return numbers


def _first_call(operation: Any) -> int:
    """Return the number of an operation's first call where outputs are listed.

    There, and nowhere else, Keras counts the calls of a nested model from 1.
    """
    is_sequential = hasattr(operation, "_layers")
    has_symbols = getattr(operation, "_network", None) is not None
    return 1 if has_symbols and not is_sequential else 0


def _call_if_ready(
    operation: Any, node: Mapping[str, Any], operations: _Operations
) -> bool:
    """Call an operation on the results that a node names, once they are there."""
    args, kwargs = node["args"], node["kwargs"]
    references = list(_references((args, kwargs)))
    if any(_result(where, operations) is None for where in references):
        return False
    args, kwargs = _filled((args, kwargs), operations)
    if isinstance(operation, _Program):
        function_steps.check_size(operation.function, args, kwargs)
        operation.take(args, kwargs)
    elif isinstance(operation, Function):
        # JSON knows no tuples; x[1:, 0] is one, while x[[1, 0]] is rare there
        args = [tuple(x) if _is_index(x) else x for x in args]
        if hasattr(operation, "arguments"):  # Keras's
            args, kwargs = operation.arguments(args, kwargs)
        function_steps.check_size(operation.function, args, kwargs)
        outputs = infer(operation, args, kwargs)
        Node(operation, args, kwargs, outputs)
    else:
        by_default = getattr(operation, "_signature", None)
        if by_default and kwargs.get("training") is by_default.training:
            kwargs.pop("training", None)  # Keras writes what a call has by default
        operation(*args, **{k: x for k, x in kwargs.items() if _is_given(x)})
    return True


def _is_given(x: Any) -> bool:
    """Return whether an argument says something: no None, nor a structure of them."""
    leaves = flatten(x)
    return not leaves or any(leaf is not None for leaf in leaves)


def _is_index(x: Any) -> bool:
    return isinstance(x, list) and any(
        isinstance(part, slice) or part is Ellipsis or part is None for part in x
    )


def _references(structure: Any) -> Any:
    if isinstance(structure, Mapping):
        if structure.get("class_name") == "__keras_tensor__":
            yield structure["config"]["keras_history"]
        else:
            for part in structure.values():
                yield from _references(part)
    elif isinstance(structure, (list, tuple)):
        for part in structure:
            yield from _references(part)


def _filled(structure: Any, operations: _Operations) -> Any:
    if isinstance(structure, Mapping):
        if structure.get("class_name") == "__keras_tensor__":
            return _result(structure["config"]["keras_history"], operations)
        if structure.get("class_name") == "__slice__":
            bounds = _filled(structure["config"], operations)
            return slice(bounds["start"], bounds["stop"], bounds["step"])
        if structure.get("class_name") == "__ellipsis__":
            return Ellipsis
        if structure.get("class_name") == "__tuple__":
            return tuple(_filled(structure["items"], operations))
        if structure.get("class_name") in ("__numpy__", "__tensor__"):
            value = structure["config"]
            array = np.array(value["value"], dtype=value["dtype"])
            is_tensor = structure["class_name"] == "__tensor__"
            return GradArray(array, requires_grad=False) if is_tensor else array
        return {key: _filled(part, operations) for key, part in structure.items()}
    if isinstance(structure, (list, tuple)):
        return type(structure)(_filled(part, operations) for part in structure)
    return structure


def _result(where: list[Any], operations: _Operations) -> KerasTensor | None:
    """Return the result ``[name, call, index]``, None if it is not there yet."""
    name, call, index = where[:3]
    if name not in operations:
        raise ValueError(f"the configuration names a layer {name!r} that it lacks.")
    operation = operations[name]
    call += operations.called_before.get(name, 0)
    if call >= len(operation._nodes):
        return None
    outputs = operation._nodes[call].outputs
    if is_symbolic(outputs):
        return outputs
    if isinstance(operation, _Program):  # lists are results, tuples are lengths
        return outputs[index] if isinstance(outputs, list) else outputs
    return flatten(outputs)[index]


def _is_reference(structure: Any) -> bool:
    return len(structure) == 3 and isinstance(structure[0], str)


def _constant(x: Any) -> Any:
    """Return a constant argument in a form for JSON."""
    if isinstance(x, slice):
        bounds = {"start": x.start, "stop": x.stop, "step": x.step}
        return {"class_name": "__slice__", "config": bounds}
    if x is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(x, (np.ndarray, np.generic)):
        value = {"value": x.tolist(), "dtype": x.dtype.name}
        return {"class_name": "__numpy__", "config": value}
    if isinstance(x, GradArray) and not x.requires_grad:
        return {**_constant(x.numpy()), "class_name": "__tensor__"}
    if x is None or isinstance(x, (bool, int, float, str)):
        return x
    raise ValueError(
        f"an argument of type {type(x).__name__} of an operation in the model cannot "
        "be written into a configuration. Put the operation into a Layer of your own."
    )
