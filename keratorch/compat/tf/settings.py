"""Names of TensorFlow that touch no data: they answer, and do nothing."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from keratorch import random


class Settings:
    """An object for settings: what is set is kept, what was never set is another one.

    Examples
    --------
    >>> config = Settings()
    >>> config.gpu_options.allow_growth = True
    >>> config.gpu_options.allow_growth
    True
    """

    def __init__(self, *args: Any, **settings: Any):
        vars(self).update(settings)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        setattr(self, name, Settings())
        return getattr(self, name)

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing: where TensorFlow has a method that sets something."""


class Scope:
    """A context that changes nothing: a device, a graph, a strategy."""

    num_replicas_in_sync = 1

    def __init__(self, *args: Any, **kwargs: Any):
        pass

    def __enter__(self) -> Scope:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def as_default(self) -> Scope:
        """Return itself."""
        return self

    scope = as_default


class Strategy(Scope):
    """How to train on several devices: here on one, so that nothing is shared out.

    Examples
    --------
    >>> strategy = Strategy()
    >>> strategy.run(lambda x: x + 1, args=(2,))
    3
    """

    def run(self, fn: Callable, args: Any = (), kwargs: Any = None) -> Any:
        """Return what a function returns."""
        return fn(*args, **(kwargs or {}))

    experimental_run_v2 = run

    def reduce(self, reduce_op: Any, value: Any, axis: Any = None) -> Any:
        """Return the value of the one device, or its sum or mean over an axis.

        Raises
        ------
        ValueError : another operation than 'SUM' or 'MEAN'.
        """
        operation = str(reduce_op).upper()
        if operation not in ("SUM", "MEAN"):
            raise ValueError(
                f"Strategy.reduce takes 'SUM' or 'MEAN'; received {reduce_op!r}."
            )
        if axis is None:
            return value
        return np.sum(value, axis) if operation == "SUM" else np.mean(value, axis)

    def experimental_distribute_dataset(self, dataset: Any, options: Any = None) -> Any:
        """Return the data as they are."""
        return dataset

    def distribute_datasets_from_function(
        self, dataset_fn: Callable, options: Any = None
    ) -> Any:
        """Return the data that a function makes for one device."""
        return dataset_fn(Settings(num_replicas_in_sync=1, input_pipeline_id=0))

    def gather(self, value: Any, axis: int) -> Any:
        """Return the value of the one device."""
        return value

    def experimental_local_results(self, value: Any) -> tuple[Any, ...]:
        """Return the values of the devices: one."""
        return (value,)


class Initialization:
    """What TensorFlow 1 ran once to give variables their values: they have them."""


class Session(Scope):
    """A session of TensorFlow 1: it runs nothing, since nothing waits to be run."""

    graph = Scope()

    def run(self, fetches: Any, *args: Any, **kwargs: Any) -> Any:
        """Do nothing for initializers.

        Raises
        ------
        NotImplementedError : anything else is to be computed.
        """
        if isinstance(fetches, Initialization):
            return None
        if isinstance(fetches, (list, tuple)) and fetches:
            return [self.run(fetch) for fetch in fetches]
        raise NotImplementedError(
            "Session.run: KeraTorch computes at once, and has no graphs. "
            "Use the value itself: x.numpy()."
        )

    def close(self) -> None:
        """Do nothing."""


def initialization(*args: Any, **kwargs: Any) -> Initialization:
    """Return what a session may run, to no effect."""
    return Initialization()


def nothing(*args: Any, **kwargs: Any) -> None:
    """Do nothing."""


def no_devices(device_type: str | None = None, *args: Any, **kwargs: Any) -> list[Any]:
    """Return the devices of a kind: one CPU, no GPU."""
    if device_type in (None, "CPU"):
        return [Settings(name="/physical_device:CPU:0", device_type="CPU")]
    return []


class NoTPU:
    """Raises, as TensorFlow does where there is none: scripts then take what is there.

    Raises
    ------
    ValueError : always.
    """

    def __init__(self, tpu: str | None = None, *args: Any, **kwargs: Any):
        raise ValueError(
            f"TPUClusterResolver finds no TPU here, tpu={tpu!r}: KeraTorch computes on "
            "the CPU. Use tf.distribute.get_strategy()."
        )

    @classmethod
    def connect(cls, tpu: str | None = None, *args: Any, **kwargs: Any) -> NoTPU:
        """Raise the same ValueError."""
        return cls(tpu)


def local_devices(*args: Any, **kwargs: Any) -> list[Any]:
    """Return what computes here: one CPU."""
    return [
        Settings(
            name="/device:CPU:0",
            device_type="CPU",
            memory_limit=0,
            physical_device_desc="",
        )
    ]


def latest_checkpoint(
    checkpoint_dir: str, latest_filename: str | None = None
) -> str | None:
    """Return the checkpoint that was saved last in a folder; or None.

    Without one it is the newest of the files there, without its last ending.

    Of ``cp-0010.ckpt.weights.h5`` that is ``cp-0010.ckpt``, from which weights load.
    """
    checkpoints = importlib.import_module("keratorch.compat.tf.eager.checkpoint_files")
    noted = checkpoints.latest(str(checkpoint_dir))
    if noted is not None:
        return noted
    folder = Path(checkpoint_dir)
    files = [f for f in folder.iterdir() if f.is_file()] if folder.is_dir() else []
    if not files:
        return None
    newest = max(files, key=lambda file: (file.stat().st_mtime_ns, file.name))
    return str(newest).removesuffix(".weights.h5")


def false(*args: Any, **kwargs: Any) -> bool:
    """Return False: no GPU, no CUDA."""
    return False


def true(*args: Any, **kwargs: Any) -> bool:
    """Return True: KeraTorch computes at once."""
    return True


def empty_name(*args: Any, **kwargs: Any) -> str:
    """Return '', the name of no GPU."""
    return ""


def set_seed(seed: int) -> None:
    """Seed KeraTorch's random numbers, and not NumPy's, as TensorFlow does."""
    random.set_seed(int(seed))
    importlib.import_module("keratorch.compat.tf.eager.randomness").restart()


def get_logger() -> logging.Logger:
    """Return the logger that is named 'tensorflow'."""
    return logging.getLogger("tensorflow")


def function(func: Callable | None = None, **kwargs: Any) -> Any:
    """Return a function as it is: there is nothing to compile."""
    return function if func is None else func
