"""RMSprop is its formula."""

import numpy as np
import pytest

from keratorch import Variable
from keratorch.optimizers import RMSprop


def textbook(gradients, rho, momentum, epsilon, centered):
    w, v, a, m = np.ones((4, 3, 2))
    for g in gradients:
        v = rho * v + (1 - rho) * g**2 if g is not gradients[0] else (1 - rho) * g**2
        a = rho * a + (1 - rho) * g if g is not gradients[0] else (1 - rho) * g
        spread = v - a**2 if centered else v
        change = 0.1 * g / np.sqrt(spread + epsilon)
        m = momentum * m + change if g is not gradients[0] else change
        w = w - (m if momentum else change)
    return w


@pytest.mark.parametrize("momentum", [0.0, 0.5])
@pytest.mark.parametrize("centered", [False, True])
@pytest.mark.parametrize("epsilon", [1e-7, 0.1])
def test_the_update_follows_the_textbook(momentum, centered, epsilon):
    gradients = list(np.random.default_rng(2).normal(size=(6, 3, 2)))
    weight = Variable(np.ones((3, 2)), dtype="float64")
    arguments = {"momentum": momentum, "centered": centered, "epsilon": epsilon}
    optimizer = RMSprop(learning_rate=0.1, rho=0.8, **arguments)
    for gradient in gradients:
        optimizer.apply([gradient], [weight])
    expected = textbook(gradients, 0.8, **arguments)
    np.testing.assert_allclose(weight.numpy(), expected, rtol=1e-10)


def test_steady_gradients_have_no_negative_variance():
    weight = Variable(np.zeros(1000))
    gradient = np.random.default_rng(4).normal(size=1000).astype("float32") * 1000
    optimizer = RMSprop(centered=True)
    for _ in range(300):
        optimizer.apply([gradient], [weight])
    assert np.isfinite(weight.numpy()).all()


@pytest.mark.parametrize(
    "arguments", [{"rho": 1.0}, {"momentum": 1.5}, {"epsilon": -1e-7}]
)
def test_numbers_have_their_range(arguments):
    (name,) = arguments
    with pytest.raises(ValueError, match=f"{name} must be"):
        RMSprop(**arguments)
