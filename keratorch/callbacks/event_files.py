"""The event files that TensorBoard reads: numbers, histograms and pictures.

A file is a sequence of records, one for each event, in Google's protocol buffers; the
library tensorboardX knows both.
"""

from __future__ import annotations

import itertools
import os
import struct
import time
import zlib
from typing import Any

import numpy as np

_BINS = 30  # as many as TensorFlow gives a histogram
_MOST_IMAGES = 3  # of a set of images, as in TensorFlow
_numbers = itertools.count()


class EventFile:
    """A new file in a folder, to which events are added until it is closed.

    Parameters
    ----------
    folder : str, made if it is not there. TensorBoard shows it as a run.

    Raises
    ------
    ImportError : tensorboardX is not installed.
    """

    def __init__(self, folder: str):
        try:
            from tensorboardX import summary  # noqa: PLC0415
            from tensorboardX.event_file_writer import EventsWriter  # noqa: PLC0415
            from tensorboardX.proto import (  # noqa: PLC0415
                event_pb2,
                tensor_pb2,
                tensor_shape_pb2,
            )
        except ImportError as error:
            raise ImportError(
                "TensorBoard's files need tensorboardX: "
                'pip install "keratorch[tensorboard]". CSVLogger("log.csv") writes '
                "the same numbers without it."
            ) from error
        self._summary = summary
        self._event = event_pb2.Event
        self._tensor = tensor_pb2.TensorProto
        self._tensor_shape = tensor_shape_pb2.TensorShapeProto
        os.makedirs(folder, exist_ok=True)
        # Without a number, two files of one second would have one name.
        suffix = f".{os.getpid()}.{next(_numbers)}"
        self._writer = EventsWriter(os.path.join(folder, "events"), suffix)

    def add_scalar(self, tag: str, value: float, step: int) -> None:
        """Add a number."""
        self._add(self._summary.Summary.Value(tag=tag, simple_value=value), step)

    def add_histogram(self, tag: str, values: np.ndarray, step: int) -> None:
        """Add how the values are distributed; those not finite are left out."""
        finite = values[np.isfinite(values)].astype(np.float64)
        if finite.size:
            histogram = self._summary.make_histogram(finite, _BINS)
            self._add(self._summary.Summary.Value(tag=tag, histo=histogram), step)

    def add_images(self, tag: str, images: np.ndarray, step: int) -> None:
        """Add the first 3 of a set of grey images, (n, height, width) from 0 to 1."""
        _, height, width = images.shape
        size = [str(width).encode(), str(height).encode()]
        pngs = [png(image) for image in images[:_MOST_IMAGES]]
        self._add_strings(tag, [*size, *pngs], "images", b"", step)

    def add_keras_graph(self, description: str, step: int) -> None:
        """Add a model as JSON, which TensorBoard draws under 'Graphs'."""
        content = [description.encode()]
        self._add_strings("keras", content, "graph_keras_model", b"1", step, ndim=0)

    def flush(self) -> None:
        """See that what was added is in the file."""
        self._writer.flush()

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()

    def _add_strings(
        self,
        tag: str,
        strings: list[bytes],
        plugin: str,
        content: bytes,
        step: int,
        ndim: int = 1,
    ) -> None:
        """Add an event for one of TensorBoard's plugins."""
        sizes = [self._tensor_shape.Dim(size=len(strings))] * ndim
        shape = self._tensor_shape(dim=sizes)
        tensor = self._tensor(dtype="DT_STRING", string_val=strings, tensor_shape=shape)
        metadata = self._summary.SummaryMetadata()
        metadata.plugin_data.plugin_name = plugin
        metadata.plugin_data.content = content
        self._add(
            self._summary.Summary.Value(tag=tag, tensor=tensor, metadata=metadata), step
        )

    def _add(self, value: Any, step: int) -> None:
        event = self._event(summary=self._summary.Summary(value=[value]))
        event.step = int(step)
        event.wall_time = time.time()
        self._writer.write_event(event)


def png(image: np.ndarray) -> bytes:
    """Return a grey image of numbers from 0 to 1 as a PNG file; others are cut off.

    Examples
    --------
    >>> png(np.zeros((1, 1)))[:4]
    b'\\x89PNG'
    """
    height, width = image.shape
    # TensorFlow's rounding of floats to bytes
    grey = np.clip(np.nan_to_num(image) * 255.5, 0, 255).astype(np.uint8)
    rows = np.pad(grey, ((0, 0), (1, 0)))  # each row begins with its filter, none
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (
        (b"IHDR", header),
        (b"IDAT", zlib.compress(rows.tobytes())),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
