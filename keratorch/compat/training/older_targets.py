"""Targets as Keras gave them to the losses and metrics of a script.

They are tensors, which have `get_shape` and TensorFlow's dtypes. Keras 1 and 2 made
(samples, 1) of targets (samples,), whatever the shape of the outputs. Keras 3 gives
functions of one's own the shape that `fit` was given.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch import compat, losses, metrics
from keratorch.compat import dialect
from keratorch.compat.models.array_attributes import Shape
from keratorch.compat.spoken import warn_once
from keratorch.compat.training.older_shapes import column_for
from keratorch.compat.training.whole_labels import whole_labels
from keratorch.core import GradArray
from keratorch.nested import is_nested


class Targets(np.ndarray):
    """Targets and outputs for a metric: compared with None, they are not it."""

    def __eq__(self, other: Any) -> Any:
        return False if other is None else super().__eq__(other)

    def __ne__(self, other: Any) -> Any:
        return True if other is None else super().__ne__(other)

    __hash__ = None

    def numpy(self) -> np.ndarray:
        """Return the plain array."""
        return self.view(np.ndarray)

    def get_shape(self) -> Shape:
        """Return the shape, with the methods of TensorFlow's."""
        return Shape(self.shape)


def metrics_of_scripts(make: Callable[..., Any]) -> Callable[..., Any]:
    """Return the maker of a metric whose function gets targets as in Keras 2.

    Where there is one output each, that holds for every script; where there are more,
    for those that have nothing of Keras 3.
    """

    @functools.wraps(make)
    def made(*args: Any, **kwargs: Any) -> Any:
        metric = make(*args, **kwargs)
        own = type(metric) is metrics.MeanMetricWrapper
        if own and compat._finder.serves_keras and _of_a_script(metric._fn):
            metric._fn = _told(metric._fn, of_metric=True)
        return metric

    return made


def losses_of_scripts(resolve: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what makes losses whose functions get targets as in the script's Keras."""

    @functools.wraps(resolve)
    def resolved(loss: Any) -> Any:
        found = resolve(loss)
        if compat._finder.serves_keras:
            if type(found) is losses.LossFunctionWrapper and _of_a_script(found.fn):
                found.fn = _told(found.fn)
            elif isinstance(found, losses.Loss) and _of_a_script(type(found)):
                found.call = _told(found.call)  # type: ignore[method-assign]
        return found

    return resolved


def of_whole_labels(validate_targets: Callable[..., None]) -> Callable[..., None]:
    """Return the check of targets that takes labels without their fractions.

    The loss leaves the fractions out as well, as Keras does: 0.99 is the class 0. The
    targets are in the shape in which the loss takes them in an older script.
    """

    @functools.wraps(validate_targets)
    def checked(loss: Any, y_true: Any, y_pred_shape: tuple[int, ...]) -> None:
        if compat._finder.serves_keras and isinstance(y_true, np.ndarray):
            y_true = y_true.reshape(column_for(y_true.shape, y_pred_shape))
            if loss._expects.labels:
                y_true = whole_labels(y_true, loss.name)
        validate_targets(loss, y_true, y_pred_shape)

    return checked


def without_fractions(class_labels: Callable[..., Any]) -> Callable[..., Any]:
    """Return the check of labels for a metric that takes them without fractions."""

    @functools.wraps(class_labels)
    def checked(y_true: np.ndarray, classes: int) -> np.ndarray:
        if compat._finder.serves_keras:
            y_true = whole_labels(y_true, "a metric of labels")
        return class_labels(y_true, classes)

    return checked


def for_all_outputs(in_output_order: Callable[..., Any]) -> Callable[..., Any]:
    """Return what orders targets, of which one array counts for all outputs.

    So it is in tf.keras 2. Other versions refuse one array for several outputs.
    """

    @functools.wraps(in_output_order)
    def ordered(
        given: Any, outputs: Any, names: Any, what: str, wanted: Sequence[bool]
    ) -> list[Any]:
        one = what == "y" and sum(wanted) > 1 and not is_nested(given)
        if not one or given is None or not dialect.is_older():
            return in_output_order(given, outputs, names, what, wanted)
        warn_once(
            f"y: one array is compared with each of {sum(wanted)} outputs. tf.keras 2 "
            "does so, and so does this script."
        )
        return [given if has_targets else None for has_targets in wanted]

    return ordered


def _of_a_script(function: Any) -> bool:
    """Return whether a function is not KeraTorch's, and was not changed here yet."""
    ours = str(getattr(function, "__module__", "")).startswith("keratorch.")
    return not ours and not hasattr(function, "gets_columns")


def _told(function: Callable[..., Any], of_metric: bool = False) -> Any:
    """Return a function that gets one column where it was given targets (samples,)."""

    @functools.wraps(function)
    def told(y_true: Any, y_pred: Any, *args: Any, **kwargs: Any) -> Any:
        one_column = of_metric and np.shape(y_pred)[1:] == (1,)
        several = np.ndim(y_pred) > 1 and dialect.is_older()
        if np.ndim(y_true) == 1 and (one_column or several):
            y_true = y_true[:, None]
        if of_metric:
            y_true, y_pred = _comparable(y_true), _comparable(y_pred)
        else:
            y_true = _as_tensor(y_true)
        return function(y_true, y_pred, *args, **kwargs)

    told.gets_columns = True  # type: ignore[attr-defined]
    return told


def _comparable(x: Any) -> Any:
    return x.view(Targets) if type(x) is np.ndarray else x


def _as_tensor(x: Any) -> Any:
    """Return numbers as what has a tensor's attributes and no gradient."""
    numbers = type(x) is np.ndarray and x.dtype.kind in "biuf"
    return GradArray(x, requires_grad=False) if numbers else x
