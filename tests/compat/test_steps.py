import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import Dense, Input
from keratorch.models import Model, Sequential

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")
X = np.random.default_rng(0).random((8, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def network():
    return Sequential([Input((3,)), Dense(1, kernel_initializer="ones")])


def test_a_function_with_updates_trains_as_fit_does():
    by_hand, by_fit = network(), network()
    target = K.placeholder((None, 1))
    loss = K.mean(K.square(by_hand.output - target))
    updates = keras.optimizers.Adam(lr=0.1).get_updates(
        by_hand.trainable_weights, [], loss
    )
    train = K.function([by_hand.input, target], [loss], updates=updates)
    by_fit.compile(keras.optimizers.Adam(0.1), "mse")
    for _ in range(3):
        found = train([X, 2 * Y])[0]
        assert found == pytest.approx(by_fit.train_on_batch(X, 2 * Y), rel=1e-5)
    for a, b in zip(by_hand.get_weights(), by_fit.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)


@pytest.mark.parametrize("form", ["loss first", "by name"])
def test_the_later_forms_of_get_updates(form):
    x = Input((3,))
    model = Model(x, Dense(1)(x))
    loss, params = K.sum(model.output**2, axis=-1), model.trainable_weights
    optimizer = keras.optimizers.SGD(0.01)
    if form == "by name":
        updates = optimizer.get_updates(params=params, loss=loss)
    else:
        updates = optimizer.get_updates(loss, params)
    train = K.function(inputs=[x, K.learning_phase()], outputs=[], updates=updates)
    before = model.get_weights()[0]
    assert train([X, 1]) == []
    assert np.abs(before - model.get_weights()[0]).max() > 0


def test_a_missing_loss_is_named():
    with pytest.raises(TypeError, match="needs loss= and params="):
        keras.optimizers.SGD().get_updates(params=[])
