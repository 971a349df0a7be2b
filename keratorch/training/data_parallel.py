"""When other processes compute a part of each step of training, and what they say."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from keratorch import config, memory, random, replicas, threads
from keratorch.callbacks.callback import Callback
from keratorch.callbacks.callback_list import CallbackList
from keratorch.core import GradArray
from keratorch.logits import carrying_logits
from keratorch.micro_batch import MicroBatch
from keratorch.nested import flatten, pack_like
from keratorch.replicas import ReplicaLostError, Replicas
from keratorch.training.array_batches import ArrayBatches
from keratorch.training.micro_batches import Found, halves, together
from keratorch.training.own import (
    are_own_between_batches,
    is_own,
    is_own_callback,
    is_own_optimizer,
    is_own_training,
)

# Seconds of training that are worth it: to begin takes some milliseconds, as each
# process gets its own copy of whatever it changes.
_WORTH_IT = 0.3
_FEW = 10  # steps, for which it will not be
# The library's callbacks that look at what is trained, and change nothing of it before
# the end; by name, as most programs load few of them.
_PASSIVE = (
    *("BackupAndRestore", "CSVLogger", "EarlyStopping", "History", "ModelCheckpoint"),
    *("ProgbarLogger", "RemoteMonitor", "TensorBoard", "TerminateOnNaN"),
)

_Parts = Sequence[MicroBatch]


class DataParallel:
    """Replicas of a model, each of which computes some parts of each batch.

    The twin of the threads, with the same bits. The replicas take all steps that this
    process takes, but for callbacks, metrics and validation: so this is done only where
    a step does nothing besides. Where a callback may change what is trained between two
    epochs, other replicas begin in each.

    Parameters
    ----------
    model : the model that is trained.
    data : its batches.
    callbacks : what is called besides.
    epochs : int, how many passes there will be.
    """

    def __init__(self, model: Any, data: Any, callbacks: CallbackList, epochs: int):
        self._model, self._data, self._epochs = model, data, epochs
        self._fits = (
            isinstance(data, ArrayBatches)
            and all(type(x) in (np.ndarray, type(None)) for x in flatten(data.arrays))
            and are_own_between_batches(callbacks)
        )
        self._stays = all(map(_only_looks, callbacks.callbacks))
        #: Whether there may be replicas, however many are wanted; None: not yet known.
        self.is_possible: bool | None = None
        self._pays = True
        self._replicas: Replicas | None = None
        self._in_epoch = contextlib.ExitStack()
        self._until_end = contextlib.ExitStack()
        self._parts = self._size = 0  # of the last batch that was cut
        self._since = 0.0  # when the last step began

    def __reduce__(self) -> tuple:
        return type(None), ()  # a copy of the model is not in the middle of `fit`

    def look(self, step: int, batch: Any, others: Iterator[Any]) -> None:
        """Begin before a step where it pays, or go on with another epoch.

        Parameters
        ----------
        step : int, which step of the epoch.
        batch : its data.
        others : gives those of the steps that follow.
        """
        now = time.perf_counter()
        if step == 0:
            self._begin_epoch()
        elif self.is_possible and self._pays and self._parts and not self._replicas:
            left = self._steps() * (self._epochs if self._stays else 1) - step
            if left * (now - self._since) > _WORTH_IT:
                self._begin(itertools.chain([batch], others), self._steps() - step)
        self._since = now

    def _begin_epoch(self) -> None:
        if self._replicas is not None:
            self._go_on()
        elif self.is_possible is None or not self._stays:
            # functions of the user may have changed the model between two epochs
            self.is_possible = (
                self._fits and replicas.are_possible() and _is_alike(self._model)
            )

    def _steps(self) -> int:
        """Return how many steps an epoch has."""
        return min(self._data.steps, config.max_steps_per_epoch() or self._data.steps)

    @property
    def begins_soon(self) -> bool:
        """Whether the others will probably begin after the step that is taken.

        This process then needs memory for its own part alone, if it computes one after
        the other.
        """
        if not self.is_possible or self._parts or replicas.num_processes() < 2:
            return False
        return self._steps() * self._epochs >= _FEW

    def _begin(self, batches: Iterator[Any], left: int) -> None:
        count = min(replicas.num_processes(), self._parts)
        count = 1 << (count.bit_length() - 1)  # as halves of halves are added up
        if count < 2:
            self._pays = False
            return

        def work() -> None:
            for batch in itertools.islice(batches, left):
                self._model._train(*batch)
            while True:
                epoch = itertools.islice(self._data, self._steps())
                for step, batch in enumerate(epoch):
                    if step == 0:
                        self._go_on()
                    self._model._train(*batch)

        try:
            self._replicas = Replicas(count, self._size)
            # also between epochs: BLAS's threads, once they begin, wait busily
            self._until_end.enter_context(threads.one_blas_thread())
            self._take_one_processor()
            memory.give_freed_back()  # each process needs that of its own part alone
            self._replicas.begin(work)
        except OSError:
            self._give_up()

    def _go_on(self) -> None:
        """See that all processes begin an epoch alike."""
        assert self._replicas is not None
        try:
            self._exchange(_state(self._model), [])
        except ReplicaLostError:
            if self._replicas.rank:
                raise
            self._give_up()
        else:
            self._take_one_processor()

    def _exchange(
        self, state: Any, arrays: Sequence[np.ndarray]
    ) -> list[list[np.ndarray]]:
        """Return the arrays of each process, which must all be in the same state."""
        assert self._replicas is not None
        described = np.frombuffer(repr(state).encode(), np.uint8)
        each = self._replicas.exchange([described, *arrays])
        if not all(np.array_equal(described, other[0]) for other in each):
            raise ReplicaLostError
        return [other[1:] for other in each]

    def _take_one_processor(self) -> None:
        """Keep this process to one processor, as the others have theirs."""
        assert self._replicas is not None
        self._replicas.take_own_processors()
        self._in_epoch.enter_context(threads.no_help())

    def end_epoch(self) -> None:
        """Leave the processors to what follows; end what that may change."""
        self._in_epoch.close()
        if self._replicas is not None:
            self._replicas.leave_own_processors()
        if not self._stays:
            self.close()

    def own(self, parts: _Parts) -> _Parts:
        """Return which parts of a batch this process computes."""
        if self._replicas is None or len(parts) < self._replicas.count:
            return parts
        return _portions(parts, self._replicas.count)[self._replicas.rank]

    def exchanged(
        self, found: Found, parts: _Parts, compute: Callable[[_Parts], Found]
    ) -> Found:
        """Return what all processes found for the parts of a batch.

        Parameters
        ----------
        found : for the own parts.
        compute : finds it for others, where their process is lost.
        """
        if self._replicas is None:
            self._parts = len(parts)
            self._size = sum(array.nbytes for array in _as_arrays(found))
        if self._replicas is None or len(parts) < self._replicas.count:
            return found
        try:
            # whose random numbers a metric of the user may draw as well
            each = self._exchange(_stream(), _as_arrays(found))
        except ReplicaLostError:
            if self._replicas.rank:
                raise
            others = _portions(parts, self._replicas.count)[1:]
            self._give_up()
            return together([found, *map(compute, others)])
        return together([_as_found(arrays, found) for arrays in each])

    def close(self) -> None:
        """Let this process train alone again; once more where it was interrupted."""
        if self._replicas is not None:
            self._in_epoch.close()
            self._replicas.close()
            self._replicas = None
            self._until_end.close()

    def _give_up(self) -> None:
        self.close()
        self._pays = False


def _only_looks(callback: Callback) -> bool:
    return type(callback).__name__ in _PASSIVE and is_own_callback(callback)


def _state(model: Any) -> tuple:
    """Return what a step depends on besides weights and data."""
    optimizer = model.optimizer
    rate = np.asarray(optimizer.learning_rate)
    return int(optimizer.iterations), rate, _stream()


def _stream() -> Any:
    """Return where the process's stream of random numbers is."""
    return random.generator().bit_generator.state


