"""Scaled dot-product attention, a few heads at a time, so that fits stay in the cache.

Arrays are (..., places, size) here, with any leading axes, those of batch and heads
among them, and in any layout in memory: products read them where they are.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from keratorch import threads

_BLOCK = 2**20  # bytes of fits that are computed at a time: long calls, in a cache
_KEPT = 2**24  # bytes of weights that are kept for the derivative; else computed again
_SMALL = 16.0  # exp of a fit that is no larger needs no maximum subtracted


class Heads:
    """What attention attends to.

    Parameters
    ----------
    query, key, value : (..., queries, size), (..., keys, size), (..., keys, features).
    scale : float, by which the fit is multiplied.
    allowed : booleans that broadcast to (..., queries, keys), or None for all True.
    kept : by which the weights are multiplied, which broadcasts likewise, or None.
    """

    def __init__(
        self,
        query: np.ndarray,
        key: np.ndarray,
        value: np.ndarray,
        scale: float = 1.0,
        allowed: np.ndarray | None = None,
        kept: np.ndarray | None = None,
    ):
        self.query, self.key, self.value = query, key, value
        self.shape = (*query.shape[:-1], key.shape[-2])  # of the weights
        self.scale = query.dtype.type(scale)
        self.kept = kept if kept is None else np.broadcast_to(kept, self.shape)
        self.hidden, self.some_blind = None, False
        if allowed is not None:
            self.hidden = np.broadcast_to(~allowed, self.shape)
            self.some_blind = not allowed.any(axis=-1).all()

    def at(self, where: tuple, rows: slice) -> Part:
        """Return the part of some heads that belongs to some of their queries."""
        hidden, kept = (
            x if x is None else x[where][..., rows, :] for x in (self.hidden, self.kept)
        )
        query = self.query[where][..., rows, :] * self.scale
        return Part(
            query, self.key[where], self.value[where], hidden, self.some_blind, kept
        )


class Part(NamedTuple):
    """Some heads, and some of their queries, which are scaled."""

    query: np.ndarray
    key: np.ndarray
    value: np.ndarray
    hidden: np.ndarray | None
    some_blind: bool
    kept: np.ndarray | None

    def fits(self, out: np.ndarray | None = None) -> np.ndarray:
        """Return how well each key fits each query, hardly where it is hidden."""
        fit = np.matmul(self.query, self.key.swapaxes(-1, -2), out=out)
        if self.hidden is not None:
            np.copyto(fit, lowest(fit.dtype), where=self.hidden)
        return fit

    def are_small(self) -> bool:
        """Return whether no query has fits whose exp is all 0, or infinite."""
        longest = np.einsum("...i,...i->...", self.query, self.query).max(initial=0)
        longest *= np.einsum("...i,...i->...", self.key, self.key).max(initial=0)
        return bool(longest <= _SMALL**2) and not self.some_blind


class Softmax(NamedTuple):
    """What the derivative needs of the softmax: weights = exp(fit - peak) / total."""

    peak: np.ndarray  # (..., queries, 1)
    total: np.ndarray
    powers: np.ndarray | None  # exp(fit - peak), None if they are to be computed again


def lowest(dtype: Any) -> float:
    """Return what stands for minus infinity, with room to subtract a maximum."""
    return 0.7 * float(np.finfo(dtype).min)


def attend(heads: Heads, keeps: bool) -> tuple[np.ndarray, Softmax]:
    """Return (softmax(scale * query @ key.T) * kept) @ value, and the softmax.

    `keeps` says whether a derivative will be asked for.
    """
    shape, dtype = heads.shape, heads.query.dtype
    out = _like(heads.query, heads.value.shape[-1])
    peak, total = np.empty((2, *shape[:-1], 1), dtype)
    keeps = keeps and math.prod(shape) * dtype.itemsize <= _KEPT
    powers = np.empty(shape, dtype) if keeps else None

    def compute(where: tuple) -> None:
        for rows in _rows(shape, dtype):
            place = (*where, ..., rows, slice(None))
            part = heads.at(where, rows)
            fit = part.fits(None if powers is None else powers[place])
            if part.are_small():
                peak[place] = 0
            else:
                fit.max(axis=-1, keepdims=True, out=peak[place])
                fit -= peak[place]  # exp would overflow
            np.exp(fit, out=fit)
            np.matmul(fit, np.ones((shape[-1], 1), dtype), out=total[place])
            weights = fit if part.kept is None else fit * part.kept
            np.matmul(weights, part.value, out=out[place])
            out[place] /= total[place]

    threads.run_products(compute, _blocks(shape, dtype))
    return out, Softmax(peak, total, powers)


def attend_gradients(
    grad: np.ndarray,
    heads: Heads,
    out: np.ndarray,
    softmax: Softmax,
    needs: tuple[bool, bool, bool] = (True, True, True),
) -> tuple[np.ndarray | None, ...]:
    """Return dL/dquery, dL/dkey and dL/dvalue, None for those not needed.

    `grad` is dL/dout, `out` and `softmax` what `attend` returned.
    """
    shape, dtype = heads.shape, heads.query.dtype
    query, key, value = (
        _like(x, x.shape[-1]) if needed else None
        for x, needed in zip((heads.query, heads.key, heads.value), needs, strict=True)
    )

    def compute(where: tuple) -> None:
        for rows in _rows(shape, dtype):
            place = (*where, ..., rows, slice(None))
            part = heads.at(where, rows)
            powers = _powers(part, softmax, place)
            share = grad[place] / softmax.total[place]
            first = not rows.start
            if value is not None:
                weights = powers if part.kept is None else powers * part.kept
                _add_product(weights, share, value[where], first)
            if query is None and key is None:
                continue
            fit = _fit_gradient(part, powers, share, out[place])
            if query is not None:
                np.matmul(fit, part.key, out=query[place])
                query[place] *= heads.scale
            if key is not None:
                _add_product(fit, part.query, key[where], first)

    threads.run_products(compute, _blocks(shape, dtype))
    return query, key, value


def _fit_gradient(
    part: Part, powers: np.ndarray, share: np.ndarray, out: np.ndarray
) -> np.ndarray:
    """Return dL/dfit, given share = dL/dout / total."""
    fit = share @ part.value.swapaxes(-1, -2)
    if part.kept is not None:
        fit *= part.kept
    fit -= np.einsum("...i,...i->...", share, out)[..., None]
    fit *= powers
    if part.some_blind:  # the weights of these queries are all equal
        np.copyto(fit, 0, where=part.hidden)
    return fit


def _powers(part: Part, softmax: Softmax, place: tuple) -> np.ndarray:
    """Return exp(fit - peak) of some heads, kept or computed as it was before."""
    if softmax.powers is not None:
        return softmax.powers[place]
    fit = part.fits()
    fit -= softmax.peak[place]
    return np.exp(fit, out=fit)


def _add_product(a: np.ndarray, b: np.ndarray, out: np.ndarray, first: bool) -> None:
    """Add a.T @ b to `out`, or write it there."""
    if first:
        np.matmul(a.swapaxes(-1, -2), b, out=out)
    else:
        out += a.swapaxes(-1, -2) @ b


def _like(x: np.ndarray, features: int) -> np.ndarray:
    """Return an empty array with other features, laid out in memory as x is."""
    return np.empty_like(x, shape=(*x.shape[:-1], features), subok=False)


def _rows(shape: tuple[int, ...], dtype: np.dtype) -> Iterator[slice]:
    """Yield slices of the queries of a head: one, unless there are very many."""
    queries, keys = shape[-2:]
    step = max(16, 4 * _BLOCK // max(keys * dtype.itemsize, 1))
    for start in range(0, max(queries, 1), step):
        yield slice(start, start + step)


def _blocks(shape: tuple[int, ...], dtype: np.dtype) -> list[tuple]:
    """Return indices of heads, some together whose fits fill the cache."""
    *lead, queries, keys = shape
    count = max(1, _BLOCK // max(queries * keys * dtype.itemsize, 1))
    for axis in range(len(lead)):
        inner = math.prod(lead[axis + 1 :])
        if inner <= count:
            break
    else:
        return [()]
    step = max(1, count // max(inner, 1))
    slices = [slice(i, i + step) for i in range(0, lead[axis], step)]
    return [
        (*outer, part)
        for outer in itertools.product(*map(range, lead[:axis]))
        for part in slices
    ]
