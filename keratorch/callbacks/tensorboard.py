"""The numbers of training, in files that TensorBoard draws."""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch import config
from keratorch.callbacks.callback import Callback, Logs
from keratorch.callbacks.event_files import EventFile
from keratorch.callbacks.learning_rate import add_rates
from keratorch.layers.embedding import Embedding

_PROJECTOR = "projector_config.pbtxt"


class TensorBoard(Callback):
    """Writes metrics, and weights if wished, for ``tensorboard --logdir logs``.

    What training measures is in the folder 'train', what validation measures in
    'validation'. Each epoch writes ``epoch_<metric>``, with ``epoch_learning_rate``
    among those of training; each validation ``evaluation_<metric>_vs_iterations``, over
    the number of updates. Needs the extra 'tensorboard'.

    Parameters
    ----------
    log_dir : str or Path, made when training begins.
    histogram_freq : int, after every how many epochs the histograms of the weights are
        written; 0 for never.
    write_graph : bool, whether the layers of a `Sequential` or functional model are
        written.
    write_images : bool, whether the weights are written as grey pictures too, along
        with the histograms; only numbers from 0 to 1 are told apart.
    write_steps_per_second : bool, whether the speed is written: of epochs, and of
        batches where `update_freq` asks for them.
    update_freq : 'epoch', 'batch' or int n: ``batch_<metric>`` never, after each, or
        after every n-th batch.
    profile_batch : int, pair of int, or str such as '10,20'. Changes nothing here, and
        says so where it is not 0: use Python's profiler, ``python -m cProfile``.
    embeddings_freq : int, after every how many epochs the tables of `Embedding` layers
        are written for TensorBoard's projector, over the older ones; 0 for never.
    embeddings_metadata : str, the file in `log_dir`'s folder 'train' that names the
        rows of the tables, one a line; or dict from names of layers to such files.

    Raises
    ------
    ValueError : an argument outside its range, a name that no embedding has.
    ImportError : the extra is not installed, when training begins.

    Examples
    --------
    >>> callback = TensorBoard("logs", histogram_freq=1, update_freq=100)
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str] = "logs",
        histogram_freq: int = 0,
        write_graph: bool = True,
        write_images: bool = False,
        write_steps_per_second: bool = False,
        update_freq: int | str = "epoch",
        profile_batch: Any = 0,
        embeddings_freq: int = 0,
        embeddings_metadata: str | Mapping[str, str] | None = None,
    ):
        self.log_dir = os.fspath(log_dir)
        self.histogram_freq = _checked_frequency("histogram_freq", histogram_freq)
        self.write_graph = write_graph
        self.write_images = write_images
        self.write_steps_per_second = write_steps_per_second
        self.update_freq = _checked_update_freq(update_freq)
        _check_profile_batch(profile_batch)
        self.embeddings_freq = _checked_frequency("embeddings_freq", embeddings_freq)
        self.embeddings_metadata = embeddings_metadata
        self._files: dict[str, EventFile] = {}
        self._batches = 0
        self._fits = False

    def set_model(self, model: Any) -> None:
        """Take in the model."""
        super().set_model(model)
        self._close()
        if self.embeddings_freq:
            self._check_metadata()

    def on_train_begin(self, logs: Logs = None) -> None:
        """Begin to count, and write the layers of the model."""
        self._batches = 0
        self._fits = True
        self._file("train")
        if self.write_graph:
            self._write_graph()

    def on_train_end(self, logs: Logs = None) -> None:
        """Finish the files."""
        self._fits = False
        self._close()

    def on_test_end(self, logs: Logs = None) -> None:
        """Write the numbers of `evaluate` or of a validation."""
        iterations = getattr(self.model.optimizer, "iterations", None)
        if iterations is not None:
            for name, value in (logs or {}).items():
                tag = f"evaluation_{name}_vs_iterations"
                self._write("validation", tag, value, iterations)
        if not self._fits:
            self._close()

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Take the time."""
        if self.write_steps_per_second:
            self._epoch_start = time.perf_counter()
            self._updates_before = int(self.model.optimizer.iterations)

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Count, and take the time."""
        self._batches += 1
        self._batch_start = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Write the numbers of every n-th batch."""
        every = self.update_freq
        if not isinstance(every, int) or self._batches % every:
            return
        if self.write_steps_per_second:
            speed = 1 / (time.perf_counter() - self._batch_start)
            self._write("train", "batch_steps_per_second", speed, self._batches)
        for name, value in (logs or {}).items():
            self._write("train", f"batch_{name}", value, self._batches)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Write the numbers of the epoch, and the weights where they are due."""
        self._write_epoch(epoch, dict(logs or {}))
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._write_weights(epoch)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            self._write_embeddings()
        for file in self._files.values():
            file.flush()

    def _file(self, run: str) -> EventFile:
        if run not in self._files:
            self._files[run] = EventFile(os.path.join(self.log_dir, run))
        return self._files[run]

    def _close(self) -> None:
        for file in self._files.values():
            file.close()
        self._files = {}

    def _write(self, run: str, tag: str, value: Any, step: Any) -> None:
        if np.ndim(value) == 0 and not isinstance(value, str):
            self._file(run).add_scalar(tag, float(value), int(step))

    def _write_epoch(self, epoch: int, logs: dict[str, Any]) -> None:
        if not logs:
            return
        if self.model.optimizer is not None:
            add_rates(logs, self.model)
        if self.write_steps_per_second:
            updates = int(self.model.optimizer.iterations) - self._updates_before
            seconds = time.perf_counter() - self._epoch_start
            logs["steps_per_second"] = updates / seconds
        for name, value in logs.items():
            run = "validation" if name.startswith("val_") else "train"
            self._write(run, f"epoch_{name.removeprefix('val_')}", value, epoch)

    def _write_weights(self, epoch: int) -> None:
        file = self._file("train")
        for layer in self.model.layers:
            for weight in layer.weights:
                values = weight.numpy()
                file.add_histogram(f"{weight.path}/histogram", values, epoch)
                images = _as_images(values) if self.write_images else None
                if images is not None:
                    file.add_images(f"{weight.path}/image", images, epoch)

    def _write_graph(self) -> None:
        if type(self.model).__name__ not in ("Functional", "Sequential"):
            return  # the layers of other models are known to their call() alone
        try:
            description = self.model.to_json()
        except (NotImplementedError, TypeError, ValueError) as error:
            warnings.warn(
                f"TensorBoard will show no graph of the model: {error}", stacklevel=2
            )
            return
        self._file("train").add_keras_graph(description, 0)

    def _embeddings(self) -> list[Embedding]:
        return [layer for layer in self.model.layers if isinstance(layer, Embedding)]

    def _metadata_of(self, layer: Embedding) -> str | None:
        if isinstance(self.embeddings_metadata, Mapping):
            return self.embeddings_metadata.get(layer.name)
        return self.embeddings_metadata

    def _check_metadata(self) -> None:
        named = self.embeddings_metadata
        known = [layer.name for layer in self._embeddings()]
        unknown = set(named) - set(known) if isinstance(named, Mapping) else set()
        if unknown:
            raise ValueError(
                f"TensorBoard: embeddings_metadata names {sorted(unknown)}, but the "
                f"Embedding layers of the model are {known}."
            )

    def _write_embeddings(self) -> None:
        folder = os.path.join(self.log_dir, "train")
        entries = []
        for layer in self._embeddings():
            table = f"{layer.name}.tsv"
            path = os.path.join(folder, table)
            np.savetxt(path, layer.embeddings.numpy(), fmt="%.7g", delimiter="\t")
            fields = {"tensor_name": layer.embeddings.path, "tensor_path": table}
            metadata = self._metadata_of(layer)
            if metadata is not None:
                fields["metadata_path"] = metadata
            lines = [f"  {key}: {json.dumps(text)}" for key, text in fields.items()]
            entries.append("\n".join(["embeddings {", *lines, "}", ""]))
        with open(os.path.join(folder, _PROJECTOR), "w", encoding="utf-8") as file:
            file.write("".join(entries))


def _as_images(values: np.ndarray) -> np.ndarray | None:
    """Return a weight as grey images (n, height, width); None where it is none.

    A vector is a row, a matrix lies on its longer side, and a kernel over one channel
    is an image for each filter.
    """
    values = np.squeeze(values)
    if values.ndim in (1, 2):
        rows = np.atleast_2d(values)
        return (rows.T if rows.shape[0] > rows.shape[1] else rows)[None]
    if values.ndim != 3:
        return None
    last = config.image_data_format() == "channels_last"
    return np.moveaxis(values, -1, 0) if last else values


def _checked_frequency(name: str, value: Any) -> int:
    if not isinstance(value, (int, np.integer)) or value < 0:
        raise ValueError(
            f"TensorBoard: {name} must be a number of epochs, or 0 for never; received "
            f"{value!r}."
        )
    return int(value)


def _checked_update_freq(value: Any) -> int | str:
    if value == "epoch":
        return value
    every = 1 if value == "batch" else value
    if not isinstance(every, (int, np.integer)) or every < 1:
        raise ValueError(
            "TensorBoard: update_freq must be 'epoch', 'batch' or a number of batches; "
            f"received {value!r}."
        )
    return int(every)


def _check_profile_batch(value: Any) -> None:
    try:
        parts = value.split(",") if isinstance(value, str) else np.atleast_1d(value)
        batches = [int(part) for part in parts]
    except (TypeError, ValueError):
        batches = []
    if len(batches) not in (1, 2) or batches[0] < 0 or batches[-1] < batches[0]:
        raise ValueError(
            "TensorBoard: profile_batch must be the number of a batch, or of the first "
            f"and the last one, such as (10, 20), or 0; received {value!r}."
        )
    if any(batches):
        warnings.warn(
            f"TensorBoard: profile_batch={value!r} profiles nothing here. Use Python's "
            "profiler: python -m cProfile -s cumulative script.py.",
            stacklevel=3,
        )
