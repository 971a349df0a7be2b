"""metrics_names before a model is trained."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.compat import dialect

X, Y = np.ones((4, 3)), np.ones((4, 1))


def closeness(y_true, y_pred):
    return keras.ops.mean(keras.ops.abs(y_true - y_pred))


def two_outputs(metrics):
    x = keras.Input((3,))
    outputs = [layers.Dense(1, name="a")(x), layers.Dense(1, "sigmoid", name="b")(x)]
    model = keras.Model(x, outputs)
    model.compile("sgd", ["mse", "binary_crossentropy"], metrics=metrics)
    return model


@pytest.mark.parametrize(
    "metrics",
    [["acc"], ["accuracy", "mae"], [closeness, keras.metrics.AUC()], "mse"],
)
def test_they_are_known_when_a_model_is_compiled(metrics, installed):
    model = keras.Sequential([layers.Dense(1, "sigmoid", input_shape=(3,))])
    model.compile("sgd", "binary_crossentropy", metrics=metrics)
    before = model.metrics_names
    model.fit(X, Y, verbose=0)
    assert before == model.metrics_names and before[0] == "loss"
    assert "compile_metrics" not in before


@pytest.mark.parametrize("metrics", [{"a": "mae", "b": ["acc"]}, ["mae"], [[], "acc"]])
def test_so_are_those_of_several_outputs(metrics, installed):
    model = two_outputs(metrics)
    before = model.metrics_names
    model.fit(X, [Y, Y], verbose=0)
    assert before == model.metrics_names
    assert before[:3] == ["loss", "a_loss", "b_loss"]


def test_a_script_of_keras_3_has_its_names(installed):
    dialect.read("from keras import ops")
    assert two_outputs(["mae"]).metrics_names[-1] == "compile_metrics"


def test_names_that_are_only_foretold_have_no_values_yet(installed):
    x = keras.Input((3,))
    hidden = layers.Dense(2, kernel_regularizer="l2")(x)
    model = keras.Model(x, [hidden, layers.Dropout(0.5)(hidden)])
    model.compile("sgd", None, metrics=["mae"])  # nothing to compare: no targets
    assert list(model.fit(X, None, verbose=0).history) == ["loss"]


@pytest.mark.parametrize(
    ("script", "name"), [("plot(h['acc'])", "acc"), ("plot(h['accuracy'])", "accuracy")]
)
def test_they_are_those_that_the_history_lists(script, name, installed):
    dialect.read(script)
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy", "mse"])
    before = model.metrics_names
    history = model.fit(X, Y, verbose=0).history
    assert before == model.metrics_names == ["loss", name, "mse"]
    assert sorted(history) == sorted(before)


def test_those_of_several_outputs_stay_as_the_history_has_them(installed):
    dialect.read("plot(h['val_acc'])")
    model = two_outputs([["accuracy"], ["accuracy"]])
    names = model.metrics_names
    assert names[3:] == ["a_accuracy", "b_accuracy"]
    assert set(names) == set(model.fit(X, [Y, Y], verbose=0).history)
