"""SGD is its formula."""

import numpy as np
import pytest

from keratorch import Variable
from keratorch.optimizers import SGD


@pytest.fixture
def gradients():
    return np.random.default_rng(1).normal(size=(6, 3, 2))


def run(gradients, **arguments):
    weight = Variable(np.ones((3, 2)), dtype="float64")
    optimizer = SGD(learning_rate=0.1, **arguments)
    for gradient in gradients:
        optimizer.apply([gradient], [weight])
    return weight.numpy()


def test_plain_descent_subtracts_each_gradient(gradients):
    np.testing.assert_allclose(run(gradients), 1 - 0.1 * gradients.sum(axis=0))


@pytest.mark.parametrize("nesterov", [False, True])
def test_momentum_follows_the_textbook(gradients, nesterov):
    w, m = np.ones((3, 2)), np.zeros((3, 2))
    for g in gradients:
        m = 0.9 * m - 0.1 * g
        w = w + 0.9 * m - 0.1 * g if nesterov else w + m
    np.testing.assert_allclose(run(gradients, momentum=0.9, nesterov=nesterov), w)


def test_nesterov_without_momentum_is_plain_descent(gradients):
    np.testing.assert_array_equal(run(gradients, nesterov=True), run(gradients))


def test_slots_exist_for_momentum_alone():
    assert SGD().slots == ()
    assert SGD(momentum=0.5).slots == ("momentum",)


@pytest.mark.parametrize("momentum", [-0.1, 1.1, "0.9", None, np.nan])
def test_momentum_is_between_0_and_1(momentum):
    with pytest.raises(ValueError, match=r"momentum .* in \[0, 1\]"):
        SGD(momentum=momentum)
