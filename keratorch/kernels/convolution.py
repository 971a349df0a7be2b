"""Convolution, and the two products that are its gradients.

The sum over all elements of ``conv(x, kernel) * grad`` is linear in x, in kernel and in
grad.  The first three functions here are its derivatives by each of them:

    conv             by grad      (batch, *counts, filters)
    input_gradient   by x         (batch, *lengths, channels)
    kernel_gradient  by kernel    (*size, channels / groups, filters)

`gradients` and `transposed_gradients` compute the latter two, and the gradient of a
bias, in one pass over the images.

Filters and channels fall into as many groups, of equal size, as channels are to
``channels / groups``.  The batch is cut into parts for the threads, these into chunks
of images that fit a cache; `products` and `spreading` say what is done with a chunk.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from keratorch.kernels.buffers import take
from keratorch.kernels.parts import MOVE, added, chunks, fitting, over_batch
from keratorch.kernels.products import kernel_product, product
from keratorch.kernels.spreading import spreading
from keratorch.kernels.squashes import rectify
from keratorch.kernels.windows import Windows


class Finish(NamedTuple):
    """What follows a convolution: max(out + bias, 0), or less than that."""

    bias: np.ndarray | None = None
    relu: bool = False

    def __call__(self, out: np.ndarray) -> None:
        """Write into images, (batch, *counts, filters), that are in the cache."""
        if self.bias is not None:
            # a line of images at once: loops over a few filters would be short
            lines = out.reshape(-1, out.shape[-2] * out.shape[-1])
            lines += np.tile(self.bias, out.shape[-2])
        if self.relu:
            rectify(out, out)


NOTHING = Finish()


def conv(
    x: np.ndarray, kernel: np.ndarray, windows: Windows, finish: Finish = NOTHING
) -> np.ndarray:
    """Return for each window and filter the sum of window times filter.

    Parameters
    ----------
    x : (batch, *lengths, channels)
    kernel : (*size, channels / groups, filters)

    Returns
    -------
    out : (batch, *counts, filters)
    """
    shape = len(x), *windows.counts(x.shape[1:-1]), kernel.shape[-1]
    plan = product(kernel, windows, x.shape)
    out = take(shape, np.result_type(x, kernel))
    _fill(out, plan, x, _work(out, kernel.shape), finish)
    return out


def input_gradient(
    grad: np.ndarray,
    kernel: np.ndarray,
    windows: Windows,
    shape: tuple[int, ...],
    finish: Finish = NOTHING,
) -> np.ndarray:
    """Return each window's kernel, weighted by grad, added up where the window lies.

    Parameters
    ----------
    grad : (batch, *counts, filters)
    kernel : (*size, channels / groups, filters)
    shape : of the result, (batch, *lengths, channels)

    Raises
    ------
    ValueError : grad does not hold a number for each window and filter.
    """
    expected = shape[0], *windows.counts(shape[1:-1]), kernel.shape[-1]
    if grad.shape != expected:
        raise ValueError(
            f"grad must have the shape {expected} of the convolution of images of "
            f"shape {shape}; received shape {grad.shape}."
        )
    plan = spreading(kernel, windows, shape)
    out = take(shape, np.result_type(grad, kernel))
    _fill(out, plan, grad, _work(grad, kernel.shape), finish)
    return out


def kernel_gradient(
    x: np.ndarray, grad: np.ndarray, windows: Windows, shape: tuple[int, ...]
) -> np.ndarray:
    """Return the sum of all windows, each times its element of grad.

    Parameters
    ----------
    x : (batch, *lengths, channels)
    grad : (batch, *counts, filters)
    shape : of the result, (*size, channels / groups, filters)
    """
    plan = kernel_product(shape, windows, x.shape)

    def compute(part: slice) -> Any:
        each = chunks(part, plan.step)
        return added(plan.of(x[i], np.ascontiguousarray(grad[i])) for i in each)

    totals = over_batch(compute, len(x), _work(grad, shape), plan.step)
    return _kernel(plan, totals, shape, np.result_type(x, grad))


def gradients(
    x: np.ndarray,
    kernel: np.ndarray,
    grad: np.ndarray,
    windows: Windows,
    wanted: tuple[bool, bool, bool] = (True, True, True),
    out: np.ndarray | None = None,
) -> tuple:
    """Return the gradients of a convolution by x, kernel and bias.

    Parameters
    ----------
    x, kernel : those of `conv`
    grad : (batch, *counts, filters), the gradient of the result
    wanted : of the three, None stands for the others
    out : the result, if relu ended it: then grad counts only where that is positive
    """
    by_x, by_kernel, _ = wanted
    spread = spreading(kernel, windows, x.shape) if by_x else None
    sum_up = kernel_product(kernel.shape, windows, x.shape) if by_kernel else None
    plans = spread, sum_up
    return _gradients(x, kernel, grad, plans, wanted[2], out, transposed=False)


def transposed_gradients(
    y: np.ndarray,
    kernel: np.ndarray,
    grad: np.ndarray,
    windows: Windows,
    wanted: tuple[bool, bool, bool] = (True, True, True),
    out: np.ndarray | None = None,
) -> tuple:
    """Return the gradients of a transposed convolution by y, kernel and bias.

    Parameters
    ----------
    y : (batch, *counts, filters), what `input_gradient` takes as its grad
    grad : (batch, *lengths, channels), the gradient of what that returned

    The others are those of `gradients`.
    """
    by_y, by_kernel, _ = wanted
    gather = product(kernel, windows, grad.shape) if by_y else None
    sum_up = kernel_product(kernel.shape, windows, grad.shape) if by_kernel else None
    plans = gather, sum_up
    return _gradients(y, kernel, grad, plans, wanted[2], out, transposed=True)


def _fill(
    out: np.ndarray, plan: Any, source: np.ndarray, work: int, finish: Finish
) -> None:
    """Let a plan make images of others, chunk after chunk."""

    def compute(part: slice) -> None:
        for some in chunks(part, plan.step):
            plan(source[some], out[some])
            finish(out[some])

    over_batch(compute, len(out), work, plan.step)


def _gradients(
    source: np.ndarray,
    kernel: np.ndarray,
    grad: np.ndarray,
    plans: tuple[Any, Any],
    by_bias: bool,
    out: np.ndarray | None,
    transposed: bool,
) -> tuple:
    back, sum_up = plans
    step = min([plan.step for plan in plans if plan] or [fitting(grad[:1].size)])
    dtype = np.result_type(source, grad)
    by_source: Any = None if back is None else take(source.shape, dtype)

    def compute(part: slice) -> list[Any]:
        total = [None, None]
        for some in chunks(part, step):
            g = _masked(grad, out, some)
            if sum_up is not None:
                pair = (g, source[some]) if transposed else (source[some], g)
                total[0] = added((total[0], sum_up.of(*pair)))
            if by_bias:
                total[1] = added((total[1], _summed(g)))
            if back is not None:
                back(g, by_source[some])
        return total

    counted = source if transposed else grad
    work = 2 * _work(counted, kernel.shape)
    parts = over_batch(compute, len(grad), work, step)
    kernels, biases = zip(*parts, strict=True)
    by_kernel = sum_up and _kernel(sum_up, kernels, kernel.shape, dtype)
    if len(grad) or not by_bias:
        return by_source, by_kernel, added(biases)
    return by_source, by_kernel, np.zeros(grad.shape[-1], grad.dtype)


def _masked(grad: np.ndarray, out: np.ndarray | None, some: slice) -> np.ndarray:
    """Return a chunk of a gradient, zero where relu was."""
    if out is None:
        return np.ascontiguousarray(grad[some])
    g = grad[some]
    alive = np.greater(out[some], 0, out=take(g.shape, g.dtype))
    return np.multiply(g, alive, out=alive)


def _summed(g: np.ndarray) -> np.ndarray:
    """Return the sum over all places, as a product: faster than a sum along columns."""
    rows = g.reshape(-1, g.shape[-1])
    return np.ones(len(rows), g.dtype) @ rows


def _kernel(
    plan: Any, totals: Iterable[Any], shape: tuple[int, ...], dtype: Any
) -> np.ndarray:
    total = added(totals)
    return np.zeros(shape, dtype) if total is None else plan.kernel(total)


def _work(grad: np.ndarray, shape: tuple[int, ...]) -> int:
    """Return what an image costs: products, and the numbers that are moved."""
    places = math.prod(grad.shape[1:-1])
    return places * (math.prod(shape) + MOVE * (math.prod(shape[:-1]) + shape[-1]))
