"""The penalty of a layer's outputs was of the whole batch in Keras 2 before 2.4."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")
X = np.random.default_rng(0).normal(size=(8, 3))
OF_2_2 = (
    "import keras\nm.compile('sgd', 'mse', metrics=['accuracy'])\nplot(h['val_acc'])"
)


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


@pytest.mark.parametrize(
    ("script", "samples"),
    [
        (OF_2_2, 1),
        ("import keras\nm.fit(x, nb_epoch=2)", 8),
        (OF_2_2.replace("keras", "tensorflow.keras"), 8),
        ("import keras", 8),
    ],
)
def test_activities_are_penalized_as_then(script, samples):
    dialect.read(script)
    layer = keras.layers.Dense(4, activity_regularizer="l2")
    model = keras.Sequential([keras.Input((3,)), layer])
    model.compile("sgd", "mse")
    outputs = model.predict(X, verbose=0)
    expected = 0.01 * (outputs**2).sum() / samples
    assert model.evaluate(X, outputs, verbose=0) == pytest.approx(expected, rel=1e-5)
    assert model.train_on_batch(X, outputs) == pytest.approx(expected, rel=1e-5)
