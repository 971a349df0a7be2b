"""Learning rates that change from update to update.

    rate = ExponentialDecay(0.1, decay_steps=1000, decay_rate=0.9)
    optimizer = SGD(learning_rate=rate)

A schedule is called with the number of updates so far and returns a float.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keratorch import identifiers
from keratorch.naming import to_snake_case
from keratorch.optimizers.schedules.decays import (
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)
from keratorch.optimizers.schedules.learning_rate_schedule import LearningRateSchedule

_CLASSES = (
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)
SCHEDULES: dict[str, type[LearningRateSchedule]] = {
    **{cls.__name__: cls for cls in _CLASSES},
    **{to_snake_case(cls.__name__): cls for cls in _CLASSES},
}


def serialize(learning_rate_schedule: LearningRateSchedule) -> dict[str, Any]:
    """Return the configuration from which `deserialize` makes an equal schedule."""
    return identifiers.serialize(learning_rate_schedule, "keras.optimizers.schedules")


def deserialize(
    config: dict[str, Any],
    custom_objects: Mapping[str, type[LearningRateSchedule]] | None = None,
) -> LearningRateSchedule:
    """Return the schedule that a configuration describes.

    Parameters
    ----------
    config : dict with 'class_name' and 'config'.
    custom_objects : dict from names to classes that are found as well.

    Raises
    ------
    ValueError : the name of no schedule.

    Examples
    --------
    >>> config = serialize(ExponentialDecay(0.1, decay_steps=10, decay_rate=0.5))
    >>> deserialize(config)(10)
    0.05
    """
    known = {**SCHEDULES, **(custom_objects or {})}
    return identifiers.from_config(config, known, "learning-rate schedule")


__all__ = [
    "SCHEDULES",
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "deserialize",
    "serialize",
]
