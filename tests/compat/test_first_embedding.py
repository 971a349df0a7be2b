import numpy as np
import pytest

import keratorch as keras
from keratorch import compat, layers

pytestmark = pytest.mark.usefixtures("quiet")

X, Y = np.ones((4, 5), "int32"), np.ones(4)


def encoder(*more):
    model = keras.Sequential()
    for layer in (layers.Embedding(9, 4), *more):
        model.add(layer)
    return model


@pytest.mark.usefixtures("installed")
def test_a_model_that_begins_with_an_embedding_is_built_at_once():
    model = encoder(layers.LSTM(3))
    assert model.input_shape == (None, None)
    assert model.output_shape == model.layers[-1].output_shape == (None, 3)
    assert [w.shape for w in model.get_weights()] == [(9, 4), (4, 12), (3, 12), (12,)]
    assert model.input_names == [f"{model.layers[0].name}_input"]
    whole = keras.Model(model.input, layers.Dense(1)(model.output))
    assert whole.predict(X, verbose=0).shape == (4, 1)


@pytest.mark.usefixtures("installed")
def test_two_of_them_are_branches_of_merge():
    branches = [encoder(layers.LSTM(3)), encoder(layers.LSTM(3))]
    model = keras.Sequential([layers.Merge(branches, mode="concat"), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit([X, X[:, :2]], Y, verbose=0)
    assert model.output_shape == (None, 1)


@pytest.mark.usefixtures("installed")
def test_a_layer_that_needs_the_length_waits_for_the_data():
    model = encoder(layers.Flatten(), layers.Dense(2), layers.Dense(1))
    assert not model.built
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    assert model.layers[0].output_shape == (None, 5, 4)
    inner = keras.Model(model.input, model.layers[0].output)
    assert inner.predict(X, verbose=0).shape == (4, 5, 4)


def test_a_program_of_keratorch_waits_for_the_data():
    assert not compat._finder.serves_keras
    assert not encoder(layers.LSTM(3)).built
