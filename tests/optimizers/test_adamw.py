"""AdamW is Adam with weights that decay apart from the gradient."""

import inspect

import numpy as np
import pytest

from keratorch import Variable
from keratorch.optimizers import Adam, AdamW


def test_without_decay_it_is_adam():
    gradients = np.random.default_rng(7).normal(size=(5, 4))
    ours, plain = Variable(np.ones(4)), Variable(np.ones(4))
    decaying, adam = AdamW(weight_decay=0.0), Adam()
    for gradient in gradients:
        decaying.apply([gradient], [ours])
        adam.apply([gradient], [plain])
    np.testing.assert_array_equal(ours.numpy(), plain.numpy())


def test_without_a_gradient_weights_only_decay():
    weight = Variable([1.0, -2.0])
    AdamW(learning_rate=0.5, weight_decay=0.5).apply([np.zeros(2)], [weight])
    np.testing.assert_array_equal(weight.numpy(), [0.75, -1.5])


def test_the_decay_does_not_enter_the_moments():
    weight = Variable([1.0])
    optimizer = AdamW(learning_rate=0.5, weight_decay=0.5)
    optimizer.apply([np.zeros(1)], [weight])
    assert not any(x.numpy().any() for x in optimizer.variables[2:])


def test_it_decays_by_default_and_cannot_do_without():
    assert AdamW().weight_decay == 0.004
    with pytest.raises(ValueError, match="received None"):
        AdamW(weight_decay=None)


def test_arguments_come_in_keras_order():
    names = list(inspect.signature(AdamW).parameters)
    assert names[:4] == ["learning_rate", "weight_decay", "beta_1", "beta_2"]
