"""Recurrences over whole sequences, and their way back through time.

Time comes first here, ``x : (time, batch, features)``, so that a step is one block of
memory.  One matrix product projects the inputs of all steps before the loop, and one
adds up the gradient of each kernel after it.

A forward function returns a tape, which holds what the way back needs: `hidden`, the
state before the first step and after each, the gates, and so on.  A ``_gradients``
function returns the gradient of each argument of its forward function, None for those
that are not wanted.  It takes the gradients of the outputs, ``(time, batch, units)``,
and of the last states, ``(batch, units)``; the tape; the arguments, as its forward
function got them; and for each of these whether its gradient is wanted.

`skipped` are for each step the rows of the batch that it leaves as they are.  `drops`
are for each gate, ``(gates, batch, units)``, what the state is multiplied with on its
way there, as dropout wants it; None for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from keratorch.kernels.projections import (
    bias_gradient,
    by_kernel,
    by_projected,
    by_reached,
    by_recurrent_kernel,
    project,
    reach,
    split,
)
from keratorch.kernels.squashes import (
    SQUASHES,
    USUAL,
    per_gate,
    slopes,
    squash_all,
    squash_each,
)

Rows = Sequence[np.ndarray]


def skipped_rows(mask: np.ndarray | None, steps: int) -> Rows:
    """Return for each step the rows where ``mask : (batch, time)`` is False."""
    if mask is None:
        return [np.empty(0, np.intp)] * steps
    return [np.flatnonzero(~column) for column in mask.T]


class SimpleRnnTape(NamedTuple):
    """What a simple recurrent network computed."""

    hidden: np.ndarray  # (time + 1, batch, units)


def simple_rnn(
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray | None,
    skipped: Rows,
    activation: str = "tanh",
    drops: np.ndarray | None = None,
) -> SimpleRnnTape:
    """hidden[t + 1] = tanh(x[t] @ kernel + hidden[t] @ recurrent_kernel + bias).

    `activation` stands for tanh.
    """
    squash = SQUASHES[activation]
    dtype = _dtype(x, h, kernel, recurrent_kernel, bias)
    hidden = _states(h, len(x), dtype)
    projected = project(x, kernel, bias, dtype)
    for t, rows in enumerate(skipped):
        before, after = hidden[t], hidden[t + 1]
        reach(before, recurrent_kernel, drops, after)
        after += projected[t]
        squash.apply(after, after)
        after[rows] = before[rows]
    return SimpleRnnTape(hidden)


def simple_rnn_gradients(
    grads: Sequence[np.ndarray],
    tape: SimpleRnnTape,
    arguments: Sequence[Any],
    wanted: Sequence[bool],
    skipped: Rows,
    activation: str = "tanh",
    drops: np.ndarray | None = None,
) -> tuple:
    """Return the gradients of x, h, kernel, recurrent_kernel and bias."""
    (hidden,) = tape
    squash = SQUASHES[activation]
    x, _, kernel, recurrent_kernel, _ = arguments
    grad, grad_h = grads
    by_z = np.empty_like(hidden[1:])
    dh = grad_h.astype(hidden.dtype)
    for t in reversed(range(len(x))):
        rows, z = skipped[t], by_z[t]
        dh += grad[t]
        kept = dh[rows]
        squash.slope(hidden[t + 1], z)
        z *= dh
        z[rows] = 0
        by_reached(z, recurrent_kernel, drops, dh)
        dh[rows] = kept
    return (
        by_projected(by_z, kernel) if wanted[0] else None,
        dh,
        by_kernel(x, by_z) if wanted[2] else None,
        by_recurrent_kernel(hidden[:-1], by_z, drops) if wanted[3] else None,
        bias_gradient(by_z) if wanted[4] else None,
    )


class LstmTape(NamedTuple):
    """What a long short-term memory computed."""

    hidden: np.ndarray  # (time + 1, batch, units)
    cells: np.ndarray  # (time + 1, batch, units)
    gates: np.ndarray  # (time, batch, 4 * units): i, f, candidate, o


def lstm(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray | None,
    skipped: Rows,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
    drops: np.ndarray | None = None,
) -> LstmTape:
    """cells[t + 1] = f * cells[t] + i * candidate, hidden[t + 1] = o * tanh(of it).

    i, f, candidate, o = x[t] @ kernel + hidden[t] @ recurrent_kernel + bias, squashed:
    the candidate by tanh, the others by a sigmoid, or what stands for them.
    """
    squash, usual = SQUASHES[activation], (activation, recurrent_activation) == USUAL
    dtype = _dtype(x, h, c, kernel, recurrent_kernel, bias)
    hidden, cells = _states(h, len(x), dtype), _states(c, len(x), dtype)
    gates = project(x, kernel, bias, dtype)
    z, spare = np.empty(gates.shape[1:], dtype), np.empty(h.shape, dtype)
    slope = per_gate([0.5, 0.5, 1, 0.5], spare)
    start = per_gate([0.5, 0.5, 0, 0.5], spare)
    for t, rows in enumerate(skipped):
        before, after, cell, gate = hidden[t], hidden[t + 1], cells[t + 1], gates[t]
        gate += reach(before, recurrent_kernel, drops, z)
        if usual:
            squash_all(gate, slope, start)
        else:
            squash_each(gate, activation, recurrent_activation)
        i, f, candidate, o = split(gate, 4)
        np.multiply(f, cells[t], out=cell)
        cell += np.multiply(i, candidate, out=spare)
        squash.apply(cell, spare)
        np.multiply(o, spare, out=after)
        after[rows], cell[rows] = before[rows], cells[t][rows]
    return LstmTape(hidden, cells, gates)


def lstm_gradients(
    grads: Sequence[np.ndarray],
    tape: LstmTape,
    arguments: Sequence[Any],
    wanted: Sequence[bool],
    skipped: Rows,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
    drops: np.ndarray | None = None,
) -> tuple:
    """Return the gradients of x, h, c, kernel, recurrent_kernel and bias."""
    squash, usual = SQUASHES[activation], (activation, recurrent_activation) == USUAL
    hidden, cells, gates = tape
    x, _, _, kernel, recurrent_kernel, _ = arguments
    grad, *last = grads
    by_z = np.empty_like(gates)
    dh, dc = [g.astype(hidden.dtype) for g in last]
    spare, more = np.empty_like(dh), np.empty_like(dh)
    wide = np.empty(gates.shape[1:], gates.dtype)
    # sigmoid' = (y + 0) * (1 - y), tanh' = (y + 1) * (1 - y)
    shift = per_gate([0, 0, 1, 0], dh)
    for t in reversed(range(len(x))):
        rows, z = skipped[t], by_z[t]
        i, f, candidate, o = split(gates[t], 4)
        by_i, by_f, by_candidate, by_o = split(z, 4)
        dh += grad[t]
        kept = dh[rows], dc[rows]
        squash.apply(cells[t + 1], spare)
        np.multiply(dh, spare, out=by_o)
        squash.slope(spare, more)
        more *= o
        more *= dh
        dc += more
        np.multiply(dc, candidate, out=by_i)
        np.multiply(dc, cells[t], out=by_f)
        np.multiply(dc, i, out=by_candidate)
        if usual:
            z *= np.add(gates[t], shift, out=wide)
            z *= np.subtract(1, gates[t], out=wide)
        else:
            z *= slopes(gates[t], activation, recurrent_activation, wide)
        z[rows] = 0
        dc *= f
        by_reached(z, recurrent_kernel, drops, dh)
        dh[rows], dc[rows] = kept
    return (
        by_projected(by_z, kernel) if wanted[0] else None,
        dh,
        dc,
        by_kernel(x, by_z) if wanted[3] else None,
        by_recurrent_kernel(hidden[:-1], by_z, drops) if wanted[4] else None,
        bias_gradient(by_z) if wanted[5] else None,
    )


class GruTape(NamedTuple):
    """What gated recurrent units computed."""

    hidden: np.ndarray  # (time + 1, batch, units)
    gates: np.ndarray  # (time, batch, 3 * units): z, r, candidate
    inner: np.ndarray  # (time, batch, units): what r multiplies, or r * hidden[t]


def gru(
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray | None,
    skipped: Rows,
    reset_after: bool,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
    drops: np.ndarray | None = None,
) -> GruTape:
    """hidden[t + 1] = z * hidden[t] + (1 - z) * candidate.

    z, r, candidate = x[t] @ kernel + hidden[t] @ recurrent_kernel, each with its part
    of the bias, squashed: the candidate by tanh, the others by a sigmoid, or what
    stands for them.  In the candidate r multiplies the product of hidden[t], or already
    hidden[t] in it.
    """
    squash, squash_gates = SQUASHES[activation], SQUASHES[recurrent_activation]
    units = h.shape[1]
    dtype = _dtype(x, h, kernel, recurrent_kernel, bias)
    hidden = _states(h, len(x), dtype)
    inner = np.empty_like(hidden[1:])
    biases = _both(bias) if reset_after else (bias, None)
    gates = project(x, kernel, biases[0], dtype)
    of_gates, of_candidate = np.hsplit(recurrent_kernel, [2 * units])
    reaching = recurrent_kernel if reset_after else of_gates
    of_reaching = drops if reset_after or drops is None else drops[:2]
    projected = np.empty((len(h), reaching.shape[1]), dtype)
    spare = np.empty_like(hidden[0])
    for t, rows in enumerate(skipped):
        before, after = hidden[t], hidden[t + 1]
        z, r, candidate = split(gates[t], 3)
        reach(before, reaching, of_reaching, projected)
        if biases[1] is not None:
            projected += biases[1]
        both = gates[t][:, : 2 * units]
        both += projected[:, : 2 * units]
        squash_gates.apply(both, both)
        if reset_after:
            inner[t] = projected[:, 2 * units :]
            candidate += np.multiply(r, inner[t], out=spare)
        else:
            np.multiply(r, before, out=inner[t])
            if drops is not None:
                inner[t] *= drops[2]
            candidate += np.matmul(inner[t], of_candidate, out=spare)
        squash.apply(candidate, candidate)
        np.subtract(before, candidate, out=after)
        after *= z
        after += candidate
        after[rows] = before[rows]
    return GruTape(hidden, gates, inner)


def gru_gradients(
    grads: Sequence[np.ndarray],
    tape: GruTape,
    arguments: Sequence[Any],
    wanted: Sequence[bool],
    skipped: Rows,
    reset_after: bool,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
    drops: np.ndarray | None = None,
) -> tuple:
    """Return the gradients of x, h, kernel, recurrent_kernel and bias."""
    squash, squash_gates = SQUASHES[activation], SQUASHES[recurrent_activation]
    hidden, gates, inner = tape
    x, _, kernel, recurrent_kernel, _ = arguments
    grad, grad_h = grads
    units = grad_h.shape[1]
    of_gates, of_candidate = np.hsplit(recurrent_kernel, [2 * units])
    by_x = np.empty_like(gates)
    by_h = np.empty_like(gates) if reset_after else by_x  # of the two projections
    of_two = None if drops is None else drops[:2]
    dh = grad_h.astype(hidden.dtype)
    spare, more = np.empty_like(dh), np.empty_like(dh)
    wide = np.empty((len(dh), 2 * units), dh.dtype)
    for t in reversed(range(len(x))):
        rows = skipped[t]
        z, r, candidate = split(gates[t], 3)
        by_z, by_r, by_candidate = split(by_x[t], 3)
        both, by_both = gates[t][:, : 2 * units], by_x[t][:, : 2 * units]
        dh += grad[t]
        kept = dh[rows]
        np.subtract(1, z, out=by_candidate)
        by_candidate *= dh
        squash.slope(candidate, spare)
        by_candidate *= spare
        np.subtract(hidden[t], candidate, out=by_z)
        by_z *= dh
        if reset_after:
            np.multiply(by_candidate, inner[t], out=by_r)
        else:
            np.matmul(by_candidate, of_candidate.T, out=spare)
            if drops is not None:
                spare *= drops[2]
            np.multiply(spare, hidden[t], out=by_r)
        squash_gates.slope(both, wide)
        by_both *= wide
        by_x[t][rows] = 0
        dh *= z
        if reset_after:
            by_h[t] = by_x[t]
            by_h[t][:, 2 * units :] *= r
            dh += by_reached(by_h[t], recurrent_kernel, drops, more)
        else:
            spare *= r
            dh += spare
            dh += by_reached(by_both, of_gates, of_two, more)
        dh[rows] = kept
    by_recurrent, by_bias = None, None
    if wanted[3] and reset_after:
        by_recurrent = by_recurrent_kernel(hidden[:-1], by_h, drops)
    elif wanted[3]:
        by_two = by_x[..., : 2 * units]
        of_gates = by_recurrent_kernel(hidden[:-1], by_two, of_two)
        of_candidate = by_kernel(inner, by_x[..., 2 * units :])
        by_recurrent = np.hstack([of_gates, of_candidate])
    if wanted[4]:
        by_bias = bias_gradient(by_x)
        by_bias = np.stack([by_bias, bias_gradient(by_h)]) if reset_after else by_bias
    return (
        by_projected(by_x, kernel) if wanted[0] else None,
        dh,
        by_kernel(x, by_x) if wanted[2] else None,
        by_recurrent,
        by_bias,
    )


def _dtype(*arrays: Any) -> np.dtype:
    return np.result_type(*[x for x in arrays if x is not None])


def _states(first: np.ndarray, steps: int, dtype: np.dtype) -> np.ndarray:
    """Return memory for a state before and after each step, the first filled in."""
    states = np.empty((steps + 1, *first.shape), dtype)
    states[0] = first
    return states


def _both(bias: np.ndarray | None) -> Sequence[Any]:
    """Return the biases of the inputs and of the state, ``bias : (2, 3 * units)``."""
    return (None, None) if bias is None else (bias[0], bias[1])
