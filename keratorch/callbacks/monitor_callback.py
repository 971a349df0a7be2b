"""What callbacks share that watch whether one number gets better."""

from __future__ import annotations

import numbers
import warnings
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np

from keratorch.callbacks.callback import Callback
from keratorch.callbacks.lambda_callback import LambdaCallback
from keratorch.errors import suggest


class MonitorCallback(Callback):
    """Base of the callbacks that watch one number of the logs.

    Parameters
    ----------
    monitor : str, name of the number: 'loss', 'val_accuracy'.
    mode : 'min' where smaller is better, 'max' where larger is, or 'auto': the metric
        of that name knows.
    baseline : float, the number to beat at first; None takes the first one seen.
    min_delta : float, changes no larger than that are no improvement. The attribute of
        that name has the sign of an improvement, as soon as `monitor_op` is known.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        mode: str = "auto",
        baseline: float | None = None,
        min_delta: float = 0,
    ):
        if mode not in ("auto", "min", "max"):
            warnings.warn(
                f"{type(self).__name__}: mode must be 'auto', 'min' or 'max'; received "
                f"{mode!r}, which is taken as 'auto'.",
                stacklevel=3,
            )
            mode = "auto"
        if not is_number(min_delta):
            raise TypeError(
                f"{type(self).__name__}: min_delta must be a number, such as 0.001; "
                f"received {min_delta!r}."
            )
        self.monitor = monitor
        self.mode = mode
        self.best = baseline
        self.min_delta = abs(min_delta)
        self._monitor_op: Any = None

    @property
    def monitor_op(self) -> Any:
        """`np.greater` where larger is better, `np.less` where smaller is."""
        if self._monitor_op is None:
            self.monitor_op = np.greater if self._direction() > 0 else np.less
        return self._monitor_op

    @monitor_op.setter
    def monitor_op(self, function: Any) -> None:
        self._monitor_op = function
        sign = -1 if function is np.less else 1
        self.min_delta = sign * abs(self.min_delta)

    def monitored(self, epoch: int, logs: dict[str, Any] | None) -> float | None:
        """Return the number watched; None where this epoch has no validation.

        Raises
        ------
        ValueError : no metric has that name.
        """
        logs = logs or {}
        if self.monitor in logs:
            return logs[self.monitor]
        if self.monitor.startswith("val_") and not self._validates(epoch):
            return None
        hint = ""
        validated = any(name.startswith("val_") for name in logs)
        if self.monitor.startswith("val_") and not validated:
            hint = "Give fit validation_data or validation_split. "
        raise ValueError(
            f"{type(self).__name__} monitors {self.monitor!r}, which the logs of epoch "
            f"{epoch + 1} do not hold. {hint}{suggest(self.monitor, logs)}"
        )

    def check_monitored(self) -> None:
        """Raise if `monitor` comes of a validation: there will be none.

        Raises
        ------
        ValueError : it does, by its name.
        """
        if self.monitor.startswith("val_"):
            self.monitored(0, {"loss": 0.0})

    def is_improvement(self, value: float, reference: float | None) -> bool:
        """Return whether `value` beats `reference` by more than `min_delta`."""
        better = self.monitor_op
        return reference is None or bool(better(value - self.min_delta, reference))

    def _validates(self, epoch: int) -> bool:
        if isinstance(self.validation_freq, Collection):
            return epoch + 1 in self.validation_freq
        return (epoch + 1) % self.validation_freq == 0

    def _direction(self) -> int:
        if self.mode != "auto":
            return 1 if self.mode == "max" else -1
        name = self.monitor.removeprefix("val_")
        found = -1 if name == "loss" else None
        for metric in _flatten(getattr(self.model, "metrics", None) or ()):
            direction = getattr(metric, "_direction", None)
            if metric.name == name and direction is not None:
                found = 1 if direction == "up" else -1
        if found is None:
            raise ValueError(
                f"{type(self).__name__} monitors {self.monitor!r}, and nothing says "
                "whether larger or smaller is better. Pass mode='max' or mode='min'."
            )
        return found


def is_number(value: Any) -> bool:
    """Return whether a value is a real number."""
    return isinstance(value, numbers.Real)


def check_monitors(callbacks: Iterable[Any], validates: bool) -> None:
    """Raise before training where a callback waits for a validation in vain.

    One of the user's own may put any number into the logs: where there is such a one,
    the end of the first epoch tells.

    Raises
    ------
    ValueError : a callback monitors 'val_...', and nothing is validated.
    """
    known = [callback for callback in callbacks if isinstance(callback, Callback)]
    if validates or not all(map(_is_ours, known)):
        return
    for callback in known:
        if isinstance(callback, MonitorCallback):
            callback.check_monitored()


def _is_ours(callback: Any) -> bool:
    known = type(callback).__module__.startswith("keratorch.callbacks.")
    return known and not isinstance(callback, LambdaCallback)


def _flatten(metrics: Iterable[Any]) -> Iterable[Any]:
    """Metrics, and those that a metric holds in its own `metrics`."""
    for metric in metrics:
        yield metric
        yield from _flatten(getattr(metric, "metrics", ()))
