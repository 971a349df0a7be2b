"""Older arguments of everything but layers: room -> class or function -> table."""

from __future__ import annotations

import functools
import importlib
import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import compat
from keratorch.compat.decay import give_decay
from keratorch.compat.spoken import say_modern, warn_once
from keratorch.compat.translation import Afterwards, Left, Renamed, Table

_WORKERS = Left("steers Keras's worker processes")
LOADING: Table = {
    "workers": _WORKERS,
    "nb_worker": _WORKERS,
    "use_multiprocessing": _WORKERS,
    "pickle_safe": _WORKERS,
    "max_queue_size": _WORKERS,
    "max_q_size": _WORKERS,
}
SHOWN = Left("is compile(metrics=['accuracy']) today")
_DATA: Table = {"X": Renamed("x"), "show_accuracy": SHOWN}
_BATCH: Table = {"X": Renamed("x"), "accuracy": SHOWN}

_FIT: Table = {
    **LOADING,
    **_DATA,
    "nb_epoch": Renamed("epochs"),
    "nb_val_samples": Renamed("validation_steps"),
}
_EVALUATE: Table = {**LOADING, **_DATA, "val_samples": Renamed("steps")}
_PREDICT: Table = {**LOADING, "X": Renamed("x"), "val_samples": Renamed("steps")}
_COMPILE: Table = {
    "class_mode": Left("follows from the loss"),
    "sample_weight_mode": Left("follows from the shape of the sample weights"),
    "target_tensors": Left("was TensorFlow's"),
    "experimental_run_tf_function": Left("was TensorFlow's"),
    "distribute": Left("was TensorFlow's"),
    "theano_mode": Left("was Theano's"),
    "options": Left("was TensorFlow's"),
    "run_metadata": Left("was TensorFlow's"),
}
METHODS = {
    "compile": _COMPILE,
    "fit": _FIT,
    "evaluate": _EVALUATE,
    "predict": _PREDICT,
    "train_on_batch": _BATCH,
    "test_on_batch": _BATCH,
    "predict_on_batch": {"X": Renamed("x")},
}
_OF_TENSORFLOW = Left("was TensorFlow's")
ADD_WEIGHT: Table = {
    "aggregation": _OF_TENSORFLOW,
    "autocast": _OF_TENSORFLOW,
    "collections": _OF_TENSORFLOW,
    "experimental_autocast": _OF_TENSORFLOW,
    "getter": _OF_TENSORFLOW,
    "partitioner": _OF_TENSORFLOW,
    "synchronization": _OF_TENSORFLOW,
    "use_resource": _OF_TENSORFLOW,
}
ADD_LOSS: Table = {"inputs": Left("follows from the loss")}
PROGBAR: Table = {"force": Left("is finalize=True for the last step")}
MODEL: Table = {"input": Renamed("inputs"), "output": Renamed("outputs")}


