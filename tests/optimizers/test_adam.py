"""Adam is its formula, with Keras's place for epsilon."""

import numpy as np
import pytest

from keratorch import Variable
from keratorch.optimizers import Adam
from keratorch.optimizers.adam import bias_correction


def textbook(gradients, epsilon, amsgrad):
    w, m, v, largest = 1.0, 0.0, 0.0, 0.0
    for t, g in enumerate(gradients, start=1):
        m = 0.8 * m + 0.2 * g
        v = 0.9 * v + 0.1 * g**2
        largest = np.maximum(largest, v)
        rate = 0.1 * np.sqrt(1 - 0.9**t) / (1 - 0.8**t)
        w = w - rate * m / (np.sqrt(largest if amsgrad else v) + epsilon)
    return w


@pytest.mark.parametrize("amsgrad", [False, True])
@pytest.mark.parametrize("epsilon", [1e-7, 0.1])
def test_the_update_follows_the_textbook(amsgrad, epsilon):
    gradients = np.random.default_rng(6).normal(size=(8, 3, 2))
    weight = Variable(np.ones((3, 2)), dtype="float64")
    optimizer = Adam(0.1, 0.8, 0.9, epsilon, amsgrad)
    for gradient in gradients:
        optimizer.apply([gradient], [weight])
    expected = textbook(gradients, epsilon, amsgrad)
    np.testing.assert_allclose(weight.numpy(), expected, rtol=1e-10)


def test_the_first_step_is_the_rate_whatever_the_gradient():
    weight = Variable([0.0, 0.0, 0.0])
    Adam(learning_rate=0.5).apply([np.array([0.1, -1.0, 1e6])], [weight])
    np.testing.assert_allclose(weight.numpy(), [-0.5, 0.5, -0.5], rtol=1e-3)


def test_the_bias_correction_is_computed_as_keras_does():
    power = np.float32(0.999) ** np.float32(2)
    expected = np.sqrt(1 - power) / (1 - np.float32(0.9) ** np.float32(2))
    found = bias_correction(0.9, 0.999, 2, np.dtype("float32"))
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    exact = np.sqrt(1 - 0.999**2) / (1 - 0.9**2)
    assert bias_correction(0.9, 0.999, 2, np.dtype("float64")) == exact


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("step", [1, 2, 1000, 10**9])
def test_a_beta_that_rounds_to_1_does_not_divide_by_zero(dtype, step):
    found = bias_correction(1 - 1e-9, 1 - 1e-9, step, np.dtype(dtype))
    assert np.isfinite(found)
    assert found > 0


@pytest.mark.parametrize(
    "arguments",
    [
        {"beta_1": 1.0},
        {"beta_1": -0.1},
        {"beta_2": 1},
        {"epsilon": -1.0},
        {"epsilon": "small"},
        {"beta_2": np.nan},
    ],
)
def test_numbers_have_their_range(arguments):
    (name,) = arguments
    with pytest.raises(ValueError, match=f"{name} must be"):
        Adam(**arguments)
