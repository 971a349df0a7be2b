"""Older arguments of everything but layers: room -> class or function -> table."""

from __future__ import annotations

import functools
import importlib
import inspect
import numbers
from typing import Any

from keratorch.compat import dialect
from keratorch.compat.layers.layer_arguments import LAYOUT
from keratorch.compat.models import latest_values
from keratorch.compat.spoken import say_modern, warn_once
from keratorch.compat.training import older_rates
from keratorch.compat.training.clipping import give_both_clips
from keratorch.compat.training.decay import give_decay
from keratorch.compat.translation import Afterwards, Kept, Left, Renamed, Table
from keratorch.nested import flatten, is_nested
from keratorch.symbolic import is_symbolic

_OF_TENSORFLOW = Left("was TensorFlow's")
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
_BATCH: Table = {"X": Renamed("x"), "accuracy": SHOWN, "reset_metrics": Kept()}

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
_SAVE: Table = {
    "options": _OF_TENSORFLOW,
    "save_traces": _OF_TENSORFLOW,
    "signatures": _OF_TENSORFLOW,
}
METHODS = {
    "compile": _COMPILE,
    "fit": _FIT,
    "evaluate": _EVALUATE,
    "predict": _PREDICT,
    "train_on_batch": _BATCH,
    "test_on_batch": _BATCH,
    "predict_on_batch": {"X": Renamed("x")},
    "save": _SAVE,
    "save_weights": {"options": _OF_TENSORFLOW},
    "load_weights": {"options": _OF_TENSORFLOW},
    "summary": {},
}
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
APPLY_GRADIENTS: Table = {
    "experimental_aggregate_gradients": _OF_TENSORFLOW,
    "global_step": Left("is optimizer.iterations"),
    "name": _OF_TENSORFLOW,
    "skip_gradients_aggregation": _OF_TENSORFLOW,
}
PROGBAR: Table = {"force": Left("is finalize=True for the last step")}
DATAFRAME: Table = {
    "has_ext": Left("was a hint for names of files without their endings"),
    "sort": Left("is dataframe.sort_values(...)"),
    "drop_duplicates": Left("is dataframe.drop_duplicates()"),
    "preprocessing_function": Left("belongs to ImageDataGenerator(...)"),
}
MODEL: Table = {"input": Renamed("inputs"), "output": Renamed("outputs")}


