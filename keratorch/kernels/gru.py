"""Gated recurrent units over a whole sequence; `recurrent` says what goes where."""

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
from keratorch.kernels.squashes import SQUASHES


class GruTape(NamedTuple):
    """What gated recurrent units computed."""

    inputs: np.ndarray  # (time, batch, features), with ones for the bias
    hidden: np.ndarray  # (time + 1, batch, units)
    gates: np.ndarray  # (time, 3, batch, units): z, r, candidate
    inner: np.ndarray  # (time, batch, units): what r multiplies, or r * hidden[t]

    @property
    def last(self) -> tuple[np.ndarray, ...]:
        """The state after the last step."""
        return (self.hidden[-1],)


def gru(
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray | None,
    skipped: Rows,
    drops: np.ndarray | None = None,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
    reset_after: bool = True,
) -> GruTape:
    """hidden[t + 1] = z * hidden[t] + (1 - z) * candidate.

    z, r, candidate = x[t] @ kernel + hidden[t] @ recurrent_kernel, each with its part
    of the bias, squashed: the candidate by tanh, the others by a sigmoid, or what
    stands for them.  In the candidate r multiplies the product of hidden[t], or already
    hidden[t] in it.
    """
    squash, squash_gates = SQUASHES[activation], SQUASHES[recurrent_activation]
    units = h.shape[1]
    dtype = common_dtype(x, h, kernel, recurrent_kernel, bias)
    bias, of_inner = _biases(bias, units, reset_after)
    inputs, hidden = with_ones(x, bias, dtype), first_of(h, len(x), dtype)
    projected, inner = project(inputs, kernel, bias), take(hidden[1:].shape, dtype)
    of_candidates = gates_first(projected, 3)[:, 2]
    gates = take((len(x), 3, *h.shape), dtype)
    of_gates, of_candidate = np.hsplit(recurrent_kernel, [2 * units])
    reaching = recurrent_kernel if reset_after else of_gates
    drops_of = drops if reset_after or drops is None else drops[:2]
    product = take((len(h), reaching.shape[1]), dtype)
    reached = gates_first(product, 3 if reset_after else 2)
    sums, spare = product[:, : 2 * units], np.empty_like(hidden[0])
    for t, rows in enumerate(skipped):
        before, after, within, gate = hidden[t], hidden[t + 1], inner[t], gates[t]
        both, (z, r, candidate) = gate[:2], gate
        reach(before, reaching, drops_of, product)
        sums += projected[t, :, : 2 * units]
        squash_gates.apply(reached[:2], both)
        if reset_after:
            np.add(reached[2], of_inner, out=within)
            np.multiply(r, within, out=spare)
        else:
            np.multiply(r, before, out=within)
            if drops is not None:
                within *= drops[2]
            np.matmul(within, of_candidate, out=spare)
        np.add(of_candidates[t], spare, out=candidate)
        squash.apply(candidate, candidate)
        np.subtract(before, candidate, out=after)
        after *= z
        after += candidate
        if rows is not None:
            after[rows] = before[rows]
    return GruTape(inputs, hidden, gates, inner)


