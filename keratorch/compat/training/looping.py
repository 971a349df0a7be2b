"""What `fit`, `evaluate` and `predict` of Keras 1 and 2 took."""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from keratorch.compat import dialect
from keratorch.training import checks
from keratorch.training.conversion import sample_count
from keratorch.training.data import holds_samples, model_takes

#: The first arguments of `fit`.
_ORDER = (
    "x",
    "y",
    "batch_size",
    "epochs",
    "verbose",
    "callbacks",
    "validation_split",
)
_STEPS = ("steps_per_epoch", "validation_steps", "steps")


def whole_steps(kwargs: dict[str, Any]) -> None:
    """Let numbers of steps be no whole numbers: ``len(x) / 32`` is 3.1, so 4 batches.

    Examples
    --------
    >>> kwargs = {"steps_per_epoch": 3.125, "epochs": 2}
    >>> whole_steps(kwargs)
    >>> kwargs
    {'steps_per_epoch': 4, 'epochs': 2}
    """
    for name in _STEPS:
        if isinstance(kwargs.get(name), (float, np.floating)):
            kwargs[name] = math.ceil(kwargs[name])


def give_validation(model: Any, args: tuple, kwargs: dict[str, Any]) -> None:
    """Let callbacks find the data to validate on, as in Keras up to 2.2.

    Parameters
    ----------
    model : Model that is fitted.
    args, kwargs : of `fit`, without the model.
    """
    asking = [c for c in _flat(kwargs.get("callbacks")) if _may_ask(c)]
    if not asking:
        return
    data = kwargs.get("validation_data")
    if data is None:
        data = _split_off(model, args, kwargs)
    arrays = isinstance(data, (list, tuple)) and len(data) in (2, 3)
    for callback in asking:
        has_older_data = getattr(callback, "validation_data", None) is not None
        if arrays or has_older_data:
            callback.validation_data = _parts(data) if arrays else None
            callback._validation_given = callback.validation_data


def note_sizes(model: Any, args: tuple, kwargs: dict[str, Any]) -> None:
    """Let the model know what an older script's callbacks may ask of a run.

    Parameters
    ----------
    model : Model that is fitted.
    args, kwargs : of `fit`, without the model.
    """
    if not dialect.is_older():
        return
    model._sizes_given = None
    given = {**dict(zip(_ORDER, args, strict=False)), **kwargs}
    x = given.get("x", given.get("X"))
    if holds_samples(x):
        arrays: list[Any] = [
            part for part in (given.get("y"), x) if hasattr(part, "shape")
        ]
        samples = len(arrays[0]) if arrays else sample_count(x)
        kept = 1 - (given.get("validation_split") or 0.0)
        size = given.get("batch_size") or 32
        model._sizes_given = {"samples": int(samples * kept), "batch_size": size}


def _flat(callbacks: Any) -> Iterator[Any]:
    if isinstance(callbacks, (list, tuple)):
        for callback in callbacks:
            yield from _flat(callback)
    elif callbacks is not None:
        yield callbacks


def _may_ask(callback: Any) -> bool:
    """Return whether a callback was written by the script, and has no data of its own.

    What another run gave it is not its own.
    """
    ours = type(callback).__module__.startswith("keratorch.")
    data = getattr(callback, "validation_data", None)
    given = getattr(callback, "_validation_given", None)
    return not ours and (data is None or data is given)


def _split_off(model: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Return what `fit` holds out by `validation_split`; None if it cannot."""
    given = {**dict(zip(("x", "y"), args, strict=False)), **kwargs}
    share = given.get("validation_split")
    if not share or not holds_samples(given.get("x")):
        return None
    with contextlib.suppress(TypeError, ValueError):  # fit says what is wrong
        weights = given.get("sample_weight")
        takes = model_takes(model)
        return checks.split(given["x"], given.get("y"), weights, share, takes)[1][:2]
    return None


def _parts(data: Any) -> list[Any]:
    """Return inputs, targets and weights as Keras 2 handed them to callbacks."""
    x, y, *weights = data
    parts = [array for part in (x, y) for array in _arrays(part)]
    if dialect.is_older():  # it gave them the columns that its losses got
        parts = [p[:, None] if np.ndim(p) == 1 else p for p in map(np.asarray, parts)]
    return [*parts, *(weights or [np.ones(len(parts[-1]))])]


def _arrays(part: Any) -> list[Any]:
    """Return the arrays of several inputs or outputs, or the only one."""
    if isinstance(part, Mapping):
        return [*part.values()]
    several = isinstance(part, list) and all(np.ndim(array) for array in part)
    return part if several and all(hasattr(a, "shape") for a in part) else [part]


def samples_in_lists(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let ``predict([[vector], [vector]])`` mean lists of samples, one an input."""
    whole_steps(kwargs)
    model, *rest = args
    x = rest[0] if rest else kwargs.get("x")
    inputs: Any = getattr(model, "inputs", None) or ()
    if not isinstance(x, list) or len(x) != len(inputs):
        return args
    parts = [_samples_of(part, len(i.shape)) for part, i in zip(x, inputs, strict=True)]
    if rest:
        return (model, parts, *rest[1:])
    kwargs["x"] = parts
    return args


def _samples_of(part: Any, axes: int) -> Any:
    """Return a list of samples as an array, and whatever else it is as it is."""
    with contextlib.suppress(ValueError):  # lists of different lengths
        if isinstance(part, list) and np.ndim(part) == axes:
            return np.asarray(part)
    return part


def counting_on(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return `train_on_batch` or `test_on_batch` with Keras 2's `reset_metrics`.

    By default the results are those of the batch; with False, those of all batches
    since the metrics were last reset.
    """

    @functools.wraps(method)
    def on_batch(model: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.pop("reset_metrics", True):
            return method(model, *args, **kwargs)
        model.reset_metrics = _nothing
        try:
            return method(model, *args, **kwargs)
        finally:
            del model.reset_metrics

    return on_batch


def _nothing() -> None:
    """Do nothing."""
