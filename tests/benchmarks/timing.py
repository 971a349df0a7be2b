"""Timing contenders side by side: in turn, in one process, many rounds."""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable
from importlib import metadata, util

WARM_UP = 0.5  # seconds


def in_turn(
    contenders: dict[str, Callable[[], object]],
    rounds: int,
    per_round: int,
    pause: float = 0.0,
) -> dict[str, list[float]]:
    """Return for each contender the microseconds per call in each round.

    Every round calls each contender `per_round` times, so that a machine that slows
    down slows all of them.  After a pause, of seconds, each runs untimed for `WARM_UP`.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for run in contenders.values():
        run()
    for _ in range(rounds):
        for name, run in contenders.items():
            if pause:
                time.sleep(pause)
                warm_up(run)
            start = time.perf_counter()
            for _ in range(per_round):
                run()
            times[name].append((time.perf_counter() - start) / per_round * 1e6)
    return times


def warm_up(run: Callable[[], object]) -> None:
    """Call a function for `WARM_UP` seconds.

    After a sleep it takes some tenths of a second until a system has put the threads
    of a process on processors of their own, and those run at full speed.
    """
    start = time.perf_counter()
    while time.perf_counter() - start < WARM_UP:
        run()


def row(title: str, times: dict[str, list[float]], ours: str) -> str:
    """Return a Markdown row: median, and in brackets the ratio to `ours`."""
    base = statistics.median(times[ours])
    cells = [
        f"{statistics.median(values):,.0f}"
        + ("" if name == ours else f" ({statistics.median(values) / base:.2f}x)")
        for name, values in times.items()
    ]
    return f"| {title} | {' | '.join(cells)} |"


def header(names: list[str]) -> str:
    """Return the head of the Markdown table."""
    return f"| µs per step | {' | '.join(names)} |\n|{' --- |' * (len(names) + 1)}"


def machine() -> str:
    """Return Python, processor and the versions of all contenders that are here."""
    versions = {
        name: metadata.version(name)
        for name in (
            "numpy",
            "torch",
            "keras",
            "jax",
            "mygrad",
            "autograd",
            "threadpoolctl",
        )
        if util.find_spec(name)
    }
    return f"Python {platform.python_version()}, {platform.machine()}, " + json.dumps(
        versions
    )
