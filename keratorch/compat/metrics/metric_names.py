"""The names of a model's metrics as Keras 1 and 2 knew them, and before it met data.

Keras 3 makes the metrics of `compile` for the first batch, and until then
``model.metrics_names`` is ``['loss', 'compile_metrics']``.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import lazy
from keratorch.compat import dialect

logs: Any = lazy.Postponed("keratorch.compat.training.logs")


def known_at_once(names: property) -> property:
    """Return the property `names` of compiled metrics that foretells, in older scripts.

    Parameters
    ----------
    names : the property of today, empty before the first batch.
    """

    def read(compiled: Any) -> list[str]:
        found = names.fget(compiled)  # type: ignore[misc]
        if found or compiled._places is not None or not dialect.is_older():
            return found
        outputs = [np.zeros((1, 1), "float32")] * len(compiled._output_names or [""])
        twin = copy.copy(compiled)  # the metrics themselves wait for the data's shapes
        twin._build(outputs, outputs[0] if len(outputs) == 1 else outputs)
        return names.fget(twin)  # type: ignore[misc]

    return property(read, doc=names.__doc__)


def of_metrics_there(result: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method `result` that tells of no metric that is only foretold."""

    @functools.wraps(result)
    def read(compiled: Any) -> dict[str, Any]:
        return {} if compiled._places is None else result(compiled)

    return read


def as_logs_list_them(names: property) -> property:
    """Return the property `metrics_names` with the names under which logs list them."""

    def read(model: Any) -> list[str]:
        found = names.fget(model)  # type: ignore[misc]
        once = dict.fromkeys(found)  # outputs of one name have metrics of one name
        listed = dict(zip(once, dialect.listed(once, logs.ALIASES), strict=True))
        return [listed[name] for name in found]

    return property(read, doc=names.__doc__)
