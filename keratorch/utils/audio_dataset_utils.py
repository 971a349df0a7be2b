"""Datasets of the sounds in a folder."""

from __future__ import annotations

import os
import wave
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch.utils.dataset import Dataset
from keratorch.utils.directory_utils import FileQuery, datasets_of_files

# Bytes of a number -> type, number of silence, loudest number.
_FORMATS = {1: ("u1", 128, 128), 2: ("<i2", 0, 2**15), 4: ("<i4", 0, 2**31)}


def audio_dataset_from_directory(
    directory: str | os.PathLike[str],
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    batch_size: int | None = 32,
    sampling_rate: int | None = None,
    output_sequence_length: int | None = None,
    ragged: bool = False,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    verbose: bool = True,
) -> Dataset | list[Dataset]:
    """Return the dataset of the .wav files in a folder, one subfolder a class.

    Parameters
    ----------
    directory : the folder, with .wav files of 8, 16, 24 or 32 bits.
    labels : 'inferred' from the subfolders, None, or a list of integers in the order of
        the sorted paths.
    label_mode : 'int' for int32 (batch,), 'binary' for float32 (batch, 1),
        'categorical' for float32 (batch, classes), None for sounds alone.
    class_names : names of subfolders, in the order of their labels; None for sorted.
    batch_size : int, or None for single sounds.
    sampling_rate : int, samples per second that all files must have; None for any.
    output_sequence_length : int, the length to which sounds are cut, or filled up with
        zeros; None for that of the longest one in a batch.
    ragged : must be False: arrays of NumPy have one length.
    shuffle : bool, whether to mix the sounds, anew in each walk.
    seed : int that fixes the split, the same as in Keras, and the orders (others).
    validation_split : float in (0, 1), the share of the sounds of subset 'validation'.
    subset : 'training', 'validation', 'both' for a list of the two, or None for all.
    follow_links : bool, whether to walk into linked folders.
    verbose : bool, whether to print how many files there are.

    Returns
    -------
    Dataset of (batch, samples, channels), float32 in -1..1, alone or with the labels;
    with attributes `class_names` and `file_paths`.

    Raises
    ------
    ValueError : an argument of another value, no sound, one of another rate, or a file
        that is none.

    Examples
    --------
    >>> import pathlib, tempfile, wave
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pathlib.Path(folder, "clicks").mkdir()
    ...     with wave.open(str(pathlib.Path(folder, "clicks", "1.wav")), "wb") as file:
    ...         file.setparams((1, 2, 8000, 0, "NONE", ""))
    ...         file.writeframes(np.array([0, 16384, 0], "<i2").tobytes())
    ...     for x, y in audio_dataset_from_directory(folder, verbose=False):
    ...         print(x[0, :, 0], y)
    [0.  0.5 0. ] [0]
    """
    if ragged:
        raise ValueError(
            "audio_dataset_from_directory: ragged=True is not supported, since arrays "
            "of NumPy have one length. Leave it out: shorter sounds end in zeros."
        )
    _check_count("sampling_rate", sampling_rate)
    _check_count("output_sequence_length", output_sequence_length)

    def read(path: str) -> np.ndarray:
        return _fitted(_decoded(path, sampling_rate), output_sequence_length)

    query = FileQuery(
        directory=directory,
        labels=labels,
        label_mode=label_mode,
        class_names=class_names,
        shuffle=shuffle,
        seed=seed,
        validation_split=validation_split,
        subset=subset,
        follow_links=follow_links,
        verbose=verbose,
        formats=(".wav",),
    )
    found = datasets_of_files(query, None, read)
    if batch_size is None:
        return found
    if isinstance(found, list):
        return [_batches(dataset, batch_size) for dataset in found]
    return _batches(found, batch_size)


def _batches(dataset: Dataset, batch_size: int) -> Dataset:
    """Return batches of sounds, the shorter ones filled up with zeros."""
    batched = dataset.padded_batch(batch_size)
    batched.class_names, batched.file_paths = dataset.class_names, dataset.file_paths
    return batched


def _decoded(path: str, rate: int | None) -> np.ndarray:
    """Return a sound (samples, channels) in -1..1."""
    try:
        with wave.open(path, "rb") as file:
            channels, width = file.getnchannels(), file.getsampwidth()
            found = file.getframerate()
            content = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(
            f"'{path}' is no .wav file of plain numbers, or a truncated one: {error}. "
            "Write it anew as 16-bit PCM."
        ) from error
    if rate is not None and found != rate:
        raise ValueError(
            f"audio_dataset_from_directory: '{path}' has {found} samples per second, "
            f"sampling_rate={rate} wants {rate}. Convert the file first."
        )
    if width == 3:  # put a byte of zeros below the three
        bytes_of = np.frombuffer(content, np.uint8).reshape(-1, 3)
        content, width = np.pad(bytes_of, ((0, 0), (1, 0))).tobytes(), 4
    kind, silence, loudest = _FORMATS[width]
    numbers = np.frombuffer(content, kind).astype(np.float64)
    sound = ((numbers - silence) / loudest).astype(np.float32)
    return sound.reshape(-1, channels)


def _fitted(sound: np.ndarray, length: int | None) -> np.ndarray:
    if length is None:
        return sound
    missing = max(length - len(sound), 0)
    return np.pad(sound[:length], ((0, missing), (0, 0)))


def _check_count(argument: str, value: Any) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise ValueError(
            f"audio_dataset_from_directory: {argument} must be a positive integer or "
            f"None; received {value!r}."
        )
    if value is not None and value < 1:
        raise ValueError(
            f"audio_dataset_from_directory: {argument} must be a positive integer; "
            f"received {value}."
        )
