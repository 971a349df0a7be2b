"""Network: the steps that lead from symbolic inputs to symbolic outputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from keratorch.errors import LayerTypeError
from keratorch.layers import InputLayer, Layer
from keratorch.nested import flatten, pack_like
from keratorch.symbolic import Function, KerasTensor, Node, is_symbolic, substituted


class Network:
    """The nodes between inputs and outputs, in an order in which they can run.

    Parameters
    ----------
    inputs, outputs : nested KerasTensors.
    name : str, of the model, for errors.

    Raises
    ------
    LayerTypeError : something that is no KerasTensor: a `TypeError` and `ValueError`.
    ValueError : an output depends on an input that is not among `inputs`, or two
        layers have one name.
    """

    def __init__(self, inputs: Any, outputs: Any, name: str):
        for role, x in [("inputs", inputs), ("outputs", outputs)]:
            _check_symbolic(role, x, name)
        inputs, outputs = _with_own_inputs(inputs, outputs)
        self.inputs, self.outputs = inputs, outputs
        self.flat_inputs: list[KerasTensor] = flatten(inputs)
        self.flat_outputs: list[KerasTensor] = flatten(outputs)
        order, firsts = _traversed(self.flat_outputs)
        self._check_connected(order, name)
        self.operations = _in_keras_order(order, firsts, self.flat_inputs)
        _make_names_unique(self.operations, name)
        unused = [x.node for x in self.flat_inputs if x.node not in order]
        self.nodes: list[Node] = [*unused, *order]  # type: ignore[list-item]
        others = [n for n in order if not isinstance(n.operation, Layer)]
        self.couples_samples = not all(map(_is_by_sample, others))
        self._steps = self._with_last_uses([n for n in order if n.inputs])

    def run(self, values: list[Any]) -> Any:
        """Return the outputs for the values of the flat inputs."""
        known = dict(zip(map(id, self.flat_inputs), values, strict=True))
        for node, over in self._steps:
            node.run(known)
            for key in over:
                del known[key]
        return substituted(self.outputs, known)

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy or a file of the network needs.

        The nodes come first, producers before consumers: so a copy descends no deeper
        than one node, however deep the network is.
        """
        state = {name: x for name, x in vars(self).items() if name != "_steps"}
        return {"nodes": self.nodes, **state}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        # the steps name arrays by their ids, which are others in a copy
        self._steps = self._with_last_uses([n for n in self.nodes if n.inputs])

    def consumers(self, tensor: KerasTensor) -> list[Any]:
        """Return the operations that take a symbolic array."""
        return [
            node.operation
            for node in self.nodes
            if any(x is tensor for x in node.inputs)
        ]

    def _with_last_uses(self, nodes: list[Node]) -> list[tuple[Node, list[int]]]:
        """Return each node with the arrays that nobody needs after it."""
        kept = {id(x) for x in self.flat_outputs}
        steps: list[tuple[Node, list[int]]] = []
        for node in reversed(nodes):
            made = {id(x) for x in flatten(node.outputs) if is_symbolic(x)}
            used = {id(x) for x in node.inputs}
            steps.append((node, list((used | made) - kept)))
            kept |= used | made
        return steps[::-1]

    def _check_connected(self, order: list[Node], name: str) -> None:
        given = {id(x) for x in self.flat_inputs}
        for node in order:
            if not node.inputs and id(node.outputs) not in given:
                raise ValueError(
                    f"Model '{name}': the outputs depend on the input "
                    f"'{node.operation.name}', which is not among inputs (graph "
                    f"disconnected). inputs are: "
                    f"{', '.join(x.name for x in self.flat_inputs)}. Add it to inputs, "
                    "or compute the outputs from these."
                )


def _is_by_sample(node: Node) -> bool:
    """Return whether a function is known to compute each sample by itself."""
    if not isinstance(node.operation, Function):
        return False
    function = node.operation.function
    if function is np.ndarray.__getitem__:
        index = node.args[1] if isinstance(node.args[1], tuple) else node.args[1:]
        return not index or (isinstance(index[0], slice) and index[0] == slice(None))
    ndims = {x.ndim for x in node.inputs}
    constants = [x for x in node.args if not is_symbolic(x)]
    return (
        isinstance(function, np.ufunc)
        and len(ndims) == 1
        and all(np.ndim(x) < min(ndims) for x in constants)
    )


def _check_symbolic(role: str, nested: Any, name: str) -> None:
    for x in flatten(nested):
        if not is_symbolic(x):
            raise LayerTypeError(
                f"Model '{name}': {role} must be symbolic arrays, as Input(shape) and "
                f"layers called on it return; received a {type(x).__name__}."
            )
        if x.node is None:
            raise ValueError(
                f"Model '{name}': {x!r} in {role} comes from no Input. Begin with "
                "keratorch.Input(shape)."
            )


