"""`l1_l2` with the factors that it had by default.

l1_l2()             # both are 0.01, in each Keras before 3
l1_l2(l1=0.1)       # so is l2, in scripts that are known to be older
"""

from __future__ import annotations

from typing import Any

from keratorch import regularizers
from keratorch.compat import dialect
from keratorch.regularizers import L1L2


def add() -> None:
    """Let `keras.regularizers.l1_l2` be the one of this module."""
    regularizers.l1_l2 = l1_l2  # type: ignore[assignment]


def remove() -> None:
    """Let it be the class again, as it is today."""
    regularizers.l1_l2 = L1L2


def l1_l2(*args: Any, **kwargs: Any) -> L1L2:
    """Return the regularizer l1 * sum(abs(x)) + l2 * sum(x**2).

    Parameters
    ----------
    l1, l2 : float >= 0; default 0, and 0.01 in older scripts.
    """
    if _is_older(bool(args or kwargs)):
        given = dict(zip(("l1", "l2"), args, strict=False))
        return L1L2(**{"l1": 0.01, "l2": 0.01, **given, **kwargs})
    return L1L2(*args, **kwargs)


def _is_older(has_factors: bool) -> bool:
    """Return whether a factor that is not given is 0.01.

    Keras 3 has 0 for it: without any factor that regularizes nothing, and so no script
    means it.
    """
    return dialect.is_before_3() if has_factors else dialect.is_older()
