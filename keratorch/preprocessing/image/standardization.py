"""Images brought to one scale: centered, divided by a deviation, made uncorrelated.

The functions read the settings of an `ImageDataGenerator`, and keep there what they
find.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.training.user_warning import warn

_NEEDED = (
    ("zca_whitening", "featurewise_center"),
    ("featurewise_std_normalization", "featurewise_center"),
    ("samplewise_std_normalization", "samplewise_center"),
)


def complete(settings: Any) -> None:
    """Turn on what another setting needs, and off what it excludes."""
    if settings.zca_whitening and settings.featurewise_std_normalization:
        settings.featurewise_std_normalization = False
        warn("zca_whitening turns featurewise_std_normalization off.")
    for setting, needed in _NEEDED:
        if getattr(settings, setting) and not getattr(settings, needed):
            setattr(settings, needed, True)
            warn(f"{setting} turns {needed} on.")


def find_statistics(settings: Any, x: np.ndarray) -> None:
    """Find the means, deviations and correlations of images; `x` is overwritten."""
    axes = (0, settings.row_axis, settings.col_axis)
    if settings.featurewise_center:
        settings.mean = np.mean(x, axis=axes, keepdims=True)[0]
        x -= settings.mean
    if settings.featurewise_std_normalization:
        settings.std = np.std(x, axis=axes, keepdims=True)[0]
        x /= settings.std + 1e-6
    if settings.zca_whitening:
        flat = np.reshape(x, (len(x), -1))
        u, s, _ = np.linalg.svd(flat.T, full_matrices=False)
        scale = np.sqrt(len(x)) / (s + settings.zca_epsilon)
        settings.zca_whitening_matrix = (u * scale) @ u.T


def standardized(settings: Any, x: np.ndarray) -> np.ndarray:
    """Return images brought to one scale; `x` is overwritten if it is of floats."""
    if settings.preprocessing_function:
        x = settings.preprocessing_function(x)
    if np.asarray(x).dtype.kind != "f":
        x = np.asarray(x, settings.dtype)
    if settings.rescale:
        x *= settings.rescale
    if settings.samplewise_center:
        x -= np.mean(x, keepdims=True)
    if settings.samplewise_std_normalization:
        x /= np.std(x, keepdims=True) + 1e-6
    if settings.featurewise_center and _was_found(settings, "featurewise_center"):
        x -= settings.mean
    if settings.featurewise_std_normalization and _was_found(
        settings, "featurewise_std_normalization"
    ):
        x /= settings.std + 1e-6
    if settings.zca_whitening and _was_found(settings, "zca_whitening"):
        flat = np.reshape(x, (-1, int(np.prod(x.shape[-3:]))))
        x = np.reshape(flat @ settings.zca_whitening_matrix, x.shape)
    return x


def _was_found(settings: Any, setting: str) -> bool:
    found = {
        "featurewise_center": settings.mean,
        "featurewise_std_normalization": settings.std,
        "zca_whitening": settings.zca_whitening_matrix,
    }
    if found[setting] is None:
        warn(f"{setting} does nothing before fit(x) has found what it needs.")
    return found[setting] is not None
