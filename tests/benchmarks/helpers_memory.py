"""The memory of a contender together with the processes that it begins."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Any

INTERVAL = 0.02  # seconds


class HelpersMemory(threading.Thread):
    """Watches, while it is open, what a process and its children have in memory.

    Attributes
    ----------
    megabytes : float, the most so far that all had together while there were children;
        what they share counts once.
    """

    def __init__(self, process: int):
        super().__init__(daemon=True)
        self._process = process
        self._children = Path(f"/proc/{process}/task/{process}/children")
        self._end = threading.Event()
        self.megabytes = 0.0

    def __enter__(self) -> HelpersMemory:
        self.start()
        return self

    def __exit__(self, *error: Any) -> None:
        self._end.set()
        self.join()

    def run(self) -> None:
        """Look every few milliseconds."""
        while not self._end.wait(INTERVAL):
            with contextlib.suppress(OSError):  # no such system, or one has ended
                children = self._children.read_text().split()
                if children:
                    together = resident(self._process) + sum(map(private, children))
                    self.megabytes = max(self.megabytes, together)


def private(process: str) -> float:
    """Return the megabytes that a process shares with no other."""
    return _megabytes(f"/proc/{process}/smaps_rollup", "Private_")


def resident(process: int) -> float:
    """Return the megabytes that a process has, with what it shares."""
    return _megabytes(f"/proc/{process}/status", "VmRSS")


def _megabytes(path: str, entry: str) -> float:
    lines = Path(path).read_text().splitlines()
    return sum(int(s.split()[1]) for s in lines if s.startswith(entry)) / 1024
