import numpy as np
import pytest

import keratorch as keras
from keratorch.compat import dialect
from keratorch.layers import LSTM, Dense, Embedding, ReLU

pytestmark = pytest.mark.usefixtures("installed")


def model_of(shape, *layers):
    model = keras.Sequential([keras.Input(shape), *layers])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("shape, samples", [((None, 5), (8, 5)), ((None,), (8, 4, 5))])
def test_axes_that_both_have_decide_whether_data_pass(shape, samples):
    x = np.ones(samples, "float32")
    assert model_of(shape, ReLU()).predict(x, verbose=0).shape == samples


def test_a_model_of_sequences_trains_on_rows_and_says_so():
    model = model_of((None, 5), Dense(4), Dense(1))
    with pytest.warns(UserWarning, match="expects samples of shape .None, 5."):
        model.fit(np.ones((8, 5)), np.ones(8), verbose=0)
    assert model.evaluate(np.ones((8, 5)), np.ones(8), verbose=0) >= 0


@pytest.mark.parametrize(
    "shape, samples", [((4, 5), (8, 5)), ((5,), (8, 4, 5)), ((None, 5), (5,))]
)
def test_an_axis_of_another_length_is_refused(shape, samples):
    with pytest.raises(ValueError, match="expects samples of shape"):
        model_of(shape, Dense(1)).predict(np.ones(samples), verbose=0)


def test_a_layer_that_counts_axes_refuses_them():
    model = model_of((None, 5), LSTM(2))
    with pytest.raises(ValueError, match="LSTM"):
        model.predict(np.ones((8, 5)), verbose=0)


def test_a_script_of_keras_3_is_refused():
    dialect.read("from keras import ops")
    try:
        with pytest.raises(ValueError, match="expects samples of shape"):
            model_of((None, 5), Dense(1)).predict(np.ones((8, 5)), verbose=0)
    finally:
        dialect.forget()


@pytest.mark.parametrize("source", ["", "from keras import ops"])
def test_a_last_axis_of_1_stands_for_any_length(source):
    dialect.read(source)
    try:
        model = model_of((1,), Embedding(31, 4), LSTM(2), Dense(1))
        with pytest.warns(UserWarning, match="expects samples of shape .1,."):
            model.fit(np.ones((8, 5)), np.ones(8), verbose=0)
        assert model.predict(np.ones((3, 5)), verbose=0).shape == (3, 1)
        with pytest.raises(ValueError, match="Dense"):
            model_of((1,), Dense(1)).predict(np.ones((3, 5)), verbose=0)
    finally:
        dialect.forget()


def test_numbers_alone_are_samples_of_one_step():
    dialect.read("from keras.layers import LSTM; LSTM(2, dropout_W=0.2)")
    model = keras.Sequential([Embedding(9, 3), LSTM(2), Dense(1)])
    model.compile("sgd", "mse")
    model.fit([[3, 1], [4, 1]], [0, 1], verbose=0)
    expected = model.predict(np.array([[3], [1], [4]]), verbose=0)
    np.testing.assert_array_equal(model.predict([3, 1, 4], verbose=0), expected)
    dialect.read("from keras import ops")
    with pytest.raises(ValueError, match="no batch axis"):
        model.predict([3, 1, 4], verbose=0)
    dialect.forget()
