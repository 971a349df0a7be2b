"""Datasets made of arrays, generators and files."""

from __future__ import annotations

import glob
import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from keratorch import random
from keratorch.nested import flatten
from keratorch.utils.pipeline.spec import TensorSpec, dtype_of, fitted, signature_of
from keratorch.utils.pipeline.values import arrays_in, as_value, as_values
from keratorch.utils.pipeline.walk import (
    INFINITE_CARDINALITY,
    UNKNOWN_CARDINALITY,
    Elements,
    Rows,
)


class Sources(Elements):
    """The ways in which a dataset begins."""

    @classmethod
    def from_tensor_slices(cls, tensors: Any, name: str | None = None) -> Any:
        """Return the dataset of the slices of arrays along their first axis.

        Parameters
        ----------
        tensors : array, or tuple, list or dict of arrays of one length. A list of
            numbers or strings is an array; numbers of Python become float32 or int32.
        name : str, a label, which changes nothing.

        Raises
        ------
        ValueError : no array, or arrays of different lengths.
        """
        arrays = arrays_in(tensors)
        leaves = flatten(arrays)
        lengths = {len(leaf) for leaf in leaves if np.ndim(leaf)}
        if len(lengths) != 1 or not all(np.ndim(leaf) for leaf in leaves):
            raise ValueError(
                "from_tensor_slices needs arrays of one length; received shapes "
                f"{[np.shape(leaf) for leaf in leaves][:8]}."
            )
        (length,) = lengths
        rows = Rows(arrays)
        result = cls._new(lambda: iter(range(length)), length, rows)
        result._described = lambda: arrays_in(arrays, _row_spec)
        return result

    @classmethod
    def from_tensors(cls, tensors: Any, name: str | None = None) -> Any:
        """Return the dataset of one element."""
        element = (
            as_values(tensors) if isinstance(tensors, tuple) else (arrays_in(tensors))
        )
        return cls._new(lambda: iter([element]), 1)

    @classmethod
    def from_generator(
        cls,
        generator: Callable[..., Iterable[Any]],
        output_types: Any = None,
        output_shapes: Any = None,
        args: Iterable[Any] | None = None,
        output_signature: Any = None,
        name: str | None = None,
    ) -> Any:
        """Return the dataset of what ``generator(*args)`` yields, called for each walk.

        Parameters
        ----------
        generator : function that returns an iterable.
        output_types : dtypes that the elements get, nested as the elements are.
        output_shapes : shapes that they must have, None for lengths that vary.
        args : what the function gets, as arrays.
        output_signature : `TensorSpec`s instead of types and shapes.
        name : str, a label, which changes nothing.

        Raises
        ------
        TypeError : `generator` cannot be called.
        ValueError : during the walk, an element of another structure or shape.
        """
        if not callable(generator):
            raise TypeError(
                "from_generator needs a function that returns a generator, so that "
                f"each walk begins anew; received {type(generator).__name__}. Write "
                "lambda: generator."
            )
        signature = output_signature
        if signature is None and output_types is not None:
            signature = signature_of(output_types, output_shapes)
        arguments = [as_value(arg) for arg in args or ()]

        def walk() -> Iterator[Any]:
            for element in generator(*arguments):
                if signature is None:
                    yield as_values(element)
                else:
                    yield as_values(fitted(element, signature))

        result = cls._new(walk)
        if signature is not None:
            result._described = lambda: signature
        return result

    @classmethod
    def range(cls, *limits: Any, output_type: Any = "int64", name: Any = None) -> Any:
        """Return the dataset of the integers of ``range(*limits)``."""
        numbers = np.arange(*map(int, limits)).astype(dtype_of(output_type))
        return cls.from_tensor_slices(numbers)

    @classmethod
    def counter(cls, start: int = 0, step: int = 1, dtype: Any = "int64") -> Any:
        """Return the dataset that counts from `start` by `step` without an end."""
        kind = dtype_of(dtype).type
        return cls._new(
            lambda: map(kind, itertools.count(start, step)), INFINITE_CARDINALITY
        )

    @classmethod
    def random(cls, seed: int | None = None) -> Any:
        """Return the endless dataset of random integers of 0..2**32 - 1, int64."""

        def numbers() -> Iterator[Any]:
            generator = random.generator()
            if seed is not None:
                generator = np.random.default_rng(seed)
            while True:
                yield generator.integers(2**32, dtype=np.int64)

        return cls._new(numbers, INFINITE_CARDINALITY)

    @classmethod
    def list_files(
        cls,
        file_pattern: Any,
        shuffle: bool | None = None,
        seed: int | None = None,
        name: str | None = None,
    ) -> Any:
        """Return the dataset of the paths that match a pattern.

        Parameters
        ----------
        file_pattern : str with ``*`` and ``?``, or several in a list or an array.
        shuffle : bool, whether each walk has an order of its own; None for True.
        seed : int that fixes the orders.
        name : str, a label, which changes nothing.

        Raises
        ------
        ValueError : no file matches.
        """
        patterns = [file_pattern]
        if not isinstance(file_pattern, (str, bytes, os.PathLike)):
            patterns = list(np.asarray(file_pattern).ravel())
        paths = sorted({p for pattern in patterns for p in glob.glob(_path(pattern))})
        if not paths:
            raise ValueError(
                f"no files match file_pattern={file_pattern!r}; the folder here is "
                f"{os.getcwd()}."
            )
        files = cls.from_tensor_slices(paths)
        return files if shuffle is False else files.shuffle(len(paths), seed)

    @classmethod
    def zip(cls, *datasets: Any, name: str | None = None) -> Any:
        """Return the dataset of an element of each dataset; the shortest ends it.

        The datasets stand as arguments, or in one tuple or dict, nested like the
        elements to come.
        """
        nested: Any = datasets
        if len(datasets) == 1 and isinstance(datasets[0], (tuple, list, dict)):
            nested = datasets[0]
            nested = tuple(nested) if isinstance(nested, list) else nested
        parts = flatten(nested)
        for part in parts:
            if not isinstance(part, Elements):
                raise TypeError(
                    f"zip needs datasets; received {type(part).__name__}. Make one of "
                    "an array by Dataset.from_tensor_slices."
                )
        counts = [part._cardinality for part in parts]
        known = [count for count in counts if count >= 0]
        total = min(known) if known else INFINITE_CARDINALITY
        if UNKNOWN_CARDINALITY in counts:
            total = UNKNOWN_CARDINALITY

        def walk() -> Iterator[Any]:
            for values in zip(*(part._values() for part in parts), strict=False):
                iterator = iter(values)
                yield arrays_in(nested, lambda _: next(iterator))  # noqa: B023

        result = cls._new(walk, total)
        result._described = lambda: arrays_in(nested, lambda part: part.element_spec)
        return result


def _row_spec(array: Any) -> Any:
    return TensorSpec(np.shape(array)[1:], array.dtype)


def _path(pattern: Any) -> str:
    text = pattern.decode() if isinstance(pattern, bytes) else pattern
    return os.fspath(text)
