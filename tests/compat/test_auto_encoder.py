import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import Dense
from keratorch.models import Sequential

pytestmark = pytest.mark.usefixtures("quiet")
X = np.random.default_rng(0).random((12, 5)).astype("float32")


def model_of(**options):
    layer = keras.layers.AutoEncoder(Dense(2, input_dim=5), Dense(5), **options)
    model = Sequential([layer])
    model.compile("sgd", "mse")
    return model, layer


def test_outputs_are_decoded_until_one_says_otherwise():
    model, layer = model_of()
    assert model.output_shape == (None, 5) and len(model.weights) == 4
    loss = model.fit(X, X, epochs=9, verbose=0).history["loss"]
    assert loss[-1] < loss[0]
    layer.output_reconstruction = False
    model.compile("sgd", "mse")
    hidden = model.predict(X, verbose=0)
    np.testing.assert_allclose(hidden, layer.encoder(X).numpy(), rtol=1e-5)


def test_training_always_compares_what_is_decoded():
    model, layer = model_of(output_reconstruction=False)
    assert model.output_shape == (None, 2)
    before = layer.decoder.get_weights()[0]
    model.fit(X, X, epochs=2, verbose=0)
    assert not np.array_equal(before, layer.decoder.get_weights()[0])
    assert model.predict(X, verbose=0).shape == (12, 2)


def test_it_comes_back_from_its_configuration():
    _, layer = model_of(output_reconstruction=False)
    again = type(layer).from_config(layer.get_config())
    assert again.encoder.units == 2 and not again.output_reconstruction


def test_its_parts_may_be_models():
    encoder = Sequential([Dense(3, input_dim=5), Dense(2)])
    layer = keras.layers.AutoEncoder(encoder=encoder, decoder=Sequential([Dense(5)]))
    assert Sequential([layer]).output_shape == (None, 5)
