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


def test_updates_and_outputs_of_variables_are_those_of_the_call():
    a, b = keras.Variable([1.0, 2.0]), keras.Variable([3.0, 3.0])
    step = K.function([], [K.sum(a)], updates=[(a, 0.5 * a + 0.5 * b)])
    sums = [float(step([])[0]) for _ in range(3)]
    assert sums == [3.0, 4.5, 5.25]
    np.testing.assert_allclose(a, [2.75, 2.875])


def test_the_learning_phase_may_be_left_out_at_the_end():
    model = network()
    function = K.function([model.input, K.learning_phase()], [model.output])
    np.testing.assert_array_equal(function([X])[0], function([X, 0])[0])
    with pytest.raises(ValueError, match="list of 2 values; received 0"):
        function([])