def _with_own_inputs(inputs: Any, outputs: Any) -> tuple[Any, Any]:
    """Return inputs that are each an `Input`, and outputs that depend on them.

    An intermediate result of another model may be given as an input: the steps behind
    it are then written down once more, beginning at an `Input` of its own.
    """
    flat = flatten(inputs)
    if all(isinstance(x.node.operation, InputLayer) for x in flat):
        return inputs, outputs
    copies: dict[int, Any] = {}
    for x in flat:
        copies[id(x)] = x
        if not isinstance(x.node.operation, InputLayer):
            layer = InputLayer(batch_shape=x.shape, dtype=x.dtype)
            copies[id(x)] = layer._nodes[0].outputs
    own = [copies[id(x)] for x in flat]
    for node in _traversed(flatten(outputs), stop=set(copies))[0]:
        for x in node.inputs:
            copies.setdefault(id(x), x)
        if any(copies[id(x)] is not x for x in node.inputs):
            _copy_node(node, copies)
    finals = [copies.get(id(x), x) for x in flatten(outputs)]
    return pack_like(inputs, own), pack_like(outputs, finals)


def _copy_node(node: Node, copies: dict[int, Any]) -> None:
    """Write a step down once more, with copies of its inputs."""
    args, kwargs = substituted((node.args, node.kwargs), copies)
    results = flatten(node.outputs)
    twins = [KerasTensor(x.shape, x.dtype) if is_symbolic(x) else x for x in results]
    Node(node.operation, args, kwargs, pack_like(node.outputs, twins))
    for x, twin in zip(results, twins, strict=True):
        copies[id(x)] = twin


def _traversed(
    outputs: list[KerasTensor], stop: set[int] | None = None
) -> tuple[list[Node], dict[int, int]]:
    """Return the nodes behind outputs, producers first, by a depth-first search.

    The second result says when each operation was first met, which orders layers of
    one depth. Without recursion, models may be as deep as they like.
    """
    order: list[Node] = []
    firsts: dict[int, int] = {}
    met: set[int] = set()

    def visit(node: Node) -> tuple[Node, Iterator[KerasTensor]]:
        met.add(id(node))
        firsts.setdefault(id(node.operation), len(firsts))
        return node, iter(node.inputs)

    for output in outputs:
        if output.node is None or id(output.node) in met or id(output) in (stop or ()):
            continue
        stack = [visit(output.node)]
        while stack:
            node, inputs = stack[-1]
            for x in inputs:
                known = x.node is None or id(x.node) in met
                if not known and not (stop and id(x) in stop):
                    stack.append(visit(x.node))  # type: ignore[arg-type]
                    break
            else:
                order.append(node)
                stack.pop()
    return order, firsts


def _in_keras_order(
    order: list[Node], firsts: dict[int, int], inputs: list[KerasTensor]
) -> list[Any]:
    """Return the operations, those farthest from the outputs first.

    The distance of an operation is that of its farthest use. This is the order of
    layers, and so of weights, in Keras's models and files.
    """
    depths: dict[int, int] = {}
    operations: dict[int, Any] = {}
    depth_of: dict[int, int] = {}
    inside = {id(node) for node in order}
    for node in reversed(order):
        key = id(node.operation)
        depth = max(depths.get(id(node), 0), depth_of.get(key, 0))
        operations[key], depth_of[key], depths[id(node)] = node.operation, depth, depth
        for x in node.inputs:
            if id(x.node) in inside:
                depths[id(x.node)] = max(depth + 1, depths.get(id(x.node), 0))
    for x in inputs:
        layer = x.node.operation  # type: ignore[union-attr]
        if id(layer) not in operations:  # an input that no output depends on
            operations[id(layer)], depth_of[id(layer)] = layer, 0
            firsts[id(layer)] = -1
    return sorted(
        operations.values(), key=lambda op: (-depth_of[id(op)], firsts[id(op)])
    )


def _make_names_unique(operations: list[Any], model: str) -> None:
    """Raise if two layers have one name; a function then takes another one."""
    taken = {op.name: op for op in operations if isinstance(op, Layer)}
    for operation in operations:
        name, count = operation.name, 0
        if isinstance(operation, Layer) and taken[name] is not operation:
            raise ValueError(
                f"Model '{model}': two layers are named {name!r}, and files find "
                "layers by their names. Give each a name of its own."
            )
        while taken.get(operation.name, operation) is not operation:
            count += 1
            operation.name = f"{name}_{count}"
        taken[operation.name] = operation
