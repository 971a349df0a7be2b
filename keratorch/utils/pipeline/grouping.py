"""Steps that sort elements into groups, and those that draw from several datasets."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from keratorch import random
from keratorch.modes import no_grad
from keratorch.nested import map_structure
from keratorch.utils.pipeline.padding import Leaf, padding_of
from keratorch.utils.pipeline.values import arrays_in
from keratorch.utils.pipeline.walk import (
    INFINITE_CARDINALITY,
    UNKNOWN_CARDINALITY,
    Elements,
    call,
    check_dataset,
)


class Grouping(Elements):
    """Elements by what they are."""

    def group_by_window(
        self,
        key_func: Callable[..., Any],
        reduce_func: Callable[..., Any],
        window_size: int | None = None,
        window_size_func: Callable[..., Any] | None = None,
        name: str | None = None,
    ) -> Any:
        """Return the elements of ``reduce_func(key, window)``, window by window.

        Parameters
        ----------
        key_func : function from an element to an integer.
        reduce_func : function from a key and the dataset of a window of elements with
            that key to a dataset.
        window_size : int > 0, elements of a window.
        window_size_func : function from a key to that number, instead.
        name : str, a label, which changes nothing.

        Raises
        ------
        ValueError : both or none of `window_size` and `window_size_func`.
        """
        if (window_size is None) == (window_size_func is None):
            raise ValueError(
                "group_by_window needs window_size or window_size_func; received "
                f"{'none' if window_size is None else 'both'}."
            )
        sizes: Any = window_size_func or (lambda key: window_size)

        def grouped() -> Iterator[Any]:
            groups: dict[int, list[Any]] = {}
            for element in self._values():
                with no_grad():
                    key = int(call(key_func, element))
                group = groups.setdefault(key, [])
                group.append(element)
                if len(group) >= int(sizes(np.int64(key))):
                    yield from self._reduced(reduce_func, key, groups.pop(key))
            for key in sorted(groups):
                yield from self._reduced(reduce_func, key, groups[key])

        return self._new(grouped)

    def _reduced(
        self, reduce_func: Callable[..., Any], key: int, group: list[Any]
    ) -> Iterator[Any]:
        window = self._new(lambda: iter(group), len(group))
        return check_dataset(
            "reduce_func", reduce_func(np.int64(key), window)
        )._values()

    def bucket_by_sequence_length(
        self,
        element_length_func: Callable[..., Any],
        bucket_boundaries: Sequence[int],
        bucket_batch_sizes: Sequence[int],
        padded_shapes: Any = None,
        padding_values: Any = None,
        pad_to_bucket_boundary: bool = False,
        no_padding: bool = False,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Any:
        """Return batches of elements of similar lengths, which need little padding.

        Parameters
        ----------
        element_length_func : function from an element to its length.
        bucket_boundaries : lengths at which the next bucket begins, in rising order.
        bucket_batch_sizes : how many elements a batch of each bucket has, one more
            than there are boundaries.
        padded_shapes, padding_values : as in `padded_batch`.
        pad_to_bucket_boundary : bool, whether to fill unknown lengths up to the
            boundary of the bucket less one.
        no_padding : bool, whether elements of a batch have one length already.
        drop_remainder : bool, whether to leave out batches that are smaller.
        name : str, a label, which changes nothing.

        Raises
        ------
        ValueError : the number of batch sizes; during the walk, an element that is
            longer than the last boundary with `pad_to_bucket_boundary`.
        """
        bounds = [int(b) for b in bucket_boundaries]
        sizes = [int(size) for size in bucket_batch_sizes]
        if len(sizes) != len(bounds) + 1:
            raise ValueError(
                f"bucket_batch_sizes needs {len(bounds) + 1} sizes, one more than "
                f"bucket_boundaries; received {len(sizes)}."
            )

        def bucket(*element: Any) -> int:
            length = int(element_length_func(*element))
            return int(np.searchsorted(bounds, length, side="right"))

        def batch(key: Any, window: Any) -> Any:
            if no_padding:
                return window.batch(sizes[key], drop_remainder)
            shapes = padded_shapes
            if pad_to_bucket_boundary:
                if key == len(bounds):
                    raise ValueError(
                        "pad_to_bucket_boundary: an element is not shorter than the "
                        f"last boundary {bounds[-1]}. Add a boundary, or filter."
                    )
                shapes = _up_to(bounds[key] - 1, window, padded_shapes)
            return window.padded_batch(
                sizes[key], shapes, padding_values, drop_remainder
            )

        return self.group_by_window(
            bucket, batch, window_size_func=lambda key: sizes[key]
        )

    def rejection_resample(
        self,
        class_func: Callable[..., Any],
        target_dist: Any,
        initial_dist: Any = None,
        seed: int | None = None,
        name: str | None = None,
    ) -> Any:
        """Return pairs of a class and an element, the classes distributed as wanted.

        Elements of class c are kept with probability r[c] / max(r), where r is
        `target_dist` over `initial_dist`.

        Parameters
        ----------
        class_func : function from an element to its class, 0, 1 ...
        target_dist : share of each class wanted.
        initial_dist : share that each class has; None to count them on the way.
        seed : int that fixes the draws.
        name : str, a label, which changes nothing.
        """
        target = np.asarray(target_dist, float)

        def resampled() -> Iterator[Any]:
            generator = (
                random.generator() if seed is None else (np.random.default_rng(seed))
            )
            counts = np.ones(len(target))
            for element in self._values():
                with no_grad():
                    label = int(call(class_func, element))
                counts[label] += 1
                shares = counts / counts.sum()
                if initial_dist is not None:
                    shares = np.asarray(initial_dist, float)
                rates = target / np.maximum(shares, 1e-12)
                if generator.random() < rates[label] / rates.max():
                    yield np.int64(label), element

        return self._new(resampled)

    @classmethod
    def sample_from_datasets(
        cls,
        datasets: Sequence[Any],
        weights: Any = None,
        seed: int | None = None,
        stop_on_empty_dataset: bool = False,
        rerandomize_each_iteration: bool | None = None,
    ) -> Any:
        """Return the dataset of elements drawn from several datasets.

        Parameters
        ----------
        datasets : list of datasets.
        weights : probability of each; None for equal ones.
        seed : int that fixes the draws.
        stop_on_empty_dataset : bool, whether to end with the first that ends.
        rerandomize_each_iteration : bool, whether each walk with a `seed` has draws of
            its own.

        Raises
        ------
        ValueError : no datasets, or weights of another number.
        """
        parts = _checked(datasets)
        chances = (
            np.ones(len(parts))
            if weights is None
            else (np.asarray(arrays_in(list(weights)), float))
        )
        if len(chances) != len(parts) or not (chances >= 0).all() or not chances.any():
            raise ValueError(
                f"weights must be {len(parts)} numbers >= 0, one for each dataset; "
                f"received {chances.tolist()}."
            )
        drawn = [p for p, chance in zip(parts, chances, strict=True) if chance]
        if len(drawn) == 1:
            return drawn[0]._chosen(drawn[0]._make_iterator, drawn[0]._cardinality)
        walks = itertools.count()

        def sampled() -> Iterator[Any]:
            generator = random.generator()
            if seed is not None:
                walk = next(walks) if rerandomize_each_iteration else 0
                generator = np.random.default_rng([seed, walk])
            return _sampled(parts, chances, generator, stop_on_empty_dataset)

        counts = [part._cardinality for part in drawn]
        total = UNKNOWN_CARDINALITY
        if not stop_on_empty_dataset:
            total = sum(counts) if min(counts) >= 0 else min(counts)
            if INFINITE_CARDINALITY in counts:
                total = INFINITE_CARDINALITY
        elif set(counts) == {INFINITE_CARDINALITY}:
            total = INFINITE_CARDINALITY
        result = cls._new(sampled, total)
        result._described = lambda: parts[0].element_spec
        return result

    @classmethod
    def choose_from_datasets(
        cls,
        datasets: Sequence[Any],
        choice_dataset: Any,
        stop_on_empty_dataset: bool = True,
    ) -> Any:
        """Return elements of the datasets whose numbers another dataset gives.

        Parameters
        ----------
        datasets : list of datasets.
        choice_dataset : dataset of integers.
        stop_on_empty_dataset : bool, whether to end with the first that ends; else its
            turns are left out.
        """
        parts = _checked(datasets)

        def chosen() -> Iterator[Any]:
            walks = [part._values() for part in parts]
            for place in choice_dataset._values():
                value = next(walks[int(place)], _END)
                if value is not _END:
                    yield value
                elif stop_on_empty_dataset:
                    return

        return cls._new(chosen)


_END = object()


def _sampled(
    parts: list[Any],
    chances: np.ndarray,
    generator: np.random.Generator,
    stops: bool,
) -> Iterator[Any]:
    walks, chances = [part._values() for part in parts], chances.copy()
    while chances.any():
        place = int(generator.choice(len(parts), p=chances / chances.sum()))
        value = next(walks[place], _END)
        if value is not _END:
            yield value
        elif stops:
            return
        else:
            chances[place] = 0


def _checked(datasets: Any) -> list[Any]:
    parts = list(datasets)
    if not parts or not all(isinstance(part, Elements) for part in parts):
        raise ValueError(
            "datasets must be a list of datasets; received "
            f"{[type(part).__name__ for part in parts][:8]}."
        )
    return parts


def _up_to(length: int, window: Any, shapes: Any) -> Any:
    """Return shapes in which each unknown length is this one."""
    first = next(window._values())

    def filled(leaf: Leaf, value: Any) -> Any:
        shape = (None,) * np.ndim(value) if leaf.value is None else leaf.value
        return tuple(length if n is None or n == -1 else n for n in shape)

    return map_structure(filled, padding_of(first, shapes, None)[0], first)
