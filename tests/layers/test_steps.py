"""A symbolic call checks what the call on data would check."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers


@pytest.mark.parametrize(
    ("layer", "first", "other"),
    [
        (layers.Dense(2), (3,), (4,)),
        (layers.EinsumDense("bi,io->bo", 2), (3,), (4,)),
        (layers.Conv2D(2, 3), (8, 8, 3), (8, 8, 1)),
        (layers.BatchNormalization(), (3,), (4,)),
        (layers.LSTM(2), (5, 3), (5, 4)),
        (layers.Bidirectional(layers.GRU(2)), (5, 3), (5, 4)),
        (layers.TimeDistributed(layers.Dense(2)), (5, 3), (5, 4)),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_shared_layer_refuses_a_symbolic_input_that_does_not_fit(layer, first, other):
    layer(keras.Input(first))
    with pytest.raises(ValueError, match=r"expects|last axis"):
        layer(keras.Input(other))


@pytest.mark.parametrize(
    ("layer", "first", "other", "expected"),
    [
        (layers.Conv2D(2, 3), (8, 8, 3), (11, 9, 3), (None, 9, 7, 2)),
        (layers.LSTM(2), (5, 3), (None, 3), (None, 2)),
        (layers.Dense(2), (5, 3), (3,), (None, 2)),
        (layers.Embedding(9, 2), (5,), (7, 6), (None, 7, 6, 2)),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_shared_layer_takes_other_lengths_that_fit(layer, first, other, expected):
    layer(keras.Input(first))
    before = [weight.numpy() for weight in layer.weights]
    assert layer(keras.Input(other)).shape == expected
    for weight, value in zip(layer.weights, before, strict=True):
        np.testing.assert_array_equal(weight.numpy(), value)


def test_trying_another_length_leaves_statistics_alone():
    layer = layers.BatchNormalization()
    layer(keras.Input((5, 3)))
    layer(keras.Input((7, 3)), training=True)
    np.testing.assert_array_equal(layer.moving_mean.numpy(), [0, 0, 0])


def test_layer_without_weights_takes_any_shape():
    pool = layers.MaxPooling1D(2)
    assert pool(keras.Input((8, 3))).shape == (None, 4, 3)
    assert pool(keras.Input((6, 5))).shape == (None, 3, 5)
