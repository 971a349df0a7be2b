"""What Keras's functions demand of their arguments, where NumPy takes more, or less.

Each is a rule for arguments, as in `promotion`.
"""

from __future__ import annotations

import numpy as np

from keratorch.ops import promotion


def new_shape(args: tuple, count: int) -> tuple:
    """Replace None in the new shape of an array, a length that was not known.

    So ``ops.reshape(x, (ops.shape(x)[0], -1))`` is right for a symbol.  None is what is
    left over, or, beside -1, the length of the array there.
    """
    args = promotion.arrays(args, count)
    if len(args) < 2:
        return args
    x, shape = args[:2]
    wanted = list(shape) if isinstance(shape, (tuple, list)) else [shape]
    for i, n in enumerate(wanted):
        if n is None:
            left_over = wanted.count(None) == 1 and -1 not in wanted
            wanted[i] = -1 if left_over or i >= x.ndim else x.shape[i]
    if any(isinstance(n, (int, np.integer)) and n < -1 for n in wanted):
        raise ValueError(
            f"ops.reshape needs lengths of 0 or more, or one -1 for what is left over; "
            f"received newshape={shape}."
        )
    return (x, tuple(wanted) if isinstance(shape, (tuple, list)) else wanted[0])


def both_branches(args: tuple, count: int) -> tuple:
    """Demand two branches of ``where``, or none."""
    condition, *values = args
    missing = [value is None for value in (*values, None, None)[:2]]
    if all(missing):
        return (condition,)
    if any(missing):
        raise ValueError(
            "ops.where needs both x1 and x2, or none of them; received one. Say what "
            "stands where the condition is false too: ops.where(condition, x1, x2)."
        )
    return promotion.branches(args, count)


def known_axis(args: tuple, count: int) -> tuple:
    """Demand an axis that the array has."""
    args = promotion.arrays(args, count)
    x, axis = args[0], args[count] if len(args) > count else None
    if isinstance(axis, int) and not -x.ndim <= axis < x.ndim:
        raise ValueError(
            f"axis {axis} is out of bounds for an array of shape {x.shape}: its axes "
            f"are {-x.ndim} to {x.ndim - 1}."
        )
    return args


def one_axis(args: tuple, count: int) -> tuple:
    """Demand an array of one axis, of which NumPy would make one."""
    args = promotion.arrays(args, count)
    if args[0].ndim != 1:
        raise ValueError(
            f"ops.histogram needs x of shape (n,); received {args[0].shape}. Count all "
            "numbers of an array by ops.histogram(ops.ravel(x))."
        )
    return args
