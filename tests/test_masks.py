"""Masks travel from layer to layer, and are lost with a warning where not obeyed."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.layers.masking import get_mask

TOKENS = np.array([[1, 2, 0], [3, 0, 0]])
KEPT = TOKENS != 0


def test_embedding_masks_the_index_zero():
    embedding = layers.Embedding(5, 2, mask_zero=True)
    np.testing.assert_array_equal(get_mask(embedding(TOKENS)), KEPT)
    assert get_mask(layers.Embedding(5, 2)(TOKENS)) is None


def test_masking_marks_steps_of_the_value_alone_and_zeroes_them():
    x = np.float32([[[7, 7], [7, 1], [2, 7]]])
    out = layers.Masking(7.0)(x)
    np.testing.assert_array_equal(get_mask(out), [[False, True, True]])
    np.testing.assert_array_equal(out.numpy(), [[[0, 0], [7, 1], [2, 7]]])


def test_layers_that_keep_steps_pass_the_mask_on():
    x = layers.Embedding(5, 4, mask_zero=True)(TOKENS)
    for layer in (
        layers.Dense(3),
        layers.Dropout(0.5),
        layers.Activation("relu"),
        layers.LayerNormalization(),
    ):
        x = layer(x)
        np.testing.assert_array_equal(get_mask(x), KEPT)


def test_global_average_counts_the_steps_of_the_mask():
    x = layers.Embedding(5, 4, mask_zero=True)(TOKENS)
    mean = layers.GlobalAveragePooling1D()(x)
    assert get_mask(mean) is None
    np.testing.assert_allclose(mean.numpy()[1], x.numpy()[1, 0], rtol=1e-6)


def test_losing_a_mask_warns():
    x = layers.Embedding(5, 4, mask_zero=True)(TOKENS)
    with pytest.warns(UserWarning, match="'flatten.*does not support masking"):
        layers.Flatten()(x)


def test_a_layer_of_ones_own_gets_the_mask_it_asks_for():
    class Count(keras.Layer):
        def call(self, inputs, mask=None):
            return inputs.sum(axis=-1) * 0 + mask.sum(axis=-1, keepdims=True)

    embedded = layers.Embedding(5, 4, mask_zero=True)(TOKENS)
    with pytest.warns(UserWarning, match="does not support masking"):
        counts = Count()(embedded)
    np.testing.assert_array_equal(counts.numpy()[:, 0], [2, 1])


def test_masks_flow_through_a_functional_model():
    tokens = keras.Input((None,), dtype="int32")
    x = layers.Embedding(5, 4, mask_zero=True)(tokens)
    model = keras.Model(tokens, layers.Dense(3)(x))
    np.testing.assert_array_equal(get_mask(model(TOKENS)), KEPT)


def test_concatenated_and_added_masks():
    x = layers.Embedding(5, 4, mask_zero=True)(TOKENS)
    plain = layers.Embedding(5, 4)(TOKENS)
    wide = layers.Concatenate(axis=1)([x, plain])
    np.testing.assert_array_equal(
        get_mask(wide), np.concatenate([KEPT, np.ones((2, 3), bool)], axis=1)
    )
    assert get_mask(layers.Add()([x, plain])) is None
    np.testing.assert_array_equal(get_mask(layers.Add()([x, x * 1 + x])) is None, True)
    np.testing.assert_array_equal(get_mask(layers.Add()([x, layers.ReLU()(x)])), KEPT)


def test_a_layer_is_traced_with_the_mask_that_it_will_get():
    class TemporalSoftmax(keras.Layer):
        supports_masking = True

        def call(self, inputs, mask=None):
            assert mask is not None
            weights = np.exp(inputs) * mask[..., None]
            return weights / weights.sum(axis=1, keepdims=True)

    tokens = keras.Input((None,), dtype="int32")
    x = layers.Embedding(5, 4, mask_zero=True)(tokens)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    out = TemporalSoftmax()(layers.Dense(1)(x))
    assert get_mask(out).shape == (None, None)
    weights = keras.Model(tokens, out)(TOKENS).numpy()[..., 0]
    np.testing.assert_array_equal(weights > 0, KEPT)
    assert get_mask(layers.GlobalAveragePooling1D()(x)) is None
