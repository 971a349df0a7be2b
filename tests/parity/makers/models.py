"""Whole models with given weights and no shuffling: histories and results."""

import keras
import numpy as np

from .plain import case_name, draw, numbers

OPTIMIZERS = [
    ("SGD", {"learning_rate": 0.1}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.9}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}),
    ("RMSprop", {"learning_rate": 0.01}),
    ("Adam", {"learning_rate": 0.02}),
    ("AdamW", {"learning_rate": 0.02, "weight_decay": 0.05}),
    ("SGD", {}),
    ("RMSprop", {}),
    ("Adam", {}),
    ("AdamW", {}),
]

# hidden activation, output units, output activation, loss, metrics, labels
TASKS = {
    "softmax": {
        "layers": [[8, "tanh", {}], [3, "softmax", {}]],
        "loss": "sparse_categorical_crossentropy",
        "metrics": ["accuracy"],
        "labels": "classes",
    },
    "sigmoid": {
        "layers": [[6, "relu", {}], [1, "sigmoid", {}]],
        "loss": "binary_crossentropy",
        "metrics": ["accuracy"],
        "labels": "bits",
    },
    "linear": {
        "layers": [[7, "sigmoid", {}], [2, None, {}]],
        "loss": "mse",
        "metrics": ["mae"],
        "labels": "targets",
    },
    "one_hot": {
        "layers": [[5, "relu", {}], [3, "softmax", {}]],
        "loss": "categorical_crossentropy",
        "metrics": ["accuracy", "mse"],
        "labels": "one_hot",
    },
    "regularized": {
        "layers": [
            [6, "tanh", {"kernel_regularizer": "l2", "bias_regularizer": "l1"}],
            [2, None, {"kernel_regularizer": "l1"}],
        ],
        "loss": "mse",
        "metrics": ["mse"],
        "labels": "targets",
    },
}

# Options of `fit` that the first optimizer alone is recorded with.
FITS = {
    "class_weight": {"class_weight": {"0": 1.0, "1": 2.5, "2": 0.5}},
    "sample_weight": {"sample_weight": "train", "weighted_metrics": ["accuracy"]},
    "sample_weight_validation": {"sample_weight": "both"},
    "validation_split": {"validation_split": 0.3},
    "validation_freq": {"validation_freq": 2},
    "initial_epoch": {"initial_epoch": 1},
    "validation_batch_size": {"validation_batch_size": 3},
    "steps_per_epoch": {"steps_per_epoch": 2, "epochs": 2},
    "whole_batch": {"batch_size": 32},
}


def data():
    """13 training and 6 validation samples: batches of 4 leave a partial one."""
    rng = np.random.default_rng(60)
    parts = {}
    for part, count in (("train", 13), ("validation", 6)):
        classes = rng.integers(0, 3, count)
        parts[part] = {
            "x": numbers(draw(rng, count, 5)),
            "classes": classes.tolist(),
            "one_hot": np.eye(3)[classes].tolist(),
            "bits": rng.integers(0, 2, count).tolist(),
            "targets": numbers(draw(rng, count, 2)),
            "sample_weight": np.round(rng.uniform(0.2, 2, count), 2).tolist(),
        }
    return parts


def initial_weights(task, rng):
    """Given weights of the task's two Dense layers."""
    width, weights = 5, []
    for units, _, _ in task["layers"]:
        weights += [draw(rng, width, units, scale=0.6), draw(rng, units, scale=0.2)]
        width = units
    return weights


def build(task, weights):
    layers = [
        keras.layers.Dense(units, activation=activation, **options)
        for units, activation, options in task["layers"]
    ]
    model = keras.Sequential([keras.Input((5,)), *layers])
    model.set_weights(weights)
    return model


def part_of(parts, part, task):
    arrays = parts[part]
    labels = np.array(arrays[task["labels"]])
    kind = "int64" if task["labels"] == "classes" else "float32"
    return np.array(arrays["x"], "float32"), labels.astype(kind)