def gru_gradients(
    grads: Sequence[Any],
    tape: GruTape,
    arguments: Sequence[Any],
    wanted: Sequence[bool],
    skipped: Rows,
    drops: np.ndarray | None = None,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
    reset_after: bool = True,
) -> tuple:
    """Return the gradients of x, h, kernel, recurrent_kernel and bias."""
    squash, squash_gates = SQUASHES[activation], SQUASHES[recurrent_activation]
    _, hidden, gates, inner = tape
    recurrent_kernel = arguments[3]
    grad, grad_h = grads
    units = grad_h.shape[1]
    of_gates, of_candidate = np.hsplit(recurrent_kernel, [2 * units])
    # of the candidate, of z and r, and after a reset of what the state projects
    width = (3 + reset_after) * units
    by_sums = take((*inner.shape[:2], width), hidden.dtype)
    blocks = gates_first(by_sums, 3 + reset_after)
    by_state = by_sums[..., units:]
    back = turned(recurrent_kernel if reset_after else of_gates)
    drops_of = drops if reset_after or drops is None else drops[:2]
    dh = grad_h.astype(hidden.dtype)
    spare, by_candidate = take((2, *dh.shape), dh.dtype)
    by_both, wide = take((2, 2, *dh.shape), dh.dtype)
    for t in reversed(range(len(skipped))):
        rows, within, gate, block = skipped[t], inner[t], gates[t], blocks[t]
        z, r, candidate = gate
        if grad is not None:
            dh += grad[t]
        if rows is not None:
            kept = dh[rows]
        np.subtract(1, z, out=by_candidate)
        by_candidate *= dh
        squash.slope(candidate, spare)
        by_candidate *= spare
        np.subtract(hidden[t], candidate, out=by_both[0])
        by_both[0] *= dh
        dh *= z
        if reset_after:
            np.multiply(by_candidate, within, out=by_both[1])
            np.multiply(by_candidate, r, out=block[3])
        else:
            np.matmul(by_candidate, of_candidate.T, out=spare)
            if drops is not None:
                spare *= drops[2]
            np.multiply(spare, hidden[t], out=by_both[1])
            spare *= r
            dh += spare
        squash_gates.slope(gate[:2], wide)
        np.multiply(by_both, wide, out=block[1:3])
        block[0] = by_candidate
        if rows is not None:
            by_sums[t][rows] = 0
        dh += by_reached(by_state[t], back, drops_of, spare)
        if rows is not None:
            dh[rows] = kept
    return _of_arguments(dh, by_sums, tape, arguments, wanted, drops, reset_after)


def _of_arguments(
    dh: np.ndarray,
    by_sums: np.ndarray,
    tape: GruTape,
    arguments: Sequence[Any],
    wanted: Sequence[bool],
    drops: np.ndarray | None,
    reset_after: bool,
) -> tuple:
    """Return the gradients, given those of what was squashed at all steps."""
    inputs, hidden = tape[:2]
    _, _, kernel, _, bias = arguments
    units = dh.shape[1]
    by_input = by_sums[..., : 3 * units]
    of_x, of_both, of_recurrent = at_once(
        hidden.size * kernel.shape[1],
        partial(by_projected, by_input, np.roll(kernel, units, axis=1))
        if wanted[0]
        else None,
        partial(by_kernel, inputs, by_input) if wanted[2] or wanted[4] else None,
        partial(_of_recurrent_kernel, by_sums, tape, drops, reset_after)
        if wanted[3]
        else None,
    )
    if of_both is not None:
        of_both = np.roll(of_both, -units, axis=1)
    of_kernel, of_bias = apart(of_both, bias)
    if wanted[4] and reset_after:
        of_inner = by_sums[..., 3 * units :].sum(axis=(0, 1))
        of_bias = np.stack([of_bias, np.append(of_bias[: 2 * units], of_inner)])
    return of_x, dh, of_kernel, of_recurrent, of_bias


def _of_recurrent_kernel(
    by_sums: np.ndarray, tape: GruTape, drops: np.ndarray | None, reset_after: bool
) -> np.ndarray:
    """Return the gradient of the recurrent kernel, given those of what was squashed."""
    before, units = tape.hidden[:-1], tape.hidden.shape[-1]
    by_state = by_sums[..., units:]
    if reset_after:
        return by_recurrent_kernel(before, by_state, drops)
    of_two = None if drops is None else drops[:2]
    of_gates = by_recurrent_kernel(before, by_state, of_two)
    return np.hstack([of_gates, by_kernel(tape.inner, by_sums[..., :units])])


def _biases(bias: Any, units: int, reset_after: bool) -> tuple[Any, Any]:
    """Return the bias of the inputs, and that of what r multiplies.

    For z and r the inputs' bias holds the state's too.
    """
    if bias is None or not reset_after:
        return bias, 0
    of_input = bias[0].copy()
    of_input[: 2 * units] += bias[1][: 2 * units]
    return of_input, bias[1][2 * units :]
