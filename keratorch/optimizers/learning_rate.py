"""Where a learning rate comes from: a number, a schedule, or a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from keratorch import config as settings
from keratorch.optimizers import schedules
from keratorch.optimizers.schedules import LearningRateSchedule
from keratorch.variable import Variable

LearningRate = float | LearningRateSchedule | Callable[[], float]


def current_rate(source: Any, step: int) -> Any:
    """Return the rate after `step` updates: a Variable as it is, or a float."""
    if isinstance(source, Variable):
        return source
    return float(source(step) if isinstance(source, LearningRateSchedule) else source())


def rate_config(source: Any) -> Any:
    """Describe a rate for a configuration: a number is rounded to `floatx()`."""
    if isinstance(source, LearningRateSchedule):
        return schedules.serialize(source)
    if isinstance(source, Variable):
        return float(np.dtype(settings.floatx()).type(source.item()))
    return {
        "module": "builtins",
        "class_name": "function",
        "config": getattr(source, "__name__", type(source).__name__),
        "registered_name": "function",
    }


def rate_from_config(
    config: Any, custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return what `rate_config` described.

    Raises
    ------
    ValueError : a function, of which only the name is known; an unknown schedule.
    """
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "function":
        raise ValueError(
            f"learning_rate was the function {config.get('config')!r}, of which a "
            "configuration keeps only the name. Set config['learning_rate'] to it."
        )
    return schedules.deserialize(config, custom_objects)
