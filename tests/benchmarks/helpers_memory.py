"""The memory of the processes that a contender begins, beside its own."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Any

INTERVAL = 0.02  # seconds


class HelpersMemory(threading.Thread):
    """Watches, while it is open, how much memory the children of a process copied.

    What they still share with it counts with its own.

    Attributes
    ----------
    megabytes : float, the most so far.
    """

    def __init__(self, process: int):
        super().__init__(daemon=True)
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
                self.megabytes = max(self.megabytes, sum(map(private, children)))


def private(process: str) -> float:
    """Return the megabytes that a process shares with no other."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(s.split()[1]) for s in lines if s.startswith("Private_")) / 1024
