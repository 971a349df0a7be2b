"""Numbers between two ends, evenly spaced in one sense or another."""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.registry import composed


@composed(np.linspace)
def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """out = start * (1 - t) + stop * t with t from 0 to 1."""
    values = graph.plain((start, stop))
    plain = np.linspace(*values, num, endpoint)
    shape = [1] * plain.ndim
    shape[axis] = num
    t = np.linspace(0.0, 1.0, num, endpoint).astype(plain.dtype).reshape(shape)
    start, stop = np.broadcast_arrays(start, stop)
    start, stop = np.expand_dims(start, axis), np.expand_dims(stop, axis)
    out = start * (1 - t) + stop * t
    if dtype is not None:
        out = out.astype(dtype)
    if not retstep:
        return out
    steps = num - 1 if endpoint else num
    step = (stop - start) / steps if steps > 0 else np.nan * (stop - start)
    return out, np.squeeze(step, axis)


@composed(np.logspace)
def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """out = base ** linspace(start, stop)."""
    out = np.power(base, np.linspace(start, stop, num, endpoint, axis=axis))
    return out if dtype is None else out.astype(dtype)


@composed(np.geomspace)
def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """out = start * (stop / start) ** linspace(0, 1), so that ratios are equal."""
    ratio = np.true_divide(stop, start)
    plain = np.geomspace(*graph.plain((start, stop)), num, endpoint)
    t = np.linspace(0.0, 1.0, num, endpoint).astype(plain.dtype)
    t = t.reshape((num,) + (1,) * (plain.ndim - 1))
    out = np.moveaxis(start * ratio**t, 0, axis)
    return out if dtype is None else out.astype(dtype)
