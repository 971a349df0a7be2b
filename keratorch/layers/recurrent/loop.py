"""A cell of any kind, taken through time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.nested import flatten, is_nested, map_structure, pack_like


def over_time(
    step: Callable[..., tuple[Any, Any]],
    x: Any,
    states: list[Any],
    mask: np.ndarray | None = None,
    go_backwards: bool = False,
    zero_output_for_mask: bool = False,
    return_all_outputs: bool = True,
) -> tuple[Any, Any, list[Any]]:
    """Apply a step at each time, every operation of it recorded.

    Parameters
    ----------
    step : function of the input at a time and the states; returns an output and the new
        states.
    x : (batch, time, ...), or nested arrays of these shapes.
    states : nested arrays (batch, ...).
    mask : (batch, time) of booleans, or None. Where it is False, the states stay what
        they were, and the output repeats the one before: at the beginning the first
        state, if it has the output's shape, else 0.
    go_backwards : bool, whether to go from the last time to the first; the outputs come
        in the order of computing.
    zero_output_for_mask : bool, whether masked outputs are 0 instead.
    return_all_outputs : bool; False leaves `outputs` None.

    Returns
    -------
    last_output : (batch, ...), or nested as the step's.
    outputs : (batch, time, ...), likewise.
    states : after the last step.
    """
    times = range(flatten(x)[0].shape[1])
    output, outputs = None, []
    for t in reversed(times) if go_backwards else times:
        before = output
        output, after = step(_at(x, t), states)
        after = list(after) if is_nested(after) else [after]
        if mask is not None:
            if zero_output_for_mask:
                before = _zeros(output)
            elif before is None:
                before = _first_output(output, states)
            output = _where(mask[:, t], output, before)
            after = _where(mask[:, t], after, states)
        states = after
        if return_all_outputs:
            outputs.append(output)
    return output, _stacked(outputs) if return_all_outputs else None, states


def _at(x: Any, t: int) -> Any:
    """Return what the inputs are at a time."""
    return map_structure(lambda part: part[:, t], x) if is_nested(x) else x[:, t]


def _first_output(output: Any, states: list[Any]) -> Any:
    """Return what comes before the first output: the first state, or zeros."""
    first = flatten(states)[0]
    return first if first.shape == getattr(output, "shape", None) else _zeros(output)


def _zeros(output: Any) -> Any:
    return map_structure(lambda part: 0, output)


def _stacked(outputs: list[Any]) -> Any:
    """Return the outputs of all times as one output with an axis of time."""
    if not is_nested(outputs[0]):
        return np.stack(outputs, axis=1)
    parts = zip(*map(flatten, outputs), strict=True)
    return pack_like(outputs[0], [np.stack(part, axis=1) for part in parts])


def _where(mask: np.ndarray, new: Any, old: Any) -> Any:
    """Return ``new`` in the rows where ``mask : (batch,)`` is True, else ``old``."""
    pairs = zip(flatten(new), flatten(old), strict=True)
    return pack_like(new, [_rows(mask, *pair) for pair in pairs])


def _rows(mask: np.ndarray, new: Any, old: Any) -> Any:
    return np.where(mask.reshape(-1, *(1,) * (new.ndim - 1)), new, old)
