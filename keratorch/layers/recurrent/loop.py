"""A cell of any kind, taken through time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.nested import flatten, is_nested, pack_like


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
    x : (batch, time, ...).
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
    last_output : (batch, ...).
    outputs : (batch, time, ...).
    states : after the last step.
    """
    times = range(x.shape[1])
    output, outputs = None, []
    for t in reversed(times) if go_backwards else times:
        before = output
        output, after = step(x[:, t], states)
        after = list(after) if is_nested(after) else [after]
        if mask is not None:
            if before is None:
                before = _first_output(output, states)
            kept = 0 if zero_output_for_mask else before
            output = _where(mask[:, t], output, kept)
            after = pack_like(
                after,
                [
                    _where(mask[:, t], new, old)
                    for new, old in zip(flatten(after), flatten(states), strict=True)
                ],
            )
        states = after
        if return_all_outputs:
            outputs.append(output)
    stacked = np.stack(outputs, axis=1) if return_all_outputs else None
    return output, stacked, states


def _first_output(output: Any, states: list[Any]) -> Any:
    first = flatten(states)[0]
    return first if first.shape == output.shape else 0


def _where(mask: np.ndarray, new: Any, old: Any) -> Any:
    """Return ``new`` in the rows where ``mask : (batch,)`` is True, else ``old``."""
    return np.where(mask.reshape(-1, *(1,) * (new.ndim - 1)), new, old)
