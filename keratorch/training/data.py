"""Data at the door of `fit`: arrays, frames or datasets in, batches out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keratorch.core import GradArray
from keratorch.training import checks
from keratorch.training.array_batches import ArrayBatches, Batch
from keratorch.training.class_weights import weighted_by_class
from keratorch.training.conversion import is_array
from keratorch.training.streams import DatasetBatches, StreamBatches, finished
from keratorch.training.user_warning import warn
from keratorch.utils.py_dataset import PyDataset, unpack_x_y_sample_weight

Batches = ArrayBatches | StreamBatches | DatasetBatches
Takes = tuple[int | None, int | None]


def model_takes(model: Any) -> Takes:
    """Return how many arrays a model takes and gives; None where nobody knows."""
    if model._has_one_input:
        return 1, 1
    inputs = getattr(model, "input_names", None)
    outputs = getattr(model, "output_names", None)
    if model._has_own_loss:
        outputs = None
    return inputs and len(inputs), outputs and len(outputs)


def holds_samples(x: Any) -> bool:
    """Return whether data are arrays, lists or frames, not batches to come."""
    return isinstance(x, (list, tuple, GradArray, Mapping)) or is_array(x)


def batches(
    model: Any,
    x: Any,
    y: Any = None,
    sample_weight: Any = None,
    batch_size: int | None = None,
    steps: int | None = None,
    shuffle: bool | str = False,
    class_weight: Mapping[int, float] | None = None,
    role: str = "",
    targets: bool = True,
    check_finite: bool = False,
) -> Batches:
    """Return the batches of what a user passed to `fit`, `evaluate` or `predict`.

    `role` comes before argument names in errors, as in "validation_data: x". Without
    `targets`, what a batch has behind x is left out unseen. With `check_finite`,
    batches that come one by one are looked at for NaN, Inf and no samples at all.
    """
    takes = model_takes(model)
    if holds_samples(x):
        x, y, sample_weight = checks.aligned((x, y, sample_weight), role, takes)
        if class_weight is not None:
            sample_weight = weighted_by_class(y, sample_weight, class_weight)
        return ArrayBatches(x, y, sample_weight, batch_size, shuffle, steps)
    _check_batches(x, f"{role}x")
    _check_alone(y, sample_weight, batch_size, role)

    def finish(batch: Any) -> Batch:
        if not targets:
            batch = unpack_x_y_sample_weight(batch)[:1]
        x, y, weight = finished(batch, takes)
        if check_finite:
            checks.not_empty(x, role)
            checks.finite(x, f"{role}x")
            checks.finite(y, f"{role}y")
        if class_weight is not None:
            weight = weighted_by_class(y, weight, class_weight, in_batch=True)
        return x, y, weight

    if isinstance(x, PyDataset):
        return DatasetBatches(x, steps, shuffle, finish)
    return StreamBatches(x, steps, finish)


def _check_batches(x: Any, name: str) -> None:
    """Raise unless what is no array gives batches."""
    if isinstance(x, type):
        raise TypeError(
            f"{name} must be an array, a PyDataset or a generator; received the class "
            f"{x.__name__}. Pass an instance: {x.__name__}(...)."
        )
    iterable = hasattr(x, "__iter__") or hasattr(x, "__next__")
    if isinstance(x, (str, bytes, set, frozenset)) or not iterable:
        fix = " Read the file first." if isinstance(x, (str, bytes)) else ""
        raise TypeError(
            f"{name} must be an array, a list or dict of arrays, a PyDataset or a "
            f"generator of batches; received {type(x).__name__}.{fix}"
        )


def _check_alone(y: Any, sample_weight: Any, batch_size: Any, role: str) -> None:
    """Raise for targets beside whole batches; warn of a size for them."""
    for name, value in (("y", y), ("sample_weight", sample_weight)):
        if value is not None:
            raise ValueError(
                f"{role}{name} cannot be given when x is a generator or a dataset, "
                "which yields whole batches (x, y) or (x, y, sample_weight) itself."
            )
    if batch_size is not None:
        warn(
            f"{role}batch_size={batch_size} changes nothing when x is a generator or a "
            "dataset, which yields whole batches. Leave it out."
        )
