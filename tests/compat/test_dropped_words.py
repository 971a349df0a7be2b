"""Embedding(dropout=...) of Keras 1."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

pytestmark = pytest.mark.usefixtures("quiet")
INDICES = np.random.default_rng(0).integers(0, 50, (8, 30))


def embedding(**arguments):
    keras.utils.set_random_seed(3)
    return layers.Embedding(50, 4, embeddings_initializer="ones", **arguments)


@pytest.mark.parametrize("rate", [0.2, 0.75])
def test_in_training_words_are_dropped_wherever_they_stand(rate):
    vectors = embedding(dropout=rate)(INDICES, training=True).numpy()
    shares = []
    for word in np.unique(INDICES):
        found = np.unique(vectors[np.equal(INDICES, word)])
        assert len(found) == 1
        shares.append(found.item())
    assert set(np.round(shares, 6)) == {0, np.round(1 / (1 - rate), 6)}
    assert np.mean(np.equal(shares, 0)) == pytest.approx(rate, abs=0.15)


def test_each_batch_drops_others():
    layer = embedding(dropout=0.5)
    first, second = (layer(INDICES, training=True).numpy() for _ in range(2))
    assert (first != second).any()


def test_gradients_reach_the_words_that_stay():
    layer = embedding(dropout=0.5)
    out = layer(INDICES, training=True)
    out.sum().backward()
    counts = np.zeros(50)
    np.add.at(counts, INDICES, out.numpy()[..., 0])
    np.testing.assert_allclose(layer.embeddings.grad[:, 0], counts, rtol=1e-6)


def test_a_model_drops_in_fit_alone():
    model = keras.Sequential([embedding(dropout=0.5), layers.Flatten()])
    model.compile("sgd", "mse")
    assert (model.predict(INDICES, verbose=0) == 1).all()
    assert model.evaluate(INDICES, np.ones((8, 120)), verbose=0) == 0
    loss = model.train_on_batch(INDICES, np.ones((8, 120)))
    assert loss == pytest.approx(1)  # 0 and 2 are both 1 away


@pytest.mark.parametrize("rate", [-0.1, 1.5])
def test_a_share_outside_0_to_1_is_refused(rate):
    with pytest.raises(ValueError, match="dropout is a share from 0 to 1"):
        embedding(dropout=rate)
