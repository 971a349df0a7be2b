"""Weights of classes, as weights of samples."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch.layers.arguments import brief
from keratorch.nested import flatten, is_nested
from keratorch.training.user_warning import warn


def check_class_weight(class_weight: Any) -> None:
    """Raise unless class weights map labels to numbers."""
    if class_weight is not None and not isinstance(class_weight, Mapping):
        raise TypeError(
            "class_weight must be a dict from class to weight; received "
            f"{type(class_weight).__name__}. Pass a dict: "
            "class_weight=dict(enumerate(weights))."
        )
    for label, weight in (class_weight or {}).items():
        if isinstance(weight, Mapping):
            raise TypeError(
                "class_weight must map classes to numbers, for models with one output; "
                f"received a dict for {label!r}. For several outputs pass "
                "sample_weight, with weights for each."
            )
        number = isinstance(weight, numbers.Real) and not isinstance(weight, bool)
        if not number or not math.isfinite(weight):
            raise ValueError(
                "class_weight must map each class to a finite number; received "
                f"{brief(weight)} for the class {label!r}."
            )
        if not isinstance(label, numbers.Integral):
            raise TypeError(
                f"class_weight must have integer classes as keys; received {label!r}. "
                "Write class_weight={0: 1.0, 1: 2.0}."
            )


def weighted_by_class(
    y: Any,
    sample_weight: Any,
    class_weight: Mapping[int, float],
    in_batch: bool = False,
) -> np.ndarray:
    """Return a weight for each sample: that of its class, times its own.

    Parameters
    ----------
    y : labels (samples,) or (samples, 1), or one-hot (samples, classes).
    in_batch : bool, whether these are only a batch, without all classes.

    Raises
    ------
    ValueError : no targets, or those of several outputs.
    """
    if y is None:
        raise ValueError("class_weight needs y: the classes to weight.")
    if is_nested(y):
        if len(flatten(y)) > 1:
            raise ValueError(
                "class_weight is for models with one output; y holds "
                f"{len(flatten(y))}. Pass sample_weight, with weights for each output."
            )
        y, sample_weight = flatten(y)[0], flatten(sample_weight)[0]
    labels = y
    if y.ndim > 1:
        labels = y.argmax(axis=-1) if y.shape[-1] > 1 else y[..., 0]
    present, positions = np.unique(np.rint(labels), return_inverse=True)
    each = [class_weight.get(int(label), 1.0) for label in present]
    weights = np.array(each, np.float32)[positions.reshape(labels.shape)]
    if not in_batch:
        _warn_of_missing([int(n) for n in present if int(n) not in class_weight])
    if sample_weight is None:
        return weights
    if np.size(sample_weight) == weights.size:
        sample_weight = np.reshape(sample_weight, weights.shape)
    return weights * sample_weight


def _warn_of_missing(missing: list[int]) -> None:
    if missing:
        warn(
            f"class_weight has no weight for class {missing[0]}"
            + (f" and {len(missing) - 1} more" if len(missing) > 1 else "")
            + ": it counts with weight 1."
        )
