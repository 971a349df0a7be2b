"""Labels without their fractions, as Keras takes them where it wants integers."""

from __future__ import annotations

import numpy as np

from keratorch.compat.spoken import warn_once


def whole_labels(labels: np.ndarray, user: str) -> np.ndarray:
    """Return labels without fractions, with a warning where there are any.

    Parameters
    ----------
    labels : array.
    user : str, what needs the labels, for the warning.
    """
    whole = np.trunc(labels) if labels.dtype.kind == "f" else labels
    if (whole != labels).any():
        warn_once(
            f"{user} needs integer labels; received numbers with a fraction. Keras "
            "leaves the fractions out, and so does this script."
        )
    return whole