def validation_of_fit(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let `validation_data` be a list, too, and let callbacks of Keras 2 find it."""
    accuracy_shown(args, kwargs)
    _leave_out_class_weights(kwargs)
    data = kwargs.get("validation_data")
    if isinstance(data, (list, tuple)) and len(data) in (2, 3):
        kwargs["validation_data"] = tuple(data)
        callbacks = kwargs.get("callbacks")
        for callback in callbacks if isinstance(callbacks, (list, tuple)) else ():
            if getattr(callback, "validation_data", None) is None:
                callback.validation_data = _flat(data)
    return args


def _leave_out_class_weights(kwargs: dict[str, Any]) -> None:
    """Leave class weights that are no dict, as 'auto', out of a script for Keras.

    Keras 1 and 2 did not look at them.
    """
    given = kwargs.get("class_weight")
    if given is None or isinstance(given, dict) or not compat._finder.serves_keras:
        return
    del kwargs["class_weight"]
    kind = type(given).__name__
    warn_once(
        f"class_weight must be a dict from classes to weights; received a {kind}, "
        "which Keras 2 left out, and so does this script."
    )


def _flat(data: Sequence[Any]) -> list[Any]:
    """Return inputs, targets and weights as Keras 2 handed them to callbacks."""
    x, y, *weights = data
    parts = [p for part in (x, y) for p in (part if isinstance(part, list) else [part])]
    return [*parts, *(weights or [np.ones(len(parts[-1]))])]


def accuracy_shown(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let Keras 0's `show_accuracy` be a metric of a model that has none."""
    wanted = [name for name in ("show_accuracy", "accuracy") if kwargs.get(name)]
    if wanted and args[0].compiled and args[0]._compiled.metrics is None:
        importlib.import_module("keratorch.compat.accuracy").add(args[0])
    return args


def name_first(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let the first argument of `add_weight` be the name, as in TensorFlow 2."""
    if len(args) < 2 or not isinstance(args[1], str):
        return args
    say_modern("add_weight(name, ...)", "add_weight(shape, name=name)")
    order = ("name", "shape", "dtype", "initializer", "regularizer", "trainable")
    kwargs.update(zip(order, args[1:], strict=False))
    return args[:1]


def metrics_third(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let the third argument of `compile` be the metrics, as in Keras 2.

    Today `loss_weights` come third: numbers, where metrics are names or functions.
    """
    if len(args) < 4 or "metrics" in kwargs:
        return args
    third = args[3]
    entries = third if isinstance(third, (list, tuple)) else [third]
    if isinstance(third, dict):
        entries = list(third.values())
    if not entries or all(isinstance(entry, numbers.Real) for entry in entries):
        return args
    kwargs["metrics"] = third
    kwargs.update(zip(("loss_weights", "sample_weight_mode"), args[4:], strict=False))
    return args[:3]


def losses_with_values(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let losses and metrics of `compile` mean symbolic arrays of the model."""
    args = metrics_third(args, kwargs)
    captured = importlib.import_module("keratorch.compat.captured")
    for name in ("loss", "metrics"):
        if kwargs.get(name) is not None:
            kwargs[name] = captured.with_values(args[0], kwargs[name])
    if len(args) > 2:
        args = (*args[:2], captured.with_values(args[0], args[2]), *args[3:])
    return args


REORDERINGS = {
    "fit": validation_of_fit,
    "compile": losses_with_values,
    **dict.fromkeys(("evaluate", "train_on_batch", "test_on_batch"), accuracy_shown),
}


def rate_of_optimizer(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Say that `lr` is `learning_rate` today, and let epsilon=None be the default.

    `lr` is left to the optimizer, which knows it as the name that PyTorch's loop uses.
    """
    if "lr" in kwargs and len(args) == 1 and "learning_rate" not in kwargs:
        name = type(args[0]).__name__
        say_modern(f"{name}(lr=...)", f"{name}(learning_rate=...)")
    if "epsilon" in kwargs and kwargs["epsilon"] is None:
        del kwargs["epsilon"]
    return args


def _every_nth_epoch(callback: Any, period: int) -> None:
    """Let a checkpoint be written after every `period` epochs only."""
    on_epoch_end = callback.on_epoch_end
    since = 0

    @functools.wraps(on_epoch_end)
    def sometimes(epoch: int, logs: Any = None) -> None:
        nonlocal since
        since += 1
        if since >= period:
            since = 0
            on_epoch_end(epoch, logs)

    if period > 1:
        callback.on_epoch_end = sometimes


_EMBEDDINGS = Left("was TensorFlow's")
OPTIMIZER: Table = {
    "decay": Afterwards(
        give_decay, "learning_rate=keras.optimizers.schedules.InverseTimeDecay(...)"
    ),
    "schedule_decay": Left("is 0.004, as it was"),
}
_CHECKPOINT: Table = {"period": Afterwards(_every_nth_epoch, "save_freq='epoch'")}
_WORDS: Table = {"nb_words": Renamed("num_words"), "test_split": Left("is fixed")}
_STRENGTH: Table = {"l": Renamed("l2")}
_NORM: Table = {"m": Renamed("max_value")}

OPTIMIZERS = [
    "Optimizer",
    "SGD",
    "RMSprop",
    "Adam",
    "AdamW",
    "Adadelta",
    "Adagrad",
    "Adamax",
    "Nadam",
    "Ftrl",
    "Lion",
    "Lamb",
    "Adafactor",
]

_NORMAL: Table = {"std": Renamed("stddev")}
_UNIFORM: Table = {"low": Renamed("minval"), "high": Renamed("maxval")}

#: Room -> class or function -> its older arguments.
ARGUMENTS: dict[str, dict[str, Table]] = {
    "backend": {
        "random_normal": _NORMAL,
        "random_uniform": _UNIFORM,
        "truncated_normal": _NORMAL,
    },
    "callbacks": {
        "ModelCheckpoint": _CHECKPOINT,
        "ReduceLROnPlateau": {"epsilon": Renamed("min_delta")},
        "TensorBoard": {
            "write_grads": Left("was TensorFlow's"),
            "batch_size": Left("was TensorFlow's"),
            "embeddings_layer_names": _EMBEDDINGS,
            "embeddings_data": _EMBEDDINGS,
            "profile_batch": Left("profiles nothing here"),
        },
    },
    "datasets.imdb": {"load_data": _WORDS},
    "datasets.reuters": {"load_data": {"nb_words": Renamed("num_words")}},
    "regularizers": {"L1": {"l": Renamed("l1")}, "L2": _STRENGTH},
    "constraints": {"MaxNorm": _NORM},
    "initializers": {
        "RandomNormal": {"scale": Renamed("stddev")},
    },
    "inspect": {"plot_model": {"show_shape": Renamed("show_shapes")}},
    "utils": {
        "to_categorical": {"nb_classes": Renamed("num_classes")},
        "Tokenizer": {"nb_words": Renamed("num_words")},
    },
    "preprocessing.text": {"Tokenizer": {"nb_words": Renamed("num_words")}},
    "losses": {},
    "layers": {
        "Input": {
            "batch_input_shape": Renamed("batch_shape"),
            "tensor": Left("was TensorFlow's"),
            "ragged": Left("is False"),
        },
        "InputLayer": {
            "input_shape": Renamed("shape"),
            "batch_input_shape": Renamed("batch_shape"),
        },
    },
}
