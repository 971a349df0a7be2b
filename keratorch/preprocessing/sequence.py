"""Windows of time series, pairs of neighbouring words, and sequences of one length."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch.utils.py_dataset import PyDataset
from keratorch.utils.sequence_utils import pad_sequences

__all__ = ["TimeseriesGenerator", "make_sampling_table", "pad_sequences", "skipgrams"]


class TimeseriesGenerator(PyDataset):
    """Batches of windows of a time series, each with the step that comes after it.

    The window for row r is ``data[r - length : r : sampling_rate]``, and its target is
    ``targets[r]``. The rows are ``start_index + length``, and from there every
    `stride`-th one up to `end_index`.

    Parameters
    ----------
    data : (steps, ...), array or list.
    targets : (steps, ...), of the same length.
    length : int, number of steps before the target.
    sampling_rate : int, only every such step of the window is kept.
    stride : int, steps from one row to the next.
    start_index, end_index : int, the first and last step to use; None for the last one.
    shuffle : bool, whether to draw rows at random, from NumPy's global state.
    reverse : bool, whether each window runs backwards.
    batch_size : int.
    **kwargs : those of `PyDataset`.

    Raises
    ------
    ValueError : data and targets of different lengths, or no row is left.

    Examples
    --------
    >>> series = np.arange(6)
    >>> generator = TimeseriesGenerator(series, series, length=2, batch_size=3)
    >>> x, y = generator[0]
    >>> x.tolist(), y.tolist()
    ([[0, 1], [1, 2], [2, 3]], [2, 3, 4])
    """

    def __init__(
        self,
        data: Any,
        targets: Any,
        length: int,
        sampling_rate: int = 1,
        stride: int = 1,
        start_index: int = 0,
        end_index: int | None = None,
        shuffle: bool = False,
        reverse: bool = False,
        batch_size: int = 128,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if len(data) != len(targets):
            raise ValueError(
                "data and targets must have one length; received "
                f"{len(data)} and {len(targets)} steps."
            )
        self.data = data
        self.targets = targets
        self.length = length
        self.sampling_rate = sampling_rate
        self.stride = stride
        self.start_index = start_index + length
        self.end_index = len(data) - 1 if end_index is None else end_index
        self.shuffle = shuffle
        self.reverse = reverse
        self.batch_size = batch_size
        if self.start_index > self.end_index:
            raise ValueError(
                f"no step is left to be a target: start_index + length = "
                f"{self.start_index} is beyond end_index = {self.end_index}."
            )

    def __len__(self) -> int:
        step = self.batch_size * self.stride
        return (self.end_index - self.start_index + step) // step

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        rows = self._rows(index)
        windows = [self.data[r - self.length : r : self.sampling_rate] for r in rows]
        samples = np.array(windows)
        targets = np.array([self.targets[row] for row in rows])
        return (samples[:, ::-1] if self.reverse else samples), targets

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, with the data as JSON.

        Raises
        ------
        TypeError : data that JSON cannot hold.
        """
        config = {"data": _json(self.data), "targets": _json(self.targets)}
        names = "length sampling_rate stride start_index end_index shuffle reverse"
        return config | {
            name: getattr(self, name) for name in [*names.split(), "batch_size"]
        }

    def to_json(self, **kwargs: Any) -> str:
        """Return the configuration as JSON; `kwargs` are those of `json.dumps`."""
        config = {"class_name": type(self).__name__, "config": self.get_config()}
        return json.dumps(config, **kwargs)

    def _rows(self, index: int) -> np.ndarray:
        if self.shuffle:
            return np.random.randint(  # noqa: NPY002
                self.start_index, self.end_index + 1, size=self.batch_size
            )
        step = self.batch_size * self.stride
        first = self.start_index + step * index
        return np.arange(first, min(first + step, self.end_index + 1), self.stride)


def make_sampling_table(size: int, sampling_factor: float = 1e-5) -> np.ndarray:
    """Return the probability with which `skipgrams` keeps a word of each rank.

    p = min(1, sqrt(sampling_factor / f)), where f is the frequency of the word of rank
    r by Zipf's law, 1 / f = r * (log r + 0.577) + 1/2 - 1 / (12 r).

    Parameters
    ----------
    size : int, number of ranks.
    sampling_factor : float, lower values thin out frequent words more.

    Returns
    -------
    (size,) float64.

    Source: Mikolov et al. (2013), Distributed Representations of Words and Phrases.

    Examples
    --------
    >>> make_sampling_table(3).round(6)
    array([0.003152, 0.003152, 0.005476])
    """
    rank = np.maximum(np.arange(size), 1)
    inverse = rank * (np.log(rank) + 0.577) + 0.5 - 1 / (12.0 * rank)
    scaled = sampling_factor * inverse
    return np.minimum(1.0, scaled / np.sqrt(scaled))


def skipgrams(
    sequence: Sequence[int],
    vocabulary_size: int,
    window_size: int = 4,
    negative_samples: float = 1.0,
    shuffle: bool = True,
    categorical: bool = False,
    sampling_table: Any = None,
    seed: int | None = None,
) -> tuple[list, list]:
    """Return pairs of a word with its neighbours, and with words drawn at random.

    Draws come from Python's `random`, as in Keras. Number 0 is no word and is skipped.

    Parameters
    ----------
    sequence : list of ints, the numbers of the words of a text.
    vocabulary_size : int, words drawn at random are below it.
    window_size : int, a word's neighbours are at most so many places away.
    negative_samples : float >= 0, random pairs for each true one.
    shuffle : bool, whether to mix the pairs.
    categorical : bool, whether labels are [0, 1] and [1, 0] rather than 1 and 0.
    sampling_table : (vocabulary_size,), the probability that a word is kept at all.
    seed : int that fixes how the pairs are mixed.

    Returns
    -------
    couples, labels : lists of [word, word], and of 1 for neighbours and 0 for others.

    Source: Mikolov et al. (2013), Efficient Estimation of Word Representations.

    Examples
    --------
    >>> skipgrams([1, 2, 3], 4, window_size=1, negative_samples=0, shuffle=False)
    ([[1, 2], [2, 1], [2, 3], [3, 2]], [1, 1, 1, 1])
    """
    couples = []
    for place, word in enumerate(sequence):
        if not word:
            continue
        if sampling_table is not None and sampling_table[word] < random.random():
            continue
        near = range(
            max(0, place - window_size), min(len(sequence), place + window_size + 1)
        )
        couples += [[word, sequence[n]] for n in near if n != place and sequence[n]]
    true, false = ([0, 1], [1, 0]) if categorical else (1, 0)
    labels: list[Any] = [true] * len(couples)
    if negative_samples > 0:
        count = int(len(labels) * negative_samples)
        words = [couple[0] for couple in couples]
        random.shuffle(words)
        couples += [
            [words[i % len(words)], random.randint(1, vocabulary_size - 1)]
            for i in range(count)
        ]
        labels += [false] * count
    if shuffle:
        if seed is None:
            seed = random.randint(0, 10**7)
        for values in (couples, labels):
            random.seed(seed)
            random.shuffle(values)
    return couples, labels


def _json(values: Any) -> str:
    return json.dumps(values.tolist() if isinstance(values, np.ndarray) else values)
