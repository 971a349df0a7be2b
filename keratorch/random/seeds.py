"""Streams of random numbers: the process's own, and those of a seed."""

from __future__ import annotations

import copy
import threading
from contextvars import ContextVar
from typing import Any, TypeAlias

import numpy as np

from keratorch.errors import ArgumentError
from keratorch.naming import auto_name

_lock = threading.Lock()
_stream: np.random.Generator | None = None  # made at first use: importing costs nothing


class SeedGenerator:
    """A stream of random numbers that goes on from call to call.

    Parameters
    ----------
    seed : int >= 0, or None to take one from the process's stream.
    name : str, or None for 'seed_generator', numbered.

    Raises
    ------
    TypeError, ValueError : a seed that is not an int >= 0.

    Examples
    --------
    >>> from keratorch.random import normal
    >>> stream = SeedGenerator(42)
    >>> first, second = normal((2,), seed=stream), normal((2,), seed=stream)
    >>> bool((first == second).any())
    False
    """

    def __init__(self, seed: int | None = None, name: str | None = None):
        self.name = name or auto_name("SeedGenerator")
        self._initial_seed = seed
        if seed is None:
            seed = int(generator().integers(2**32))
        #: The np.random.Generator behind it, for direct use.
        self.generator = np.random.default_rng(check_seed(seed))

    def next(self, ordered: bool = True) -> np.ndarray:
        """Return two fresh 32-bit words: a seed for something else.

        `ordered` changes nothing here: a stream is drawn from in order.
        """
        return self.generator.integers(2**32, size=2, dtype=np.uint32)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal stream."""
        return {"seed": self._initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> SeedGenerator:
        """Return a stream from `get_config`'s dict."""
        return cls(**config)


Seed: TypeAlias = "int | SeedGenerator | np.random.Generator | None"


def check_seed(seed: Any) -> int:
    """Return `seed` as an int, or say what a seed is."""
    if isinstance(seed, (bool, np.bool_)) or not isinstance(seed, (int, np.integer)):
        raise ArgumentError(
            "seed must be an int, a SeedGenerator, or None; "
            f"received {seed!r} of type {type(seed).__name__}."
        )
    if seed < 0:
        raise ValueError(f"seed must be >= 0; received {seed}.")
    return int(seed)


def set_seed(seed: int) -> None:
    """Restart the process's stream: what follows is the same in each run.

    `keratorch.utils.set_random_seed` does this, and seeds Python and NumPy as well.
    """
    global _stream
    fresh = np.random.default_rng(check_seed(seed))
    with _lock:
        _stream = fresh


def generator(seed: Seed = None) -> np.random.Generator:
    """Return the NumPy generator that `seed` stands for.

    None is the process's stream; an int a new generator, the same at each call; a
    `SeedGenerator` or a `np.random.Generator` its own stream. Generators lock
    themselves, so that threads may share one.

    Examples
    --------
    >>> bool(generator(1).random() == generator(1).random())
    True
    """
    if seed is None:
        return _process_stream()
    if isinstance(seed, SeedGenerator):
        return seed.generator
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng(check_seed(seed))


class DrawnAside:
    """Within ``with``, draws from the process's stream leave it where it was.

    They are the numbers that come next there. Other threads draw on.

    Examples
    --------
    >>> with DrawnAside() as aside:
    ...     first = generator().random()
    >>> aside.drawn, first == generator().random()
    (True, True)
    """

    def __init__(self) -> None:
        self._own: np.random.Generator | None = None

    @property
    def drawn(self) -> bool:
        """Whether something was drawn."""
        return self._own is not None

    def __enter__(self) -> DrawnAside:
        self._around = _aside.get()
        _aside.set(self)
        return self

    def __exit__(self, *error: Any) -> None:
        _aside.set(self._around)

    def stream(self) -> np.random.Generator:
        """Return the copy of the stream, made when it is first asked for."""
        if self._own is None:
            around = self._around
            self._own = copy.deepcopy(around.stream() if around else _shared_stream())
        return self._own


_aside: ContextVar[DrawnAside | None] = ContextVar("aside", default=None)


def _process_stream() -> np.random.Generator:
    aside = _aside.get()
    return _shared_stream() if aside is None else aside.stream()


def _shared_stream() -> np.random.Generator:
    global _stream
    with _lock:
        if _stream is None:
            _stream = np.random.default_rng()
        return _stream