def fit_arguments(options, parts, validation):
    """The stored options of a case as `fit` wants them."""
    options = {k: v for k, v in options.items() if k != "weighted_metrics"}
    arguments = {"batch_size": 4, "epochs": 3, "validation_data": validation}
    weighting = options.pop("sample_weight", None)
    if weighting:
        weight = np.array(parts["train"]["sample_weight"], "float32")
        arguments["sample_weight"] = weight
    if weighting == "both":
        weight = np.array(parts["validation"]["sample_weight"], "float32")
        arguments["validation_data"] = (*validation, weight)
    if "class_weight" in options:
        weights = options.pop("class_weight")
        arguments["class_weight"] = {int(k): v for k, v in weights.items()}
    if "validation_split" in options:
        del arguments["validation_data"]
    return {**arguments, **options}


def record(task_name, optimizer, arguments, fit_name, parts, weights):
    """One training run, then everything that the trained model answers."""
    keras.backend.clear_session()
    task, options = TASKS[task_name], FITS.get(fit_name, {})
    x, y = part_of(parts, "train", task)
    validation = part_of(parts, "validation", task)
    model = build(task, weights)
    model.compile(
        optimizer=getattr(keras.optimizers, optimizer)(**arguments),
        loss=task["loss"],
        metrics=list(task["metrics"]),
        weighted_metrics=options.get("weighted_metrics"),
    )
    fitting = fit_arguments(options, parts, validation)
    history = model.fit(x, y, shuffle=False, verbose=0, **fitting)
    # Keras's lists count a metric twice whose name is also a weighted metric's.
    named = "weighted_metrics" in options
    case = {
        "name": case_name(task_name, optimizer, fit_name or "", **arguments),
        "task": task_name,
        "class": optimizer,
        "arguments": arguments,
        "fit": options,
        "epochs": history.epoch,
        "history": {key: numbers(np.float32(v)) for key, v in history.history.items()},
        "weights": [numbers(weight) for weight in model.get_weights()],
        "evaluate": plain_logs(
            model.evaluate(*validation, batch_size=4, verbose=0, return_dict=named)
        ),
        "predict": numbers(model.predict(validation[0], batch_size=4, verbose=0)),
    }
    case["optimizer_variables"] = [
        [variable.path, list(variable.shape)] for variable in model.optimizer.variables
    ]
    case["batches"] = on_batches(model, x, y, named)
    return case


def plain_logs(logs):
    if isinstance(logs, dict):
        return {key: numbers(np.float32(value)) for key, value in logs.items()}
    return numbers(np.float32(logs))


def on_batches(model, x, y, named):
    """What the `_on_batch` methods return, in a row."""
    return [
        plain_logs(model.train_on_batch(x[:5], y[:5], return_dict=named)),
        plain_logs(model.train_on_batch(x[5:], y[5:], return_dict=True)),
        plain_logs(model.test_on_batch(x[:3], y[:3], return_dict=named)),
        plain_logs(model.test_on_batch(x, y, return_dict=True)),
        numbers(model.predict_on_batch(x[:2])),
    ]


def make():
    rng = np.random.default_rng(61)
    weights = {name: initial_weights(task, rng) for name, task in TASKS.items()}
    parts = data()
    runs = [
        (task, *optimizer, None)
        for task in TASKS
        for optimizer in OPTIMIZERS
        if optimizer[1] or task == "softmax"
    ]
    runs += [("softmax", *OPTIMIZERS[0], name) for name in FITS]
    runs += [("softmax", *OPTIMIZERS[4], name) for name in ("class_weight",)]
    return {
        "data": parts,
        "tasks": TASKS,
        "initial_weights": {
            name: [numbers(weight) for weight in arrays]
            for name, arrays in weights.items()
        },
        "cases": [record(*run, parts, weights[run[0]]) for run in runs],
    }
