"""Convolution, and the two products that are its gradients.

The sum over all elements of ``conv(x, kernel) * grad`` is linear in x, in kernel and in
grad.  The three functions here are its derivatives by each of them:

    conv             by grad      (batch, *counts, filters)
    input_gradient   by x         (batch, *lengths, channels)
    kernel_gradient  by kernel    (*size, channels / groups, filters)

Filters and channels fall into as many groups, of equal size, as channels are to
``channels / groups``.  Where each channel is a group of its own (a depthwise
convolution) a matrix product has nothing to add up, and the elements of the window are
visited one by one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import as_strided

from keratorch.kernels.windows import Windows

_CHUNK = 2**17  # numbers that stay in the cache between two passes


def conv(x: np.ndarray, kernel: np.ndarray, windows: Windows) -> np.ndarray:
    """Return for each window and filter the sum of window times filter.

    Parameters
    ----------
    x : (batch, *lengths, channels)
    kernel : (*size, channels / groups, filters)

    Returns
    -------
    out : (batch, *counts, filters)
    """
    groups = x.shape[-1] // kernel.shape[-2]
    if groups == x.shape[-1] > 1:
        return _depthwise(x, kernel, windows)
    return _joined(
        _conv(x[..., ins], kernel[..., outs], windows)
        for ins, outs in _groups(groups, x.shape[-1], kernel.shape[-1])
    )


def input_gradient(
    grad: np.ndarray, kernel: np.ndarray, windows: Windows, shape: tuple[int, ...]
) -> np.ndarray:
    """Return each window's kernel, weighted by grad, added up where the window lies.

    Parameters
    ----------
    grad : (batch, *counts, filters)
    kernel : (*size, channels / groups, filters)
    shape : of the result, (batch, *lengths, channels)
    """
    groups = shape[-1] // kernel.shape[-2]
    if groups == shape[-1] > 1:
        return _depthwise_input_gradient(grad, kernel, windows, shape)
    shape = *shape[:-1], kernel.shape[-2]
    return _joined(
        _input_gradient(grad[..., outs], kernel[..., outs], windows, shape)
        for _, outs in _groups(groups, shape[-1], kernel.shape[-1])
    )


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
    groups = x.shape[-1] // shape[-2]
    if groups == x.shape[-1] > 1:
        return _depthwise_kernel_gradient(x, grad, windows, shape)
    shape = *shape[:-1], shape[-1] // groups
    return _joined(
        _kernel_gradient(x[..., ins], grad[..., outs], windows, shape)
        for ins, outs in _groups(groups, x.shape[-1], grad.shape[-1])
    )


def columns(x: np.ndarray, windows: Windows) -> np.ndarray:
    """Return the windows as the rows of a matrix.

    Parameters
    ----------
    x : (batch, *lengths, channels)

    Returns
    -------
    rows : (batch * counts, size * channels), copied in the order, C or Fortran, whose
        copy runs along memory for longer
    """
    x = _padded(x, windows.padding)
    batch, *lengths, channels = x.shape
    within = windows._replace(padding=((0, 0),) * len(lengths))
    counts = within.counts(tuple(lengths))
    first, *steps, last = x.strides
    strides = [a * b for a, b in zip(steps, windows.strides, strict=True)]
    gaps = [a * b for a, b in zip(steps, windows.dilation, strict=True)]
    view = as_strided(
        x,
        (batch, *counts, *windows.size, channels),
        (first, *strides, *gaps, last),
        writeable=False,
    )
    shape = batch * math.prod(counts), math.prod(windows.size) * channels
    run = channels if last == x.itemsize else 1
    if run == channels and gaps[-1] == last * channels:
        run *= windows.size[-1]
    if run >= counts[-1]:
        return view.reshape(shape)
    inner = len(counts) + 1  # axes of the batch and the windows, which go last
    order = (*range(inner, view.ndim), *range(inner))
    return view.transpose(order).reshape(shape[::-1]).T


def _conv(x: np.ndarray, kernel: np.ndarray, windows: Windows) -> np.ndarray:
    matrix = kernel.reshape(-1, kernel.shape[-1])
    counts = windows.counts(x.shape[1:-1])
    shape = len(x), *counts, kernel.shape[-1]
    out = np.empty(shape, np.result_type(x, kernel))
    for part in _chunks(len(x), math.prod(counts) * len(matrix)):
        rows = out[part].reshape(-1, matrix.shape[-1])
        np.matmul(columns(x[part], windows), matrix, out=rows)
    return out


def _input_gradient(
    grad: np.ndarray, kernel: np.ndarray, windows: Windows, shape: tuple[int, ...]
) -> np.ndarray:
    out = np.zeros(shape, np.result_type(grad, kernel))
    taps = list(windows.taps(shape[1:-1]))
    for part in _chunks(len(out), max(out[:1].size, grad[:1].size)):
        for place, outs, ins in taps:
            rows = grad[part][outs]
            share = rows.reshape(-1, rows.shape[-1]) @ kernel[place].T
            out[part][ins] += share.reshape(*rows.shape[:-1], -1)
    return out


def _kernel_gradient(
    x: np.ndarray, grad: np.ndarray, windows: Windows, shape: tuple[int, ...]
) -> np.ndarray:
    matrix = np.zeros((math.prod(shape[:-1]), shape[-1]), np.result_type(x, grad))
    counts = grad.shape[1:-1]
    for part in _chunks(len(x), math.prod(counts) * len(matrix)):
        rows = columns(x[part], windows)
        matrix += rows.T @ grad[part].reshape(-1, shape[-1])
    return matrix.reshape(shape)


def _depthwise(x: np.ndarray, kernel: np.ndarray, windows: Windows) -> np.ndarray:
    filters = kernel.shape[-1]
    x = np.repeat(x, filters // x.shape[-1], axis=-1)
    shape = len(x), *windows.counts(x.shape[1:-1]), filters
    out = np.zeros(shape, np.result_type(x, kernel))
    taps = list(windows.taps(x.shape[1:-1]))
    for part in _chunks(len(x), x[:1].size):
        for place, outs, ins in taps:
            out[part][outs] += x[part][ins] * kernel[place][0]
    return out


def _depthwise_input_gradient(
    grad: np.ndarray, kernel: np.ndarray, windows: Windows, shape: tuple[int, ...]
) -> np.ndarray:
    filters = kernel.shape[-1]
    out = np.zeros((*shape[:-1], filters), np.result_type(grad, kernel))
    taps = list(windows.taps(shape[1:-1]))
    for part in _chunks(len(out), out[:1].size):
        for place, outs, ins in taps:
            out[part][ins] += grad[part][outs] * kernel[place][0]
    if filters == shape[-1]:
        return out
    return out.reshape(*shape, filters // shape[-1]).sum(axis=-1)


def _depthwise_kernel_gradient(
    x: np.ndarray, grad: np.ndarray, windows: Windows, shape: tuple[int, ...]
) -> np.ndarray:
    filters = shape[-1]
    x = np.repeat(x, filters // x.shape[-1], axis=-1)
    out = np.zeros(shape, np.result_type(x, grad))
    taps = list(windows.taps(x.shape[1:-1]))
    for part in _chunks(len(x), grad[:1].size):
        for place, outs, ins in taps:
            products = x[part][ins] * grad[part][outs]
            out[place][0] += products.reshape(-1, filters).sum(axis=0)
    return out


def _joined(parts: Iterator[np.ndarray]) -> np.ndarray:
    """Return the results of the groups as one array."""
    arrays = list(parts)
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=-1)


def _groups(groups: int, channels: int, filters: int) -> Iterator[tuple[slice, slice]]:
    """Yield the channels and the filters of each group."""
    wide, high = channels // groups, filters // groups
    for i in range(groups):
        yield slice(i * wide, (i + 1) * wide), slice(i * high, (i + 1) * high)


def _chunks(batch: int, numbers: int) -> Iterator[slice]:
    """Yield slices of a batch whose images have that many numbers each."""
    step = max(1, _CHUNK // max(1, numbers))
    return (slice(start, start + step) for start in range(0, batch, step))


def _padded(x: np.ndarray, padding: tuple[tuple[int, int], ...]) -> np.ndarray:
    """Return x with zeros around its spatial axes, or without what is cropped."""
    if not any(map(any, padding)):
        return x
    batch, *lengths, channels = x.shape
    wide = [
        n + before + after for n, (before, after) in zip(lengths, padding, strict=True)
    ]
    out = np.zeros((batch, *wide, channels), x.dtype)
    ins, outs = [], []
    for length, total, (before, after) in zip(lengths, wide, padding, strict=True):
        ins.append(slice(max(0, -before), length - max(0, -after)))
        outs.append(slice(max(0, before), total - max(0, after)))
    out[(slice(None), *outs)] = x[(slice(None), *ins)]
    return out
