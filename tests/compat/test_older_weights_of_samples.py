"""The loss of weighted samples in scripts for Keras before 2.4."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(8, 3)), RNG.normal(size=(8, 1))
WEIGHTS = np.array([1, 0, 0, 2, 0, 0, 0, 0.5])
KERNEL = RNG.normal(size=(3, 1))
OLDER = "import keras\nm.fit(x, nb_epoch=2)"


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


def made():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, use_bias=False)])
    model.set_weights([KERNEL])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    return model


def by_hand(share):
    """Return the loss, and the kernel after a step of gradient descent."""
    error = X @ KERNEL - Y
    scale = WEIGHTS[:, None] / 8 / share
    loss = (scale * error**2).sum()
    return loss, KERNEL - 0.1 * X.T @ (2 * scale * error)


@pytest.mark.parametrize(
    ("script", "share"),
    [(OLDER, 3 / 8), ("import keras", 1), (OLDER.replace("keras", "tf_keras"), 1)],
)
def test_those_of_weight_0_did_not_count(script, share):
    dialect.read(script)
    loss, kernel = by_hand(share)
    model = made()
    weighted = {"sample_weight": WEIGHTS}
    assert model.evaluate(X, Y, verbose=0, **weighted) == pytest.approx(loss)
    assert model.test_on_batch(X, Y, **weighted) == pytest.approx(loss)
    history = model.fit(X, Y, batch_size=8, verbose=0, **weighted)
    assert history.history["loss"] == pytest.approx([loss])
    np.testing.assert_allclose(model.get_weights()[0], kernel, rtol=1e-5)
    model = made()
    assert model.train_on_batch(X, Y, **weighted) == pytest.approx(loss)
    np.testing.assert_allclose(model.get_weights()[0], kernel, rtol=1e-5)


def test_weights_of_steps_count_as_well():
    dialect.read(OLDER)
    model = keras.Sequential([keras.Input((4, 3)), keras.layers.Dense(2)])
    model.compile("sgd", "mse")
    x, y = RNG.normal(size=(2, 4, 3)), RNG.normal(size=(2, 4, 2))
    weights = np.array([[1.0, 1, 0, 0], [2, 0, 0, 0]])
    each = ((model.predict(x, verbose=0) - y) ** 2).mean(-1)
    found = model.evaluate(x, y, sample_weight=weights, verbose=0)
    assert found == pytest.approx((each * weights).sum() / 3, rel=1e-5)


def test_each_output_counts_its_own():
    dialect.read(OLDER)
    inputs = keras.Input((3,))
    heads = [keras.layers.Dense(1, name=name)(inputs) for name in "ab"]
    model = keras.Model(inputs, heads)
    model.compile("sgd", "mse")
    a, b = ((p - Y)[:, 0] ** 2 for p in model.predict(X, verbose=0))
    weights = {"a": WEIGHTS, "b": np.ones(8)}
    loss = model.evaluate(X, [Y, Y], sample_weight=weights, verbose=0)[0]
    assert loss == pytest.approx((a * WEIGHTS).sum() / 3 + b.mean(), rel=1e-5)


def test_weights_that_are_all_0_give_a_loss_of_0():
    dialect.read(OLDER)
    assert made().evaluate(X, Y, sample_weight=np.zeros(8), verbose=0) == 0
