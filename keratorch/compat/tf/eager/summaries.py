"""`tf.summary`: numbers, images and distributions in files for TensorBoard."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.callbacks.event_files import EventFile

_writer: ContextVar[Writer | None] = ContextVar("summary_writer", default=None)
_step: ContextVar[Any] = ContextVar("summary_step", default=None)


class Writer:
    """Writes summaries into a folder; the file is made with the first of them."""

    def __init__(self, folder: str):
        self._folder, self._file = folder, None

    def file(self) -> EventFile:
        """Return the open file."""
        self._file = self._file or EventFile(self._folder)  # type: ignore[assignment]
        return self._file  # type: ignore[return-value]

    @contextlib.contextmanager
    def as_default(self, step: Any = None) -> Iterator[Writer]:
        """Let the functions of `tf.summary` write here in a ``with`` block."""
        before, counted = _writer.set(self), _step.get()
        if step is not None:
            _step.set(step)
        try:
            yield self
        finally:
            _writer.reset(before)
            _step.set(counted)
            self.flush()

    def set_as_default(self, step: Any = None) -> None:
        """Let the functions of `tf.summary` write here from now on."""
        _writer.set(self)
        if step is not None:
            _step.set(step)

    def flush(self) -> None:
        """See that what was written is in the file."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def init(self) -> None:
        """Do nothing: the file is made when it is needed."""


class NoWriter(Writer):
    """Writes nothing."""

    def __init__(self) -> None:
        super().__init__("")


def create_file_writer(
    logdir: Any,
    max_queue: Any = None,
    flush_millis: Any = None,
    filename_suffix: Any = None,
    name: Any = None,
) -> Writer:
    """Return a writer into a folder; the other arguments change nothing here."""
    return Writer(str(logdir))


def create_noop_writer() -> Writer:
    """Return a writer that writes nothing."""
    return NoWriter()


def set_step(step: Any) -> None:
    """Let summaries without a step have this one."""
    _step.set(step)


def get_step() -> Any:
    """Return the step of summaries without one."""
    return _step.get()


def _open(step: Any) -> tuple[EventFile, int] | None:
    """Return the file to write into, and the step; None without a writer.

    Raises
    ------
    ValueError : there is no step.
    """
    writer = _writer.get()
    if writer is None or isinstance(writer, NoWriter):
        return None
    step = _step.get() if step is None else step
    if step is None:
        raise ValueError("No step set. Please specify one: step=...")
    return writer.file(), int(step)


def scalar(name: str, data: Any, step: Any = None, description: Any = None) -> bool:
    """Write a number, and return whether there is a writer."""
    found = _open(step)
    if found is None:
        return False
    found[0].add_scalar(name, float(np.asarray(graph.plain(data))), found[1])
    return True


def histogram(
    name: str, data: Any, step: Any = None, buckets: Any = None, description: Any = None
) -> bool:
    """Write how numbers are distributed."""
    found = _open(step)
    if found is None:
        return False
    found[0].add_histogram(name, np.asarray(graph.plain(data)).ravel(), found[1])
    return True


def image(
    name: str,
    data: Any,
    step: Any = None,
    max_outputs: int = 3,
    description: Any = None,
) -> bool:
    """Write images (n, height, width, channels), from 0 to 1 or uint8, in grey."""
    found = _open(step)
    if found is None:
        return False
    images = np.asarray(graph.plain(data))
    scaled = images / 255 if images.dtype.kind in "iu" else np.clip(images, 0, 1)
    grey = scaled[: int(max_outputs)].mean(-1)
    found[0].add_images(name, grey, found[1])
    return True


def text(name: str, data: Any, step: Any = None, description: Any = None) -> bool:
    """Write text.

    Raises
    ------
    NotImplementedError : there is a writer: TensorBoard's text is not supported.
    """
    if _open(step) is None:
        return False
    raise NotImplementedError(
        "tf.summary.text is not supported here. Write the text into a file of its own."
    )


def nothing(*args: Any, **kwargs: Any) -> None:
    """Do nothing: there are no graphs to be traced."""