def validation_of_fit(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let `validation_data` be a list, too, and let callbacks of Keras 2 find it."""
    class_weights(args, kwargs)
    args = _without_nothing_to_validate(args, kwargs)
    data = kwargs.get("validation_data")
    if isinstance(data, list) and len(data) in (2, 3):
        kwargs["validation_data"] = tuple(data)
    looping = importlib.import_module("keratorch.compat.training.looping")
    looping.whole_steps(kwargs)
    looping.give_validation(args[0], args[1:], kwargs)
    looping.note_sizes(args[0], args[1:], kwargs)
    return args


def _without_nothing_to_validate(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let an empty tuple or list mean no validation in older scripts, as in Keras 2."""
    if dialect.is_older():
        if _is_empty(kwargs.get("validation_data")):
            del kwargs["validation_data"]
        args = (*args[:8], *(None if _is_empty(x) else x for x in args[8:9]), *args[9:])
    return args


def _is_empty(data: Any) -> bool:
    return isinstance(data, (tuple, list)) and not data


def steps_of_evaluate(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let the number of steps of `evaluate` be a float, and Keras 0 show accuracy."""
    importlib.import_module("keratorch.compat.training.looping").whole_steps(kwargs)
    return accuracy_shown(args, kwargs)


def samples_of_predict(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let `predict` take lists of samples in a list, and steps of any number."""
    if len(args) < 4 and dialect.is_before_2_9():
        kwargs.setdefault("verbose", 0)  # as it was then
    looping = importlib.import_module("keratorch.compat.training.looping")
    return looping.samples_in_lists(args, kwargs)


def class_weights(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let class weights be what Keras 2 took for them, and Keras 0 show accuracy."""
    older = importlib.import_module("keratorch.compat.training.older_class_weights")
    older.give(args, kwargs)
    return accuracy_shown(args, kwargs)


def accuracy_shown(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let Keras 0's `show_accuracy` be a metric of a model that has none."""
    wanted = [name for name in ("show_accuracy", "accuracy") if kwargs.get(name)]
    if wanted and args[0].compiled and args[0]._compiled.metrics is None:
        importlib.import_module("keratorch.compat.metrics.accuracy").add(args[0])
    return args


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


def metrics_of_each_output(model: Any, kwargs: dict[str, Any]) -> None:
    """Let a plain list of metrics be for each output, be there as many of them or not.

    In Keras 3 a list as long as that of the outputs has one metric for each.
    """
    given = kwargs.get("metrics")
    count = len(getattr(model, "outputs", None) or ())
    plain = isinstance(given, list) and not any(map(is_nested, given))
    if count > 1 and plain and given and dialect.is_older():
        kwargs["metrics"] = [list(given) for _ in range(count)]


def losses_with_values(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let losses and metrics of `compile` mean symbolic arrays of the model."""
    args = metrics_third(args, kwargs)
    metrics_of_each_output(args[0], kwargs)
    captured = importlib.import_module("keratorch.compat.models.captured")
    histories = importlib.import_module("keratorch.compat.models.histories")

    def meant(given: Any) -> Any:
        known = captured.with_values(args[0], given)
        return histories.with_histories(args[0], known)

    for name in ("loss", "metrics"):
        if kwargs.get(name) is not None:
            kwargs[name] = meant(kwargs[name])
    if len(args) > 2:
        args = (*args[:2], meant(args[2]), *args[3:])
    return args


def one_array(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let ``Model([x], [y])`` take and give one array, not a list, in older scripts."""
    args = latest_values.as_symbols(args)
    kwargs.update(latest_values.as_symbols(kwargs))
    if dialect.is_older():
        for name in ("input", "inputs", "output", "outputs"):
            if name in kwargs:
                kwargs[name] = _alone(kwargs[name])
        args = (args[0], *map(_alone, args[1:3]), *args[3:])
        args = _as_if_empty(args, kwargs)
    return args


def _as_if_empty(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let ``Model(x)``, without outputs, be a model without layers, as in Keras 2."""
    of_inputs = len(args) == 2 and all(map(is_symbolic, flatten(args[1])))
    if not of_inputs or not kwargs.keys().isdisjoint(("outputs", "output")):
        return args
    warn_once(
        "Model(inputs) has no outputs, and so no layers: it computes nothing. Write "
        "Model(inputs, outputs)."
    )
    return args[:1]


def _alone(given: Any) -> Any:
    single = isinstance(given, list) and len(given) == 1
    return given[0] if single else given


def colours(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let the second argument of `load_img` say whether the image is grey."""
    if len(args) > 1 and isinstance(args[1], bool):
        say_modern("load_img(path, True)", "load_img(path, color_mode='grayscale')")
        args = (args[0], "grayscale" if args[1] else "rgb", *args[2:])
    return args


REORDERINGS = {
    "fit": validation_of_fit,
    "compile": losses_with_values,
    "evaluate": steps_of_evaluate,
    "predict": samples_of_predict,
    "train_on_batch": class_weights,
    "test_on_batch": accuracy_shown,
}


def rate_of_one(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let a tuple of one number be a rate in older scripts: ``self.lr = 0.001,``."""
    if dialect.is_older():
        for name in ("lr", "learning_rate"):
            if name in kwargs:
                kwargs[name] = _only_number(kwargs[name])
        args = (args[0], *map(_only_number, args[1:2]), *args[2:])
    return args


def _only_number(rate: Any) -> Any:
    """Return the number of a tuple or list of one, and anything else as it is."""
    single = isinstance(rate, (tuple, list)) and len(rate) == 1
    if not single or not isinstance(rate[0], numbers.Real):
        return rate
    warn_once(f"The rate {rate} holds one number: Keras 3 takes {rate[0]} alone.")
    return rate[0]


def rate_of_optimizer(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Say that `lr` is `learning_rate` today, and let epsilon=None be the default.

    `lr` is left to the optimizer, which knows it as the name that PyTorch's loop uses.
    """
    args = rate_of_one(args, kwargs)
    if "lr" in kwargs and len(args) == 1 and "learning_rate" not in kwargs:
        name = type(args[0]).__name__
        say_modern(f"{name}(lr=...)", f"{name}(learning_rate=...)")
    if "epsilon" in kwargs and kwargs["epsilon"] is None:
        del kwargs["epsilon"]
    if dialect.is_before_1():
        _leave_out_unknown(args[0], kwargs)
    both = kwargs.get("clipnorm"), kwargs.get("clipvalue")
    if dialect.is_older() and None not in both:
        kwargs[_BESIDE_NORM] = kwargs.pop("clipvalue")
    return args


def _leave_out_unknown(optimizer: Any, kwargs: dict[str, Any]) -> None:
    """Leave out what an optimizer does not know: those of Keras 0 took any argument."""
    cls = type(optimizer)
    if not cls.__module__.startswith("keratorch."):  # whose own names are not known
        return
    known = {*inspect.signature(cls.__init__).parameters, *OPTIMIZER}
    for name in [name for name in kwargs if name not in known]:
        warn_once(f"{cls.__name__} does not know {name}, and goes on without it.")
        del kwargs[name]


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


_BESIDE_NORM = "clipnorm=..., clipvalue"  # as the warning shows what was given
_EMBEDDINGS = Left("was TensorFlow's")
OPTIMIZER: Table = {
    "jit_compile": Left("changes nothing here"),
    "decay": Afterwards(
        give_decay, "learning_rate=keras.optimizers.schedules.InverseTimeDecay(...)"
    ),
    "lr": Kept(),
    "schedule_decay": Afterwards(
        older_rates.give_schedule_decay,
        "Nadam without it: its factors no longer depend on a number",
    ),
    _BESIDE_NORM: Afterwards(give_both_clips, "only one of clipnorm, clipvalue"),
}
_CHECKPOINT: Table = {
    "options": _OF_TENSORFLOW,
    "period": Afterwards(_every_nth_epoch, "save_freq='epoch'"),
    "load_weights_on_restart": Left("is model.load_weights(path) before fit"),
}
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

_OF_IMAGES: Table = {"dim_ordering": Renamed("data_format", LAYOUT)}
_NORMAL: Table = {"std": Renamed("stddev")}
_UNIFORM: Table = {"low": Renamed("minval"), "high": Renamed("maxval")}
_IMAGES: Table = {"image": Renamed("images")}  # of Keras 3.0 to 3.3

#: Room -> class or function -> its older arguments.
ARGUMENTS: dict[str, dict[str, Table]] = {
    "backend": {
        "random_normal": _NORMAL,
        "random_uniform": _UNIFORM,
        "truncated_normal": _NORMAL,
    },
    "callbacks": {
        "BackupAndRestore": {"save_before_preemption": _OF_TENSORFLOW},
        "ModelCheckpoint": _CHECKPOINT,
        "ProgbarLogger": {
            "count_mode": Left("follows from the data"),
            "stateful_metrics": Left("follows from the metrics"),
        },
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
    "inspect": {
        "plot_model": {
            "show_shape": Renamed("show_shapes"),
            "layer_range": Left("belongs to model.summary(...)"),
        }
    },
    "ops.image.geometry": {
        "affine_transform": _IMAGES,
        "map_coordinates": {"input": Renamed("inputs")},
    },
    "ops.image.patches": {"extract_patches": _IMAGES},
    "ops.image.resizing": {"resize": _IMAGES},
    "saving.api": {
        "load_model": {"options": _OF_TENSORFLOW},
        "save_model": _SAVE,
    },
    "preprocessing.image.generator": {"ImageDataGenerator": _OF_IMAGES},
    "utils": {
        "array_to_img": _OF_IMAGES,
        "img_to_array": _OF_IMAGES,
        "load_img": {
            "grayscale": Renamed("color_mode", lambda g: "grayscale" if g else "rgb")
        },
        "to_categorical": {"nb_classes": Renamed("num_classes"), "y": Renamed("x")},
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
