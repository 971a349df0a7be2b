"""Keras 3's wrappers: a model as a classifier, regressor or transformer."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from keratorch.models import Model, Sequential
from keratorch.saving import clone_model
from keratorch.wrappers.estimator import (
    Estimator,
    NotFittedError,
    accuracy,
    class_numbers,
    labels_of,
    r_squared,
)
from keratorch.wrappers.validation import as_features, as_target


class _Wrapper(Estimator):
    """What the three wrappers share.

    Parameters
    ----------
    model : a compiled `Model`, of which each `fit` trains a copy with new weights; or
        a function ``(X, y, **model_kwargs)`` that returns a compiled model.
    warm_start : bool, whether `fit` goes on with the weights that there are: those of
        the last `fit`, or else of `model`, which is then itself trained.
    model_kwargs : dict, more arguments for the function.
    fit_kwargs : dict, arguments for the model's ``fit``, such as epochs and verbose.

    Attributes
    ----------
    model_ : the trained model; history_ : what its ``fit`` returned.
    """

    _flat = False  # the y of fit had one axis

    def __init__(
        self,
        model: Any,
        warm_start: bool = False,
        model_kwargs: dict[str, Any] | None = None,
        fit_kwargs: dict[str, Any] | None = None,
    ):
        self.model = model
        self.warm_start = warm_start
        self.model_kwargs = model_kwargs
        self.fit_kwargs = fit_kwargs

    def __sklearn_clone__(self) -> Any:
        # fit clones the model: until then the clones of an estimator may share it
        own = self.warm_start and isinstance(self.model, Model)
        model = copy.deepcopy(self.model) if own else self.model
        return type(self)(model, self.warm_start, self.model_kwargs, self.fit_kwargs)

    @property
    def epoch_(self) -> int:
        """The number of epochs of the last `fit`; 0 before it."""
        history = getattr(self, "history_", None)
        return 0 if history is None else len(history.epoch)

    def fit(self, X: Any, y: Any, **kwargs: Any) -> Any:
        """Train the model, and return the estimator.

        Parameters
        ----------
        X : (n, ...) array_like.
        y : (n,) or (n, outputs) array_like.
        **kwargs : arguments for the model's ``fit``, over those of `fit_kwargs`.

        Raises
        ------
        TypeError : sparse X or y.
        ValueError : a model that is not compiled; complex numbers, NaN or infinity in
            X; an X with one axis; an y of another length.
        """
        X = as_features(X, type(self).__name__)
        y = as_target(y, len(X), type(self).__name__)
        targets = self._targets(y, fitting=True)
        model = self._model_for(X, targets)
        if not getattr(model, "compiled", False):
            raise ValueError(
                f"{type(self).__name__} needs a compiled model. Call "
                "model.compile(optimizer, loss) before."
            )
        self.n_features_in_ = X.shape[1]
        self.history_ = model.fit(X, targets, **{**(self.fit_kwargs or {}), **kwargs})
        self.model_ = model
        return self

    def _model_for(self, X: np.ndarray, y: np.ndarray) -> Any:
        if self.warm_start and hasattr(self, "model_"):
            return self.model_
        if isinstance(self.model, Model):
            return self.model if self.warm_start else _renewed(self.model)
        if not callable(self.model):
            raise TypeError(
                f"{type(self).__name__}: model must be a Model or a function that "
                f"returns one; received a {type(self.model).__name__}."
            )
        return self.model(X=X, y=y, **(self.model_kwargs or {}))

    def _outputs(self, X: Any) -> np.ndarray:
        verbose = (self.fit_kwargs or {}).get("verbose", "auto")
        model = self._trained()
        expected = getattr(self, "n_features_in_", None)
        X = as_features(X, type(self).__name__, expected)
        return model.predict(X, verbose=verbose)

    def _targets(self, y: np.ndarray, fitting: bool = False) -> np.ndarray:
        """Return y as the model is trained on it."""
        self._flat = y.ndim == 1
        return y[:, None] if y.ndim == 1 else y

    def predict(self, X: Any) -> np.ndarray:
        """Return the model's predictions, of the form of the y of `fit`."""
        outputs = self._outputs(X)
        return outputs[:, 0] if self._flat and outputs.shape[1:] == (1,) else outputs


