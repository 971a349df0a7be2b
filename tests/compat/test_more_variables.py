"""One optimizer for the variables of several models, in older scripts."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import optimizers
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")
RNG = np.random.default_rng(0)
#: Which variables get a gradient in each call.
CALLS = [(0,), (0, 1), (2,), (1,), (2, 0)]
SHAPES = [(3,), (2, 2), (4,)]
GRADIENTS = [[RNG.normal(size=SHAPES[i]) for i in call] for call in CALLS]


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


def moved(optimizer):
    weights = [keras.Variable(np.ones(shape), dtype="float64") for shape in SHAPES]
    for call, gradients in zip(CALLS, GRADIENTS, strict=True):
        optimizer.apply_gradients(
            zip(gradients, [weights[i] for i in call], strict=True)
        )
    return [weight.numpy() for weight in weights]


def adam(rate):
    """Return the weights as TensorFlow's OptimizerV2 has them: one count of calls."""
    weights = [np.ones(shape) for shape in SHAPES]
    m, v = ([np.zeros(shape) for shape in SHAPES] for _ in range(2))
    for t, (call, gradients) in enumerate(zip(CALLS, GRADIENTS, strict=True), 1):
        for i, g in zip(call, gradients, strict=True):
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            step = rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            weights[i] = weights[i] - step * m[i] / (np.sqrt(v[i]) + 1e-7)
    return weights


def test_new_variables_are_taken():
    dialect.read("import tensorflow.keras")
    optimizer = optimizers.Adam(0.1)
    with pytest.warns(UserWarning, match="Make an optimizer for each model"):
        found = moved(optimizer)
    for weight, expected in zip(found, adam(0.1), strict=True):
        np.testing.assert_allclose(weight, expected, rtol=1e-6)
    assert int(optimizer.iterations) == 5
    assert len(optimizer.variables) == 2 + 3 * 2


def test_slots_begin_where_they_do():
    dialect.read("import tensorflow.keras")
    weights = [np.ones(shape) for shape in SHAPES]
    sums = [np.full(shape, 0.1) for shape in SHAPES]
    for call, gradients in zip(CALLS, GRADIENTS, strict=True):
        for i, g in zip(call, gradients, strict=True):
            sums[i] = sums[i] + g**2
            weights[i] = weights[i] - 0.1 * g / np.sqrt(sums[i] + 1e-7)
    for found, expected in zip(moved(optimizers.Adagrad(0.1)), weights, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adamax", "Nadam", "Ftrl"])
def test_others_take_them_as_well(name):
    dialect.read("import tensorflow.keras")
    optimizer = getattr(optimizers, name)(0.1)
    assert all((weight != 1).all() for weight in moved(optimizer))


def test_a_model_trains_two_others_by_one_optimizer():
    dialect.read("import tensorflow.keras")
    optimizer = optimizers.SGD(0.1, momentum=0.9)
    for _ in range(2):
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model.compile(optimizer, "mse")
        before = model.get_weights()[0]
        model.fit(np.ones((4, 2)), np.ones(4), verbose=0)
        assert (model.get_weights()[0] != before).any()


@pytest.mark.parametrize("script", ["from keras import ops", "nothing"])
def test_today_they_are_refused(script):
    dialect.read(script)
    if script == "nothing":
        keras.compat.uninstall()
    with pytest.raises(ValueError, match="Unknown variable"):
        moved(optimizers.Adam(0.1))
