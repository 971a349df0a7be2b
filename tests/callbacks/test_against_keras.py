"""Callbacks hear what Keras's hear: the same hooks, in order, with the same logs."""

import numpy as np

import keratorch as keras

from ..references import each, load

CASES = load("hooks")["cases"]
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
