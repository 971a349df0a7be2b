"""Recurrences over whole sequences, and their way back through time.

Time comes first here, ``x : (time, batch, features)``, so that a step is one block of
memory.  One matrix product projects the inputs of all steps before the loop, and one
adds up the gradient of each kernel after it.  Loops write into memory that is allocated
before them.

A forward function, `simple_rnn`, `lstm.lstm` or `gru.gru`, returns a tape, which holds
what the way back needs: the inputs; `hidden`, the state before the first step and after
each; the gates, and so on.  A ``_gradients`` function returns the gradient of each
argument of its forward function, None for those that are not wanted.  It takes the
gradients of the outputs, ``(time, batch, units)`` or None, and of the last states,
``(batch, units)``; the tape; the arguments, as its forward function got them; and for
each of these whether its gradient is wanted.

`skipped` are for each step the rows of the batch that it leaves as they are, or None.
`drops` are for each gate, ``(gates, batch, units)``, what the state is multiplied with
on its way there, as dropout wants it; None for nothing.

Samples do not meet, so that each part of a batch can go its whole way on a thread of
its own: `parts_of` says which.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from keratorch.kernels.buffers import take
from keratorch.kernels.projections import (
    WORTH,
    at_once,
    by_kernel,
    by_projected,
    by_reached,
    by_recurrent_kernel,
    project,
    reach,
    turned,
    with_ones,
)
from keratorch.kernels.squashes import SQUASHES

Rows = Sequence[np.ndarray | None]
_ROWS = 64  # of a part: its steps then take much longer than to call for them
_FEWEST = 32  # the same, where the batch would be one part otherwise


def parts_of(batch: int, products: int) -> list[slice]:
    """Return the parts of a batch that threads compute side by side.

    They depend on the shapes alone, so that the results do not depend on the threads.

    Parameters
    ----------
    products : that the whole batch takes: numbers multiplied with numbers.
    """
    count = 1
    if products >= 2 * WORTH:
        count = max(min(2, batch // _FEWEST), batch // _ROWS, 1)
    ends = [i * batch // count for i in range(count + 1)]
    return [slice(*pair) for pair in itertools.pairwise(ends)]


def skipped_rows(mask: np.ndarray | None, steps: int) -> Rows:
    """Return for each step the rows where ``mask : (batch, time)`` is False."""
    if mask is None:
        return [None] * steps
    rows = [np.flatnonzero(~column) for column in mask.T]
    return [one if one.size else None for one in rows]


class SimpleRnnTape(NamedTuple):
    """What a simple recurrent network computed."""

    inputs: np.ndarray  # (time, batch, features), with ones for the bias
    hidden: np.ndarray  # (time + 1, batch, units)

    @property
    def last(self) -> tuple[np.ndarray, ...]:
        """The states after the last step."""
        return (self.hidden[-1],)


def simple_rnn(
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray | None,
    skipped: Rows,
    drops: np.ndarray | None = None,
    activation: str = "tanh",
) -> SimpleRnnTape:
    """hidden[t + 1] = tanh(x[t] @ kernel + hidden[t] @ recurrent_kernel + bias).

    `activation` stands for tanh.
    """
    squash = SQUASHES[activation]
    dtype = common_dtype(x, h, kernel, recurrent_kernel, bias)
    inputs, hidden = with_ones(x, bias, dtype), first_of(h, len(x), dtype)
    projected = project(inputs, kernel, bias)
    for t, rows in enumerate(skipped):
        before, after = hidden[t], hidden[t + 1]
        reach(before, recurrent_kernel, drops, after)
        after += projected[t]
        squash.apply(after, after)
        if rows is not None:
            after[rows] = before[rows]
    return SimpleRnnTape(inputs, hidden)


def simple_rnn_gradients(
    grads: Sequence[Any],
    tape: SimpleRnnTape,
    arguments: Sequence[Any],
    wanted: Sequence[bool],
    skipped: Rows,
    drops: np.ndarray | None = None,
    activation: str = "tanh",
) -> tuple:
    """Return the gradients of x, h, kernel, recurrent_kernel and bias."""
    inputs, hidden = tape
    squash = SQUASHES[activation]
    _, _, kernel, recurrent_kernel, bias = arguments
    grad, grad_h = grads
    by_sums = take(hidden[1:].shape, hidden.dtype)
    dh = grad_h.astype(hidden.dtype)
    back = turned(recurrent_kernel)
    for t in reversed(range(len(skipped))):
        rows, by_sum = skipped[t], by_sums[t]
        if grad is not None:
            dh += grad[t]
        squash.slope(hidden[t + 1], by_sum)
        by_sum *= dh
        if rows is not None:
            kept, by_sum[rows] = dh[rows], 0
        by_reached(by_sum, back, drops, dh)
        if rows is not None:
            dh[rows] = kept
    of_x, of_both, of_recurrent = at_once(
        hidden.size * kernel.shape[1],
        partial(by_projected, by_sums, kernel) if wanted[0] else None,
        partial(by_kernel, inputs, by_sums) if wanted[2] or wanted[4] else None,
        partial(by_recurrent_kernel, hidden[:-1], by_sums, drops)
        if wanted[3]
        else None,
    )
    of_kernel, of_bias = apart(of_both, bias)
    return of_x, dh, of_kernel, of_recurrent, of_bias


def common_dtype(*arrays: Any) -> np.dtype:
    """Return the dtype in which arrays are computed with, None left out."""
    return np.result_type(*[x for x in arrays if x is not None])


def first_of(state: np.ndarray, steps: int, dtype: np.dtype) -> np.ndarray:
    """Return memory for a state before and after each step, the first filled in."""
    states = take((steps + 1, *state.shape), dtype)
    states[0] = state
    return states


def apart(both: np.ndarray | None, bias: np.ndarray | None) -> tuple[Any, Any]:
    """Return the gradients of kernel and bias, given one above the other, or None."""
    return (both, None) if bias is None or both is None else (both[:-1], both[-1])
