"""What losses expect of targets and predictions, and what they answer to mistakes.

`fit` looks once at all of its data, a loss that is called looks at each call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np

from keratorch.losses.alignment import Shape, same_rank, shape_error
from keratorch.symbolic import lifted

_Function = TypeVar("_Function", bound=Callable[..., Any])
_TOLERANCE = 1e-5  # rounding may leave a probability a little outside [0, 1]


def accept(*args: Any, **options: Any) -> None:
    """Accept anything: the check of losses that nothing is known of."""


class Expectation(NamedTuple):
    """The checks of a loss function, and how it takes its targets."""

    targets: Callable[..., None] = accept  # (name, y_true, y_pred_shape, **options)
    outputs: Callable[..., None] = accept  # (name, y_pred, **options)
    labels: bool = False  # y_true holds integers, and stays as it is
    mask: Callable[..., Any] | None = None  # (y_true, values, **options)
    by_sample: bool = False  # a sample's loss depends on that sample alone

    def couples_samples(self, options: dict[str, Any]) -> bool:
        """Return whether a sample's loss depends on others, given the options."""
        other_axis = options.get("axis", -1) != -1
        return (
            not self.by_sample or other_axis or options.get("ignore_class") is not None
        )


_expectations: dict[Callable, Expectation] = {}
_nothing = Expectation()


def expects(
    targets: Callable[..., None],
    outputs: Callable[..., None] = accept,
    labels: bool = False,
    mask: Callable[..., Any] | None = None,
    by_sample: bool = True,
) -> Callable[[_Function], _Function]:
    """Say what a loss function expects; its options are passed on to the checks.

    `mask` says which values count in a mean: a bool array, or None for all; `by_sample`
    whether the loss of a sample depends on that sample alone.
    """

    def remember(function: _Function) -> _Function:
        function = lifted(function)  # type: ignore[assignment]
        _expectations[function] = Expectation(targets, outputs, labels, mask, by_sample)
        return function

    return remember


def expectation(function: Callable) -> Expectation:
    """Return what `expects` said of a loss function."""
    return _expectations.get(function, _nothing)


def same_shape(name: str, y_true: np.ndarray, pred: Shape, **options: Any) -> None:
    """Raise unless targets have the shape of the predictions."""
    shapes = same_rank(y_true.shape, pred)
    if shapes[0] != shapes[1]:
        raise shape_error(name, *shapes)


def bits(name: str, y_true: np.ndarray, pred: Shape, **options: Any) -> None:
    """Raise unless targets are numbers from 0 to 1 for each output."""
    same_shape(name, y_true, pred)
    if not y_true.size:
        return
    low, high = y_true.min(), y_true.max()
    if low >= 0 and high <= 1:
        return
    whole = y_true[(y_true < 0) | (y_true > 1)] % 1 == 0
    if not whole.any():
        return  # labels with noise, which some programs add, are no other labels
    value, place = _first(y_true, (y_true < 0) | (y_true > 1))
    if low == -1 and high <= 1:
        fix = "Recode -1 and 1 as 0 and 1: (y_true + 1) / 2."
    elif low == 1 and high == 2:
        fix = "Are they 1-based? Then subtract 1."
    else:
        fix = "For more than two classes use sparse_categorical_crossentropy."
    raise ValueError(
        f"{name} needs targets from 0 to 1; received {value} at {place} of y_true, "
        f"whose values go from {low} to {high}. {fix}"
    )


def one_hot(
    name: str, y_true: np.ndarray, pred: Shape, axis: int = -1, **options: Any
) -> None:
    """Raise unless targets have a number for each class, and there are two or more."""
    _several_classes(name, pred, axis)
    shapes = same_rank(y_true.shape, pred)
    if shapes[0] == shapes[1]:
        return
    samples = _without(pred, axis)
    as_column = y_true.ndim == len(pred) and y_true.shape[axis] == 1
    if y_true.shape == samples or (as_column and y_true.size == np.prod(samples)):
        raise ValueError(
            f"{name} needs one-hot targets, of y_pred's shape {pred}; received y_true "
            f"of shape {y_true.shape}, which looks like integer labels. Use "
            "sparse_categorical_crossentropy, or to_categorical(y_true, "
            f"{pred[axis]})."
        )
    raise shape_error(name, *shapes)


def integer_labels(
    name: str,
    y_true: np.ndarray,
    pred: Shape,
    axis: int = -1,
    ignore_class: int | None = None,
    **options: Any,
) -> None:
    """Raise unless targets are one integer label per sample, each of a class."""
    _several_classes(name, pred, axis)
    samples, classes = _without(pred, axis), pred[axis]
    if y_true.shape == pred:
        raise ValueError(
            f"{name} needs integer labels of shape {samples}; received y_true of shape "
            f"{y_true.shape}, which looks one-hot. Use categorical_crossentropy, or "
            f"np.argmax(y_true, axis={axis})."
        )
    if y_true.ndim == len(pred) and y_true.shape[axis] == 1:
        y_true = y_true.squeeze(axis)
    if y_true.shape != samples:
        raise ValueError(
            f"{name} needs one integer label per sample, of shape {samples}; received "
            f"y_true of shape {y_true.shape} for y_pred of shape {pred}."
        )
    if y_true.size:
        _check_range(name, y_true, classes, ignore_class)


