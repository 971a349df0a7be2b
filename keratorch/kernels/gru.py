"""Gated recurrent units over a whole sequence; `recurrent` says what goes where."""

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
    turned,
)
from keratorch.kernels.recurrent import (
    Rows,
    back_through,
    backwards,
    common_dtype,
    for_steps,
    stretches_of,
)
from keratorch.kernels.squashes import SQUASHES, Squash


class GruTape(NamedTuple):
    """What gated recurrent units computed."""

    rows: np.ndarray  # (time + 1, batch, units + 1 + features)
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
    keeps: bool = True,
) -> GruTape:
    """hidden[t + 1] = z * hidden[t] + (1 - z) * candidate.

    z, r, candidate = x[t] @ kernel + hidden[t] @ recurrent_kernel, each with its part
    of the bias, squashed: the candidate by tanh, the others by a sigmoid, or what
    stands for them.  In the candidate r multiplies the product of hidden[t], or already
    hidden[t] in it.  Unless `keeps`, the tape has the states alone: no way leads back.
    """
    squash, squash_gates = SQUASHES[activation], SQUASHES[recurrent_activation]
    units = h.shape[1]
    dtype = common_dtype(x, h, kernel, recurrent_kernel, bias)
    rows = rows_of(h, x, bias, dtype)
    hidden, inputs = rows[..., :units], rows[:-1, :, units:]
    stack, of_inner, of_inputs = _stacks(
        kernel, recurrent_kernel, bias, reset_after, dtype
    )
    stack *= squash_gates.scale
    states = rows[:-1, :, : len(of_inner)]
    gates = for_steps(len(x), (3, *h.shape), dtype, keeps)
    inner = for_steps(len(x), h.shape, dtype, keeps)
    drops, spare = drops_of_rows(drops, rows), np.empty(h.shape, dtype)
    of_gates, of_state = (
        (None, None) if drops is None else (drops[:2], drops[2, :, : len(of_inner)])
    )
    sequences = rows[:-1], hidden[:-1], hidden[1:], states, inputs, gates, inner
    for row, before, after, state, x_t, gate, within, skip in zip(
        *sequences, skipped, strict=True
    ):
        both, candidate = gate[:2], gate[2]
        reach(row, stack, of_gates, both)
        squash_gates.finish(both, both)
        np.matmul(x_t, of_inputs, out=candidate)
        if reset_after:
            reach(state, of_inner, of_state, within)
            np.multiply(gate[1], within, out=spare)
        else:
            np.multiply(gate[1], before, out=within)
            if of_state is not None:
                within *= of_state
            np.matmul(within, of_inner, out=spare)
        np.add(candidate, spare, out=candidate)
        squash.apply(candidate, candidate)
        np.subtract(before, candidate, out=spare)
        np.multiply(spare, gate[0], out=spare)
        np.add(spare, candidate, out=after)
        if skip is not None:
            after[skip] = before[skip]
    return GruTape(rows, hidden, gates, inner)