def _is_alike(model: Any) -> bool:
    """Return whether a step does nothing but to train, and the same in each process."""
    return (
        is_own_training(model)
        and all(is_own(x.constraint, "constraints") for x in model._variables)
        and is_own_optimizer(model.optimizer)
    )


def _portions(parts: _Parts, count: int) -> list[_Parts]:
    """Return halves of the parts, or halves of halves, as many as there are processes.

    Examples
    --------
    >>> _portions([1, 2, 3, 4, 5], 4)
    [[1, 2], [3], [4], [5]]
    """
    if count == 1:
        return [parts]
    return [part for half in halves(parts) for part in _portions(half, count // 2)]


def _as_arrays(found: Found) -> list[np.ndarray]:
    """Return as arrays what `_as_found` reads."""
    outputs = [
        array
        for output in flatten(found.outputs)
        for array in (output._array, *_logits_of(output))
    ]
    gradients = [gradient for gradient in found.gradients if gradient is not None]
    return [np.asarray(found.loss), *gradients, *outputs]


def _as_found(arrays: list[np.ndarray], like: Found) -> Found:
    """Return what a process found, in the structure of the like of other samples."""
    given = iter(arrays)
    loss = next(given).item()
    gradients = [None if x is None else next(given) for x in like.gradients]
    outputs = []
    for x in flatten(like.outputs):
        output = GradArray(next(given), requires_grad=False)
        for _ in _logits_of(x):
            logits = GradArray(next(given), requires_grad=False)
            carrying_logits(output, logits, x._logits.axis)
        outputs.append(output)
    return Found(loss, gradients, pack_like(like.outputs, outputs))


def _logits_of(output: Any) -> list[np.ndarray]:
    origin = getattr(output, "_logits", None)
    return [] if origin is None else [origin.logits._array]
