"""Functions of symbolic arrays: `function`, which computes them, and `gradients`."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from keratorch import graph, ops, transforms
from keratorch.backend.tensors import get_value
from keratorch.backend.updates import as_updates, recomputed
from keratorch.core import GradArray
from keratorch.models import Model
from keratorch.modes import current_mode, enable_grad, no_grad
from keratorch.nested import flatten
from keratorch.symbolic import (
    KerasTensor,
    Node,
    any_symbolic,
    is_symbolic,
    record_function,
)

_updating = threading.RLock()


def function(
    inputs: Sequence[Any], outputs: Any, updates: Any = None, name: str | None = None
) -> Callable[[Sequence[Any]], Any]:
    """Return a function from values of some symbolic arrays to values of others.

    Parameters
    ----------
    inputs : list of symbolic arrays, such as ``model.input`` or ``layer.output``; with
        `learning_phase` among them, the function wants 0 or 1 there. The last value may
        be left out if it is that: then it is 0.
    outputs : symbolic array, or list of them, that the inputs determine.
    updates : list of what each call changes: pairs (variable, its new value), and
        what ``optimizer.get_updates`` of Keras 2 returned.
    name : str, for your reading only.

    Returns
    -------
    function of a list of arrays; it returns a list of ndarrays, or one ndarray.

    Raises
    ------
    TypeError : updates that are none of these.
    ValueError : later, another number of values.

    Examples
    --------
    >>> import numpy as np
    >>> import keratorch as keras
    >>> x = keras.Input((2,))
    >>> squares = function([x], [x * x])
    >>> squares([np.array([[1.0, 2.0]])])
    [array([[1., 4.]], dtype=float32)]
    """
    listed, wanted, changes = flatten(inputs), flatten(outputs), as_updates(updates)
    phases = [i for i, x in enumerate(listed) if not is_symbolic(x)]
    sources = [x for x in listed if is_symbolic(x)]
    needed = [*wanted, *(x for change in changes for x in change.symbols)]
    symbolic = [x for x in needed if is_symbolic(x)]
    model: Any = Model(tuple(sources), tuple(symbolic)) if symbolic else None

    def compute(values: Sequence[Any]) -> Any:
        values = list(values) if isinstance(values, (list, tuple)) else [values]
        if len(values) + 1 == len(listed) and len(values) in phases:
            values.append(0)
        if len(values) != len(listed):
            raise ValueError(
                f"the function takes a list of {len(listed)} values; received "
                f"{len(values)}."
            )
        training = any(bool(values[i]) for i in phases)
        data = [_array(value) for i, value in enumerate(values) if i not in phases]
        with _alone() if changes else no_grad():
            # one output comes alone
            found = iter(flatten(model(data, training=training)) if model else ())
            known = iter(
                [next(found) if is_symbolic(x) else recomputed(x) for x in needed]
            )
            results = [get_value(next(known)) for _ in wanted]
            for change in changes:
                change.apply([next(known) for _ in change.symbols])
        return results if isinstance(outputs, (list, tuple)) else results[0]

    return compute


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Record, while no other thread updates the same weights by such a function."""
    with _updating, enable_grad():
        yield


def _array(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, (list, tuple)) else value


def gradients(loss: Any, variables: Any) -> list[Any]:
    """Return the gradients of the sum of `loss` with respect to variables.

    Parameters
    ----------
    loss : GradArray, or symbolic array.
    variables : list of arrays that the loss was computed with; symbolic ones where the
        loss is symbolic, such as ``model.input`` or ``layer.output``, and weights.

    Returns
    -------
    list of GradArrays that can be differentiated again, or of symbolic arrays; None for
    a variable on which the loss does not depend.

    Examples
    --------
    >>> x = GradArray([1.0, 2.0])
    >>> gradients((x**3).sum(), [x])[0].numpy()
    array([ 3., 12.])
    """
    targets = list(variables) if isinstance(variables, (list, tuple)) else [variables]
    if is_symbolic(loss):
        return _symbolic_gradients(loss, targets)
    return _gradients(loss, targets)


def _gradients(loss: Any, targets: list[Any]) -> list[Any]:
    twice = current_mode.get().records
    return transforms.gradients(np.sum(loss), targets, create_graph=twice)


def stop_gradient(variables: Any) -> Any:
    """Return the same values outside the graph, of one tensor or of a list of them."""
    if isinstance(variables, (list, tuple)):
        return [stop_gradient(x) for x in variables]
    if is_symbolic(variables):
        return record_function(ops.stop_gradient, (variables,), {})
    return ops.stop_gradient(variables)


def _symbolic_gradients(loss: KerasTensor, targets: list[Any]) -> list[Any]:
    """Write down a step that computes the loss from the targets, and goes back."""
    cut = [x for x in targets if is_symbolic(x)]
    steps, leaves = _steps_between(loss, cut)

    def gradient(cut_values: list[Any], leaf_values: list[Any]) -> list[Any]:
        recorded = current_mode.get().records
        with enable_grad():
            known = [_wanting(value) for value in cut_values]
            values = dict(zip(map(id, cut), known, strict=True))
            values |= zip(map(id, leaves), leaf_values, strict=True)
            for step in steps:
                step.run(values)
            wanted = [values[id(x)] if is_symbolic(x) else x for x in targets]
            total = np.sum(values[id(loss)])
            found = transforms.gradients(total, wanted, create_graph=recorded)
        return [g if g is None else _as_array(g) for g in found]

    return record_function(gradient, (cut, leaves), {})


def _as_array(gradient: Any) -> GradArray:
    if isinstance(gradient, GradArray):
        return gradient
    return GradArray(gradient, requires_grad=False)


def _wanting(value: Any) -> GradArray:
    """Return a value as an array that gradients reach."""
    if isinstance(value, GradArray) and value.requires_grad:
        return value
    return GradArray(graph.value(value), requires_grad=True)


def _steps_between(
    loss: KerasTensor, cut: Sequence[Any]
) -> tuple[list[Node], list[KerasTensor]]:
    """Return the steps from some arrays to the loss, and what else they begin with."""
    known = {id(x) for x in cut}
    steps: dict[int, Node] = {}
    leaves: dict[int, KerasTensor] = {}
    stack = [loss]
    while stack:
        x = stack.pop()
        if id(x) in known or id(x) in leaves:
            continue
        if x.node is None or not any_symbolic((x.node.args, x.node.kwargs)):
            leaves[id(x)] = x
        elif id(x.node) not in steps:
            steps[id(x.node)] = x.node
            stack += x.node.inputs
    ordered = sorted(steps.values(), key=lambda step: step.number)
    return ordered, list(leaves.values())
