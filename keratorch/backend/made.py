"""Arrays made of nothing but a shape, whose lengths may be known by the data alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import config, ops, random
from keratorch.symbolic import Function, KerasTensor, Node, is_symbolic


def _bernoulli(shape: tuple[int, ...], dtype: Any, p: float, seed: Any) -> Any:
    return (random.generator(seed).random(shape) < p).astype(dtype)


_MAKERS: dict[str, Callable[..., Any]] = {
    "bernoulli": _bernoulli,
    "normal": random.normal,
    "ones": ops.ones,
    "randint": random.randint,
    "truncated_normal": random.truncated_normal,
    "uniform": random.uniform,
    "zeros": ops.zeros,
}


def made(kind: str, shape: Any, dtype: Any = None, **options: Any) -> Any:
    """Return an array of a kind; a symbol if a length of the shape is one.

    Parameters
    ----------
    kind : 'zeros', 'ones', 'normal', 'truncated_normal', 'uniform', 'randint' or
        'bernoulli'.
    shape : int or sequence of int and of symbolic numbers.
    dtype : str, by default `floatx()`.
    options : what the distribution takes.

    Examples
    --------
    >>> made("zeros", (2,))
    array([0., 0.], dtype=float32)
    """
    dtype = dtype or config.floatx()
    lengths = [shape] if isinstance(shape, (int, np.integer)) else list(shape)
    if not any(map(is_symbolic, lengths)):
        return _MAKERS[kind](tuple(map(int, lengths)), dtype=dtype, **options)
    known = [None if is_symbolic(n) or n == -1 else n for n in lengths]
    outputs = KerasTensor(known, dtype)  # nothing is drawn before there are data
    Node(Function(made, None), (kind, lengths), {"dtype": dtype, **options}, outputs)
    return outputs
