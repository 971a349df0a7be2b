"""Floats rounded as whole numbers would be, with a derivative as if they were not."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.ops.control import custom_gradient
from keratorch.ops.conversion import convert_to_tensor
from keratorch.symbolic import lifted


@lifted
def fake_quant_with_min_max_vars(
    inputs: Any,
    min_vals: Any,
    max_vals: Any,
    num_bits: int = 8,
    narrow_range: bool = False,
    axis: int | None = None,
) -> Any:
    """Round floats to as many values between two bounds as whole numbers have.

    Gradients flow on to inputs between the bounds, and from the others to their bound,
    so that the bounds can be learned.

    Parameters
    ----------
    inputs : array of floats.
    min_vals, max_vals : numbers; with `axis`, one for each place along it. They are
        moved a little, so that 0 is among the values.
    num_bits : int, there are ``2**num_bits`` values.
    narrow_range : bool, whether the smallest value is left out.
    axis : int, along which the bounds differ; None where they do not.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([-0.2, 0.3, 0.6, 2.0])
    >>> fake_quant_with_min_max_vars(x, 0.0, 1.0, num_bits=1).numpy()
    array([0., 0., 1., 1.])
    """
    inputs, min_vals, max_vals = map(convert_to_tensor, (inputs, min_vals, max_vals))
    if axis is not None:
        axis = axis % inputs.ndim
    levels = (int(bool(narrow_range)), 2 ** int(num_bits) - 1)
    if min_vals.size == max_vals.size == 1:
        axis = None  # the same bounds everywhere
    shape = [n if i == axis else 1 for i, n in enumerate(inputs.shape)]
    others = tuple(i for i in range(inputs.ndim) if i != axis)

    @custom_gradient
    def rounded(x: Any, low: Any, high: Any) -> tuple:
        lowest, highest = np.reshape(low, shape), np.reshape(high, shape)
        first, last, step = _nudged(lowest, highest, *levels)
        inverse = (levels[1] - levels[0]) / (highest - lowest)
        zero = np.floor(-first * inverse + 0.5)
        places = np.floor((np.clip(x, first, last) - first) * inverse - zero + 0.5)

        def gradient(upstream: Any) -> tuple:
            inside = (x >= first) & (x <= last)
            below = np.where(x <= first, upstream, 0.0)
            above = np.where(x >= last, upstream, 0.0)
            return (
                np.where(inside, upstream, 0.0),
                np.sum(below, axis=others).reshape(np.shape(low)),
                np.sum(above, axis=others).reshape(np.shape(high)),
            )

        return (places * step).astype(x.dtype), gradient

    return rounded(inputs, min_vals, max_vals)


def _nudged(low: Any, high: Any, smallest: int, largest: int) -> tuple:
    """Return bounds moved so that a value between them is 0, and the step of values."""
    step = (high - low) / (largest - smallest)
    zero = np.round(np.clip(smallest - low / step, smallest, largest))
    return (smallest - zero) * step, (largest - zero) * step, step
