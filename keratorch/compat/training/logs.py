"""Logs that answer to the names that metrics had: 'acc' and 'accuracy', 'lr' ..."""

from __future__ import annotations

import functools
import itertools
import string
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from keratorch import compat
from keratorch.compat import dialect
from keratorch.compat.training.batch_logs import OfBatch
from keratorch.compat.training.leniency import warning_in_scripts
from keratorch.naming import to_snake_case

#: The names that one metric has had.
ALIASES = (
    ("accuracy", "acc"),
    ("mean_squared_error", "mse"),
    ("mean_absolute_error", "mae"),
    ("mean_absolute_percentage_error", "mape"),
    ("mean_squared_logarithmic_error", "msle"),
    ("cosine_similarity", "cosine_proximity", "cosine"),
    ("kl_divergence", "kullback_leibler_divergence", "kld"),
    ("learning_rate", "lr"),
)
#: Names that one name stands for as well as another.
SAME = (
    *ALIASES,
    ("binary_accuracy", "acc"),
    ("categorical_accuracy", "acc"),
    ("sparse_categorical_accuracy", "acc"),
    ("binary_accuracy", "accuracy"),
    ("categorical_accuracy", "accuracy"),
    ("sparse_categorical_accuracy", "accuracy"),
)


def other_names(name: str) -> Iterable[str]:
    """Yield the other names of a metric, with what stands before it.

    Examples
    --------
    >>> list(other_names("val_mse")), list(other_names("loss"))
    (['val_mean_squared_error'], [])
    >>> list(other_names("val_PSNR"))
    ['val_psnr']
    """
    for names in SAME:
        for end in names:
            start = name.removesuffix(end)
            if start != name and (not start or start.endswith("_")):
                yield from (start + other for other in names if other != end)
    start = "val_" * name.startswith("val_")
    snake = start + to_snake_case(name.removeprefix(start))
    if snake != name:  # metrics of a function had its name as it is written
        yield snake


class Logs(dict):
    """A dict by the names of metrics that finds them under their other names as well.

    It holds, lists and writes each number once, under its modern name; in a script that
    uses another one, under that (`dialect`).

    Examples
    --------
    >>> logs = Logs({"val_accuracy": 0.9})
    >>> logs["val_acc"], "val_acc" in logs, list(logs)
    (0.9, True, ['val_accuracy'])
    """

    #: What is found, and not listed: number and size of a batch.
    hidden: Mapping[str, int] = MappingProxyType({})

    def held_as(self, name: Any) -> Any:
        """Return the name under which a number is held; the name itself if none."""
        if super().__contains__(name) or not isinstance(name, str):
            return name
        held = (
            other
            for other in other_names(name)
            if super(Logs, self).__contains__(other)
        )
        written = (other for other in self if name in other_names(other))
        return next(itertools.chain(held, written), name)

    def __missing__(self, name: Any) -> Any:
        held = self.held_as(name)
        if held != name:
            return self[held]
        return self.hidden[name]

    def __contains__(self, name: object) -> bool:
        return super().__contains__(self.held_as(name)) or name in self.hidden

    def get(self, name: Any, default: Any = None) -> Any:
        """Return the number of that name, or the default."""
        return super().get(self.held_as(name), self.hidden.get(name, default))

    def copy(self) -> Logs:
        """Return logs of the same numbers."""
        return Logs(self)


def giving_logs(as_floats: Callable[..., dict]) -> Callable[..., Logs]:
    """Return a function that makes `Logs` of what another makes a dict of."""

    @functools.wraps(as_floats)
    def as_logs(logs: Mapping[str, Any] | None) -> Logs:
        floats = as_floats(logs)
        found = Logs(dialect.listed(floats, [*ALIASES, *_in_snake_case(floats)]))
        if isinstance(logs, OfBatch):
            found.hidden = logs.hidden
        return found

    return as_logs


def _in_snake_case(logs: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield names as they are written with those that tf.keras 2 gave: 'Recall'."""
    for name in {name.removeprefix("val_") for name in logs}:
        yield name, to_snake_case(name)


def under_listed_names(add_rates: Callable[..., None]) -> Callable[..., None]:
    """Return what writes rates into the logs, by the names that logs list."""

    @functools.wraps(add_rates)
    def added(logs: dict[str, Any], model: Any) -> None:
        rates: dict[str, Any] = {}
        add_rates(rates, model)
        logs.update(dialect.listed(rates, ALIASES))

    return added


def with_logs(init: Callable[..., None]) -> Callable[..., None]:
    """Return the ``__init__`` of a History whose `history` answers to all names."""

    @functools.wraps(init)
    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        self.history = Logs(self.history)

    return made


def by_any_name(monitored: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method of a callback that finds what it monitors by any name."""

    monitored = warning_in_scripts(monitored)

    @functools.wraps(monitored)
    def found(self: Any, epoch: int, logs: Any) -> Any:
        if isinstance(logs, Logs):
            self.monitor = logs.held_as(self.monitor)
        return monitored(self, epoch, logs)

    return found


def by_older_rule(direction: Callable[..., int]) -> Callable[..., int]:
    """Return the method that says whether larger values of a metric are better.

    It asks for the metric by each of its names. In a script for Keras it guesses then,
    as Keras 2 did: accuracies are to grow, and all else is to fall.
    """

    @functools.wraps(direction)
    def told(self: Any) -> int:
        written = self.monitor
        for self.monitor in (written, *other_names(written)):
            try:
                return direction(self)
            except ValueError as error:
                unknown = error
            finally:
                self.monitor = written
        if not compat._finder.serves_keras:
            raise unknown
        grows = "acc" in written or "auc" in written or written.startswith("fmeasure")
        return 1 if grows else -1

    return told


def naming_files(on_epoch_end: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method of a checkpoint whose file name may use any name.

    The first epoch of a script of Keras 1 is 0 there, as it was.
    """

    @functools.wraps(on_epoch_end)
    def named(self: Any, epoch: int, logs: Any = None) -> Any:
        fields = [f for _, f, _, _ in string.Formatter().parse(str(self.filepath)) if f]
        if isinstance(logs, Logs):
            extra = {f: logs[f] for f in fields if f in logs and f not in list(logs)}
            if dialect.is_before_2():
                extra["epoch"] = epoch
            logs = Logs({**logs, **extra})
        return on_epoch_end(self, epoch, logs)

    return named


def with_older_columns(on_epoch_end: Callable[..., None]) -> Callable[..., None]:
    """Return the method of a CSVLogger whose file has the columns of Keras 2.

    In scripts the rate is 'lr', and a validation has columns only where there is one.
    """

    @functools.wraps(on_epoch_end)
    def written(self: Any, epoch: int, logs: Any = None) -> None:
        if dialect.is_older():
            rate = {"learning_rate": "lr"}
            logs = {rate.get(name, name): value for name, value in (logs or {}).items()}
            if self.keys is None:
                self.keys = sorted(logs)
        on_epoch_end(self, epoch, logs)

    return written
