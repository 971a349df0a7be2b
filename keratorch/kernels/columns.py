"""The windows of images as the rows of a matrix (im2col), some at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import as_strided

from keratorch.kernels.buffers import take
from keratorch.kernels.parts import chunks, fitting
from keratorch.kernels.windows import Windows

_ROWS = 512  # of a matrix product: each reads the whole kernel anew


class Columns:
    """The windows on images of one shape.

    Parameters
    ----------
    windows : where they lie.
    lengths : of the spatial axes of an image.
    channels : of an image.
    groups : into which the channels fall, each with a matrix of its own.
    filters : numbers that go with each window, and want room in the cache too.

    Attributes
    ----------
    step : how many images `blocks` takes at once, so that their rows fit a cache.
    width : numbers in a row.
    """

    def __init__(
        self,
        windows: Windows,
        lengths: tuple[int, ...],
        channels: int,
        groups: int,
        filters: int,
    ):
        self.windows, self.groups = windows, groups
        self.counts = windows.counts(lengths)
        self.each = channels // groups
        self.width = math.prod(windows.size) * self.each
        line = math.prod(self.counts[1:])
        numbers = line * (self.width * groups + filters)
        lines = max(fitting(numbers), -(-_ROWS // line))
        self._lines = min(lines, self.counts[0])
        self.step = max(1, lines // self.counts[0])
        self._copies = (
            math.prod(windows.size) > 1
            or max(windows.strides) > 1
            or any(map(any, windows.padding))
        )

    def blocks(self, x: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        """Yield which windows, along the first spatial axis, and their rows.

        Parameters
        ----------
        x : (batch, *lengths, channels), of at most `step` images

        Yields
        ------
        lines : slice of the windows along the first axis
        rows : (groups, batch * windows, width), in memory that is soon used again
        """
        view = strided_windows(padded(x, self.windows.padding), self.windows)
        for lines in chunks(slice(0, self.counts[0]), self._lines):
            yield lines, self._rows(view[:, lines])

    def _rows(self, view: np.ndarray) -> np.ndarray:
        view = view.reshape(*view.shape[:-1], self.groups, self.each)
        spatial = len(self.counts)
        *outer, group, last = range(view.ndim)
        of_windows, within = outer[: spatial + 1], outer[spatial + 1 :]
        count = math.prod(view.shape[: spatial + 1])
        if not self._copies:
            rows = view.reshape(count, self.groups, self.each)
            return rows.transpose(1, 0, 2)
        if self._run(view) >= self.counts[-1]:
            rows = _copied(view.transpose(group, *of_windows, *within, last))
            return rows.reshape(self.groups, count, self.width)
        rows = _copied(view.transpose(group, *within, last, *of_windows))
        return rows.reshape(self.groups, self.width, count).transpose(0, 2, 1)

    def _run(self, view: np.ndarray) -> int:
        """Return how far along memory a copy in the order of rows goes at once."""
        item = view.itemsize
        if view.strides[-1] != item:
            return 1
        joined = self.groups == 1 and view.strides[-3] == self.each * item
        return self.each * (self.windows.size[-1] if joined else 1)


def strided_windows(x: np.ndarray, windows: Windows) -> np.ndarray:
    """Return a view (batch, *counts, *size, channels) of padded images.

    Parameters
    ----------
    x : (batch, *lengths, channels), with the padding
    """
    batch, *lengths, channels = x.shape
    within = windows._replace(padding=((0, 0),) * len(lengths))
    first, *steps, last = x.strides
    strides = [a * b for a, b in zip(steps, windows.strides, strict=True)]
    gaps = [a * b for a, b in zip(steps, windows.dilation, strict=True)]
    shape = batch, *within.counts(tuple(lengths)), *windows.size, channels
    return as_strided(x, shape, (first, *strides, *gaps, last), writeable=False)


def padded(x: np.ndarray, padding: tuple[tuple[int, int], ...]) -> np.ndarray:
    """Return x with zeros around its spatial axes, or without what is cropped.

    The result is x itself, or lies in memory that is soon used again.
    """
    if not any(map(any, padding)):
        return x
    batch, *lengths, channels = x.shape
    wide = [n + sum(pair) for n, pair in zip(lengths, padding, strict=True)]
    out = take((batch, *wide, channels), x.dtype)
    out.fill(0)
    ins, outs = [slice(None)], [slice(None)]
    for length, (before, after) in zip(lengths, padding, strict=True):
        first, stop = max(0, -before), max(0, -before, length + min(0, after))
        ins.append(slice(first, stop))
        outs.append(slice(first + before, stop + before))
    out[tuple(outs)] = x[tuple(ins)]
    return out


def _copied(view: np.ndarray) -> np.ndarray:
    rows = take(view.shape, view.dtype)
    np.copyto(rows, view)
    return rows
