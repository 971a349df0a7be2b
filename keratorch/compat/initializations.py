"""`keras.initializations` of Keras 1: functions from a shape to numbers."""

from __future__ import annotations

from typing import Any

from keratorch import initializers


def normal(shape: Any, scale: float = 0.05, name: str | None = None, **_: Any) -> Any:
    """Return normal numbers with mean 0 and standard deviation `scale`."""
    return initializers.RandomNormal(stddev=scale)(shape)


def uniform(shape: Any, scale: float = 0.05, name: str | None = None, **_: Any) -> Any:
    """Return uniform numbers in [-scale, scale)."""
    return initializers.RandomUniform(-scale, scale)(shape)


__all__ = ["normal", "uniform"]
