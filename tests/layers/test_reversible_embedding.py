"""ReversibleEmbedding goes from indices to vectors, and back to scores."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers.reversible_embedding import ReversibleEmbedding
from keratorch.masks import get_mask

IDS = np.array([[1, 2, 0]])


def test_the_way_back_is_the_product_with_the_table():
    layer = ReversibleEmbedding(5, 3, mask_zero=True)
    vectors = layer(IDS)
    assert get_mask(vectors).tolist() == [[True, True, False]]
    (table,) = layer.get_weights()
    np.testing.assert_array_equal(vectors.numpy(), table[IDS])
    scores = layer(vectors, reverse=True)
    np.testing.assert_allclose(scores.numpy(), table[IDS] @ table.T, rtol=1e-5)
    assert get_mask(scores) is None


def test_both_ways_train_one_table():
    layer = ReversibleEmbedding(5, 3)
    layer(layer(IDS), reverse=True).sum().backward()
    assert layer.embeddings.grad.all()  # rows that were not looked up, too


def test_a_table_of_its_own_and_soft_scores():
    layer = ReversibleEmbedding(5, 3, tie_weights=False, logit_soft_cap=0.5)
    vectors = layer(IDS)
    table, back = layer.get_weights()
    assert back.shape == (3, 5)
    expected = np.tanh(table[IDS] @ back / 0.5) * 0.5
    found = layer(vectors, reverse=True).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_language_model_of_one_table():
    ids = keras.Input((None,), dtype="int32")
    layer = ReversibleEmbedding(5, 3, reverse_dtype="float64")
    scores = layer(layer(ids), reverse=True)
    assert (scores.shape, scores.dtype) == ((None, None, 5), "float64")
    model = keras.Model(ids, scores)
    assert model.predict(IDS, verbose=0).shape == (1, 3, 5)


def test_weights_may_be_given():
    table = np.arange(6.0).reshape(3, 2)
    layer = ReversibleEmbedding(3, 2, weights=table)
    np.testing.assert_array_equal(layer(np.array([[2]])).numpy(), [[[4, 5]]])


def test_indices_without_a_row():
    with pytest.raises(ValueError, match="takes the indices 0 to 4"):
        ReversibleEmbedding(5, 3)(np.array([[5]]))
