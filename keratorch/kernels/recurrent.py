"""Recurrences over whole sequences, and their way back through time.

Time comes first here, ``x : (time, batch, features)``, so that a step is one block of
memory.  Loops write into memory that is allocated before them.  On the way back they
compute what the step before waits for.  What waits for nothing is computed for a whole
stretch of steps at once: before it the slopes, of which the gradients are multiples,
and after it, maybe on another thread, the products that give the gradients of kernels
and inputs.

A forward function, `simple_rnn`, `lstm.lstm` or `gru.gru`, returns a tape, which holds
what the way back needs: the rows of `projections`; `hidden`, the part of them that is
the state before the first step and after each; the gates, and so on.  A ``_gradients``
function returns the gradient of each argument of its forward function, None for those
that are not wanted.  It takes the gradients of the outputs, ``(time, batch, units)`` or
None, and of the last states, ``(batch, units)``; the tape; the arguments, as its
forward function got them; and for each of these whether its gradient is wanted.

`skipped` are for each step the rows of the batch that it leaves as they are, or None.
`drops` are for each gate, ``(gates, batch, units)``, what the state is multiplied with
on its way there, as dropout wants it; None for nothing.

Samples do not meet, so that each part of a batch can go its whole way on a thread of
its own: `parts_of` says which.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from keratorch import threads
from keratorch.kernels.buffers import take
from keratorch.kernels.parts import added, chunks
from keratorch.kernels.projections import (
    by_kernel,
    by_projected,
    by_reached,
    drops_of_rows,
    reach,
    rows_of,
    stacked,
    turned,
)
from keratorch.kernels.squashes import SQUASHES

Rows = Sequence[np.ndarray | None]
_WORTH = 2**24  # products for which another thread is worth its while: some 200 us
# The same in one call of NumPy, between two of which threads of one interpreter wait
# for each other: with shorter calls, two threads take longer than one.
_AT_ONCE = 2**21
_AT_ONCE_GATED = 2**22  # where gates add short calls to the long one
_ROWS = 128  # of a part, where there are several
_FEWEST = 32  # or that it has at least where there are two
_STRETCH = 2**18  # numbers that the gates of some steps have: worth a product


def parts_of(batch: int, steps: int, products: int, gated: bool = False) -> list[slice]:
    """Return the parts of a batch that threads compute side by side.

    They depend on the shapes alone, so that the results do not depend on the threads.

    Parameters
    ----------
    products : numbers multiplied with numbers in the largest call of NumPy at each
        step, for one sample.
    gated : whether gates take many calls besides it.
    """
    count, at_once = 1, batch * products
    least = _AT_ONCE_GATED if gated else _AT_ONCE
    if at_once >= least and at_once * steps >= _WORTH:
        two = min(2, batch // _FEWEST)
        count = max(two, min(batch // _ROWS, at_once // least), 1)
    ends = [i * batch // count for i in range(count + 1)]
    return [slice(*pair) for pair in itertools.pairwise(ends)]


def for_steps(
    steps: int, shape: tuple[int, ...], dtype: Any, keeps: bool
) -> np.ndarray:
    """Return memory of a shape for each step; unless `keeps`, the same for all.

    The latter stays in the cache, and serves where nobody will go back.
    """
    if keeps:
        return take((steps, *shape), dtype)
    once = take(shape, dtype)
    return as_strided(once, (steps, *shape), (0, *once.strides))


def skipped_rows(mask: np.ndarray | None, steps: int) -> Rows:
    """Return for each step the rows where ``mask : (batch, time)`` is False."""
    if mask is None:
        return [None] * steps
    rows = [np.flatnonzero(~column) for column in mask.T]
    return [one if one.size else None for one in rows]


def stretches_of(steps: int, numbers: int) -> list[slice]:
    """Return stretches of time, the last one first.

    Parameters
    ----------
    numbers : that the gates of a step have.
    """
    length = max(1, _STRETCH // max(1, numbers))
    return [*chunks(slice(0, steps), length)][::-1] or [slice(0, 0)]


def back_through(
    stretches: Sequence[slice],
    walk: Callable[[slice], Any],
    products: Callable[[slice, Any], Sequence[np.ndarray | None]],
) -> list[Any]:
    """Walk back through time, and return the sums of the products of all stretches.

    A thread that is free follows the walk with the products.  Else they come after the
    walk of each stretch, while the cache holds it.

    Parameters
    ----------
    walk : function of a stretch, which returns what its products need.
    products : function of a stretch and of that, which returns arrays or None.
    """
    if len(stretches) == 1:
        return list(products(stretches[0], walk(stretches[0])))
    walked, followed = [threading.Event() for _ in stretches], threading.Event()
    locks = [threading.Lock() for _ in stretches]
    handed: list[Any] = [None] * len(stretches)
    found: list[Any] = [None] * len(stretches)

    def multiply(i: int) -> Sequence[np.ndarray | None]:
        with locks[i]:
            if found[i] is None:
                found[i] = products(stretches[i], handed[i])
                handed[i] = None  # its memory is used again by later walks
        return found[i]

    def walk_all() -> None:
        try:
            for i, stretch in enumerate(stretches):
                handed[i] = walk(stretch)
                walked[i].set()
                if not followed.is_set():
                    multiply(i)
        finally:  # after an error too, which must not leave others waiting
            for event in walked:
                event.set()

    def follow(i: int) -> Sequence[np.ndarray | None]:
        followed.set()
        walked[i].wait()
        return multiply(i)

    jobs: list[Callable[[], Any]] = [walk_all]
    jobs += [partial(follow, i) for i in range(len(stretches))]
    _, *sums = threads.run_products(lambda job: job(), jobs)
    return [added(each) for each in zip(*sums, strict=True)]


def backwards(*sequences: Any) -> Iterator[tuple]:
    """Return the items of each step together, the last step first."""
    return zip(*[each[::-1] for each in sequences], strict=True)


class SimpleRnnTape(NamedTuple):
    """What a simple recurrent network computed."""

    rows: np.ndarray  # (time + 1, batch, units + 1 + features)
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
    rows = rows_of(h, x, bias, dtype)
    hidden = rows[..., : h.shape[1]]
    stack = stacked(recurrent_kernel, bias, kernel, dtype)[np.newaxis]
    drops, sums = drops_of_rows(drops, rows), np.empty((1, *h.shape), dtype)
    for t, skip in enumerate(skipped):
        reach(rows[t], stack, drops, sums)
        squash.apply(sums[0], hidden[t + 1])
        if skip is not None:
            hidden[t + 1, skip] = hidden[t, skip]
    return SimpleRnnTape(rows, hidden)


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
    rows, hidden = tape
    x, _, kernel, recurrent_kernel, bias = arguments
    squash = SQUASHES[activation]
    outputs, grad_h = grads
    if outputs is None:
        outputs = [None] * len(x)
    dh = grad_h.astype(hidden.dtype)
    by_x = take(x.shape, hidden.dtype) if wanted[0] else None
    back, back_x = turned(recurrent_kernel), turned(kernel)
    wide_drops = drops_of_rows(drops, rows)

    def walk(stretch: slice) -> np.ndarray:
        nonlocal dh
        by_sums = take(hidden[1:][stretch].shape, hidden.dtype)
        steps = hidden[1:][stretch], outputs[stretch], skipped[stretch]
        for after, dy, skip, by_sum in backwards(*steps, by_sums):
            if dy is not None:
                dh += dy
            squash.slope(after, by_sum)
            by_sum *= dh
            if skip is not None:
                kept, by_sum[skip] = dh[skip], 0
            by_reached(by_sum, back, drops, dh)
            if skip is not None:
                dh[skip] = kept
        return by_sums

    def products(stretch: slice, by_sums: np.ndarray) -> tuple:
        if by_x is not None:
            by_projected(by_sums, back_x, by_x[stretch])
        if not any(wanted[2:]):
            return (None,)
        return (by_kernel(rows[stretch], by_sums, wide_drops),)

    (of_stack,) = back_through(stretches_of(len(skipped), dh.size), walk, products)
    return by_x, dh, *apart(of_stack, dh.shape[1], bias)


def common_dtype(*arrays: Any) -> np.dtype:
    """Return the dtype in which arrays are computed with, None left out."""
    return np.result_type(*[x for x in arrays if x is not None])


def apart(stack: np.ndarray | None, units: int, bias: Any) -> tuple[Any, Any, Any]:
    """Return kernel, recurrent kernel and bias, given them `stacked`, or None."""
    if stack is None:
        return None, None, None
    if bias is None:
        return stack[units:], stack[:units], None
    return stack[units + 1 :], stack[:units], stack[units]