def _renewed(model: Any) -> Any:
    """Return a copy of a model with new weights, so that nothing learnt leaks into it.

    Raises
    ------
    TypeError : a model whose layers only its own ``call`` knows, and that has weights.
    """
    copied = copy.deepcopy(model)
    if not model.built:
        return copied
    if not isinstance(model, Sequential) and getattr(model, "_network", None) is None:
        raise TypeError(
            f"{type(model).__name__} '{model.name}' has weights, and a call() of its "
            "own, so fit cannot make a new one. Give the wrapper a function "
            "(X, y) -> compiled model, or warm_start=True."
        )
    copied.set_weights(clone_model(model).get_weights())
    if getattr(model, "compiled", False) and model.optimizer is not None:
        kind, config = type(model.optimizer), model.optimizer.get_config()
        copied.optimizer = kind.from_config(config)
    return copied


class SKLearnClassifier(_Wrapper):
    """A model as a scikit-learn classifier: labels in, labels out.

    The model is trained on one-hot rows, one column for each class, also where there
    are two classes: end it with ``Dense(classes, activation="softmax")`` and compile it
    with 'categorical_crossentropy'.

    Parameters
    ----------
    model, warm_start, model_kwargs, fit_kwargs : a compiled `Model` or a function
        ``(X, y, **model_kwargs)`` that returns one, y being the one-hot rows; whether
        to go on with the weights that there are; arguments for the function; arguments
        for the model's ``fit``.

    Attributes
    ----------
    model_, history_ : the trained model, and what its ``fit`` returned.
    classes_ : (classes,), the labels in order.

    Examples
    --------
    >>> import numpy as np
    >>> import keratorch as keras
    >>> from keratorch.wrappers import SKLearnClassifier
    >>> def build(X, y):
    ...     layer = keras.layers.Dense(y.shape[1], activation="softmax")
    ...     model = keras.Sequential([keras.Input(X.shape[1:]), layer])
    ...     model.compile("sgd", "categorical_crossentropy")
    ...     return model
    >>> X, y = np.eye(4), np.array(["cat", "dog", "cat", "dog"])
    >>> classifier = SKLearnClassifier(build, fit_kwargs={"verbose": 0})
    >>> classifier.fit(X, y, epochs=5).predict(X).shape
    (4,)
    """

    _estimator_type = "classifier"

    def _targets(self, y: np.ndarray, fitting: bool = False) -> np.ndarray:
        labels = labels_of(y)
        if labels.dtype.kind == "f" and (labels != np.floor(labels)).any():
            raise ValueError(
                "SKLearnClassifier needs class labels; y has fractions. For numbers "
                "use SKLearnRegressor."
            )
        self.classes_ = np.unique(labels)
        if len(self.classes_) < 2:
            raise ValueError(
                "SKLearnClassifier needs two classes or more; y has one class, "
                f"{self.classes_[0]!r}."
            )
        numbers = class_numbers(labels, self.classes_)
        return np.eye(len(self.classes_), dtype="float32")[numbers]

    def predict(self, X: Any) -> np.ndarray:
        """Return the most probable label of each sample."""
        numbers = self._outputs(X).argmax(axis=1)
        return self.classes_[numbers]

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the model's outputs, (n, classes)."""
        return self._outputs(X)

    def decision_function(self, X: Any) -> np.ndarray:
        """Return the model's outputs, (n, classes)."""
        return self._outputs(X)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return the share of labels that are predicted."""
        return accuracy(y, self.predict(X), sample_weight)


class SKLearnRegressor(_Wrapper):
    """A model as a scikit-learn regressor.

    Parameters
    ----------
    model, warm_start, model_kwargs, fit_kwargs : those of `SKLearnClassifier`; the
        function's y has shape (n, outputs).

    Attributes
    ----------
    model_, history_ : the trained model, and what its ``fit`` returned.
    """

    _estimator_type = "regressor"

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return R squared: 1 is perfect, 0 no better than the mean of y."""
        return r_squared(y, self.predict(X), sample_weight)


class SKLearnTransformer(_Wrapper):
    """A model as a scikit-learn transformer: what it predicts are features.

    Parameters
    ----------
    model, warm_start, model_kwargs, fit_kwargs : those of `SKLearnRegressor`. A built
        model may transform without `fit`, with the weights that it has.

    Attributes
    ----------
    model_, history_ : the trained model, and what its ``fit`` returned.
    """

    _transforms = True

    def _fitted(self) -> Any:
        model = super()._fitted()
        if model is None and isinstance(self.model, Model) and self.model.built:
            return self.model
        return model

    def transform(self, X: Any) -> np.ndarray:
        """Return the model's outputs."""
        return self._outputs(X)

    def fit_transform(self, X: Any, y: Any, **kwargs: Any) -> np.ndarray:
        """Train the model, and return its outputs."""
        return self.fit(X, y, **kwargs).transform(X)


__all__ = [
    "NotFittedError",
    "SKLearnClassifier",
    "SKLearnRegressor",
    "SKLearnTransformer",
]
