"""Losses of margins took targets as they are before Keras 2.4."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import losses, metrics
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")
OLDER = "import keras\nm.fit(x, nb_epoch=2)"
TRUE, PRED = np.array([[0.0], [1], [1], [0]]), np.array([[0.3], [0.4], [1.5], [-2]])


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


@pytest.mark.parametrize(
    ("script", "true"), [(OLDER, TRUE), ("import keras", 2 * TRUE - 1)]
)
def test_targets_of_0_and_1(script, true):
    dialect.read(script)
    missed = np.maximum(1 - true * PRED, 0)
    for name, expected in (("hinge", missed), ("squared_hinge", missed**2)):
        for room in (losses, metrics):
            found = np.asarray(getattr(room, name)(TRUE, PRED))
            np.testing.assert_allclose(found, expected.mean(-1), rtol=1e-6)


def test_a_model_is_trained_by_it():
    dialect.read(OLDER)
    x = np.random.default_rng(0).normal(size=(4, 3))
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "hinge", metrics=["hinge"])
    expected = np.maximum(1 - TRUE * model.predict(x, verbose=0), 0).mean()
    assert model.evaluate(x, TRUE, verbose=0) == pytest.approx([expected] * 2)


def test_targets_of_minus_1_and_1_are_as_today():
    found = losses.hinge(2 * TRUE - 1, PRED)
    dialect.read(OLDER)
    np.testing.assert_array_equal(losses.hinge(2 * TRUE - 1, PRED), found)
