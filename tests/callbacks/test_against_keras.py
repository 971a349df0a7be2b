"""Callbacks hear what Keras's hear, and do, print and write what Keras's do."""

import re

import numpy as np
import pytest

import keratorch as keras

from ..references import assert_close, each, float32, load

REFERENCES = load("hooks")
CASES = REFERENCES["cases"]
for number, _case in enumerate(CASES):
    _case["name"] = f"{_case['method']} {_case['options']} {number}"

HOOKS = [
    f"on_{when}_{edge}"
    for when in ("train", "test", "predict", "epoch")
    for edge in ("begin", "end")
] + [
    f"on_{when}_batch_{edge}"
    for when in ("train", "test", "predict")
    for edge in ("begin", "end")
]


def recorder(calls):
    """A callback that notes hook, index and the keys of the logs of each call."""

    def note(hook):
        def call(self, *arguments, logs=None):
            *index, logs = arguments if logs is None else (*arguments, logs)
            keys = None if logs is None else list(logs)
            calls.append([hook, index[0] if index else None, keys])

        return call

    hooks = {hook: note(hook) for hook in HOOKS}
    return type("Recorder", (keras.callbacks.Callback,), hooks)()


def run(case):
    """The calls and the `params` that a recording callback got."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse", **case["compile"])
    x, y = np.ones((5, 2), "float32"), np.ones((5, 1), "float32")
    options = dict(case["options"])
    if case["validation"]:
        options["validation_data"] = (x[:3], y[:3])
    calls = []
    callback = recorder(calls)
    arguments = [x] if case["method"] == "predict" else [x, y]
    getattr(model, case["method"])(
        *arguments, batch_size=2, verbose=0, callbacks=[callback], **options
    )
    return calls, callback.params


@each(CASES)
def test_hooks_are_called_in_the_order_of_keras_with_its_logs(case):
    calls, _ = run(case)
    assert calls == case["calls"]


@each(CASES)
def test_params_of_a_callback_are_those_of_keras(case):
    _, params = run(case)
    assert params == case["params"]


SCHEDULES = {
    "halve": lambda epoch, rate: rate * 0.5,
    "by epoch": lambda epoch: 0.1 / (epoch + 1),
    "numpy": lambda epoch, rate: rate * np.exp(-0.1),
}


def optimizer_of(name, arguments):
    """The optimizer of a case; a MultiOptimizer holds two."""
    library = keras.optimizers
    if name != "MultiOptimizer":
        return getattr(library, name)(**arguments)
    first = library.SGD(0.1, name="first")
    second = library.SGD(0.2, name="second")
    return library.MultiOptimizer(library.OptimizerMap(first, {".*bias": second}))


def callbacks_of(callbacks, folder):
    """The callbacks of a case, with their schedules and files."""
    for name, stored in callbacks:
        arguments = dict(stored)
        if "schedule" in arguments:
            arguments["schedule"] = SCHEDULES[arguments["schedule"]]
        for file in {"backup_dir", "filename", "filepath"} & set(arguments):
            arguments[file] = f"{folder}/{arguments[file]}"
        yield getattr(keras.callbacks, name)(**arguments)


# The loss that is to become infinite overflows on its way.
@pytest.mark.filterwarnings("ignore:(overflow|invalid value):RuntimeWarning")
@each(REFERENCES["runs"])
def test_callbacks_print_log_write_and_change_what_those_of_keras_do(
    case, tmp_path, capsys
):
    data, options = REFERENCES["data"], case["options"]
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.set_weights([float32(weight) for weight in data["weights"]])
    chosen = options.get("optimizer", ["SGD", {"learning_rate": 0.1}])
    model.compile(optimizer_of(*chosen), loss="mse", metrics=["mae"])
    x, y = float32(data["x"]), float32(data["y"])
    fitting = {"epochs": 5, **options.get("fit", {})}
    if fitting.pop("validation", False):
        fitting["validation_data"] = (x[:3], y[:3])
    callbacks = list(callbacks_of(case["callbacks"], tmp_path))
    for stored in case["histories"]:
        history = model.fit(
            x, y, batch_size=2, shuffle=False, verbose=0, callbacks=callbacks, **fitting
        )
        assert history.epoch == stored["epochs"]
        assert list(history.history) == list(stored["history"])
        for key, values in stored["history"].items():
            assert_close(float32(history.history[key]), values)
    printed = capsys.readouterr().out.replace(f"{tmp_path}/", "")
    assert printed == case["printed"]
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
    assert files == case["files"]
    for weight, stored in zip(model.get_weights(), case["weights"], strict=True):
        assert_close(weight, stored)
    if case["log"] is not None:
        assert_same_rows((tmp_path / "log.csv").read_bytes().decode(), case["log"])


def assert_same_rows(text, stored):
    """A log holds the stored cells."""
    assert text.endswith("\r\n")
    lines = [re.split("[,;]", line) for line in text.split("\r\n")[:-1]]
    assert lines[0] == stored[0]
    for line, cells in zip(lines[1:], stored[1:], strict=True):
        for cell, other in zip(line, cells, strict=True):
            if isinstance(other, str):
                assert cell == other
            else:
                assert_close(np.float32(cell), other)
