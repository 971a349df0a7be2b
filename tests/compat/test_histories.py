"""Losses that look at the layer behind the outputs, as that of a CRF does."""

import numpy as np
import pytest

import keratorch as keras

K = keras.backend
pytestmark = pytest.mark.usefixtures("installed")
RNG = np.random.default_rng(0)
X, Y = RNG.random((8, 5, 3), "float32"), RNG.random((8, 5, 2), "float32")


def from_inputs(y_true, y_pred):
    layer, index = y_pred._keras_history[:2]
    assert not layer._outbound_nodes
    node = layer._inbound_nodes[index]
    assert node.input_masks == [None]
    return K.mean(K.square(layer.call(node.input_tensors[0]) - y_true), axis=-1)


def trained(kind, loss, metrics=None):
    keras.utils.set_random_seed(3)
    hidden = keras.layers.Dense(4, "tanh")
    inputs, last = keras.Input((5, 3)), keras.layers.Dense(2)
    if kind == "Sequential":
        model = keras.Sequential([inputs, hidden, last])
    else:
        model = keras.Model(inputs, last(hidden(inputs)))
    model.compile("sgd", loss, metrics=metrics)
    model.fit(X, Y, epochs=3, shuffle=False, verbose=0)
    return model


@pytest.mark.parametrize("kind", ["Sequential", "Model"])
def test_a_loss_computes_with_the_inputs_of_the_last_layer(kind):
    model, expected = trained(kind, from_inputs), trained(kind, "mse")
    pairs = zip(model.get_weights(), expected.get_weights(), strict=True)
    for found, wanted in pairs:
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-7)


def test_a_metric_does_so_too():
    model = trained("Model", "mse", metrics=[from_inputs])
    results = model.evaluate(X, Y, verbose=0)
    np.testing.assert_allclose(results[0], results[1], rtol=1e-5)


def test_masks_of_the_inputs_are_known():
    seen = []

    def counted(y_true, y_pred):
        layer, index, _ = y_pred._keras_history
        seen.append(layer._inbound_nodes[index].input_masks[0])
        return K.mean(K.square(y_pred - y_true), axis=-1)

    words = np.array([[1, 2, 0], [3, 0, 0]])
    embedding = keras.layers.Embedding(4, 2, mask_zero=True)
    model = keras.Sequential([keras.Input((3,)), embedding, keras.layers.Dense(2)])
    model.compile("sgd", counted)
    model.train_on_batch(words, np.ones((2, 3, 2)))
    np.testing.assert_array_equal(np.asarray(seen[-1]), words != 0)


def test_other_arrays_have_no_history():
    assert not hasattr(keras.layers.Dense(1)(np.ones((2, 3))), "_keras_history")
