"""The sequence of callback hooks with the keys of their logs, and what callbacks do."""

import contextlib
import io
import re
import tempfile
from pathlib import Path

import keras
import numpy as np

from .plain import draw, numbers

HOOKS = [
    f"on_{when}_{edge}"
    for when in ("train", "test", "predict", "epoch")
    for edge in ("begin", "end")
] + [
    f"on_{when}_batch_{edge}"
    for when in ("train", "test", "predict")
    for edge in ("begin", "end")
]


def recording_callback(calls):
    """A callback that notes each call: hook, index (None for none), keys of logs."""

    def note(hook):
        def call(self, *arguments, logs=None):
            *index, logs = arguments if logs is None else (*arguments, logs)
            keys = None if logs is None else list(logs)
            calls.append([hook, index[0] if index else None, keys])

        return call

    return type("Recorder", (keras.callbacks.Callback,), {h: note(h) for h in HOOKS})()


def run(method, compile_options, **options):
    keras.backend.clear_session()
    calls = []
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse", **compile_options)
    x, y = np.ones((5, 2), "float32"), np.ones((5, 1), "float32")
    if options.pop("validation", False):
        options["validation_data"] = (x[:3], y[:3])
    arguments = [x] if method == "predict" else [x, y]
    recorder = recording_callback(calls)
    getattr(model, method)(
        *arguments, batch_size=2, verbose=0, callbacks=[recorder], **options
    )
    return {
        "method": method,
        "compile": compile_options,
        "options": {k: v for k, v in options.items() if k != "validation_data"},
        "validation": "validation_data" in options,
        "calls": calls,
        "params": recorder.params,
    }


