"""Names of reductions in Keras 2."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


class Reduction:
    """The names of what becomes of the losses of samples, as attributes."""

    AUTO = "auto"
    NONE = "none"
    SUM = "sum"
    SUM_OVER_BATCH_SIZE = "sum_over_batch_size"

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """Return all names."""
        return (cls.AUTO, cls.NONE, cls.SUM, cls.SUM_OVER_BATCH_SIZE)


def knowing_auto(standardize: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the check of a reduction to which 'auto' is the mean over the batch."""

    @functools.wraps(standardize)
    def known(reduction: Any) -> Any:
        automatic = isinstance(reduction, str) and reduction.lower() == "auto"
        return standardize(Reduction.SUM_OVER_BATCH_SIZE if automatic else reduction)

    return known
