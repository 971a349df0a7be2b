"""A GRU has one bias where a script for Keras before 2.4 does not say `reset_after`."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.compat import dialect
from keratorch.compat.layers import older_gru

pytestmark = pytest.mark.usefixtures("installed")
OLDER = "from keras.layers import GRU\nmodel.fit(x, y, nb_epoch=2)\n"


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()
    older_gru.forget()


def read(script):
    dialect.read(script)
    older_gru.read(script)


def biases(layer):
    layer.build((None, 5, 3))
    return layer.weights[-1].shape


def test_the_gru_of_older_scripts_has_one_bias():
    read(OLDER)
    with pytest.warns(UserWarning, match=r"GRU\(\.\.\., reset_after=False\)"):
        layer = layers.GRU(4)
    assert biases(layer) == (12,)
    assert layer.count_params() == 3 * 4 * (3 + 4 + 1)
    assert layer.get_config()["reset_after"] is False
    assert biases(layers.GRU(4, init="uniform", input_dim=3)) == (12,)
    assert biases(layers.Bidirectional(layers.GRU(4))) == (12,)
    assert biases(layers.RNN(layers.GRUCell(4))) == (12,)


def test_what_is_said_counts():
    read(OLDER)
    layer = layers.GRU(4, reset_after=True)
    assert biases(layer) == biases(layers.GRU.from_config(layer.get_config()))
    assert biases(layer) == (2, 12)


@pytest.mark.parametrize(
    "script",
    [
        "from keras.layers import GRU",
        OLDER + "import tensorflow as tf\nGRU = tf.keras.layers.GRU",
        OLDER.replace("keras", "tensorflow.keras"),
        OLDER + "from keras.layers import CuDNNGRU",
        "nb_epoch=",
    ],
)
def test_the_gru_of_other_scripts_has_two(script):
    read(script)
    assert biases(layers.GRU(4)) == (2, 12)


@pytest.mark.parametrize("version", [1, 2])
def test_weights_of_that_time_fit(tmp_path, version):
    h5py = pytest.importorskip("h5py")
    rng = np.random.default_rng(0)
    gates = [rng.normal(size=s) for _ in range(3) for s in [(3, 4), (4, 4), (4,)]]
    parts = [np.concatenate(gates[i::3], axis=-1) for i in range(3)]
    with h5py.File(tmp_path / "w.h5", "w") as file:
        names = [f"w_{i}" for i in range(9 if version == 1 else 3)]
        file.attrs["layer_names"] = [b"gru_1"]
        group = file.create_group("gru_1")
        group.attrs["weight_names"] = [name.encode() for name in names]
        for name, array in zip(names, gates if version == 1 else parts, strict=True):
            group[name] = array
        if version == 2:
            file.attrs["keras_version"] = b"2.1.6"
    read(OLDER)
    model = keras.Sequential([layers.GRU(4, input_shape=(5, 3))])
    model.load_weights(str(tmp_path / "w.h5"))
    for found, wanted in zip(model.get_weights(), parts, strict=True):
        np.testing.assert_array_equal(found, wanted.astype("float32"))