def _check_range(
    name: str, y_true: np.ndarray, classes: int, ignore_class: int | None
) -> None:
    """Raise unless labels are integers of the range."""
    low, high = y_true.min(), y_true.max()
    whole = y_true.dtype.kind != "f" or bool((np.trunc(y_true) == y_true).all())
    if whole and low >= 0 and high < classes:
        return
    wrong = (y_true < 0) | (y_true >= classes) | (np.trunc(y_true) != y_true)
    if ignore_class is not None:
        wrong &= y_true != ignore_class
        if not wrong.any():
            return
    value, place = _first(y_true, wrong)
    if not whole:
        fix = "For numbers that are no labels use a regression loss such as 'mse'."
    elif low == 1 and high == classes:
        fix = "Are they 1-based? Then subtract 1."
    elif low < 0:
        fix = (
            "Number the classes from 0; SparseCategoricalCrossentropy("
            f"ignore_class={value:g}) leaves out samples without a label."
        )
    else:
        fix = (
            "Are they 1-based? Then subtract 1; else give the last layer "
            f"{int(high) + 1} units."
        )
    raise ValueError(
        f"{name} needs integer labels from 0 to {classes - 1}, as y_pred has {classes} "
        f"classes; received {value} at {place} of y_true. {fix}"
    )


def sigmoid_outputs(name: str, y_pred: np.ndarray, **options: Any) -> None:
    """Raise if predictions are no probabilities of yes and no."""
    _check_probabilities(name, y_pred, "sigmoid", **options)


def softmax_outputs(name: str, y_pred: np.ndarray, **options: Any) -> None:
    """Raise if predictions are no probabilities of classes."""
    _check_probabilities(name, y_pred, "softmax", **options)


def probabilities(name: str, y_pred: np.ndarray, **options: Any) -> None:
    """Raise if predictions are no probabilities, for a loss that takes no logits."""
    worst = _outside(y_pred)
    if worst is not None:
        raise ValueError(
            f"{name} needs probabilities, from 0 to 1; received {worst:.6g} in y_pred. "
            "Add activation='softmax' to the last layer."
        )


def rates(name: str, y_pred: np.ndarray, **options: Any) -> None:
    """Raise if predictions are no expected numbers: their logarithm would be NaN."""
    if y_pred.size and y_pred.min() < -_TOLERANCE:
        raise ValueError(
            f"{name} needs expected numbers, not below 0; received {y_pred.min():.6g} "
            "in y_pred. Add activation='softplus' or 'exponential' to the last layer."
        )


def _check_probabilities(
    name: str,
    y_pred: np.ndarray,
    activation: str,
    from_logits: bool = False,
    **options: Any,
) -> None:
    worst = None if from_logits else _outside(y_pred)
    if worst is not None:
        raise ValueError(
            f"{name} needs probabilities, from 0 to 1; received {worst:.6g} in y_pred. "
            f"Set from_logits=True, or add activation={activation!r} to the last "
            "layer."
        )


def _outside(y_pred: np.ndarray) -> Any:
    """Return a prediction outside [0, 1], or None."""
    if not y_pred.size:
        return None
    low, high = y_pred.min(), y_pred.max()
    if low < -_TOLERANCE:
        return low
    return high if high > 1 + _TOLERANCE else None


def _several_classes(name: str, pred: Shape, axis: int) -> None:
    if not pred or not -len(pred) <= axis < len(pred):
        raise ValueError(
            f"{name} needs y_pred with an axis {axis} of classes; received shape "
            f"{pred}."
        )
    if pred[axis] == 1:
        raise ValueError(
            f"{name} needs y_pred with two or more classes on axis {axis}; received "
            f"shape {pred}: a softmax over 1 unit is always 1. Use sigmoid and "
            "binary_crossentropy."
        )


def _without(shape: Shape, axis: int) -> Shape:
    axis %= len(shape)
    return shape[:axis] + shape[axis + 1 :]


def _first(array: np.ndarray, wrong: np.ndarray) -> tuple[Any, str]:
    """Return the first value that is wrong, and where it is."""
    index = np.unravel_index(int(np.argmax(wrong)), array.shape)
    rows = tuple(int(i) for i in index)
    one_column = all(length == 1 for length in array.shape[1:])
    place = f"row {rows[0]}" if rows and one_column else f"index {rows}"
    return array[index], place
