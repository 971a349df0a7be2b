"""Functions that `keras.utils` had."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.compat.spoken import say_modern


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


def unchanged(model: Any, *args: Any, **kwargs: Any) -> Any:
    """Return a model as it is: there are no GPUs, and one kind of kernels."""
    return model


def convert_kernel(kernel: Any) -> np.ndarray:
    """Return a convolution's kernel turned around, from Theano's way to ours."""
    kernel = np.asarray(kernel)
    spatial = tuple(range(kernel.ndim - 2))
    return np.flip(kernel, spatial).copy()


def print_summary(model: Any, **kwargs: Any) -> None:
    """Print the table of a model."""
    say_modern("print_summary(model)", "model.summary()")
    model.summary(**kwargs)
