import numpy as np
import pytest

from keratorch import Input, layers
from keratorch.models import Sequential

pytestmark = pytest.mark.usefixtures("quiet")


def test_weights_have_their_letters():
    dense = layers.Dense(3)
    Sequential([Input((2,)), dense])
    assert dense.W is dense.kernel and dense.b is dense.bias
    lstm = layers.LSTM(4)
    Sequential([Input((5, 2)), lstm])
    assert [w.shape for w in (lstm.W, lstm.U, lstm.b)] == [(2, 16), (4, 16), (16,)]
    words = layers.Embedding(5, 3)
    Sequential([Input((2,)), words])
    assert words.W is words.embeddings
    norm = layers.BatchNormalization()
    Sequential([Input((2,)), norm])
    assert norm.running_mean is norm.moving_mean
    assert norm.running_std is norm.moving_variance


def test_arguments_are_attributes_under_their_older_names():
    conv = layers.Conv2D(4, (3, 5), padding="same", strides=(1, 2))
    assert (conv.nb_filter, conv.nb_row, conv.nb_col) == (4, 3, 5)
    assert (conv.border_mode, conv.subsample, conv.dim_ordering) == (
        "same",
        (1, 2),
        "tf",
    )
    along = layers.Conv1D(4, 3, dilation_rate=2)
    assert (along.filter_length, along.atrous_rate) == (3, 2)
    assert (along.subsample, along.subsample_length) == ((1, 1), 1)
    assert layers.Dropout(0.25).p == 0.25
    lstm = layers.LSTM(4, dropout=0.5)
    assert (lstm.output_dim, lstm.dropout_W, lstm.dropout_U) == (4, 0.5, 0)
    assert lstm.inner_activation is lstm.recurrent_activation
    made = layers.Dense(3, kernel_initializer="ones").init((2, 3), name="W")
    np.testing.assert_array_equal(made, np.ones((2, 3)))


def test_a_layer_of_ones_own_may_have_such_attributes():
    class Own(layers.Dense):
        def build(self, input_shape):
            super().build(input_shape)
            self.W = 2 * self.kernel

    own = Own(3)
    Sequential([Input((2,)), own])
    np.testing.assert_array_equal(own.W.numpy(), 2 * own.get_weights()[0])
    with pytest.raises(AttributeError, match="kernel"):
        layers.Dense(3).W  # noqa: B018 - it is not built


def test_variables_are_read_and_written_as_theanos(installed):
    dense = layers.Dense(3)
    model = Sequential([Input((2,)), dense])
    dense.W.set_value(np.ones((2, 3)))
    np.testing.assert_array_equal(dense.kernel.get_value(borrow=True), 1)
    model.compile("sgd", "mse")
    assert model.optimizer.lr.get_value() == pytest.approx(0.01)
