"""The metrics of each epoch, in a file that spreadsheets open."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from typing import IO, Any

import numpy as np

from keratorch.callbacks.callback import Callback, Logs


class CSVLogger(Callback):
    """Writes the logs of each epoch as a line of a CSV file.

    The first line names the columns: 'epoch', and the metrics in alphabetical order. An
    epoch that lacks one has 'NA' there. Where the first epoch has no validation, there
    are columns for one nevertheless: another epoch may have it.

    Parameters
    ----------
    filename : str or Path; its folder exists.
    separator : str, what stands between the columns, such as ';'.
    append : bool, whether an existing file is continued; by default it is overwritten.

    Examples
    --------
    >>> callback = CSVLogger("log.csv", separator=";", append=True)
    """

    def __init__(
        self, filename: str | os.PathLike, separator: str = ",", append: bool = False
    ):
        if not isinstance(filename, (str, os.PathLike)):
            raise TypeError(
                "CSVLogger: filename must be a str or a Path, such as 'log.csv'; "
                f"received {filename!r}."
            )
        self.sep = separator
        self.filename = os.fspath(filename)
        self.append = append
        self.append_header = True
        self.keys: list[str] | None = None
        self.writer: Any = None
        self.csv_file: IO[str] | None = None

    def on_train_begin(self, logs: Logs = None) -> None:
        """Open the file."""
        if self.append and os.path.exists(self.filename):
            self.append_header = os.path.getsize(self.filename) == 0
        self._close()
        # The writer ends lines by itself: no translation to another system's.
        self.csv_file = open(  # noqa: SIM115  closed when training ends
            self.filename, "a" if self.append else "w", newline="", encoding="utf-8"
        )
        self.writer = self.keys = None

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Write a line."""
        logs = logs or {}
        if self.keys is None:
            self.keys = sorted(logs)
            if not any(key.startswith("val_") for key in self.keys):
                self.keys += [f"val_{key}" for key in self.keys]
        if self.csv_file is None:
            return
        if self.writer is None:
            self.writer = csv.writer(self.csv_file, delimiter=self.sep)
            if self.append_header:
                self.writer.writerow(["epoch", *self.keys])
        self.writer.writerow([epoch, *(_entry(logs.get(k, "NA")) for k in self.keys)])
        self.csv_file.flush()

    def on_train_end(self, logs: Logs = None) -> None:
        """Close the file."""
        self._close()
        self.writer = None

    def _close(self) -> None:
        if self.csv_file is not None:
            self.csv_file.close()


def _entry(value: Any) -> Any:
    """Return a value as it is; what holds several, as a list in quotation marks."""
    if isinstance(value, str) or np.ndim(value) == 0:
        return value
    return f'"[{", ".join(map(str, value))}]"' if isinstance(value, Iterable) else value
