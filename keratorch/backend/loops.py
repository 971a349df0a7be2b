"""Branches and loops of the old backend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch import graph, ops
from keratorch.backend.tensors import tensor
from keratorch.nested import flatten, map_structure
from keratorch.symbolic import lifted


@lifted
def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """The first of two where a condition holds, and the second elsewhere.

    Parameters
    ----------
    condition : one boolean, or an array of them whose axes are the first ones of the
        expressions.
    then_expression, else_expression : arrays, or functions that return them; of one
        boolean only the function that is needed is called.

    Raises
    ------
    ValueError : a condition with more axes than the expressions.

    >>> switch([True, False], [1, 2], [10, 20]).numpy()
    array([ 1, 20], dtype=int32)
    """
    chosen = np.asarray(graph.plain(condition)).astype(bool)
    if not chosen.ndim:
        expression = then_expression if chosen else else_expression
        return expression() if callable(expression) else expression
    first, second = (
        tensor(expression() if callable(expression) else expression)
        for expression in (then_expression, else_expression)
    )
    if chosen.ndim > first.ndim:
        raise ValueError(
            "switch: the condition must have no more axes than the expressions; "
            f"received shapes {chosen.shape} and {first.shape}."
        )
    if chosen.ndim > 1:
        chosen = chosen.reshape(chosen.shape + (1,) * (first.ndim - chosen.ndim))
    return np.where(chosen, first, second)


def map_fn(fn: Callable, elems: Any, name: str | None = None, dtype: Any = None) -> Any:
    """Return ``fn`` of each element along the first axis, stacked.

    >>> map_fn(lambda row: row.sum(), np.eye(2)).numpy()
    array([1., 1.])
    """
    results = lifted(lambda elems: ops.map(fn, map_structure(tensor, elems)))(elems)
    return results if dtype is None else ops.cast(results, dtype)


def foldl(
    fn: Callable, elems: Any, initializer: Any = None, name: str | None = None
) -> Any:
    """Return ``fn(... fn(fn(initializer, first), second) ..., last)``.

    Parameters
    ----------
    fn : function of what came out so far and of the next element.
    elems : array, along whose first axis the elements are.
    initializer : what to begin with, by default the first element.

    >>> int(foldl(lambda total, x: total * 2 + x, np.array([1, 0, 1])))
    5
    """
    return _folded(fn, elems, initializer, 1)


def foldr(
    fn: Callable, elems: Any, initializer: Any = None, name: str | None = None
) -> Any:
    """Return `foldl` of the elements from the last to the first."""
    return _folded(fn, elems, initializer, -1)


@lifted
def _folded(fn: Callable, elems: Any, initializer: Any, step: int) -> Any:
    rest = list(tensor(elems))[::step]
    folded = rest.pop(0) if initializer is None else initializer
    for x in rest:
        folded = fn(folded, x)
    return folded


@lifted
def rnn(
    step_function: Callable,
    inputs: Any,
    initial_states: Sequence[Any],
    go_backwards: bool = False,
    mask: Any = None,
    constants: Sequence[Any] | None = None,
    unroll: bool = False,
    input_length: Any = None,
    time_major: bool = False,
    zero_output_for_mask: bool = False,
    return_all_outputs: bool = True,
) -> tuple[Any, Any, list[Any]]:
    """Return the outputs of a function called at each time step, with its states.

    Parameters
    ----------
    step_function : function of the inputs of a step, (batch, ...), and of the list of
        states and constants; it returns an output and the list of new states.
    inputs : (batch, steps, ...), or nested arrays of that.
    initial_states : list of the states before the first step.
    go_backwards : bool, whether the last step comes first; outputs are stacked in the
        order of computing.
    mask : (batch, steps) booleans: where False, states and output stay as they were.
    constants : list, given to each call behind the states.
    unroll : changes nothing here; each step is computed by itself.
    input_length : (batch,), how many steps count, instead of a mask.
    time_major : bool, whether inputs and outputs are (steps, batch, ...).
    zero_output_for_mask : bool, whether masked outputs are 0.
    return_all_outputs : bool; if False, outputs have one step, the last.

    Returns
    -------
    last output, outputs (batch, steps, ...), list of last states.

    >>> def step(x, states):
    ...     total = states[0] + x
    ...     return total, [total]
    >>> last, outputs, states = rnn(step, np.ones((1, 3, 1)), [np.zeros((1, 1))])
    >>> outputs.numpy().ravel()
    array([1., 2., 3.])
    """
    order = (lambda x: x) if time_major else (lambda x: np.swapaxes(x, 0, 1))
    sequences = map_structure(lambda x: order(tensor(x)), inputs)
    length = flatten(sequences)[0].shape[0]
    counts = _counts(mask, input_length, length, time_major)
    outputs: list[Any] = []
    states, output = list(initial_states), None
    for t in range(length - 1, -1, -1) if go_backwards else range(length):
        step_inputs = map_structure(lambda x, t=t: x[t], sequences)
        new, new_states = step_function(step_inputs, [*states, *(constants or ())])
        if counts is None:
            output, states = new, list(new_states)
        else:
            before = ops.zeros_like(new) if output is None else output
            output = _where(counts[t], new, before)
            states = [
                _where(counts[t], *pair)
                for pair in zip(new_states, states, strict=True)
            ]
        shown = output
        if counts is not None and zero_output_for_mask:
            shown = _where(counts[t], output, ops.zeros_like(output))
        outputs = [*outputs, shown] if return_all_outputs else [shown]
    return outputs[-1], order(np.stack(outputs)), states


def _counts(mask: Any, lengths: Any, steps: int, time_major: bool) -> Any:
    """Return (steps, batch) booleans, or None where every step counts."""
    if mask is not None:
        mask = np.asarray(graph.plain(mask)).astype(bool)
        mask = mask[..., 0] if mask.ndim == 3 else mask
        return mask if time_major else mask.T
    if lengths is None or np.ndim(graph.plain(lengths)) == 0:
        return None
    return np.arange(steps)[:, None] < np.asarray(graph.plain(lengths))


def _where(counts: np.ndarray, new: Any, before: Any) -> Any:
    counts = counts.reshape(counts.shape + (1,) * (np.ndim(new) - 1))
    return np.where(counts, new, before)
