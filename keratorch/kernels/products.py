"""Plans of convolutions, for a few images at a time.

A plan knows the shapes, and with ``plan(x, out)`` or ``plan.of(x, grad)`` computes
images that are at most `step`, in memory that it uses again and again.  `product` and
`kernel_product` choose it, by the shapes alone.

Most convolutions copy the windows to the rows of a matrix, which a product with the
kernel then reads once; `planes`, `line_tiles` and `winograd` say which do better
without.  Where each channel is a group of its own (a depthwise convolution) such a
product has nothing to add up: `np.einsum` multiplies and adds in one pass, over views
of the windows that are as long as lines of the output.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from keratorch.kernels import line_tiles, planes, winograd
from keratorch.kernels.columns import Columns, padded, strided_windows
from keratorch.kernels.parts import COPY, added, blocks_of, fitting, in_blocks
from keratorch.kernels.windows import Windows


def product(kernel: np.ndarray, windows: Windows, shape: tuple[int, ...]) -> Any:
    """Return the plan of the convolution of images of one shape.

    Parameters
    ----------
    kernel : (*size, channels / groups, filters)
    shape : of the images, (batch, *lengths, channels)

    Returns
    -------
    plan : ``plan(x, out)`` writes the convolution of x into out
    """
    lengths, channels = shape[1:-1], shape[-1]
    if kernel.shape[-2] == 1 < channels:
        return Depthwise(kernel, windows, lengths)
    shapes = kernel.shape, windows, shape
    if planes.cost(*shapes) == cost(*shapes):
        return planes.to_filters(kernel, windows, lengths)
    if line_tiles.cost(*shapes) == cost(*shapes):
        return line_tiles.ByLines(kernel, windows, lengths)
    if winograd.cost(*shapes) == cost(*shapes):
        return winograd.Winograd(kernel, windows, lengths)
    return ByColumns(kernel, windows, lengths, channels)


def kernel_product(
    shape: tuple[int, ...], windows: Windows, images: tuple[int, ...]
) -> Any:
    """Return the plan of the gradient of a convolution by its kernel.

    Parameters
    ----------
    shape : of the kernel, (*size, channels / groups, filters)
    images : shape of the images, (batch, *lengths, channels)

    Returns
    -------
    plan : ``plan.of(x, grad)`` is the share of these images, and ``plan.kernel(total)``
        the gradient, once the shares are added up
    """
    lengths, channels = images[1:-1], images[-1]
    if shape[-2] == 1 < channels:
        return DepthwiseKernel(shape, windows, lengths)
    shapes = shape, windows, images
    if planes.cost(*shapes) == cost(*shapes):
        return planes.KernelByPlanes(*shapes[:2], lengths)
    if line_tiles.cost(*shapes) == cost(*shapes):
        return line_tiles.KernelByLines(shape, windows, lengths)
    if winograd.cost(*shapes) == cost(*shapes):
        return winograd.WinogradKernel(shape, windows, lengths)
    return KernelByColumns(shape, windows, lengths, channels)


def cost(shape: tuple[int, ...], windows: Windows, images: tuple[int, ...]) -> float:
    """Return what an image costs: products, numbers that are moved counting as more.

    Parameters
    ----------
    shape : of the kernel, (*size, channels / groups, filters)
    images : shape of the input, (batch, *lengths, channels)
    """
    places = math.prod(windows.counts(images[1:-1]))
    rows = places * math.prod(shape[:-1]) * (shape[-1] + COPY)
    shapes = shape, windows, images
    others = planes, line_tiles, winograd
    return min(rows, *[plan.cost(*shapes) for plan in others])


class ByColumns:
    """The windows as rows, times the kernel as a matrix: one for each group."""

    def __init__(
        self,
        kernel: np.ndarray,
        windows: Windows,
        lengths: tuple[int, ...],
        channels: int,
    ):
        groups = channels // kernel.shape[-2]
        matrix = kernel.reshape(math.prod(kernel.shape[:-1]), groups, -1)
        self._matrices = matrix.transpose(1, 0, 2)
        self._columns = Columns(windows, lengths, channels, groups, kernel.shape[-1])
        self.step = self._columns.step

    def __call__(self, x: np.ndarray, out: np.ndarray) -> None:
        for lines, rows in self._columns.blocks(x):
            block = _grouped(out[:, lines], len(self._matrices))
            count = blocks_of(block.shape[1], self._matrices[0].size)
            out_blocks = in_blocks(block, count)
            np.matmul(in_blocks(rows, count), self._matrices[:, None], out=out_blocks)


class KernelByColumns:
    """The windows as columns, times the gradient as rows."""

    def __init__(
        self,
        shape: tuple[int, ...],
        windows: Windows,
        lengths: tuple[int, ...],
        channels: int,
    ):
        self._shape, self._groups = shape, channels // shape[-2]
        self._columns = Columns(windows, lengths, channels, self._groups, shape[-1])
        self.step = self._columns.step

    def of(self, x: np.ndarray, grad: np.ndarray) -> np.ndarray:
        """Return the share of these images: (groups, width, filters / groups)."""
        shares = []
        for lines, rows in self._columns.blocks(x):
            block = _grouped(grad[:, lines], self._groups)
            count = blocks_of(block.shape[1], rows.shape[2] * block.shape[2])
            columns = in_blocks(rows, count).swapaxes(2, 3)
            shares.append(np.matmul(columns, in_blocks(block, count)).sum(axis=1))
        return added(shares)

    def kernel(self, total: np.ndarray) -> np.ndarray:
        """Return the sum of the shares in the shape of the kernel."""
        return total.transpose(1, 0, 2).reshape(self._shape)


class Depthwise:
    """Each channel by kernels of its own, all elements of a window in one pass."""

    def __init__(self, kernel: np.ndarray, windows: Windows, lengths: tuple[int, ...]):
        self._windows = windows
        *size, _, filters = kernel.shape
        self._kernel = kernel.reshape(*size, filters)
        self.step = fitting(2 * math.prod(windows.counts(lengths)) * filters)

    def __call__(self, x: np.ndarray, out: np.ndarray) -> None:
        view, axes = _lines(x, self._windows, out.shape[-1])
        kernel = self._kernel
        if axes.joined:
            kernel = np.repeat(kernel[..., None, :], out.shape[-2], axis=-2)
            kernel = kernel.reshape(*self._windows.size, -1)
            out = out.reshape(*out.shape[:-2], -1)
        np.einsum(view, axes.view, kernel, axes.kernel, axes.out, out=out)


class DepthwiseKernel:
    """Each channel's windows times its gradient, added up."""

    def __init__(
        self, shape: tuple[int, ...], windows: Windows, lengths: tuple[int, ...]
    ):
        self._shape, self._windows = shape, windows
        self.step = fitting(2 * math.prod(windows.counts(lengths)) * shape[-1])

    def of(self, x: np.ndarray, grad: np.ndarray) -> np.ndarray:
        """Return the share of these images: (*size, filters)."""
        view, axes = _lines(x, self._windows, grad.shape[-1])
        if axes.joined:
            grad = grad.reshape(*grad.shape[:-2], -1)
        share = np.einsum(view, axes.view, grad, axes.out, axes.kernel)
        share = share.reshape(*self._windows.size, -1, self._shape[-1])
        return share.sum(axis=-2)

    def kernel(self, total: np.ndarray) -> np.ndarray:
        """Return the sum of the shares in the shape of the kernel."""
        return total.reshape(self._shape)


