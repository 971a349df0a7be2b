"""Functions that `keras.utils` had."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import compat, lazy
from keratorch.compat import dialect
from keratorch.compat.spoken import say_modern, warn_once
from keratorch.compat.training.whole_labels import whole_labels

layers = lazy.Postponed("keratorch.layers")


def probas_to_classes(probabilities: np.ndarray) -> np.ndarray:
    """Return the class of each row of probabilities.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     probas_to_classes(np.array([[0.2, 0.8], [0.9, 0.1]]))
    array([1, 0])
    """
    say_modern("np_utils.probas_to_classes(y)", "np.argmax(y, axis=-1)")
    y = np.asarray(probabilities)
    return y.argmax(axis=-1) if y.shape[-1] > 1 else (y > 0.5).astype(int).ravel()


def accuracy(p: Any, y: Any) -> float:
    """Return the share of classes that are equal.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     accuracy([1, 0, 2, 2], [1, 0, 0, 2])
    0.75
    """
    say_modern("np_utils.accuracy(p, y)", "np.mean(p == y)")
    return float(np.mean(np.asarray(p) == np.asarray(y)))


def binary_logloss(p: Any, y: Any) -> float:
    """Return the mean crossentropy of probabilities and classes of 0 and 1."""
    p, y = np.clip(p, 1e-15, 1 - 1e-15), np.asarray(y)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def multiclass_logloss(P: Any, Y: Any) -> float:
    """Return the mean of -log of the probabilities of classes, from 1."""
    P, Y = np.asarray(P), np.asarray(Y)
    return float(-np.mean(np.log(P[np.arange(len(Y)), Y - 1])))


def layer_from_config(config: Any, custom_objects: Any = None) -> Any:
    """Return the layer that a configuration describes."""
    say_modern("layer_from_config(config)", "keras.layers.deserialize(config)")
    return layers.deserialize(config, custom_objects)


def of_a_type(to_categorical: Callable[..., Any]) -> Callable[..., Any]:
    """Return `to_categorical` with Keras 2's third argument, the type of the rows.

    In older scripts labels lose their fractions, and in all scripts for Keras those
    below 0 count from the last class, as NumPy's indices do.
    """

    @functools.wraps(to_categorical)
    def typed(*args: Any, **kwargs: Any) -> Any:
        dtype = args[2] if len(args) > 2 else kwargs.pop("dtype", None)
        args = args[:2]
        by_name = next((name for name in ("x", "y") if name in kwargs), None)
        if by_name or args:
            labels = kwargs.pop(by_name) if by_name else args[0]
            classes = next(iter([*args[1:], *_classes_by_name(kwargs)]), None)
            args = (_as_keras_read(labels, classes), *args[1:])
        rows = to_categorical(*args, **kwargs)
        return rows if dtype is None else rows.astype(dtype)

    return typed


def _classes_by_name(kwargs: dict[str, Any]) -> list[Any]:
    return [kwargs[name] for name in ("num_classes", "nb_classes") if name in kwargs]


def _as_keras_read(labels: Any, classes: int | None) -> Any:
    """Return labels as Keras read them, in a script for it."""
    try:
        given = np.asarray(labels)
        if dialect.is_older():
            labels = given = whole_labels(given, "to_categorical")
        below = given < 0
        if not compat._finder.serves_keras or not below.any():
            return labels
        classes = int(given.max()) + 1 if classes is None else classes
        if (given < -classes).any():
            return labels
    except (TypeError, ValueError):  # of what `to_categorical` refuses
        return labels
    warn_once(
        f"to_categorical: labels below 0 count from the last of {classes} classes, as "
        "in Keras: -1 is that class. Are they the labels you mean?"
    )
    return np.where(below, given + classes, given)


def unchanged(model: Any, *args: Any, **kwargs: Any) -> Any:
    """Return a model as it is: there are no GPUs."""
    return model


def print_summary(model: Any, **kwargs: Any) -> None:
    """Print the table of a model."""
    say_modern("print_summary(model)", "model.summary()")
    model.summary(**kwargs)


model_summary = print_summary  # of Keras 0


def print_layer_summary(layer: Any) -> None:
    """Print a layer with the shape of its output and the number of its parameters."""
    say_modern("print_layer_summary(layer)", "model.summary()")
    print(f"{layer.name} ({type(layer).__name__})", layer.count_params())


def count_params(weights: Any) -> int:
    """Return the number of scalars in variables.

    Examples
    --------
    >>> from keratorch import Variable
    >>> count_params([Variable([[1.0, 2.0]]), Variable(0.0)])
    3
    """
    return sum(int(np.prod(weight.shape)) for weight in weights)


def get_source_inputs(
    tensor: Any, layer: Any = None, node_index: int | None = None
) -> list[Any]:
    """Return the symbolic arrays of `Input` that an array is computed from."""
    found: dict[int, Any] = {}
    stack, met = [tensor], set()
    while stack:
        x = stack.pop()
        if id(x) in met:
            continue
        met.add(id(x))
        before = x.node.inputs
        if before:
            stack.extend(reversed(before))
        else:
            found[id(x)] = x
    return list(found.values())


__all__ = [
    "accuracy",
    "binary_logloss",
    "count_params",
    "get_source_inputs",
    "layer_from_config",
    "model_summary",
    "multiclass_logloss",
    "print_layer_summary",
    "print_summary",
    "probas_to_classes",
]
