"""Models with given weights train, answer and print as Keras's do."""

import contextlib
import io
import re

import numpy as np
import pytest

import keratorch as keras

from ..references import (
    assert_close,
    assert_same_config,
    each,
    float32,
    load,
    visible_lines,
)

REFERENCES = load("models")
TEXTS = load("texts")
CONFIGS = load("configs")["models"]
SAMPLE = load("layers")["model"]
CASES = REFERENCES["cases"]


def labelled(part, task):
    """x and y of 'train' or 'validation' for a task."""
    arrays = REFERENCES["data"][part]
    labels = np.array(arrays[task["labels"]])
    kind = "int64" if task["labels"] == "classes" else "float32"
    return float32(arrays["x"]), labels.astype(kind)


def build(case):
    """The compiled model of a case with its initial weights."""
    task = REFERENCES["tasks"][case["task"]]
    layers = [
        keras.layers.Dense(units, activation=activation, **options)
        for units, activation, options in task["layers"]
    ]
    model = keras.Sequential([keras.Input((5,)), *layers])
    weights = REFERENCES["initial_weights"][case["task"]]
    model.set_weights([float32(weight) for weight in weights])
    model.compile(
        optimizer=getattr(keras.optimizers, case["class"])(**case["arguments"]),
        loss=task["loss"],
        metrics=list(task["metrics"]),
        weighted_metrics=case["fit"].get("weighted_metrics"),
    )
    return model, task


def fit_arguments(case, validation):
    """The case's options as `fit` wants them."""
    options = {k: v for k, v in case["fit"].items() if k != "weighted_metrics"}
    data = REFERENCES["data"]
    arguments = {"batch_size": 4, "epochs": 3, "validation_data": validation}
    weighting = options.pop("sample_weight", None)
    if weighting:
        arguments["sample_weight"] = float32(data["train"]["sample_weight"])
    if weighting == "both":
        weight = float32(data["validation"]["sample_weight"])
        arguments["validation_data"] = (*validation, weight)
    if "class_weight" in options:
        weights = options.pop("class_weight")
        arguments["class_weight"] = {int(k): v for k, v in weights.items()}
    if "validation_split" in options:
        del arguments["validation_data"]
    return {**arguments, **options}


def train(case):
    """The model after the case's `fit`, its history, and the data."""
    model, task = build(case)
    train_data, validation = labelled("train", task), labelled("validation", task)
    history = model.fit(
        *train_data, shuffle=False, verbose=0, **fit_arguments(case, validation)
    )
    return model, history, train_data, validation


def assert_same_logs(actual, stored):
    if isinstance(stored, dict):
        assert list(actual) == list(stored)
        actual, stored = list(actual.values()), list(stored.values())
    elif isinstance(stored, list):
        # Where a weighted metric has the name of another, Keras lists the latter twice.
        assert all(value in stored[: len(actual)] for value in stored)
        stored = stored[: len(actual)]
    assert_close(np.array(actual), stored, rtol=1e-5)


@each(CASES)
def test_history_is_that_of_keras(case):
    _, history, _, _ = train(case)
    assert history.epoch == case["epochs"]
    assert list(history.history) == list(case["history"])
    for key, values in case["history"].items():
        assert_close(history.history[key], values, rtol=1e-5, atol=1e-7)


@each(CASES)
def test_trained_model_answers_as_that_of_keras(case):
    model, _, (x, y), validation = train(case)
    for weight, stored in zip(model.get_weights(), case["weights"], strict=True):
        assert_close(weight, stored, rtol=2e-5, atol=2e-6)
    named = isinstance(case["evaluate"], dict)
    logs = model.evaluate(*validation, batch_size=4, verbose=0, return_dict=named)
    assert_same_logs(logs, case["evaluate"])
    predicted = model.predict(validation[0], batch_size=4, verbose=0)
    assert isinstance(predicted, np.ndarray)
    assert_close(predicted, case["predict"])
    answers = [
        model.train_on_batch(x[:5], y[:5], return_dict=named),
        model.train_on_batch(x[5:], y[5:], return_dict=True),
        model.test_on_batch(x[:3], y[:3], return_dict=named),
        model.test_on_batch(x, y, return_dict=True),
    ]
    for answer, stored in zip(answers, case["batches"], strict=False):
        assert_same_logs(answer, stored)
    assert_close(model.predict_on_batch(x[:2]), case["batches"][-1])


@each(CASES[:10])
def test_variables_of_the_optimizer_are_named_and_shaped_as_in_keras(case):
    model, _, _, _ = train(case)
    found = [
        [without_numbers(variable.path), list(variable.shape)]
        for variable in model.optimizer.variables
    ]
    stored = case["optimizer_variables"]
    assert found == [[without_numbers(path), shape] for path, shape in stored]


