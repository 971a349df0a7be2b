import numpy as np
import pytest

import keratorch as keras
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


def names():
    layers = [
        keras.Input((4, 3)),
        keras.layers.LSTM(2, name="memory"),
        keras.layers.BatchNormalization(name="bn"),
        keras.layers.Dense(1, name="last"),
    ]
    return [weight.name for weight in keras.Sequential(layers).weights]


@pytest.mark.usefixtures("installed")
def test_weights_of_older_scripts_are_named_with_their_layers():
    assert names() == [
        "memory/lstm_cell/kernel:0",
        "memory/lstm_cell/recurrent_kernel:0",
        "memory/lstm_cell/bias:0",
        "bn/gamma:0",
        "bn/beta:0",
        "bn/moving_mean:0",
        "bn/moving_variance:0",
        "last/kernel:0",
        "last/bias:0",
    ]


@pytest.mark.usefixtures("installed")
def test_layers_of_ones_own_do_so_too():
    class Scale(keras.layers.Layer):
        def build(self, input_shape):
            self.gain = self.add_weight("gain", shape=input_shape[-1:])

    layer = Scale(name="scale")
    layer.build((None, 3))
    assert layer.gain.name == "scale/gain:0"


@pytest.mark.usefixtures("installed")
def test_files_and_copies_do_not_depend_on_these_names(tmp_path):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="d")])
    for file in ("whole.keras", "whole.h5"):
        model.save(tmp_path / file)
        again = keras.models.load_model(tmp_path / file)
        np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])
        assert again.weights[0].name == "d/kernel:0"
    model.save_weights(tmp_path / "only.weights.h5")
    dialect.read("from keras import ops")
    modern = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="d")])
    modern.load_weights(tmp_path / "only.weights.h5")
    np.testing.assert_array_equal(modern.get_weights()[0], model.get_weights()[0])


@pytest.mark.usefixtures("installed")
def test_weights_of_a_script_of_keras_3_have_their_own_names():
    dialect.read("from keras import ops")
    assert names()[-2:] == ["kernel", "bias"]


def test_weights_of_a_program_have_their_own_names():
    assert names()[0] == "kernel"
