"""Mistakes that Keras computes on with: in scripts for Keras they are warnings.

KeraTorch raises for targets outside [0, 1], outputs that are no probabilities, NaN in
the data, a softmax over one unit, or a callback that monitors nothing. A script that
runs unchanged, by `compat.install`, has passed through Keras with them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch import compat
from keratorch.compat.spoken import warn_once


def warning_in_scripts(check: Callable[..., Any]) -> Callable[..., Any]:
    """Return a check that warns where it raises a ValueError, in scripts for Keras.

    Each of its messages comes once; the check then returns None.
    """

    @functools.wraps(check)
    def lenient(*args: Any, **kwargs: Any) -> Any:
        try:
            return check(*args, **kwargs)
        except ValueError as error:
            if not compat._finder.serves_keras:
                raise
            warn_once(f"{error} Keras computes on with it, and so does this script.")
            return None

    return lenient


def after(first: Callable[..., Any], check: Callable[..., Any]) -> Callable[..., Any]:
    """Return a lenient check that comes behind a strict one of the same arguments."""
    lenient = warning_in_scripts(check)

    @functools.wraps(check)
    def both(*args: Any, **kwargs: Any) -> Any:
        first(*args, **kwargs)
        return lenient(*args, **kwargs)

    return both


def for_any_batch(check_targets: Callable[..., Any]) -> Callable[..., Any]:
    """Return the check of targets for models that take one size of batch only.

    It runs the model on two samples. A layer that adds ``K.random_normal((32, 2))``
    takes 32 of them: then the first step shows whether targets fit.
    """

    @functools.wraps(check_targets)
    def checked(*args: Any, **kwargs: Any) -> Any:
        try:
            return check_targets(*args, **kwargs)
        except ValueError as error:
            if "could not be broadcast together" not in str(error):
                raise
            return None

    return checked
