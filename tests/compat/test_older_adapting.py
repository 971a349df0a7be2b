"""`adapt` with the size and number of batches, as in tf.keras 2."""

import numpy as np
import pytest

import keratorch as keras

X = np.arange(100.0, dtype="float32")[:, None]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("given", [X, [X[:16], X[16:32], X[32:]]])
def test_some_batches(given):
    layer = keras.layers.Normalization()
    layer.adapt(given, batch_size=16, steps=2)
    assert float(np.ravel(layer.mean)[0]) == X[:32].mean()


@pytest.mark.usefixtures("installed")
def test_all_batches():
    layer = keras.layers.Normalization()
    layer.adapt(X, batch_size=16)
    assert float(np.ravel(layer.mean)[0]) == X.mean()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "layer",
    [keras.layers.Discretization(num_bins=2), keras.layers.IntegerLookup()],
)
def test_other_layers(layer):
    layer.adapt(X.astype("int64"), batch_size=4, steps=1)
    learned = layer.get_config().get("bin_boundaries") or layer.get_vocabulary()
    assert max(learned) <= 3