def _stacks(
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray | None,
    reset_after: bool,
    dtype: np.dtype,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what z and r multiply rows with, and for the candidate states and inputs.

    The bias of what r multiplies is stacked with the kernel of the states.
    """
    units = len(recurrent_kernel)
    of_input, of_state, of_both = bias, None, bias
    if reset_after and bias is not None:
        (of_input, of_state), of_both = bias, bias[0] + bias[1]
    stack = stacked(recurrent_kernel, of_both, kernel, dtype)
    of_states = stacked(recurrent_kernel, of_state, None, dtype)
    of_inputs = stacked(None, of_input, kernel, dtype)
    return (
        np.ascontiguousarray(gates_first(stack[:, : 2 * units], 2)),
        np.ascontiguousarray(of_states[:, 2 * units :]),
        np.ascontiguousarray(of_inputs[:, 2 * units :]),
    )


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
    rows, hidden, gates, inner = tape
    x, _, kernel, recurrent_kernel, bias = arguments
    squash, squash_gates = SQUASHES[activation], SQUASHES[recurrent_activation]
    outputs, grad_h = grads
    if outputs is None:
        outputs = [None] * len(x)
    units = grad_h.shape[1]
    dh, spare = grad_h.astype(hidden.dtype), np.empty(grad_h.shape, hidden.dtype)
    count = 3 + reset_after
    back = turned(recurrent_kernel)
    if not reset_after:
        back, back_inner = back[: 2 * units], back[2 * units :]
    of_gates = drops if reset_after or drops is None else drops[:2]
    of_inner = None if drops is None else drops[2:]
    cut = blocks_of(len(dh), back.size)
    spare_blocks, of_blocks = in_blocks(spare, cut), in_blocks(of_gates, cut)

    def walk(stretch: slice) -> np.ndarray:
        nonlocal dh
        by_sums = take((*inner[stretch].shape[:2], count * units), dh.dtype)
        steps = gates[stretch], hidden[:-1][stretch], inner[stretch]
        slopes = _slopes(*steps, squash, squash_gates, reset_after)
        outside = outputs[stretch], skipped[stretch], by_sums
        blocks = in_blocks(by_sums[..., units:], cut)
        for (z, r, _), slope, dy, skip, by_sum, by, block in backwards(
            gates[stretch], slopes, *outside, gates_first(by_sums, count), blocks
        ):
            if dy is not None:
                dh += dy
            if skip is not None:
                kept = dh[skip]
            if reset_after:
                slope *= dh
                dh *= z
            else:
                slope[:2] *= dh
                dh *= z
                by_reached(slope[0], back_inner, of_inner, spare)
                slope[2] *= spare
                dh += np.multiply(spare, r, out=spare)
            by[...] = slope
            if skip is not None:
                by_sum[skip] = 0
            by_reached(block, back, of_blocks, spare_blocks)
            dh += spare
            if skip is not None:
                dh[skip] = kept
        return by_sums

    by_x = take(x.shape, hidden.dtype) if wanted[0] else None
    back_x = turned(np.roll(kernel, units, axis=1))
    inputs, states = rows[..., units:], rows[..., : units + (bias is not None)]
    drops_of = drops_of_rows(of_gates, states)

    def products(stretch: slice, by_sums: np.ndarray) -> tuple:
        of_inputs = of_states = None
        by_inputs, by_states = by_sums[..., : 3 * units], by_sums[..., units:]
        if by_x is not None:
            by_projected(by_inputs, back_x, by_x[stretch])
        if wanted[2] or wanted[4]:
            of_inputs = by_kernel(inputs[stretch], by_inputs)
        if wanted[3] or (wanted[4] and reset_after):
            of_states = by_kernel(states[stretch], by_states, drops_of)
            if not reset_after:
                of_candidate = by_kernel(inner[stretch], by_sums[..., :units])
                of_states = np.hstack([of_states[:units], of_candidate])
        return of_inputs, of_states

    stretches = stretches_of(len(x), count * dh.size)
    of_inputs, of_states = back_through(stretches, walk, products)
    of_weights = _apart(of_inputs, of_states, units, bias)
    return by_x, dh, *of_weights


def _slopes(
    gates: np.ndarray,
    before: np.ndarray,
    inner: np.ndarray,
    squash: Squash,
    squash_gates: Squash,
    reset_after: bool,
) -> np.ndarray:
    """Return what the gradients of some steps are multiples of, for each step.

    They are multiples of that of the state after the step; but where r multiplies the
    state, and not its product, the one of r is of that of ``inner = r * before``.

    Returns
    -------
    slopes : (steps, 3, batch, units): of the sums of the candidate, z and r; and after
        a reset a fourth, of what the state projects
    """
    slopes = take((len(gates), 3 + reset_after, *gates.shape[2:]), gates.dtype)
    of_candidate, of_z, of_r = slopes[:, 0], slopes[:, 1], slopes[:, 2]
    z, r, candidate = gates[:, 0], gates[:, 1], gates[:, 2]
    spare = take(z.shape, z.dtype)
    squash.slope(candidate, of_candidate)
    of_candidate *= np.subtract(1, z, out=spare)
    squash_gates.slope(gates[:, :2], slopes[:, 1:3])
    of_z *= np.subtract(before, candidate, out=spare)
    if reset_after:
        of_r *= inner
        of_r *= of_candidate
        np.multiply(of_candidate, r, out=slopes[:, 3])
    else:
        of_r *= before
    return slopes


def _apart(
    of_inputs: np.ndarray | None, of_states: np.ndarray | None, units: int, bias: Any
) -> tuple[Any, Any, Any]:
    """Return the gradients of kernel, recurrent kernel and bias."""
    of_recurrent = None if of_states is None else of_states[:units]
    if of_inputs is None:
        return None, of_recurrent, None
    of_inputs = np.roll(of_inputs, -units, axis=1)
    if bias is None:
        return of_inputs, of_recurrent, None
    of_bias = of_inputs[0]
    if bias.ndim == 2 and of_states is not None:  # the states have one of their own
        of_bias = np.stack([of_bias, of_states[units]])
    return of_inputs[1:], of_recurrent, of_bias
