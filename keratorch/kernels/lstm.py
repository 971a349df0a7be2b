"""A long short-term memory over a whole sequence; `recurrent` says what goes where."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from keratorch.kernels.buffers import take
from keratorch.kernels.projections import (
    at_once,
    by_kernel,
    by_projected,
    by_reached,
    by_recurrent_kernel,
    gates_first,
    project,
    reach,
    turned,
    with_ones,
)
from keratorch.kernels.recurrent import Rows, apart, common_dtype, first_of
from keratorch.kernels.squashes import SQUASHES, four_gates


class LstmTape(NamedTuple):
    """What a long short-term memory computed."""

    inputs: np.ndarray  # (time, batch, features), with ones for the bias
    hidden: np.ndarray  # (time + 1, batch, units)
    cells: np.ndarray  # (time + 1, batch, units)
    gates: np.ndarray  # (time, 4, batch, units): i, f, candidate, o
    shown: np.ndarray  # (time, batch, units): the tanh of the cell after each step

    @property
    def last(self) -> tuple[np.ndarray, ...]:
        """The states after the last step."""
        return self.hidden[-1], self.cells[-1]


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
) -> LstmTape:
    """cells[t + 1] = f * cells[t] + i * candidate, hidden[t + 1] = o * tanh(of it).

    i, f, candidate, o = x[t] @ kernel + hidden[t] @ recurrent_kernel + bias, squashed:
    the candidate by tanh, the others by a sigmoid, or what stands for them.
    """
    dtype = common_dtype(x, h, c, kernel, recurrent_kernel, bias)
    squash = SQUASHES[activation]
    inputs = with_ones(x, bias, dtype)
    hidden, cells = first_of(h, len(x), dtype), first_of(c, len(x), dtype)
    projected, shown = project(inputs, kernel, bias), take(hidden[1:].shape, dtype)
    gates = take(gates_first(projected, 4).shape, dtype)
    sums, spare = take(projected.shape[1:], dtype), take(h.shape, dtype)
    blocks = gates_first(sums, 4)
    all_gates = four_gates(activation, recurrent_activation, gates[0])
    for t, rows in enumerate(skipped):
        before, after, cell, gate = hidden[t], hidden[t + 1], cells[t + 1], gates[t]
        reach(before, recurrent_kernel, drops, sums)
        sums += projected[t]
        all_gates.apply(blocks, gate)
        i, f, candidate, o = gate
        np.multiply(f, cells[t], out=cell)
        cell += np.multiply(i, candidate, out=spare)
        squash.apply(cell, shown[t])
        np.multiply(o, shown[t], out=after)
        if rows is not None:
            after[rows], cell[rows] = before[rows], cells[t][rows]
    return LstmTape(inputs, hidden, cells, gates, shown)


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
    inputs, hidden, cells, gates, shown = tape
    _, _, _, kernel, recurrent_kernel, bias = arguments
    squash = SQUASHES[activation]
    all_gates = four_gates(activation, recurrent_activation, gates[0])
    grad, *last = grads
    by_sums = take((*shown.shape[:2], kernel.shape[1]), gates.dtype)
    blocks = gates_first(by_sums, 4)
    dh, dc = [g.astype(hidden.dtype) for g in last]
    spare, d_gates, wide = np.empty_like(dh), *take((2, *gates.shape[1:]), dh.dtype)
    by_i, by_f, by_candidate, by_o = d_gates
    back = turned(recurrent_kernel)
    for t in reversed(range(len(skipped))):
        rows, gate, seen = skipped[t], gates[t], shown[t]
        i, f, candidate, o = gate
        if grad is not None:
            dh += grad[t]
        if rows is not None:
            kept = dh[rows], dc[rows]
        np.multiply(dh, seen, out=by_o)
        squash.slope(seen, spare)
        spare *= o
        spare *= dh
        dc += spare
        np.multiply(dc, candidate, out=by_i)
        np.multiply(dc, cells[t], out=by_f)
        np.multiply(dc, i, out=by_candidate)
        all_gates.by_sums(d_gates, gate, wide, blocks[t])
        dc *= f
        if rows is not None:
            by_sums[t][rows] = 0
        by_reached(by_sums[t], back, drops, dh)
        if rows is not None:
            dh[rows], dc[rows] = kept
    of_x, of_both, of_recurrent = at_once(
        hidden.size * kernel.shape[1],
        partial(by_projected, by_sums, kernel) if wanted[0] else None,
        partial(by_kernel, inputs, by_sums) if wanted[3] or wanted[5] else None,
        partial(by_recurrent_kernel, hidden[:-1], by_sums, drops)
        if wanted[4]
        else None,
    )
    of_kernel, of_bias = apart(of_both, bias)
    return of_x, dh, dc, of_kernel, of_recurrent, of_bias
