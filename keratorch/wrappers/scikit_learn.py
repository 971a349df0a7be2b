"""The wrappers of Keras 1 and 2: ``KerasClassifier(build_fn=make_model, epochs=5)``.

All arguments but `build_fn` are handed on: those that the function knows when the model
is made, the others to ``fit``, ``predict`` and ``evaluate``.
"""

from __future__ import annotations

import copy
import inspect
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.models import Model
from keratorch.utils import to_categorical
from keratorch.wrappers.estimator import (
    Estimator,
    accuracy,
    as_data,
    class_numbers,
)

_NEW_NAMES = {"nb_epoch": "epochs"}


class _Wrapper(Estimator):
    """What the two wrappers share.

    Parameters
    ----------
    build_fn : function that returns a compiled model; None if a subclass is called for
        it, by a ``__call__`` of its own.
    **sk_params : arguments of `build_fn`, and of the model's ``fit``, ``predict`` and
        ``evaluate``.

    Raises
    ------
    TypeError : an argument that none of these knows.
    """

    def __init__(self, build_fn: Callable | None = None, **sk_params: Any):
        self.build_fn = build_fn
        self.sk_params: dict[str, Any] = {}
        self._set(sk_params)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**self.sk_params, "build_fn": self.build_fn}

    def set_params(self, **params: Any) -> Any:
        """Set arguments, and return the estimator.

        Raises
        ------
        TypeError : an argument that neither `build_fn` nor the model's methods know.
        """
        if "build_fn" in params:
            self.build_fn = params.pop("build_fn")
        self._set(params)
        return self

    def _set(self, params: dict[str, Any]) -> None:
        fitting = {*_names(Model.fit), *_NEW_NAMES}
        known = {*fitting, *_names(Model.predict), *_names(Model.evaluate)}
        known -= {"self", "x", "y"}
        build = set(_names(self._builder()))
        for name, value in params.items():
            if name not in known | build:
                raise TypeError(
                    f"{type(self).__name__}: {name!r} is no argument of build_fn "
                    f"({', '.join(sorted(build)) or 'it has none'}), nor of the "
                    "model's fit, predict or evaluate."
                )
            self.sk_params[name] = value

    def _builder(self) -> Callable:
        if self.build_fn is not None:
            return self.build_fn
        call = getattr(self, "__call__", None)  # noqa: B004 - a subclass's own
        if call is None:
            raise TypeError(
                f"{type(self).__name__} needs build_fn, a function that returns a "
                "compiled model."
            )
        return call

    def _chosen(self, function: Callable, given: dict[str, Any]) -> dict[str, Any]:
        """Return the parameters that a function knows, and those given to it now.

        Where both names of one are given, the one of today counts.
        """
        params = {**self.sk_params, **given}
        names = _names(function)
        for old, new in _NEW_NAMES.items():
            if old in params and old not in names:
                warnings.warn(
                    f"{old} is called {new} now.", DeprecationWarning, stacklevel=3
                )
                params.setdefault(new, params.pop(old))
        return {name: params[name] for name in names if name in params}

    def fit(self, x: Any, y: Any, **kwargs: Any) -> Any:
        """Make a new model and train it; return the history of the training.

        Parameters
        ----------
        x, y : array_like.
        **kwargs : arguments of the model's ``fit``, over those of the constructor.
        """
        x, y = as_data(x), self._targets(as_data(y))
        builder = self._builder()
        arguments = copy.deepcopy(self._chosen(builder, {}))
        self.model = builder(**arguments)
        if getattr(self.model, "loss", None) == "categorical_crossentropy":
            y = to_categorical(y) if y.ndim < 2 or y.shape[1] == 1 else y
        self.model_ = self.model
        return self.model.fit(x, y, **self._chosen(Model.fit, kwargs))

    def _targets(self, y: np.ndarray) -> np.ndarray:
        return y

    def _outputs(self, x: Any, kwargs: dict[str, Any]) -> np.ndarray:
        arguments = self._chosen(Model.predict, kwargs)
        return self._trained().predict(as_data(x), **arguments)


def _names(function: Callable) -> list[str]:
    return list(inspect.signature(function).parameters)


class KerasClassifier(_Wrapper):
    """A model as a scikit-learn classifier, in the way of Keras 1 and 2.

    The model has one output and a binary loss, or an output for each class and a
    categorical one, sparse or not.

    Attributes
    ----------
    model : the trained model; classes_ : the labels in order.

    Examples
    --------
    >>> import numpy as np
    >>> import keratorch as keras
    >>> from keratorch.wrappers.scikit_learn import KerasClassifier
    >>> def make(units=2):
    ...     model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(units)])
    ...     model.add(keras.layers.Activation("softmax"))
    ...     model.compile("sgd", "sparse_categorical_crossentropy")
    ...     return model
    >>> classifier = KerasClassifier(build_fn=make, units=2, epochs=2, verbose=0)
    >>> history = classifier.fit(np.eye(4), ["no", "yes", "no", "yes"])
    >>> classifier.predict(np.eye(4)).shape
    (4,)
    """

    _estimator_type = "classifier"

    def _targets(self, y: np.ndarray) -> np.ndarray:
        if y.ndim == 2 and y.shape[1] > 1:  # one-hot rows
            self.classes_ = np.arange(y.shape[1])
            self.n_classes_ = len(self.classes_)
            return y
        labels = y.reshape(len(y))
        self.classes_ = np.unique(labels)
        self.n_classes_ = len(self.classes_)
        return class_numbers(labels, self.classes_)

    def predict(self, x: Any, **kwargs: Any) -> np.ndarray:
        """Return the label of each sample, (n,).

        As in Keras, it is (n, 1) where the model has one output, as for two classes.
        """
        outputs = self._outputs(x, kwargs)
        if outputs.shape[-1] == 1:
            return self.classes_[(outputs > 0.5).astype(int)]
        return self.classes_[outputs.argmax(axis=-1)]

    def predict_proba(self, x: Any, **kwargs: Any) -> np.ndarray:
        """Return the probability of each class, (n, classes)."""
        outputs = self._outputs(x, kwargs)
        if outputs.shape[1] == 1:
            return np.hstack([1 - outputs, outputs])
        return outputs

    def score(self, x: Any, y: Any, sample_weight: Any = None, **kwargs: Any) -> float:
        """Return the share of labels that are predicted."""
        y = as_data(y)
        labels = y.argmax(axis=1) if y.ndim == 2 and y.shape[1] > 1 else y
        return accuracy(labels, self.predict(x, **kwargs).reshape(-1), sample_weight)


class KerasRegressor(_Wrapper):
    """A model as a scikit-learn regressor, in the way of Keras 1 and 2.

    Attributes
    ----------
    model : the trained model.
    """

    _estimator_type = "regressor"

    def predict(self, x: Any, **kwargs: Any) -> np.ndarray:
        """Return the predictions, (n,) where the model has one output."""
        outputs = self._outputs(x, kwargs)
        return outputs[..., 0] if outputs.shape[-1] == 1 else outputs

    def score(self, x: Any, y: Any, **kwargs: Any) -> float:
        """Return minus the loss: the larger, the better, as scikit-learn wants it."""
        arguments = self._chosen(Model.evaluate, kwargs)
        result = self._trained().evaluate(as_data(x), as_data(y), **arguments)
        return -float(result[0] if isinstance(result, (list, tuple)) else result)


__all__ = ["KerasClassifier", "KerasRegressor"]
