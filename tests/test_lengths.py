"""Lengths that only data will say, as symbolic numbers."""

import numpy as np

import keratorch as keras
from keratorch import backend as K  # noqa: N812
from keratorch import ops
from keratorch.lengths import is_length, length


def test_a_shape_made_of_symbolic_lengths_is_unknown_where_they_are():
    x = keras.Input((4, 6))
    batch = length(x, 0)
    assert ops.reshape(x, (batch, -1)).shape == (None, 24)
    assert ops.zeros((batch * 2, length(x, 1))).shape == (None, 4)
    assert K.reshape(x, (batch, 2, -1)).shape == (None, 2, 12)


def test_numbers_from_data_are_no_lengths():
    x = keras.Input((), dtype="int32")
    assert not is_length(x[0])
    assert is_length(length(x, 0) + 1)
    assert not is_length(length(x, 0) + x[0])


def test_a_model_computes_with_the_lengths_of_its_data():
    x = keras.Input((None, 3))
    steps = length(x, 1)
    model = keras.Model(x, K.cast(steps, "float32") * x)
    np.testing.assert_array_equal(model(np.ones((2, 5, 3))).numpy(), 5.0)
