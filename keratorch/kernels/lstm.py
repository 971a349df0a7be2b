"""A long short-term memory over a whole sequence; `recurrent` says what goes where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from keratorch.kernels.buffers import take
from keratorch.kernels.parts import blocks_of, in_blocks
from keratorch.kernels.projections import (
    by_kernel,
    by_projected,
    by_reached,
    drops_of_rows,
    gates_first,
    reach,
    rows_of,
    stacked,
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
from keratorch.kernels.squashes import SQUASHES, Squash

# The lanes of a step: the gates i, f and o; then what each of them lets through, in the
# same order: the candidate, the cell before, the tanh of the cell after.
_GATES, _LET = slice(0, 3), slice(3, 6)
_F, _CANDIDATE, _CELL, _SHOWN = 1, 3, 4, 5
_ORDER = [0, 1, 3, 2]  # i, f, candidate, o, as kernels have them, as lanes; or back


class LstmTape(NamedTuple):
    """What a long short-term memory computed."""

    rows: np.ndarray  # (time + 1, batch, units + 1 + features)
    hidden: np.ndarray  # (time + 1, batch, units)
    lanes: np.ndarray  # (time + 1, 6, batch, units)

    @property
    def last(self) -> tuple[np.ndarray, ...]:
        """The states after the last step."""
        return self.hidden[-1], self.lanes[-1, _CELL]


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
    hidden = rows[..., : h.shape[1]]
    lanes = for_steps(len(x) + 1, (6, *h.shape), dtype, keeps)
    lanes[0, _CELL] = c
    stack = gates_first(stacked(recurrent_kernel, bias, kernel, dtype), 4)[_ORDER]
    stack[:3] *= squash_gates.scale
    drops = drops_of_rows(None if drops is None else drops[_ORDER], rows)
    let_in = np.empty((2, *h.shape), dtype)
    by_i, by_f = let_in
    states = hidden[:-1], hidden[1:], lanes[1:, _CELL]
    for row, lane, before, after, cell, skip in zip(
        rows[:-1], lanes[:-1], *states, skipped, strict=True
    ):
        gates, candidate, seen = lane[_GATES], lane[_CANDIDATE], lane[_SHOWN]
        if skip is not None:
            kept = lane[_CELL, skip]  # whose memory `cell` may be
        reach(row, stack, drops, lane[:4])
        squash_gates.finish(gates, gates)
        squash.apply(candidate, candidate)
        np.multiply(gates[:2], lane[3:5], out=let_in)
        np.add(by_i, by_f, out=cell)
        squash.apply(cell, seen)
        np.multiply(gates[2], seen, out=after)
        if skip is not None:
            after[skip], cell[skip] = before[skip], kept
    return LstmTape(rows, hidden, lanes)


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
    rows, hidden, lanes = tape
    x, _, _, kernel, recurrent_kernel, bias = arguments
    squashes = SQUASHES[activation], SQUASHES[recurrent_activation]
    outputs, *last = grads
    if outputs is None:
        outputs = [None] * len(x)
    dh, dc = [g.astype(hidden.dtype) for g in last]
    by_x = take(x.shape, hidden.dtype) if wanted[0] else None
    back, back_x = [_turned(each) for each in (recurrent_kernel, kernel)]
    if drops is not None:
        drops = drops[_ORDER]
    wide_drops = drops_of_rows(drops, rows)
    cut = blocks_of(len(dh), back.size)
    drops, dh_blocks = in_blocks(drops, cut), in_blocks(dh, cut)

    def walk(stretch: slice) -> np.ndarray:
        nonlocal dh, dc
        by_sums = take((len(x[stretch]), len(dh), len(back)), dh.dtype)
        slopes = _slopes(lanes[stretch], *squashes)
        forgets = lanes[stretch, _F]
        steps = slopes, forgets, outputs[stretch], skipped[stretch], by_sums
        for by, forget, dy, skip, by_sum, sides, blocks in backwards(
            *steps, gates_first(by_sums, 4), in_blocks(by_sums, cut)
        ):
            by_i, by_f, by_o, by_candidate, by_cell = by
            if dy is not None:
                dh += dy
            if skip is not None:
                kept = dh[skip], dc[skip]
            by_cell *= dh
            dc += by_cell
            by_o *= dh
            for by_gate in (by_i, by_f, by_candidate):  # faster than all at once
                by_gate *= dc
            dc *= forget
            sides[...] = by[:4]
            if skip is not None:
                by_sum[skip] = 0
            by_reached(blocks, back, drops, dh_blocks)
            if skip is not None:
                dh[skip], dc[skip] = kept
        return by_sums

    def products(stretch: slice, by_sums: np.ndarray) -> tuple:
        if by_x is not None:
            by_projected(by_sums, back_x, by_x[stretch])
        if not any(wanted[3:]):
            return (None,)
        return (by_kernel(rows[stretch], by_sums, wide_drops),)

    stretches = stretches_of(len(x), len(back) * len(dh))
    (of_stack,) = back_through(stretches, walk, products)
    if of_stack is not None:
        of_stack = np.hstack([*gates_first(of_stack, 4)[_ORDER]])
    return by_x, dh, dc, *apart(of_stack, dh.shape[1], bias)


def _slopes(lanes: np.ndarray, squash: Squash, squash_gates: Squash) -> np.ndarray:
    """Return what the gradients of some steps are multiples of, for each step.

    Those of the sums of i, f and the candidate are multiples of that of the cell after
    the step; that of the sum of o, and the share of the cell's, of the hidden state's.

    Returns
    -------
    slopes : (steps, 5, batch, units): of i, f, o, the candidate, the cell
    """
    slopes = take((len(lanes), 5, *lanes.shape[2:]), lanes.dtype)
    of_gates, of_let = slopes[:, :3], slopes[:, 3:]
    squash_gates.slope(lanes[:, _GATES], of_gates)
    of_gates *= lanes[:, _LET]
    squash.slope(lanes[:, _CANDIDATE :: _SHOWN - _CANDIDATE], of_let)
    of_let *= lanes[:, 0:3:2]
    return slopes


def _turned(kernel: np.ndarray) -> np.ndarray:
    """Return the kernel transposed in memory too, its gates in the order of lanes."""
    units = kernel.shape[1] // 4
    return kernel.T.reshape(4, units, -1)[_ORDER].reshape(4 * units, -1)
