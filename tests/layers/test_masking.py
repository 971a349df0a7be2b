"""Masks are made by Masking and Embedding, and go through layers to those that obey."""

import warnings

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.masks import get_mask, set_mask

X = np.float32([[[1, 2], [0, 0], [0, 3]], [[0, 0], [4, 0], [0, 0]]])
MASK = [[True, False, True], [False, True, False]]


def test_masking_marks_steps_all_of_whose_features_are_the_value():
    out = layers.Masking()(X)
    assert get_mask(out).tolist() == MASK
    np.testing.assert_array_equal(out.numpy(), X)


@pytest.mark.parametrize("value", [-1.0, np.inf])
def test_masked_steps_become_zero(value):
    x = np.where(np.array(MASK)[..., None], X, np.float32(value))
    out = layers.Masking(mask_value=value)(x)
    assert get_mask(out).tolist() == MASK
    np.testing.assert_array_equal(out.numpy(), X)


def test_no_gradient_flows_to_masked_steps():
    x = keras.GradArray(X, requires_grad=True)
    layers.Masking()(x).sum().backward()
    np.testing.assert_array_equal(
        x.grad, np.array(MASK)[..., None] * np.ones((1, 1, 2))
    )


def test_masking_is_made_again_from_its_config():
    layer = layers.Masking(mask_value=2.5, name="fill")
    again = layers.Masking.from_config(layer.get_config())
    assert (again.mask_value, again.name) == (2.5, "fill")


def test_a_mean_leaves_out_what_an_embedding_masks():
    ids = np.array([[1, 2, 0, 0], [3, 0, 0, 0]])
    model = keras.Sequential(
        [
            keras.Input((4,), dtype="int32"),
            layers.Embedding(4, 3, mask_zero=True),
            layers.Dense(2, activation="tanh"),
            layers.GlobalAveragePooling1D(),
        ]
    )
    table, kernel, bias = model.get_weights()
    steps = np.tanh(table[ids] @ kernel + bias)
    expected = [steps[0, :2].mean(axis=0), steps[1, 0]]
    np.testing.assert_allclose(model.predict(ids, verbose=0), expected, atol=1e-6)


def test_a_mask_lasts_through_layers_that_keep_steps():
    x = layers.Masking()(X)
    for layer in [
        layers.Dense(3),
        layers.Activation("relu"),
        layers.Dropout(0.5),
        layers.LayerNormalization(),
        layers.Identity(),
    ]:
        x = layer(x)
        assert get_mask(x).tolist() == MASK, layer


def test_a_layer_that_loses_a_mask_warns():
    x = layers.Masking()(X)
    with pytest.warns(UserWarning, match="does not support masking"):
        layers.Flatten()(x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layers.Flatten()(X)


def test_masks_are_booleans_and_only_gradarrays_carry_them():
    x = keras.GradArray(X)
    set_mask(x, np.float32([[1, 0, 1]]))
    assert get_mask(x).dtype == bool
    set_mask(X, MASK)
    assert get_mask(X) is None


class TakesAttentionMask(layers.Layer):
    def call(self, inputs, mask=None):
        return inputs * mask


def test_mask_that_is_given_is_none_of_the_inputs_and_is_not_missed():
    x = np.ones((2, 3, 4), "float32")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        TakesAttentionMask()(x, mask=np.ones((3, 1), "float32"))
    with pytest.warns(UserWarning, match="does not support masking"):
        TakesAttentionMask()(layers.Masking()(x), mask=np.ones((3, 1), "float32"))
