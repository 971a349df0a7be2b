import inspect

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, losses, metrics
from keratorch.metrics.functions import ERRORS

NAMES = [function.__name__ for function in ERRORS]


def batch(name):
    random = np.random.default_rng(0)
    y_pred = random.uniform(0.1, 0.9, (4, 3))
    y_pred /= y_pred.sum(axis=1, keepdims=True)
    labels = random.integers(0, 3, 4)
    return labels if name.startswith("sparse") else np.eye(3)[labels], y_pred


@pytest.mark.parametrize("name", NAMES)
def test_a_formula_has_the_value_and_the_gradient_of_the_loss_of_its_name(name):
    y_true, y_pred = batch(name)
    formula, loss = getattr(metrics, name), getattr(losses, name)
    ours, theirs = GradArray(y_pred), GradArray(y_pred)
    values = formula(y_true, ours)
    np.testing.assert_allclose(values.numpy(), formula(y_true, y_pred), rtol=1e-6)
    values.sum().backward()
    loss(y_true, theirs).sum().backward()
    np.testing.assert_array_equal(ours.grad, theirs.grad)


@pytest.mark.parametrize("name", NAMES)
def test_formula_and_loss_take_the_same_arguments(name):
    own, other = (inspect.signature(getattr(room, name)) for room in (metrics, losses))
    given = [[(p.name, p.default) for p in s.parameters.values()] for s in (own, other)]
    assert given[0] == given[1]


@pytest.mark.parametrize("name", NAMES)
def test_arrays_stay_arrays(name):
    assert type(getattr(metrics, name)(*batch(name))) is np.ndarray


def test_symbolic_arrays_make_a_step_of_a_model():
    x = keras.Input((3,))
    hidden = keras.layers.Dense(3, activation="sigmoid")(x)
    error = metrics.binary_crossentropy(x, hidden)
    hits = metrics.binary_accuracy(x, hidden)
    assert error.shape == hits.shape[:1] == (None,)
    model = keras.Model(x, [hidden, error, hits])
    values = np.random.default_rng(1).random((5, 3), np.float32)
    p, given, counted = model.predict(values, verbose=0)
    np.testing.assert_allclose(given, metrics.binary_crossentropy(values, p), rtol=1e-6)
    np.testing.assert_array_equal(counted, metrics.binary_accuracy(values, p))


def test_a_model_learns_from_a_formula():
    x = keras.Input((2,))
    out = keras.layers.Dense(2, activation="sigmoid")(x)
    model = keras.Model(x, out)
    model.add_loss(np.mean(metrics.binary_crossentropy(x, out)))
    model.compile("sgd")
    before = model.get_weights()[0]
    model.fit(np.ones((4, 2), np.float32), verbose=0)
    assert not np.array_equal(before, model.get_weights()[0])


def test_a_metric_reads_grad_arrays_without_a_graph():
    metric = metrics.MeanSquaredError()
    metric.update_state(np.zeros((2, 1)), GradArray(np.ones((2, 1))))
    assert metric.result() == 1.0
