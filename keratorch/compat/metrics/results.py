"""Results of metrics that answer to ``.numpy()``, as TensorFlow's do.

    metric.result().numpy(), keras.metrics.mean_absolute_error(y, y_pred).numpy()

KeraTorch's metrics return NumPy's own numbers and arrays. While `keras` and `tf` mean
KeraTorch, by `compat.install`, these have one method more.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import compat


class Values(np.ndarray):
    """An array with the method `numpy`."""

    def numpy(self) -> np.ndarray:
        """Return the plain array."""
        return self.view(np.ndarray)


class Float32(np.float32):
    """A number with the method `numpy`."""

    def numpy(self) -> np.float32:
        """Return the plain number."""
        return np.float32(self)


class Float64(np.float64):
    """A number with the method `numpy`."""

    def numpy(self) -> np.float64:
        """Return the plain number."""
        return np.float64(self)


_NUMBERS: dict[type, type] = {np.float32: Float32, np.float64: Float64, float: Float64}


def answering_numpy(result: Any) -> Any:
    """Return a number or an array of NumPy as one that has a method `numpy`.

    Examples
    --------
    >>> float(answering_numpy(np.float32(0.5)).numpy())
    0.5
    """
    if type(result) is np.ndarray:
        return result.view(Values)
    number = _NUMBERS.get(type(result))
    return result if number is None else number(result)


def with_numpy(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose results have a method `numpy`, in scripts for Keras."""

    @functools.wraps(function)
    def answered(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        return answering_numpy(result) if compat._finder.serves_keras else result

    return answered


def let_results_answer(metric: type, method: str = "result") -> None:
    """Let what a method of all subclasses of a class returns have a method `numpy`."""

    def __init_subclass__(cls: type, **kwargs: Any) -> None:  # noqa: N807
        super(metric, cls).__init_subclass__(**kwargs)  # type: ignore[arg-type]
        if method in vars(cls):
            setattr(cls, method, with_numpy(vars(cls)[method]))

    metric.__init_subclass__ = classmethod(__init_subclass__)  # type: ignore[assignment]


def with_numpy_too(decorator: Callable[..., Any]) -> Callable[..., Any]:
    """Return a decorator of metrics' formulas whose results have a method `numpy`."""

    @functools.wraps(decorator)
    def both(formula: Callable[..., Any]) -> Callable[..., Any]:
        return with_numpy(decorator(formula))

    return both


def noting_symbols(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return the ``__call__`` of metrics that take a symbolic array for `add_metric`.

    ``model.add_metric(keras.metrics.Mean(name="size")(layer.output))``
    """

    @functools.wraps(call)
    def called(metric: Any, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and type(args[0]).__name__ == "KerasTensor":
            adding = importlib.import_module("keratorch.compat.layers.adding")
            return adding.Noting(metric)(args[0])
        return call(metric, *args, **kwargs)

    return called
