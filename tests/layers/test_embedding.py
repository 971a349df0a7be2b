"""Embedding: rows for indices, and a word on those without a row."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

TABLE = np.arange(12, dtype=np.float32).reshape(4, 3)


def test_each_index_gets_its_row():
    layer = layers.Embedding(4, 3, weights=[TABLE])
    indices = np.array([[3, 0], [1, 1]])
    np.testing.assert_array_equal(layer(indices).numpy(), TABLE[indices])
    assert layer.compute_output_shape((None, 2)) == (None, 2, 3)


@pytest.mark.parametrize("weights", [TABLE, [TABLE], TABLE.tolist()])
def test_weights_are_the_table_alone_or_in_a_list(weights):
    layer = layers.Embedding(4, 3, weights=weights)
    np.testing.assert_array_equal(layer.embeddings.numpy(), TABLE)


def test_built_layer_of_given_weights_keeps_them_in_a_model():
    layer = layers.Embedding(4, 3, weights=TABLE, trainable=False)
    model = keras.Sequential([keras.Input((2,)), layer, layers.Flatten()])
    np.testing.assert_array_equal(model.get_weights()[0], TABLE)
    assert model.trainable_weights == []
    assert model.output_shape == (None, 6)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64, bool, np.float64])
def test_indices_of_any_number_type_are_taken(dtype):
    layer = layers.Embedding(4, 3, weights=TABLE)
    np.testing.assert_array_equal(
        layer(np.ones((1, 1), dtype)).numpy(), TABLE[1:2, None]
    )


def test_floats_are_cut_to_whole_numbers_as_in_keras():
    layer = layers.Embedding(4, 3, weights=TABLE)
    np.testing.assert_array_equal(layer(np.array([2.9])).numpy(), TABLE[2:3])


def test_large_indices_are_exact():
    layer = layers.Embedding(2**24 + 2, 1, embeddings_initializer="zeros")
    layer.build((None,))
    layer.embeddings.assign(np.arange(2**24 + 2, dtype=np.float64)[:, None] % 2)
    np.testing.assert_array_equal(layer(np.array([2**24 + 1])).numpy(), [[1]])


def test_rows_looked_up_twice_get_the_sum_of_the_gradients():
    layer = layers.Embedding(4, 3)
    layer(np.array([[2, 2, 0]])).sum().backward()
    np.testing.assert_array_equal(layer.embeddings.grad[:, 0], [1, 0, 2, 0])


@pytest.mark.parametrize(
    ("indices", "parts"),
    [
        ([[0, 4]], ["'words'", "0 to 3", "index 4", r"\(0, 1\)", "at least 5"]),
        ([[0], [-1]], ["0 to 3", "index -1", r"\(1, 0\)", "begin at 0"]),
    ],
)
def test_index_without_a_row_is_named_with_its_place_and_the_range(indices, parts):
    layer = layers.Embedding(4, 3, name="words")
    with pytest.raises(ValueError, match=".*".join(parts)):
        layer(np.array(indices))


@pytest.mark.parametrize(
    ("make", "error", "part"),
    [
        (lambda: layers.Embedding(0, 3), ValueError, "input_dim.*0"),
        (lambda: layers.Embedding(True, 3), ValueError, "input_dim.*True"),
        (lambda: layers.Embedding(4, -1), ValueError, "output_dim.*-1"),
        (lambda: layers.Embedding(4, 3, lora_rank=-2), ValueError, "lora_rank.*-2"),
        (
            lambda: layers.Embedding(4, 3, weights=TABLE.T),
            ValueError,
            r"\(4, 3\).*\(3, 4\)",
        ),
        (
            lambda: layers.Embedding(4, 3)(np.array([np.nan])),
            ValueError,
            "whole numbers.*NaN",
        ),
        (lambda: layers.Embedding(4, 3)(np.array(["a"])), TypeError, "numbers"),
    ],
)
def test_mistakes_are_named(make, error, part):
    with pytest.raises(error, match=part):
        make()
