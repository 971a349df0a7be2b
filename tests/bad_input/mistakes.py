"""What tests of mistakes share: models, data, and what must not change."""

import contextlib
import copy
from typing import NamedTuple

import numpy as np
import pytest

import keratorch as keras

layers = keras.layers
X = np.random.default_rng(0).random((12, 4), dtype=np.float32)
LABELS = np.arange(12) % 3
YES_NO = (np.arange(12) % 2).astype(float)
SERIES = np.random.default_rng(1).random((12, 5, 4), dtype=np.float32)
INPUTS = {"a": X, "b": X[:, :2]}
TARGETS = {"kind": LABELS, "size": YES_NO}


class Mistake(NamedTuple):
    """A call that must raise, and what its message must hold.

    `tells` begins with the argument; then follow what was received, what was expected,
    and the fix.
    """

    call: object
    tells: tuple
    model: object = None
    error: object = (ValueError, TypeError)


def classifier(units=3, activation="softmax", loss="sparse_categorical_crossentropy"):
    network = keras.Sequential(
        [keras.Input((4,)), layers.Dense(units, activation=activation)]
    )
    network.compile("adam", loss)
    return network


def regression(units=1):
    return classifier(units, None, "mse")


def binary():
    return classifier(1, "sigmoid", "binary_crossentropy")


def several(structure=dict, loss=None, **arguments):
    """Return a model of two inputs, 'a' and 'b', and two outputs, 'kind' and 'size'."""
    a, b = keras.Input((4,), name="a"), keras.Input((2,), name="b")
    joined = layers.Concatenate()([a, b])
    kind = layers.Dense(3, activation="softmax", name="kind")(joined)
    size = layers.Dense(1, name="size")(joined)
    ins, outs = [a, b], [kind, size]
    if structure is dict:
        ins, outs = {"a": a, "b": b}, {"kind": kind, "size": size}
    network = keras.Model(ins, outs)
    losses = {"kind": "sparse_categorical_crossentropy", "size": "mse"}
    network.compile("adam", loss or losses, **arguments)
    return network


def with_value(values, place, value):
    """Return a copy of an array with one value replaced."""
    changed = np.array(values, float)
    changed[place] = value
    return changed


def state(model):
    """Return what an error must leave as it is."""
    optimizer, history = model.optimizer, model.history
    return {
        "weights": [weight.numpy() for weight in model.weights],
        "trainable": [weight.trainable for weight in model.weights],
        "optimizer": [np.array(v) for v in optimizer.variables] if optimizer else None,
        "history": history and copy.deepcopy((history.history, history.epoch)),
        "layers": [layer.name for layer in model.layers],
        "results": model.get_metrics_result() if model.compiled else None,
    }


@contextlib.contextmanager
def unchanged(model):
    """Within ``with``, nothing changes what the model has learned and is."""
    kept = model.compiled, model.optimizer, model.loss, model.history
    before = state(model)
    yield
    assert kept == (model.compiled, model.optimizer, model.loss, model.history)
    np.testing.assert_equal(state(model), before)


def check(mistake, model=None):
    """Assert that a mistake is answered in full, and changes nothing in a model."""
    around = contextlib.nullcontext() if model is None else unchanged(model)
    arguments = () if model is None else (model,)
    with around, pytest.raises(mistake.error) as caught:
        mistake.call(*arguments)
    message = " ".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    assert len(message) <= 600
    missing = [part for part in mistake.tells if part not in message]
    assert not missing, f"{missing} not in: {message}"
