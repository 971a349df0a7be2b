"""Features and targets, checked as scikit-learn wants it from an estimator."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.wrappers.estimator import as_data


def as_features(X: Any, estimator: str, expected: int | None = None) -> np.ndarray:
    """Return X as an array of numbers.

    Parameters
    ----------
    X : (n, features, ...) array_like.
    estimator : str, its class, for messages.
    expected : int, the number of features that `fit` saw, or None.

    Raises
    ------
    TypeError : sparse X, or an object in it that is no number.
    ValueError : complex numbers, NaN or infinity, no features, no samples, one axis
        alone, or another number of features.
    """
    array = _numbers(X, "X")
    if array.ndim < 2:
        raise ValueError(
            f"{estimator}: X must have a row for each sample and a column for each "
            f"feature; received shape {array.shape}. Reshape your data: "
            "X.reshape(-1, 1) where each number is a sample, X.reshape(1, -1) where "
            "all are one."
        )
    for axis, what in enumerate(("sample", "feature")):
        if not array.shape[axis]:
            raise ValueError(
                f"{estimator}: X has 0 {what}(s) (shape={array.shape}) while a "
                "minimum of 1 is required."
            )
    _check_finite(array, "X", estimator)
    if expected is not None and array.shape[1] != expected:
        raise ValueError(
            f"X has {array.shape[1]} features, but {estimator} is expecting "
            f"{expected} features as input, those of fit."
        )
    return array


def as_target(y: Any, samples: int, estimator: str) -> np.ndarray:
    """Return y as an array.

    Raises
    ------
    TypeError : sparse y.
    ValueError : no y, NaN, or another number of samples than X has.
    """
    if y is None:
        raise ValueError(
            f"{estimator} requires y to be passed, but the target y is None. Call "
            "fit(X, y)."
        )
    array = as_data(_dense(y, "y"))
    if array.ndim == 0 or len(array) != samples:
        raise ValueError(
            f"{estimator}: X has {samples} samples, and y the shape {array.shape}. "
            "Give a row of y for each row of X."
        )
    _check_finite(array, "y", estimator)
    return array


def _numbers(x: Any, name: str) -> np.ndarray:
    array = as_data(_dense(x, name))
    if array.dtype.kind == "c":
        raise ValueError(
            f"{name}: Complex data not supported. Pass real and imaginary parts as "
            "features: np.concatenate([z.real, z.imag], axis=1)."
        )
    return array if array.dtype.kind in "biuf" else array.astype(float)


def _dense(x: Any, name: str) -> Any:
    if hasattr(x, "toarray") and hasattr(x, "nnz"):
        raise TypeError(
            f"{name} is a sparse matrix, which is not supported. Make it dense: "
            f"{name}.toarray()."
        )
    return x


def _check_finite(array: np.ndarray, name: str, estimator: str) -> None:
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return
    found = "NaN" if np.isnan(array).any() else "infinity (inf)"
    raise ValueError(
        f"{estimator}: input {name} contains {found}. Drop these samples, or fill them "
        "in: np.nan_to_num(X)."
    )
