"""The limit: the matrix products of a training step alone, by `np.matmul`.

Forward, and the gradients of both factors where both are wanted.  A convolution counts
as the product of its windows with its kernel, without the gathering of the windows.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from rows import Row

try:
    from threadpoolctl import threadpool_limits
except ImportError:
    threadpool_limits = None

TRIALS = 2  # rounds with each number of threads, before the faster is chosen


class Product(NamedTuple):
    """`times` products (rows, inner) @ (inner, columns), `stack` of each at once."""

    rows: int
    inner: int
    columns: int
    times: int = 1
    stack: int = 0
    first: bool = False  # nobody wants the gradient of the left factor


def products(row: Row) -> list[Product]:
    """Return the forward products of a row's step."""
    return FAMILIES[row.family](row.batch, **row.options)


def _mlp(batch: int, widths: tuple[int, ...]) -> list[Product]:
    return [
        Product(batch, before, after, first=i == 0)
        for i, (before, after) in enumerate(pairwise(widths))
    ]


def _convolution(
    batch: int, side: int, before: int, after: int, first: bool = False
) -> Product:
    return Product(batch * side * side, 9 * before, after, first=first)


def _convnet(batch: int) -> list[Product]:
    return [
        _convolution(batch, 26, 1, 32, first=True),
        _convolution(batch, 11, 32, 64),
        Product(batch, 1600, 10),
    ]


def _batchnorm(batch: int) -> list[Product]:
    sides, filters = (32, 32, 16, 16, 8, 8), (3, 32, 32, 64, 64, 128, 128)
    convolutions = [
        _convolution(batch, side, before, after, first=before == 3)
        for side, (before, after) in zip(sides, pairwise(filters), strict=True)
    ]
    return [*convolutions, Product(batch, 2048, 10)]


def _cell(batch: int, steps: int, inputs: int, cell: str, first: bool) -> list[Product]:
    gates = 64 * (4 if cell == "LSTM" else 3)
    return [
        Product(batch * steps, inputs, gates, first=first),
        Product(batch, 64, gates, times=steps),
    ]


def _recurrent(batch: int, cell: str) -> list[Product]:
    return [*_cell(batch, 28, 28, cell, first=True), Product(batch, 64, 10)]


def _words(batch: int, cell: str, length: int, **_: Any) -> list[Product]:
    return [*_cell(batch, length, 64, cell, first=False), Product(batch, 64, 1)]


def _words_convnet(batch: int, length: int, **_: Any) -> list[Product]:
    return [
        Product(batch * (length - 2), 150, 250),
        Product(batch, 250, 250),
        Product(batch, 250, 1),
    ]


def _transformer(batch: int, length: int, **_: Any) -> list[Product]:
    places = batch * length
    return [
        Product(places, 32, 64, times=3),
        Product(length, 32, length, stack=2 * batch),
        Product(length, length, 32, stack=2 * batch),
        Product(places, 64, 32),
        Product(places, 32, 32, times=2),
        Product(batch, 32, 20),
        Product(batch, 20, 2),
    ]


def _autoencoder(batch: int) -> list[Product]:
    return [
        _convolution(batch, 28, 1, 32, first=True),
        _convolution(batch, 14, 32, 32),
        # Transposed: the forward product is a convolution's gradient.
        Product(batch * 7 * 7, 32, 9 * 32),
        Product(batch * 14 * 14, 32, 9 * 32),
        _convolution(batch, 28, 32, 1),
    ]


FAMILIES: dict[str, Callable[..., list[Product]]] = {
    "mlp": _mlp,
    "convnet": _convnet,
    "batchnorm": _batchnorm,
    "recurrent": _recurrent,
    "words": _words,
    "words_convnet": _words_convnet,
    "transformer": _transformer,
    "autoencoder": _autoencoder,
}


class Products:
    """The contender that does nothing but multiply, into buffers that are there."""

    kinds = ["limit"]

    def __init__(self, row: Row, threads: int, weights: Any):
        self.row, self.weights = row, weights
        self.notes: dict[str, str] = {}
        self.work: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.choices = sorted({1, threads}) if threadpool_limits else [None]
        self.threads: int | None = None
        rng = np.random.default_rng(0)
        for product in products(row):
            self._add(product, rng)

    def _add(self, product: Product, rng: np.random.Generator) -> None:
        stack = (product.stack,) if product.stack else ()

        def array(*shape: int) -> np.ndarray:
            return rng.random((*stack, *shape), dtype=np.float32)

        x = array(product.rows, product.inner)
        w = array(product.inner, product.columns)
        out = array(product.rows, product.columns)
        jobs = [(x, w, out), (np.swapaxes(x, -1, -2), out, np.empty_like(w))]
        if not product.first:
            jobs.append((out, np.swapaxes(w, -1, -2), np.empty_like(x)))
        self.work += jobs * product.times

    def check(self, kind: str) -> None:
        """Nothing is learnt here."""

    def round(self, kind: str) -> float:
        """Return the seconds a step, with the better number of BLAS threads."""
        if not self.notes:
            times = {
                n: min(self._seconds(n) for _ in range(TRIALS)) for n in self.choices
            }
            self.threads = min(times, key=times.__getitem__)
            self.notes["limit"] = f"{self.threads or 'default'} BLAS threads"
        return self._seconds(self.threads)

    def _seconds(self, threads: int | None) -> float:
        limited = contextlib.nullcontext()
        if threads is not None:
            limited = threadpool_limits(threads, user_api="blas")
        with limited:
            start = time.perf_counter()
            for _ in range(self.row.steps * self.row.epochs):
                for a, b, out in self.work:
                    np.matmul(a, b, out=out)
            return (time.perf_counter() - start) / (self.row.steps * self.row.epochs)
