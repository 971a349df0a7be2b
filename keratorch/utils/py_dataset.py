"""Datasets of the user's own that give whole batches by number."""

from __future__ import annotations

import itertools
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class PyDataset:
    """A dataset that makes batch number ``index``; `fit` reads it in threads.

    A subclass defines ``__getitem__(index)``, which returns a batch ``(x, y)`` or ``(x,
    y, sample_weight)``, and ``__len__`` or the property `num_batches`.

    Parameters
    ----------
    workers : int, how many threads make batches ahead of the training; 0 or 1 make
        none, and each batch is made when it is needed.
    use_multiprocessing : bool. It changes nothing here: workers are threads, which
        need no pickling; reading files and most of NumPy run beside each other in
        them.
    max_queue_size : int > 0, how many batches at most are ready or being made.

    Raises
    ------
    ValueError : a negative number of workers, or a queue of no length.

    Examples
    --------
    >>> import numpy as np
    >>> class Squares(PyDataset):
    ...     def __len__(self):
    ...         return 3
    ...     def __getitem__(self, index):
    ...         x = np.arange(4.0) + index
    ...         return x[:, None], x**2
    >>> [x.shape for x, y in Squares(workers=2)]
    [(4, 1), (4, 1), (4, 1)]
    """

    _workers = 1
    _use_multiprocessing = False
    _max_queue_size = 10
    _is_prepared = False
    _own_number: int | None = None  # of batches, which a subclass noted for itself

    def __init__(
        self,
        workers: int = 1,
        use_multiprocessing: bool = False,
        max_queue_size: int = 10,
    ):
        self._is_prepared = True
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    @property
    def workers(self) -> int:
        """The number of threads that make batches."""
        self._warn_unless_prepared()
        return self._workers

    @workers.setter
    def workers(self, value: int) -> None:
        if value < 0:
            raise ValueError(f"workers must be at least 0; received {value}.")
        self._workers = int(value)

    @property
    def use_multiprocessing(self) -> bool:
        """What was given; it changes nothing."""
        return self._use_multiprocessing

    @use_multiprocessing.setter
    def use_multiprocessing(self, value: bool) -> None:
        self._use_multiprocessing = bool(value)

    @property
    def max_queue_size(self) -> int:
        """How many batches at most are made ahead."""
        return self._max_queue_size

    @max_queue_size.setter
    def max_queue_size(self, value: int) -> None:
        if value < 1:
            raise ValueError(f"max_queue_size must be at least 1; received {value}.")
        self._max_queue_size = int(value)

    @property
    def num_batches(self) -> int | None:
        """The number of batches of an epoch; None where they never end.

        A subclass may assign a number of its own; where it has a length, that counts.
        """
        if self._own_number is not None:
            return self._own_number
        if hasattr(self, "__len__"):
            return len(self)
        raise NotImplementedError(
            f"{type(self).__name__} must define __len__(self), the number of batches, "
            "or the property num_batches."
        )

    @num_batches.setter
    def num_batches(self, value: int | None) -> None:
        self._own_number = value

    def _batches_per_epoch(self) -> int | None:
        noted = self._own_number is not None and hasattr(self, "__len__")
        return len(self) if noted else self.num_batches  # type: ignore[arg-type]

    def __getitem__(self, index: int) -> Any:
        """Return batch number `index`."""
        raise NotImplementedError(
            f"{type(self).__name__} must define __getitem__(self, index), which "
            "returns a batch (x, y)."
        )

    def __iter__(self) -> Iterator[Any]:
        count = self.num_batches
        for index in itertools.count() if count is None else range(count):
            yield self[index]

    def on_epoch_begin(self) -> None:
        """Called at the beginning of each epoch."""

    def on_epoch_end(self) -> None:
        """Called at the end of each epoch: the place to shuffle."""

    def _warn_unless_prepared(self) -> None:
        if not self._is_prepared:
            self._is_prepared = True
            warnings.warn(
                f"{type(self).__name__}.__init__ should call "
                "super().__init__(**kwargs), so that workers and max_queue_size can "
                "be given; it reads with one worker now.",
                UserWarning,
                stacklevel=3,
            )


Sequence = PyDataset


def read_ahead(dataset: PyDataset, order: Iterable[int]) -> Iterator[Any]:
    """Yield the batches of these numbers in this order, made ahead by the workers.

    An error of ``__getitem__`` is raised where its batch would have come.
    """
    if dataset.workers < 2:
        yield from (dataset[index] for index in order)
        return
    indices = iter(order)
    pool = ThreadPoolExecutor(dataset.workers, thread_name_prefix="PyDataset")
    coming: deque[Future] = deque()
    try:
        for index in itertools.islice(indices, dataset.max_queue_size):
            coming.append(pool.submit(dataset.__getitem__, index))
        while coming:
            batch = coming.popleft().result()
            for index in itertools.islice(indices, 1):
                coming.append(pool.submit(dataset.__getitem__, index))
            yield batch
    finally:  # also where the epoch breaks off
        pool.shutdown(wait=True, cancel_futures=True)


def unpack_x_y_sample_weight(data: Any) -> tuple[Any, Any, Any]:
    """Return x, y and sample_weight of a batch, None for those that it lacks.

    Parameters
    ----------
    data : x, (x,), (x, y) or (x, y, sample_weight).

    Raises
    ------
    ValueError : a tuple of another length.

    Examples
    --------
    >>> unpack_x_y_sample_weight(("x", "y"))
    ('x', 'y', None)
    """
    if not isinstance(data, (tuple, list)):
        return data, None, None
    if len(data) not in (1, 2, 3):
        raise ValueError(
            "a batch must be x, (x,), (x, y) or (x, y, sample_weight); received a "
            f"{type(data).__name__} of {len(data)}. Put several inputs into a list of "
            "their own: ([a, b], y)."
        )
    x, y, sample_weight = (*data, None, None)[:3]
    return x, y, sample_weight


def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """Return a batch as `fit` hands it to ``train_step``.

    Returns
    -------
    x alone, in a tuple if it is a list or tuple itself; (x, y); or all three.

    Examples
    --------
    >>> pack_x_y_sample_weight("x"), pack_x_y_sample_weight(["a", "b"])
    ('x', (['a', 'b'],))
    """
    if sample_weight is not None:
        return x, y, sample_weight
    if y is not None:
        return x, y
    return (x,) if isinstance(x, (tuple, list)) else x
