"""From a loss for each sample to one number."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.grads.loss import WeightedMeanGrad
from keratorch.losses.alignment import align
from keratorch.ops.arrays import cast

REDUCTIONS = (
    "sum_over_batch_size",
    "mean",
    "mean_with_sample_weight",
    "sum",
    "none",
    None,
)


def standardize_reduction(reduction: Any) -> str | None:
    """Return the name of a reduction, or raise for one that does not exist."""
    if reduction not in REDUCTIONS:
        raise ValueError(
            f"reduction must be one of {', '.join(map(repr, REDUCTIONS))}; received "
            f"{reduction!r}."
        )
    return reduction


def reduce_weighted_values(
    values: Any,
    sample_weight: Any = None,
    mask: np.ndarray | None = None,
    reduction: str | None = "sum_over_batch_size",
) -> Any:
    """Return the weighted values, or their sum or mean.

    Parameters
    ----------
    values : GradArray, a loss for each sample (and step).
    sample_weight : array_like of the shape of `values`, or with axes of length 1.
    mask : bool array of the shape of `values`: what counts; a mean is over that alone.
    reduction : 'sum_over_batch_size' or 'mean' divide the weighted sum by the number
        of values, 'mean_with_sample_weight' by the sum of the weights, 'sum' by
        nothing; 'none' or None do not sum.

    Raises
    ------
    ValueError : weights of a shape that does not fit.

    Examples
    --------
    >>> from keratorch import GradArray
    >>> values = GradArray([1.0, 4.0])
    >>> reduce_weighted_values(values, [2.0, 1.0]).item()
    3.0
    >>> reduce_weighted_values(values, [2.0, 1.0], None, "sum").item()
    6.0
    """
    weights = None
    if sample_weight is not None or mask is not None:
        values, weights = _weights(values, sample_weight, mask, reduction)
    if reduction is None or reduction == "none":
        return values if weights is None else values * weights
    if reduction == "sum" or not values.ndim:
        divisor = 1.0
    elif reduction == "mean_with_sample_weight" and weights is not None:
        if isinstance(weights, GradArray):  # the sum has a gradient as well
            return (values * weights).sum() / weights.sum()
        divisor = float(weights.sum())
    else:
        divisor = float(values.size)
    if weights is not None and weights.shape != values.shape:
        weights = np.broadcast_to(weights, values.shape)
    # Where there is nothing to divide by, the mean is 0.
    return WeightedMeanGrad.apply(values, weights, divisor or math.inf)


def _weights(
    values: Any, sample_weight: Any, mask: np.ndarray | None, reduction: str | None
) -> tuple[Any, Any]:
    """Return the values, and weights that can be repeated to their shape."""
    dtype = values._array.dtype
    weights: Any = None if sample_weight is None else cast(sample_weight, dtype)
    if mask is not None:
        counts = mask.astype(dtype)
        if reduction in ("mean", "sum_over_batch_size"):
            # dividing by the number of all values will then divide by those that count
            counts *= mask.size / max(int(np.count_nonzero(mask)), 1)
        if weights is None:
            weights = counts
        else:
            counts, weights = align(counts, weights)
            _check_weights(weights, counts.shape)
            weights = weights * counts
    if weights.shape == values.shape:
        return values, weights
    values, weights = align(values, weights)
    if not values.ndim:  # one loss for the whole batch
        values = np.broadcast_to(values, weights.shape)
    _check_weights(weights, values.shape)
    return values, weights


def _check_weights(weights: Any, shape: tuple[int, ...]) -> None:
    """Raise unless weights can be repeated to a shape along axes of length 1."""
    fits = weights.ndim == len(shape) and all(
        n in (1, m) for n, m in zip(weights.shape, shape, strict=True)
    )
    if weights.ndim and not fits:
        fix = "Pass one weight for each sample."
        if weights.ndim < len(shape) and weights.shape == shape[: weights.ndim]:
            added = ", None" * (len(shape) - weights.ndim)
            fix = f"For one weight per sample use sample_weight[...{added}]."
        raise ValueError(
            f"sample_weight must have the shape {shape} of the losses of the samples; "
            f"received shape {weights.shape}. {fix}"
        )
