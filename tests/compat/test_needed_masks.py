import numpy as np
import pytest

import keratorch as keras
from keratorch import compat, layers
from keratorch.compat import dialect

IDS = np.array([[1, 2, 0], [3, 0, 0]])


class Needs(layers.Layer):
    """Fails without a mask, as the decoder of Keras's translation example did."""

    def call(self, inputs, context, mask=None):
        if mask is not None:
            weights = keras.ops.cast(mask, "float32")
        return keras.ops.sum(inputs * weights[:, :, None] + 0 * context, axis=1)


class Asks(layers.Layer):
    """Takes a mask where there is one."""

    def call(self, inputs, context, mask=None):
        weights = 1.0
        if mask is not None:
            weights = keras.ops.cast(mask, "float32")[:, :, None]
        return keras.ops.sum(inputs * weights + 0 * context, axis=1)


def outputs(kind):
    ids = keras.Input((3,), dtype="int32")
    ones = layers.Embedding(4, 2, embeddings_initializer="ones", mask_zero=True)
    context = keras.Input((3, 2))
    model = keras.Model([ids, context], kind()(ones(ids), context))
    return model.predict([IDS, np.ones((2, 3, 2))], verbose=0)


@pytest.fixture
def older(installed):
    dialect.forget()


@pytest.mark.usefixtures("older")
def test_a_layer_that_fails_without_gets_the_mask_of_the_first_array():
    class Here(Needs):  # made while older Keras is meant
        call = Needs.call

    np.testing.assert_array_equal(outputs(Here), [[2, 2], [1, 1]])


@pytest.mark.usefixtures("older")
def test_a_layer_that_can_do_without_gets_none_as_in_keras_3():
    class Here(Asks):
        call = Asks.call

    np.testing.assert_array_equal(outputs(Here), [[3, 3], [3, 3]])


def test_keras_3_hands_over_none():
    assert not compat._finder.serves_keras
    with pytest.raises(UnboundLocalError):
        outputs(Needs)
