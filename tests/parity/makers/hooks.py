"""The sequence of callback hooks with the keys of their logs."""

import keras
import numpy as np

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


def make():
    mae = {"metrics": ["mae"]}
    return {
        "cases": [
            run("fit", mae, epochs=2),
            run("fit", mae, epochs=2, validation=True),
            run("fit", {}, epochs=3, validation=True, validation_freq=2),
            run("fit", mae, epochs=3, initial_epoch=1),
            run("fit", mae, epochs=3, steps_per_epoch=1),
            run("evaluate", mae),
            run("evaluate", {}, steps=2),
            run("predict", {}),
        ]
    }
