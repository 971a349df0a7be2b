"""Timing contenders side by side: in turn, in one process, many rounds."""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable
from importlib import metadata, util


def in_turn(
    contenders: dict[str, Callable[[], object]], rounds: int, per_round: int
) -> dict[str, list[float]]:
    """Return for each contender the microseconds per call in each round.

    Every round calls each contender `per_round` times, so that a machine that slows
    down slows all of them.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for run in contenders.values():
        run()
    for _ in range(rounds):
        for name, run in contenders.items():
            start = time.perf_counter()
            for _ in range(per_round):
                run()
            times[name].append((time.perf_counter() - start) / per_round * 1e6)
    return times


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
