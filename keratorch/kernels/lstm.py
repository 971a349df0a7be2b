"""A long short-term memory over a whole sequence; `recurrent` says what goes where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from keratorch.kernels.buffers import take
from keratorch.kernels.projections import (
    by_kernel,
    by_projected,
    by_reached,
    drops_of_rows,
    gates_first,
    reach,
    rows_of,
    stacked,
    turned,
)
from keratorch.kernels.recurrent import (
    Rows,
    apart,
    back_through,
    backwards,
    common_dtype,
    for_steps,
    stretches_of,
)
from keratorch.kernels.squashes import SQUASHES


class LstmTape(NamedTuple):
    """What a long short-term memory computed."""

    rows: np.ndarray  # (time + 1, batch, units + 1 + features)
    hidden: np.ndarray  # (time + 1, batch, units)
    lanes: np.ndarray  # (time + 1, 5, batch, units): o, i, f, candidate, cell before
    shown: np.ndarray  # (time, batch, units): the tanh of the cell after each step

    @property
    def last(self) -> tuple[np.ndarray, ...]:
        """The states after the last step."""
        return self.hidden[-1], self.lanes[-1, 4]


def lstm(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray | None,
    skipped: Rows,
    drops: np.ndarray | None = None,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
    keeps: bool = True,
) -> LstmTape:
    """cell after = f * cell + i * candidate, hidden[t + 1] = o * tanh(cell after).

    i, f, candidate, o = x[t] @ kernel + hidden[t] @ recurrent_kernel + bias, squashed:
    the candidate by tanh, the others by a sigmoid, or what stands for them.  Unless
    `keeps`, the tape has the states alone: no way leads back.
    """
    squash, squash_gates = SQUASHES[activation], SQUASHES[recurrent_activation]
    dtype = common_dtype(x, h, c, kernel, recurrent_kernel, bias)
    rows = rows_of(h, x, bias, dtype)
    hidden, shown = rows[..., : h.shape[1]], for_steps(len(x), h.shape, dtype, keeps)
    lanes = for_steps(len(x) + 1, (5, *h.shape), dtype, keeps)
    lanes[0, 4] = c
    stack = stacked(recurrent_kernel, bias, kernel, dtype)
    stack = np.ascontiguousarray(gates_first(_in_lanes(stack), 4))
    stack[:3] *= squash_gates.scale
    drops = drops_of_rows(_in_lanes(drops, 0), rows)
    let_in = np.empty((2, *h.shape), dtype)
    by_i, by_f = let_in
    states = hidden[:-1], hidden[1:], lanes[1:, 4], shown
    for row, lane, before, after, cell, seen, skip in zip(
        rows[:-1], lanes[:-1], *states, skipped, strict=True
    ):
        gates, candidate = lane[:3], lane[3]
        if skip is not None:
            kept = lane[4, skip]  # whose memory `cell` may be
        reach(row, stack, drops, lane[:4])
        squash_gates.finish(gates, gates)
        squash.apply(candidate, candidate)
        np.multiply(lane[1:3], lane[3:], out=let_in)
        np.add(by_i, by_f, out=cell)
        squash.apply(cell, seen)
        np.multiply(lane[0], seen, out=after)
        if skip is not None:
            after[skip], cell[skip] = before[skip], kept
    return LstmTape(rows, hidden, lanes, shown)


def lstm_gradients(
    grads: Sequence[Any],
    tape: LstmTape,
    arguments: Sequence[Any],
    wanted: Sequence[bool],
    skipped: Rows,
    drops: np.ndarray | None = None,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
) -> tuple:
    """Return the gradients of x, h, c, kernel, recurrent_kernel and bias."""
    rows, hidden, lanes, shown = tape
    x, _, _, kernel, recurrent_kernel, bias = arguments
    squash, squash_gates = SQUASHES[activation], SQUASHES[recurrent_activation]
    outputs, *last = grads
    if outputs is None:
        outputs = [None] * len(x)
    dh, dc = [g.astype(hidden.dtype) for g in last]
    by, spare = np.empty((4, *dh.shape), dh.dtype), np.empty_like(dh)
    by_x = take(x.shape, hidden.dtype) if wanted[0] else None
    back, back_x = [turned(_in_lanes(each)) for each in (recurrent_kernel, kernel)]
    drops = _in_lanes(drops, 0)
    wide_drops = drops_of_rows(drops, rows)

    def walk(stretch: slice) -> np.ndarray:
        nonlocal dh, dc
        by_o, by_i, by_f, by_candidate = by
        by_lets = by[1:3]
        by_sums = take((*shown[stretch].shape[:2], len(back)), dh.dtype)
        steps = lanes[stretch], shown[stretch], outputs[stretch], skipped[stretch]
        for lane, seen, dy, skip, by_sum, block in backwards(
            *steps, by_sums, gates_first(by_sums, 4)
        ):
            if dy is not None:
                dh += dy
            if skip is not None:
                kept = dh[skip], dc[skip]
            squash.slope(seen, spare)
            np.multiply(spare, lane[0], out=spare)
            dc += np.multiply(spare, dh, out=spare)
            squash_gates.slope(lane[:3], by[:3])
            squash.slope(lane[3], by_candidate)
            by_o *= seen
            by_o *= dh
            by_lets *= lane[3:]
            by_candidate *= lane[1]
            for by_gate in (by_i, by_f, by_candidate):  # faster than all at once
                by_gate *= dc
            dc *= lane[2]
            block[...] = by
            if skip is not None:
                by_sum[skip] = 0
            by_reached(by_sum, back, drops, dh)
            if skip is not None:
                dh[skip], dc[skip] = kept
        return by_sums

    def products(stretch: slice, by_sums: np.ndarray) -> tuple:
        if by_x is not None:
            by_projected(by_sums, back_x, by_x[stretch])
        if not any(wanted[3:]):
            return (None,)
        return (by_kernel(rows[stretch], by_sums, wide_drops),)

    stretches = stretches_of(len(x), by.size)
    (of_stack,) = back_through(stretches, walk, products)
    of_weights = apart(_in_lanes(of_stack, back=True), dh.shape[1], bias)
    return by_x, dh, dc, *of_weights


def _in_lanes(gates: Any, axis: int = 1, back: bool = False) -> Any:
    """Return i, f, candidate, o in the order o, i, f, candidate, or back; or None.

    The three of one activation are then side by side, and the three of the cell.

    Parameters
    ----------
    axis : 1 where gates are side by side, 0 where each is a block.
    """
    if gates is None:
        return None
    gate = gates.shape[axis] // 4
    return np.roll(gates, -gate if back else gate, axis)
