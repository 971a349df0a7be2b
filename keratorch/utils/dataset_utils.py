"""Datasets cut in two."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from keratorch.utils.dataset import Dataset


def split_dataset(
    dataset: Any,
    left_size: int | float | None = None,
    right_size: int | float | None = None,
    shuffle: bool = False,
    seed: int | None = None,
    preferred_backend: str | None = None,
) -> tuple[Dataset, Dataset]:
    """Return the first and the last samples of a dataset.

    Parameters
    ----------
    dataset : array, list or tuple of arrays of one length, `Dataset`, or anything with
        a length and samples at places.
    left_size, right_size : int, number of samples; or float, share of all; None for
        what the other one leaves. One of both must be given.
    shuffle : bool, whether to mix the samples before.
    seed : int that fixes the order, the same as in Keras.
    preferred_backend : must be None: there is one backend.

    Returns
    -------
    Dataset, Dataset : of batches where `dataset` is one of batches, else of samples.

    Raises
    ------
    TypeError : another dataset, or a size that is no number.
    ValueError : sizes out of range, or arrays of different lengths.

    Examples
    --------
    >>> left, right = split_dataset(np.arange(10), left_size=0.8)
    >>> len(left), [int(x) for x in right]
    (8, [8, 9])
    """
    if preferred_backend is not None:
        raise ValueError(
            "preferred_backend must be None, since NumPy is the only backend; received "
            f"{preferred_backend!r}."
        )
    samples, batch_size = _samples(dataset)
    left, right = _sizes(left_size, right_size, len(samples))
    if shuffle:
        if seed is None:
            seed = random.randint(0, 10**6)
        random.Random(seed).shuffle(samples)
    parts = _dataset(samples[:left]), _dataset(samples[len(samples) - right :])
    if batch_size is not None:
        return parts[0].batch(batch_size), parts[1].batch(batch_size)
    return parts


def _dataset(samples: list[Any]) -> Dataset:
    return Dataset(lambda: iter(samples), len(samples))


def _samples(dataset: Any) -> tuple[list[Any], int | None]:
    if isinstance(dataset, Dataset):
        batch_size = dataset._batch_size
        return list(dataset if batch_size is None else dataset.unbatch()), batch_size
    if isinstance(dataset, (list, tuple)):
        arrays = tuple(dataset)
        if not arrays or not all(isinstance(a, np.ndarray) and a.ndim for a in arrays):
            raise ValueError(
                "a list or tuple must hold arrays of one length; received "
                f"{[type(a).__name__ for a in arrays][:8]}."
            )
        return list(Dataset.from_tensor_slices(arrays)), None
    if hasattr(dataset, "__getitem__") and hasattr(dataset, "__len__"):
        return [dataset[place] for place in range(len(dataset))], None
    raise TypeError(
        "dataset must be an array, a list or tuple of arrays, or a Dataset; received "
        f"{type(dataset).__name__}."
    )


def _sizes(left: Any, right: Any, total: int) -> tuple[int, int]:
    if left is None and right is None:
        raise ValueError("give left_size or right_size, a share or a number.")
    for name, size in (("left_size", left), ("right_size", right)):
        if size is None:
            continue
        if isinstance(size, bool) or not isinstance(size, (int, float)):
            raise TypeError(f"{name} must be an int or a float; received {size!r}.")
        limit = 1 if isinstance(size, float) else total
        if not 0 < size < limit:
            raise ValueError(
                f"{name} must be an int between 0 and {total}, the number of samples, "
                f"or a float between 0 and 1; received {size!r}."
            )
    counts = [round(s * total) if isinstance(s, float) else s for s in (left, right)]
    if counts[0] is None:
        counts[0] = total - counts[1]
    if counts[1] is None:
        counts[1] = total - counts[0]
    if sum(counts) > total or not all(counts):
        raise ValueError(
            f"of {total} samples, left_size={left!r} and right_size={right!r} would "
            f"take {counts[0]} and {counts[1]}: both must be some, together no more."
        )
    return counts[0], counts[1]