class _Axes(NamedTuple):
    """The axes of a depthwise convolution, as `np.einsum` numbers them."""

    view: list[int]
    kernel: list[int]
    out: list[int]
    joined: bool  # whether the places along a line and the channels are one axis


def _lines(x: np.ndarray, windows: Windows, filters: int) -> tuple[np.ndarray, _Axes]:
    """Return a view of the windows, each channel there once for each of its filters.

    Its axes are (batch, *counts, *size, channels); where lines of all places and
    channels run along memory, these two are one axis, the last: long loops.
    """
    multiplier = filters // x.shape[-1]
    x = padded(x if multiplier == 1 else np.repeat(x, multiplier, -1), windows.padding)
    view = strided_windows(x, windows)
    rank = len(windows.size)
    batch, *places = range(rank + 1)
    size, channel = list(range(rank + 1, 2 * rank + 1)), 2 * rank + 1
    count, item = view.shape[rank], view.strides[-1]
    joined = view.strides[rank] == filters * item
    if joined:
        shape = *view.shape[:rank], *view.shape[rank + 1 : -1], count * filters
        strides = view.strides[:rank] + view.strides[rank + 1 :]
        view = as_strided(view, shape, strides, writeable=False)
        places.pop()
    outer = [batch, *places]
    return view, _Axes(
        [*outer, *size, channel], [*size, channel], [*outer, channel], joined
    )


def _grouped(block: np.ndarray, groups: int) -> np.ndarray:
    """Return images (batch, *counts, filters) as rows of each group."""
    rows = block.reshape(math.prod(block.shape[:-1]), groups, -1)
    return rows.transpose(1, 0, 2)
