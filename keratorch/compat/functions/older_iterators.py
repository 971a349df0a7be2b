"""Iterators of images as Keras 1 and early Keras 2 let programs write them.

    class Pairs(Iterator):
        def next(self):
            with self.lock:
                index_array, current_index, size = next(self.index_generator)
            return self.x[index_array], self.y[index_array]

And generators of one's own, with `random_transform` and `standardize`, which a
`NumpyArrayIterator` or a `DirectoryIterator` asks for each image.
"""

from __future__ import annotations

import dis
import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from keratorch.compat import dialect
from keratorch.compat.translation import Renamed, Table, answering

_LAYOUT = {"th": "channels_first", "tf": "channels_last", "default": None}
_IMAGES: Table = {"dim_ordering": Renamed("data_format", _LAYOUT)}
_COUNT: Table = {"N": Renamed("n")}


class _Places:
    """The places of batch after batch: ``next(self.index_generator)``.

    Parameters
    ----------
    iterator : that whose samples are drawn.
    three : bool, whether its `next` unpacks the first place and the size as well.
    """

    def __init__(self, iterator: Any, three: bool):
        self._iterator = iterator
        self._three = three

    def __iter__(self) -> _Places:
        return self

    def __next__(self) -> Any:
        owner = self._iterator
        owner._seed_next()
        if owner.batch_index == 0 or owner.index_array is None:
            owner._set_index_array()
        first = owner.batch_index * owner.batch_size
        owner.batch_index += 1
        if first + owner.batch_size >= owner.n:
            owner.batch_index = 0
        places = owner._places(first)
        return (places, first, len(places)) if self._three else places


def _unpacks_three(method: Callable[..., Any]) -> bool:
    """Return whether a method takes what it draws as three values, as in Keras 1."""
    steps = dis.get_instructions(method)
    return any(s.opname == "UNPACK_SEQUENCE" and s.argval == 3 for s in steps)


def _index_generator(iterator: Any) -> _Places:
    return _Places(iterator, _unpacks_three(type(iterator).next))


def finish(module: ModuleType) -> None:
    """Let the iterators of a module be used as in Keras 1."""
    iterator = module.Iterator
    by_itself, by_number = iterator.__next__, iterator.__getitem__

    def _draws_itself(self: Any) -> bool:
        return type(self).next is not iterator.next

    @functools.wraps(by_itself)
    def __next__(self: Any) -> Any:  # noqa: N807
        return self.next() if _draws_itself(self) else by_itself(self)

    @functools.wraps(by_number)
    def __getitem__(self: Any, index: int) -> Any:  # noqa: N807
        return self.next() if _draws_itself(self) else by_number(self, index)

    def __iter__(self: Any) -> Any:  # noqa: N807
        if not dialect.flows_end():
            return self
        return (next(self) for _ in range(len(self)))

    iterator.next, iterator.__iter__ = by_itself, __iter__
    iterator.__next__, iterator.__getitem__ = __next__, __getitem__
    iterator.index_generator = property(_index_generator, doc="Places, batch by batch.")
    iterator.N = property(lambda self: self.n, doc="The number of samples.")
    iterator.__init__ = answering(iterator.__init__, "", _COUNT)
    numpy_iterator = module.NumpyArrayIterator
    numpy_iterator.__init__ = _of_any_generator(numpy_iterator.__init__)


def finish_files(module: ModuleType) -> None:
    """Let iterators of files be used as in Keras 1."""
    directory = module.DirectoryIterator
    directory.__init__ = _of_any_generator(directory.__init__)
    directory.nb_sample = property(lambda self: self.samples, doc="How many files.")
    directory.nb_class = property(lambda self: self.num_classes, doc="How many.")


class _Changing:
    """A generator of one's own: each image goes through its public methods.

    Parameters
    ----------
    generator : object with `random_transform` and `standardize`, or with one of them.
    """

    def __init__(self, generator: Any):
        self._generator = generator

    def __getattr__(self, name: str) -> Any:
        return getattr(self._generator, name)

    def _changed(self, x: np.ndarray) -> Any:
        for name in ("random_transform", "standardize"):
            change = getattr(self._generator, name, None)
            x = np.array(x, "float32") if change is None else change(x)
        return x


def _of_any_generator(init: Callable[..., None]) -> Callable[..., None]:
    """Return the ``__init__`` of an iterator whose generator may be of any class."""
    older = answering(init, "", _IMAGES)

    @functools.wraps(older)
    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        older(self, *args, **kwargs)
        generator = self.image_data_generator
        if generator is not None and not hasattr(generator, "_changed"):
            self.image_data_generator = _Changing(generator)

    return made
