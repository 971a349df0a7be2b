"""What scikit-learn asks of an estimator, without scikit-learn.

Its `clone`, `cross_val_score`, `GridSearchCV` and `Pipeline` know an estimator by
methods: these are they.  scikit-learn itself is imported where it calls
``__sklearn_tags__``, and for the class of one error.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any

import numpy as np

from keratorch import graph


class NotFittedError(ValueError, AttributeError):
    """An estimator was used before ``fit``."""


@functools.cache
def _not_fitted() -> type[NotFittedError]:
    """Return the class of that error, which is scikit-learn's too if that is there."""
    try:
        from sklearn.exceptions import NotFittedError as Theirs  # noqa: PLC0415
    except ImportError:
        return NotFittedError
    return type("NotFittedError", (NotFittedError, Theirs), {})


class Estimator:
    """The base of all wrappers: parameters, and what kind of estimator it is."""

    _estimator_type: str | None = None  # 'classifier' or 'regressor'
    _transforms = False

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's arguments.

        Parameters
        ----------
        deep : bool, as scikit-learn passes it; there are no estimators inside.
        """
        return {name: getattr(self, name) for name in _arguments(type(self))}

    def set_params(self, **params: Any) -> Any:
        """Set arguments of the constructor, and return the estimator.

        Raises
        ------
        ValueError : an argument that there is not.
        """
        known = _arguments(type(self))
        for name, value in params.items():
            if name not in known:
                raise ValueError(
                    f"{type(self).__name__} has no parameter {name!r}. It has: "
                    f"{', '.join(known)}."
                )
            setattr(self, name, value)
        return self

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import (  # noqa: PLC0415
            ClassifierTags,
            RegressorTags,
            Tags,
            TargetTags,
            TransformerTags,
        )

        kind = self._estimator_type
        return Tags(
            estimator_type=kind,
            target_tags=TargetTags(required=True),
            transformer_tags=(
                TransformerTags(preserves_dtype=[]) if self._transforms else None
            ),
            classifier_tags=(
                ClassifierTags(poor_score=True) if kind == "classifier" else None
            ),
            regressor_tags=(
                RegressorTags(poor_score=True) if kind == "regressor" else None
            ),
            non_deterministic=True,
        )

    def __sklearn_is_fitted__(self) -> bool:
        return self._fitted() is not None

    def _fitted(self) -> Any:
        """Return the trained model, or None."""
        return getattr(self, "model_", None)

    def _trained(self) -> Any:
        """Return the trained model."""
        model = self._fitted()
        if model is None:
            raise _not_fitted()(
                f"this {type(self).__name__} is not fitted yet. Call fit(X, y) first."
            )
        return model

    def __repr__(self) -> str:
        shown = ", ".join(f"{k}={v!r}" for k, v in self.get_params().items())
        return f"{type(self).__name__}({shown})"


def _arguments(kind: type) -> list[str]:
    parameters = inspect.signature(kind).parameters.values()
    return [p.name for p in parameters if p.kind is not p.VAR_KEYWORD]


def as_data(x: Any) -> np.ndarray:
    """Return X or y, such as a pandas frame or a list, as an ndarray."""
    return np.asarray(graph.value(x))


def labels_of(y: Any) -> np.ndarray:
    """Return class labels as one axis.

    Raises
    ------
    ValueError : several columns.
    """
    labels = as_data(y)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise ValueError(
            "y must be one label for each sample, of shape (n,); received shape "
            f"{labels.shape}. For one-hot rows pass y.argmax(axis=1)."
        )
    return labels


def class_numbers(labels: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return the place of each label among the classes.

    Raises
    ------
    ValueError : a label that is no class.
    """
    numbers = np.minimum(np.searchsorted(classes, labels), len(classes) - 1)
    wrong = np.flatnonzero(classes[numbers] != labels)
    if wrong.size:
        raise ValueError(
            f"y[{wrong[0]}] is {labels[wrong[0]]!r}, which is none of the classes that "
            f"fit saw: {classes[:10].tolist()}."
        )
    return numbers


def accuracy(y: Any, predicted: np.ndarray, sample_weight: Any = None) -> float:
    """Return the share of samples, or of their weights, that are right."""
    right = labels_of(y) == predicted
    return float(np.average(right, weights=sample_weight))


def r_squared(y: Any, predicted: np.ndarray, sample_weight: Any = None) -> float:
    """Return 1 - (squared errors) / (squared distances from the mean), of columns."""
    truth = as_data(y).reshape(len(predicted), -1).astype(float)
    guess = predicted.reshape(truth.shape)
    errors = np.average((truth - guess) ** 2, axis=0, weights=sample_weight)
    middle = np.average(truth, axis=0, weights=sample_weight)
    spread = np.average((truth - middle) ** 2, axis=0, weights=sample_weight)
    constant = spread == 0  # scikit-learn's rule: 1 if it was met, else 0
    scores = np.where(constant, errors == 0, 1 - errors / np.where(constant, 1, spread))
    return float(scores.mean())