# A name, the class and arguments of each callback, and options: 'optimizer' (default
# SGD 0.1), 'fit' and 'runs', how many times the same callbacks serve a `fit`. A
# schedule stands under its name in SCHEDULES, a log file as LOG.
LOG = "log.csv"
SCHEDULES = {
    "halve": lambda epoch, rate: rate * 0.5,
    "by epoch": lambda epoch: 0.1 / (epoch + 1),
    "numpy": lambda epoch, rate: rate * np.exp(-0.1),
}
NO_GAIN = {"monitor": "loss", "min_delta": 10.0}
AVERAGED = ["SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.9}]
RUNS = [
    ("halve", [["LearningRateScheduler", {"schedule": "halve", "verbose": 1}]], {}),
    ("by epoch", [["LearningRateScheduler", {"schedule": "by epoch"}]], {}),
    ("numpy", [["LearningRateScheduler", {"schedule": "numpy", "verbose": 1}]], {}),
    (
        "scheduler of several optimizers",
        [["LearningRateScheduler", {"schedule": "halve", "verbose": 1}]],
        {"optimizer": ["MultiOptimizer", {}]},
    ),
    (
        "plateau",
        [["ReduceLROnPlateau", {**NO_GAIN, "patience": 2, "verbose": 1}]],
        {},
    ),
    (
        "plateau with cooldown",
        [
            [
                "ReduceLROnPlateau",
                {**NO_GAIN, "patience": 1, "factor": 0.5, "cooldown": 2, "verbose": 1},
            ]
        ],
        {"fit": {"epochs": 8}},
    ),
    (
        "plateau to the lowest rate",
        [
            [
                "ReduceLROnPlateau",
                {**NO_GAIN, "patience": 1, "min_lr": 0.03, "verbose": 1},
            ]
        ],
        {"runs": 2},
    ),
    (
        "plateau of the largest",
        [
            [
                "ReduceLROnPlateau",
                {"monitor": "val_mae", "mode": "max", "patience": 1, "verbose": 1},
            ]
        ],
        {"fit": {"validation": True}},
    ),
    (
        "plateau of several optimizers",
        [["ReduceLROnPlateau", {**NO_GAIN, "patience": 2, "verbose": 1}]],
        {"optimizer": ["MultiOptimizer", {}]},
    ),
    (
        "early stop",
        [
            [
                "EarlyStopping",
                {**NO_GAIN, "patience": 2, "verbose": 1, "restore_best_weights": True},
            ]
        ],
        {"runs": 2},
    ),
    (
        "early stop from epoch 2",
        [
            [
                "EarlyStopping",
                {"monitor": "mae", "mode": "max", "start_from_epoch": 2, "verbose": 1},
            ]
        ],
        {},
    ),
    (
        "early stop by a baseline",
        [
            [
                "EarlyStopping",
                {"baseline": 0.001, "patience": 3, "verbose": 1}
                | {"restore_best_weights": True},
            ]
        ],
        {"fit": {"validation": True}},
    ),
    ("log", [["CSVLogger", {"filename": LOG}]], {}),
    (
        "log of a validation",
        [["CSVLogger", {"filename": LOG, "separator": ";"}]],
        {"fit": {"validation": True}},
    ),
    (
        "log of every other validation",
        [["CSVLogger", {"filename": LOG}]],
        {"fit": {"validation": True, "validation_freq": 2}},
    ),
    (
        "log of two runs",
        [["CSVLogger", {"filename": LOG, "append": True}]],
        {"runs": 2, "fit": {"epochs": 2}},
    ),
    (
        "log of the second run",
        [["CSVLogger", {"filename": LOG}]],
        {"runs": 2, "fit": {"epochs": 2}},
    ),
    (
        "log with rate",
        [
            ["LearningRateScheduler", {"schedule": "halve"}],
            ["CSVLogger", {"filename": LOG}],
        ],
        {"fit": {"validation": True}},
    ),
    (
        "no number",
        [["TerminateOnNaN", {}]],
        {"optimizer": ["SGD", {"learning_rate": 1e25}]},
    ),
    (
        "averages",
        [["SwapEMAWeights", {}]],
        {"optimizer": AVERAGED, "fit": {"validation": True}},
    ),
    (
        "averages by epoch",
        [["SwapEMAWeights", {"swap_on_epoch": True}]],
        {"optimizer": AVERAGED, "fit": {"validation": True}, "runs": 2},
    ),
    (
        "averages without a validation",
        [["SwapEMAWeights", {"swap_on_epoch": True}]],
        {"optimizer": AVERAGED},
    ),
    (
        "checkpoint of each epoch",
        [["ModelCheckpoint", {"filepath": "{epoch}.keras", "verbose": 1}]],
        {"fit": {"epochs": 3}},
    ),
    (
        "checkpoint of the best weights",
        [
            [
                "ModelCheckpoint",
                {"filepath": "{epoch:02d}-{val_loss:.2f}.weights.h5", "verbose": 1}
                | {"save_best_only": True, "save_weights_only": True},
            ]
        ],
        {"fit": {"validation": True}},
    ),
    (
        "checkpoint below a threshold",
        [
            [
                "ModelCheckpoint",
                {"filepath": "best.keras", "monitor": "mae", "mode": "max"}
                | {"save_best_only": True, "initial_value_threshold": 0.001}
                | {"verbose": 1},
            ]
        ],
        {},
    ),
    (
        "checkpoint of batches",
        [
            [
                "ModelCheckpoint",
                {"filepath": "{epoch}-{batch}.weights.h5", "save_freq": 2}
                | {"save_weights_only": True},
            ]
        ],
        {"fit": {"epochs": 2}},
    ),
    ("backup", [["BackupAndRestore", {"backup_dir": "backup"}]], {}),
]
FILES = ("backup_dir", "filename", "filepath")


def optimizer_of(library, name, arguments):
    """The optimizer of a case; a MultiOptimizer holds two."""
    if name != "MultiOptimizer":
        return getattr(library, name)(**arguments)
    first = library.SGD(0.1, name="first")
    second = library.SGD(0.2, name="second")
    return library.MultiOptimizer(library.OptimizerMap(first, {".*bias": second}))


def callbacks_of(library, callbacks, folder):
    """The callbacks of a case, with their schedules and files."""
    made = []
    for name, arguments in callbacks:
        arguments = dict(arguments)
        if "schedule" in arguments:
            arguments["schedule"] = SCHEDULES[arguments["schedule"]]
        for file in FILES:
            if file in arguments:
                arguments[file] = f"{folder}/{arguments[file]}"
        made.append(getattr(library, name)(**arguments))
    return made


def run_callbacks(name, callbacks, options, data):
    """What callbacks print, log, write, and make of the weights."""
    keras.backend.clear_session()
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.set_weights([np.array(part, "float32") for part in data["weights"]])
    chosen = options.get("optimizer", ["SGD", {"learning_rate": 0.1}])
    optimizer = optimizer_of(keras.optimizers, *chosen)
    model.compile(optimizer, loss="mse", metrics=["mae"])
    x, y = np.array(data["x"], "float32"), np.array(data["y"], "float32")
    fitting = {"epochs": 5, **options.get("fit", {})}
    if fitting.pop("validation", False):
        fitting["validation_data"] = (x[:3], y[:3])
    case = {"name": name, "callbacks": callbacks, "options": options, "histories": []}
    printed = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        made = callbacks_of(keras.callbacks, callbacks, Path(folder))
        for _ in range(options.get("runs", 1)):
            with contextlib.redirect_stdout(printed):
                history = model.fit(
                    x,
                    y,
                    batch_size=2,
                    shuffle=False,
                    verbose=0,
                    callbacks=made,
                    **fitting,
                )
            found = {k: numbers(np.float32(v)) for k, v in history.history.items()}
            case["histories"].append({"epochs": history.epoch, "history": found})
        log = Path(folder) / LOG
        case["log"] = rows_of(log.read_bytes().decode()) if log.exists() else None
        files = Path(folder).rglob("*")
        case["files"] = sorted(str(path.relative_to(folder)) for path in files)
        case["printed"] = printed.getvalue().replace(f"{folder}/", "")
    case["weights"] = [numbers(weight) for weight in model.get_weights()]
    return case


def rows_of(text):
    """The cells of a log, numbers as numbers; each line ends as the csv module does."""
    assert text.endswith("\r\n")
    lines = [re.split("[,;]", line) for line in text.split("\r\n")[:-1]]
    return [lines[0], *[[cell_of(cell) for cell in line] for line in lines[1:]]]


def cell_of(cell):
    try:
        return numbers(np.float32(cell))
    except ValueError:
        return cell


def make():
    mae = {"metrics": ["mae"]}
    rng = np.random.default_rng(91)
    data = {
        "x": numbers(draw(rng, 5, 2)),
        "y": numbers(draw(rng, 5, 1)),
        "weights": [numbers(draw(rng, 2, 1)), numbers(draw(rng, 1))],
    }
    return {
        "data": data,
        "runs": [run_callbacks(*case, data) for case in RUNS],
        "cases": [
            run("fit", mae, epochs=2),
            run("fit", mae, epochs=2, validation=True),
            run("fit", {}, epochs=3, validation=True, validation_freq=2),
            run("fit", mae, epochs=3, initial_epoch=1),
            run("fit", mae, epochs=3, steps_per_epoch=1),
            run("evaluate", mae),
            run("evaluate", {}, steps=2),
            run("predict", {}),
        ],
    }
