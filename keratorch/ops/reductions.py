"""NumPy's reductions, which take a list of axes or of arrays too, as Keras's do."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.ops.conversion import convert_to_tensor
from keratorch.symbolic import any_symbolic


def _joined(parts: Any) -> Any:
    """Return a list as one array where there are GradArrays or symbols in it."""
    if any_symbolic(parts):
        return np.stack(parts)
    recorded = next(graph.arrays_in(parts), None) is not None
    return convert_to_tensor(parts) if recorded else parts


def _taking_lists(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of NumPy to which axis=[1, 2] means axis=(1, 2).

    A list of GradArrays is an array of them, as in ``ops.sum(self.losses)``.
    """

    @functools.wraps(function)
    def reduction(x: Any, axis: Any = None, *args: Any, **kwargs: Any) -> Any:
        if isinstance(axis, list):
            axis = tuple(axis)
        if isinstance(x, (list, tuple)):
            x = _joined(x)
        return function(x, axis, *args, **kwargs)

    return reduction


all = _taking_lists(np.all)
amax = _taking_lists(np.amax)
amin = _taking_lists(np.amin)
any = _taking_lists(np.any)
average = _taking_lists(np.average)
count_nonzero = _taking_lists(np.count_nonzero)
max = _taking_lists(np.max)
mean = _taking_lists(np.mean)
median = _taking_lists(np.median)
min = _taking_lists(np.min)
nanmax = _taking_lists(np.nanmax)
nanmean = _taking_lists(np.nanmean)
nanmedian = _taking_lists(np.nanmedian)
nanmin = _taking_lists(np.nanmin)
nanprod = _taking_lists(np.nanprod)
nanstd = _taking_lists(np.nanstd)
nansum = _taking_lists(np.nansum)
nanvar = _taking_lists(np.nanvar)
prod = _taking_lists(np.prod)
std = _taking_lists(np.std)
sum = _taking_lists(np.sum)
var = _taking_lists(np.var)
