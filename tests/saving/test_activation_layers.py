"""Layers as activations of others, in files."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import activations
from keratorch.layers import (
    ELU,
    LSTM,
    Activation,
    Conv1D,
    Dense,
    Layer,
    LeakyReLU,
    PReLU,
    ReLU,
    Softmax,
)

X = np.linspace(-3, 3, 24, dtype="float32").reshape(2, 4, 3)


class Doubled(Layer):
    def call(self, inputs):
        return 2 * inputs


@pytest.mark.parametrize("ending", [".keras", ".h5"])
@pytest.mark.parametrize(
    "activation",
    [
        LeakyReLU(negative_slope=0.3),
        ReLU(max_value=0.5),
        ELU(alpha=0.5),
        PReLU(alpha_initializer="ones", shared_axes=[1]),
        Softmax(axis=1),
        Activation("tanh"),
    ],
)
def test_a_layer_as_activation_comes_back_from_a_file(tmp_path, activation, ending):
    if ending == ".h5":
        pytest.importorskip("h5py")
        if isinstance(activation, PReLU):
            pytest.skip("files of Keras 2 hold no weights of activations")
    path = tmp_path / f"model{ending}"
    model = keras.Sequential([keras.Input((4, 3)), Dense(5, activation=activation)])
    model.save(path)
    again = keras.models.load_model(path)
    assert type(again.layers[0].activation) is type(activation)
    np.testing.assert_array_equal(again.predict(X), model.predict(X))


@pytest.mark.parametrize("cls, size", [(Conv1D, (2, 3)), (LSTM, (2,))])
def test_other_layers_keep_theirs_too(cls, size):
    config = cls(*size, activation=LeakyReLU(negative_slope=0.4)).get_config()
    assert config["activation"]["module"] == "keras.layers"
    again = cls.from_config(config)
    assert again.activation.get_config()["negative_slope"] == 0.4


def test_a_layer_of_ones_own_is_passed_as_any_other_object(tmp_path):
    path = tmp_path / "model.keras"
    model = keras.Sequential([keras.Input((4, 3)), Dense(5, activation=Doubled())])
    model.save(path)
    again = keras.models.load_model(path, custom_objects={"Doubled": Doubled})
    np.testing.assert_array_equal(again.predict(X), model.predict(X))


def test_an_activation_is_described_as_a_layer():
    described = activations.serialize(LeakyReLU(negative_slope=0.25, name="leak"))
    assert (described["module"], described["class_name"]) == (
        "keras.layers",
        "LeakyReLU",
    )
    again = activations.get(described)
    assert (again.name, again.negative_slope) == ("leak", 0.25)
