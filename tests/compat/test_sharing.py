import numpy as np
import pytest

from keratorch.layers import Dense, Input
from keratorch.models import Model, Sequential
from keratorch.optimizers import SGD, Adam

pytestmark = pytest.mark.usefixtures("quiet")
X, Y = np.ones((4, 3)), np.zeros((4, 1))


def network():
    return Sequential([Input((3,)), Dense(2), Dense(1)])


def test_two_models_may_share_an_optimizer():
    optimizer = Adam(0.1)
    models = [network(), network()]
    for model in models:
        model.compile(optimizer, "mse")
    for model in models * 2:
        before = model.get_weights()
        model.train_on_batch(X, Y)
        assert not np.array_equal(before[0], model.get_weights()[0])
    assert int(optimizer.iterations) == 4  # counted together, as in Keras 2


def test_they_share_the_learning_rate():
    optimizer = SGD(0.1)
    first, second = network(), network()
    first.compile(optimizer, "mse")
    second.compile(optimizer=optimizer, loss="mse")
    optimizer.learning_rate = 0.0
    before = second.get_weights()
    second.train_on_batch(X, Y)
    np.testing.assert_array_equal(before[0], second.get_weights()[0])


def test_a_frozen_part_is_trained_by_neither():
    optimizer = Adam(0.1)
    inner = network()
    inner.compile(optimizer, "mse")
    inner.train_on_batch(X, Y)
    inner.trainable = False
    x = Input((3,))
    outer = Model(x, inner(Dense(3)(x)))
    outer.compile(optimizer, "mse")
    before = inner.get_weights()
    outer.train_on_batch(X, Y)
    np.testing.assert_array_equal(before[0], inner.get_weights()[0])


def test_weights_that_are_set_free_later_are_trained():
    optimizer, model = Adam(0.1), network()
    model.layers[0].trainable = False
    model.compile(optimizer, "mse")
    model.train_on_batch(X, Y)
    model.layers[0].trainable = True
    model.compile(optimizer, "mse")
    before = model.get_weights()
    model.train_on_batch(X, Y)
    assert not np.array_equal(before[0], model.get_weights()[0])
    assert int(model.optimizer.iterations) == 2


def test_the_same_model_keeps_its_optimizer():
    optimizer, model = Adam(0.1), network()
    for _ in range(2):
        model.compile(optimizer, "mse")
        model.train_on_batch(X, Y)
    assert model.optimizer is optimizer
