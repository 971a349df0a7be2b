"""The progress bar of `fit`, `evaluate` and `predict`."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch.utils.io_utils import can_redraw, print_msg

_BOLD = "\x1b[1m"
_GREEN = "\x1b[32m"
_WHITE = "\x1b[37m"
_RESET = "\x1b[0m"


class Progbar:
    """A line that shows how far a loop is, how long a step takes, and some numbers.

        12/100 ━━━━━━━━━━━━━━━━━━━━ 3s 35ms/step - accuracy: 0.9120 - loss: 0.3011

    In a terminal or a notebook the line is drawn again and again; elsewhere it is
    written once, when the loop is done, and without control characters.

    Parameters
    ----------
    target : int, number of steps; None where nobody knows.
    width : int, number of characters of the bar.
    verbose : 0 writes nothing, 1 the bar, 2 one line at the end.
    interval : float, seconds between two drawings.
    stateful_metrics : names of the values that are shown as they are; all others are
        averaged over the steps.
    stateless_metrics : names of the values that are averaged; all others are shown as
        they are. Give one of both lists.
    unit_name : str, what a step is called.

    Raises
    ------
    ValueError : both lists of names were given.

    Examples
    --------
    >>> bar = Progbar(target=2, verbose=2)
    >>> bar.update(1, [("loss", 0.5)])
    """

    def __init__(
        self,
        target: int | None,
        width: int = 20,
        verbose: int = 1,
        interval: float = 0.05,
        stateful_metrics: Iterable[str] | None = None,
        stateless_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
    ):
        if stateful_metrics is not None and stateless_metrics is not None:
            raise ValueError(
                "give stateful_metrics (all others are averaged) or stateless_metrics "
                "(all others are shown as they are), not both."
            )
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.unit_name = unit_name
        self.stateful_metrics = (
            None if stateful_metrics is None else {*stateful_metrics}
        )
        if stateful_metrics is None and stateless_metrics is None:
            self.stateful_metrics = set()
        self.stateless_metrics = {*(stateless_metrics or ())}
        self._redraws = can_redraw()
        self._values: dict[str, tuple[Any, int]] = {}  # name -> sum, count
        self._seen_so_far = 0
        self._start = time.perf_counter()
        self._time_after_first_step: float | None = None
        self._last_update = -math.inf
        self._drawn_width = 0
        self._line_is_open = False

    def update(
        self,
        current: int,
        values: Iterable[tuple[str, Any]] | None = None,
        finalize: bool | None = None,
    ) -> None:
        """Show that `current` steps are done.

        Parameters
        ----------
        current : int, number of steps done.
        values : pairs of name and value of the last step.
        finalize : bool, whether this is the last update; None: it is where `target`
            is reached.
        """
        if finalize is None:
            finalize = self.target is not None and current >= self.target
        for name, value in values or ():
            self._take(name, value, current, finalize)
        self._seen_so_far = current
        now = time.perf_counter()
        seconds = self._seconds_per_step(current, now)
        if self.verbose == 1:
            if not finalize and not (self._redraws and self._is_due(now)):
                return
            self._draw(current, now - self._start, seconds, finalize)
        elif self.verbose == 2 and finalize and self.target:
            count = _count(current, self.target)
            print_msg(f"{count} - {self._summary(now - self._start, seconds)}")
        self._last_update = now

    def add(self, n: int, values: Iterable[tuple[str, Any]] | None = None) -> None:
        """Show that `n` more steps are done."""
        self.update(self._seen_so_far + n, values)

    def wants(self, current: int) -> bool:
        """Return whether `update` would do anything now: values may cost time."""
        if self.verbose != 1:
            return False
        first = current == 1  # its time is left out of the time per step
        return first or (self._redraws and self._is_due(time.perf_counter()))

    def close(self) -> None:
        """End the line where a loop broke off in the middle of it."""
        if self._line_is_open:
            self._line_is_open = False
            print_msg("")

    def _is_due(self, now: float) -> bool:
        return now - self._last_update >= self.interval

    def _take(self, name: str, value: Any, current: int, finalize: bool) -> None:
        if self.stateful_metrics is not None:
            averaged = name not in self.stateful_metrics
        else:
            averaged = name in self.stateless_metrics
        if not averaged or finalize:
            self._values[name] = (value, 1)
            return
        steps = max(current - self._seen_so_far, 1)
        total, count = self._values.get(name, (0, 0))
        self._values[name] = (total + value * steps, count + steps)

    def _seconds_per_step(self, current: int, now: float) -> float:
        """Seconds per step; the first step, often slow, counts only while alone."""
        if not current:
            return 0
        if self._time_after_first_step is not None and current > 1:
            seconds = (now - self._time_after_first_step) / (current - 1)
        else:
            seconds = (now - self._start) / current
        if current == 1:
            self._time_after_first_step = now
        return seconds

    def _draw(
        self, current: int, elapsed: float, seconds: float, finalize: bool
    ) -> None:
        if self.target and not finalize:
            clock = _format_eta(seconds * (self.target - current))
        else:
            clock = f"{elapsed:.0f}s"
        parts = [*self._bar_parts(current), (" ", ""), (clock, _BOLD)]
        parts.append((_format_step_time(seconds, self.unit_name), ""))
        parts.extend((f" - {name}: {v}", "") for name, v in self._numbers(abs))
        width = sum(len(text) for text, _ in parts)
        line = "".join(self._styled(text, style) for text, style in parts)
        if self._redraws:
            back = "\b" * self._drawn_width + "\r"
            line = back + line + " " * max(self._drawn_width - width, 0)
        self._drawn_width = width
        self._line_is_open = not finalize
        print_msg(line, line_break=finalize)

    def _bar_parts(self, current: int) -> list[tuple[str, str]]:
        if not self.target:
            return [(f"{current:7d}/Unknown", "")]
        done = int(self.width * (float(current) / self.target))
        parts = [(_count(current, self.target), _BOLD), (" ", "")]
        if done > 0:
            parts.append(("━" * done, _GREEN))
        return [*parts, ("━" * (self.width - done), _WHITE)]

    def _styled(self, text: str, style: str) -> str:
        return f"{style}{text}{_RESET}" if style and self._redraws else text

    def _summary(self, elapsed: float, seconds: float) -> str:
        line = f"{elapsed:.0f}s -{_format_step_time(seconds, self.unit_name)}"
        for name, number in self._numbers(float):
            line += f" - {name}: {number}"
        return line

    def _numbers(self, size: Any) -> Iterable[tuple[str, str]]:
        """Each name with its number as text, small ones in scientific notation."""
        for name, (total, count) in self._values.items():
            mean = np.mean(total) / max(1, count)
            yield name, f"{mean:.4f}" if size(mean) > 1e-3 else f"{mean:.4e}"


def _count(current: int, target: int) -> str:
    return f"{current:{int(math.log10(target)) + 1}d}/{target}"


def _format_eta(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    if seconds > 3600:
        return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
    return f"{minutes}:{rest:02d}" if seconds > 60 else f"{int(seconds)}s"


def _format_step_time(seconds: float, unit: str) -> str:
    if seconds >= 1 or seconds == 0:
        return f" {seconds:.0f}s/{unit}"
    if seconds >= 1e-3:
        return f" {seconds * 1e3:.0f}ms/{unit}"
    return f" {seconds * 1e6:.0f}us/{unit}"