def without_numbers(path):
    """A path without the counters of automatic names, which differ by session."""
    return re.sub(r"_\d+", "", path)


def test_weights_of_a_model_are_named_counted_and_ordered_as_in_keras():
    model = keras.Sequential(
        [
            keras.Input((2, 6)),
            keras.layers.Flatten(),
            keras.layers.Dense(4, activation="relu", name="first"),
            keras.layers.Dropout(0.2),
            keras.layers.Reshape((2, 2)),
            keras.layers.Dense(3, use_bias=False, name="second", trainable=False),
            keras.layers.Activation("softmax"),
        ],
        name="sample",
    )
    weights = [[w.name, w.path, list(w.shape)] for w in model.weights]
    assert weights == SAMPLE["weights"]
    assert [w.path for w in model.trainable_weights] == SAMPLE["trainable"]
    assert [w.path for w in model.non_trainable_weights] == SAMPLE["non_trainable"]
    assert model.count_params() == SAMPLE["count_params"]
    assert list(model.input_shape) == SAMPLE["input_shape"]
    assert list(model.output_shape) == SAMPLE["output_shape"]
    names = [without_numbers(layer.name) for layer in model.layers]
    assert names == SAMPLE["layers"]


def config_model(name):
    """The models whose configs are stored."""
    layers = keras.layers
    parts = {
        "built": [
            keras.Input((2, 3), name="entry"),
            layers.Flatten(name="flat"),
            layers.Dense(4, activation="relu", kernel_regularizer="l2", name="hidden"),
            layers.Dropout(0.2, name="drop"),
            layers.Dense(2, activation="softmax", name="answer"),
        ],
        "unbuilt": [layers.Dense(3, name="one")],
        "empty": [],
    }
    return keras.Sequential(parts[name], name=name)


@pytest.mark.parametrize("name", CONFIGS)
def test_config_of_a_model_is_that_of_keras_and_makes_the_model_again(name):
    assert_same_config(config_model(name).get_config(), CONFIGS[name])
    again = keras.Sequential.from_config(CONFIGS[name])
    assert_same_config(again.get_config(), CONFIGS[name])


def summary_model(name):
    """The models whose summaries are stored."""
    layers = keras.layers
    parts = {
        "small": [
            keras.Input((4,), name="entry"),
            layers.Dense(3, activation="relu", name="hidden"),
            layers.Dropout(0.5, name="drop"),
            layers.Dense(2, name="answer"),
        ],
        "large": [
            keras.Input((28, 28), name="entry"),
            layers.Flatten(name="flat"),
            layers.Dense(512, activation="relu", name="a_rather_long_name_for_a_layer"),
            layers.Dense(784, name="wide", trainable=False),
            layers.Reshape((28, 28), name="image"),
            layers.Activation("softmax", name="softmax"),
        ],
        "unbuilt": [layers.Dense(3, name="one"), layers.Dense(2, name="two")],
        "empty": [],
    }
    return keras.Sequential(parts[name], name=name)


@pytest.mark.parametrize(
    "case",
    TEXTS["summaries"],
    ids=lambda case: f"{case['name']} {case['options']} {case.get('trained', '')}",
)
def test_summary_is_that_of_keras(case, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    model = summary_model(case["name"])
    if case.get("trained"):
        model.compile("adam", "mse")
        model.fit(np.ones((2, 4)), np.ones((2, 2)), verbose=0)
    pieces = []
    model.summary(print_fn=pieces.append, **case["options"])
    assert (
        "\n".join(piece.rstrip("\n") for piece in pieces).split("\n") == case["lines"]
    )


def printed(function, *arguments, **options):
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        function(*arguments, **options)
    return stream.getvalue()


def call_name(case):
    validation = " with validation" if case["validation"] else ""
    return f"{case['method']} verbose={case['verbose']}{validation}"


@pytest.mark.parametrize("case", TEXTS["progress"]["calls"], ids=call_name)
def test_progress_without_a_terminal_ends_in_the_lines_of_keras(case):
    progress = TEXTS["progress"]
    x, y = float32(progress["x"]), float32(progress["y"])
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.set_weights([float32(weight) for weight in progress["weights"]])
    model.compile(keras.optimizers.SGD(0.0), loss="mse", metrics=["mae"])
    arguments = [x] if case["method"] == "predict" else [x, y]
    options = dict(case["options"])
    if case["validation"]:
        options["validation_data"] = (x[:5], y[:5])
    method = getattr(model, case["method"])
    text = printed(method, *arguments, verbose=case["verbose"], **options)
    assert visible_lines(text) == case["lines"]
