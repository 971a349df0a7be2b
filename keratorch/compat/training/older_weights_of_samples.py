"""Sample weights in scripts for Keras before 2.4.

There the loss of a batch was the weighted sum over the samples whose weight is not 0,
divided by their number, not by that of all samples: padding of weight 0 left the loss
as large as it was.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.compat import dialect
from keratorch.nested import map_structure


def over_those_that_count(step: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method that takes a batch with its weights, as it took them then.

    Parameters
    ----------
    step : method of x, y and sample weights.
    """

    @functools.wraps(step)
    def taken(model: Any, x: Any, y: Any, sample_weight: Any) -> Any:
        if sample_weight is not None and dialect.is_keras_before_2_4():
            sample_weight = map_structure(_scaled, sample_weight)
        return step(model, x, y, sample_weight)

    return taken


def _scaled(weight: Any) -> Any:
    if weight is None:
        return None
    share = np.mean(np.not_equal(weight, 0))
    return weight if share in (0, 1) else weight / share.astype(weight.dtype)
