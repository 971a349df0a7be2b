"""Gates are hard, and a GRU has one bias, where older scripts say nothing else."""

import inspect

import numpy as np
import pytest

import keratorch as keras
from keratorch import activations, layers
from keratorch.compat import dialect
from keratorch.compat.layers import older_gates

pytestmark = pytest.mark.usefixtures("installed")
OLDER = "from keras.layers import GRU\nmodel.fit(x, y, nb_epoch=2)\n"
OF_TENSORFLOW_1 = "import tensorflow as tf\ntf.keras.layers.GRU(4)\ntf.Session()"
OF_KERAS_2 = "from keras.layers.core import Dense\n"
STEEP = "hard_sigmoid_of_keras_2"
RNG = np.random.default_rng(0)
X = RNG.normal(size=(2, 5, 3))


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


def biases(layer):
    layer.build((None, 5, 3))
    return layer.weights[-1].shape


def steep(x):
    return np.clip(0.2 * x + 0.5, 0, 1)


def lstm_by_hand(x, kernel, recurrent, bias):
    h = c = np.zeros((len(x), recurrent.shape[0]))
    for t in range(x.shape[1]):
        z = x[:, t] @ kernel + h @ recurrent + bias
        i, f, candidate, o = np.split(z, 4, axis=-1)
        c = steep(f) * c + steep(i) * np.tanh(candidate)
        h = steep(o) * np.tanh(c)
    return h


def gru_by_hand(x, kernel, recurrent, bias):
    h, units = np.zeros((len(x), recurrent.shape[0])), recurrent.shape[0]
    for t in range(x.shape[1]):
        of_x = x[:, t] @ kernel + bias
        gates = steep(of_x[:, : 2 * units] + h @ recurrent[:, : 2 * units])
        z, r = np.split(gates, 2, axis=-1)
        h_new = np.tanh(of_x[:, 2 * units :] + (r * h) @ recurrent[:, 2 * units :])
        h = z * h + (1 - z) * h_new
    return h


@pytest.mark.parametrize("script", [OLDER, OF_TENSORFLOW_1])
@pytest.mark.parametrize(
    ("kind", "by_hand"), [("LSTM", lstm_by_hand), ("GRU", gru_by_hand)]
)
def test_outputs_are_those_of_then(script, kind, by_hand):
    dialect.read(script)
    layer = getattr(layers, kind)(4, dtype="float64")
    layer.build((None, 5, 3))
    values = [2 * RNG.normal(size=w.shape) for w in layer.weights]
    layer.set_weights(values)
    np.testing.assert_allclose(layer(X), by_hand(X, *values), rtol=1e-12)
    cell = getattr(layers, f"{kind}Cell")(4, dtype="float64")
    whole = layers.RNN(cell, dtype="float64")
    whole.build((None, 5, 3))
    whole.set_weights(values)
    np.testing.assert_allclose(whole(X), by_hand(X, *values), rtol=1e-12)


def test_gradients_are_those_of_the_formula():
    dialect.read(OLDER)
    layer = layers.LSTM(4, dtype="float64")
    layer.build((None, 5, 3))
    kernel, recurrent, bias = (RNG.normal(size=w.shape) for w in layer.weights)
    layer.set_weights([kernel, recurrent, bias])
    layer(X).sum().backward()
    step = np.zeros_like(kernel)
    step[1, 3] = 1e-6
    ends = [lstm_by_hand(X, kernel + s, recurrent, bias).sum() for s in (step, -step)]
    slope = (ends[0] - ends[1]) / 2e-6
    np.testing.assert_allclose(layer.cell.kernel.grad[1, 3], slope, rtol=1e-6)


def test_they_are_said_and_saved():
    dialect.read(OLDER)
    with pytest.warns(UserWarning, match=r"LSTM\(\.\.\., recurrent_activation='hard_s"):
        layer = layers.LSTM(4)
    config = layer.get_config()
    assert config["recurrent_activation"] == STEEP
    assert layers.LSTM(units=4).get_config()["recurrent_activation"] == STEEP
    dialect.forget()
    again = layers.LSTM.from_config(config)
    assert again.recurrent_activation is layer.recurrent_activation
    assert again.get_config() == config


def test_a_model_of_an_older_script_is_the_same_in_a_program_of_today(tmp_path):
    dialect.read(OLDER)
    model = keras.Sequential([layers.LSTM(4, input_shape=(5, 3)), layers.Dense(1)])
    expected = model.predict(X, verbose=0)
    model.save(tmp_path / "model.keras")
    dialect.forget()
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again.predict(X, verbose=0), expected)


@pytest.mark.parametrize(
    "given", [{"recurrent_activation": "sigmoid"}, {"inner_activation": "sigmoid"}]
)
def test_what_is_said_of_gates_counts(given):
    dialect.read(OLDER)
    assert layers.LSTM(4, **given).recurrent_activation is activations.sigmoid
    assert layers.LSTM(4, "tanh", "sigmoid").recurrent_activation is activations.sigmoid
    of_keras_1 = layers.LSTM(4, "uniform", "orthogonal", "one", "tanh", "sigmoid")
    assert of_keras_1.recurrent_activation is activations.sigmoid


@pytest.mark.parametrize("script", ["from keras.layers import GRU", OF_KERAS_2])
def test_the_gates_of_other_scripts_are_those_of_today(script):
    dialect.read(script)
    assert layers.LSTM(4).recurrent_activation is activations.sigmoid
    assert layers.GRUCell(4).recurrent_activation is activations.sigmoid


@pytest.mark.parametrize(
    ("script", "name"),
    [(OLDER, STEEP), (OF_KERAS_2, STEEP), ("import keras", "sigmoid")],
)
def test_those_of_conv_lstm_were_hard_until_keras_3(script, name):
    dialect.read(script)
    for layer in (layers.ConvLSTM2D(2, 3), layers.ConvLSTM1D(2, 3)):
        assert layer.get_config()["recurrent_activation"] == name


@pytest.mark.parametrize("script", [OLDER, OF_KERAS_2])
def test_hard_sigmoid_had_another_slope(script):
    dialect.read(script)
    x = np.linspace(-4, 4, 17)
    found = [activations.get("hard_sigmoid"), activations.hard_sigmoid]
    found += [activations.get(activations.hard_sigmoid)]
    found += [layers.Activation("hard_sigmoid"), layers.Dense(1, "hard_sigmoid")]
    for function in [*found[:4], found[4].activation]:
        np.testing.assert_allclose(function(x), steep(x), atol=1e-6)


def test_hard_sigmoid_has_its_own_slope_elsewhere():
    dialect.read("import keras")
    x = np.linspace(-4, 4, 17)
    today = np.clip(x / 6 + 0.5, 0, 1)
    np.testing.assert_allclose(activations.get("hard_sigmoid")(x), today)
    config = layers.LSTM(4, recurrent_activation="hard_sigmoid").get_config()
    assert config["recurrent_activation"] == "hard_sigmoid"


def test_the_gru_of_older_scripts_has_one_bias():
    dialect.read(OLDER)
    with pytest.warns(UserWarning, match=r"GRU\(\.\.\., reset_after=False\)"):
        layer = layers.GRU(4)
    assert biases(layer) == (12,)
    assert layer.count_params() == 3 * 4 * (3 + 4 + 1)
    assert layer.get_config()["reset_after"] is False
    assert biases(layers.GRU(4, init="uniform", input_dim=3)) == (12,)
    assert biases(layers.Bidirectional(layers.GRU(4))) == (12,)
    assert biases(layers.RNN(layers.GRUCell(4))) == (12,)


def test_what_is_said_of_the_bias_counts():
    dialect.read(OLDER)
    layer = layers.GRU(4, reset_after=True)
    assert biases(layer) == biases(layers.GRU.from_config(layer.get_config()))
    assert biases(layer) == (2, 12)


@pytest.mark.parametrize(
    "script",
    [
        "from keras.layers import GRU",
        OLDER + "import tensorflow as tf\nGRU = tf.keras.layers.GRU",
        OLDER.replace("keras", "tensorflow.keras"),
        "nb_epoch=",
    ],
)
def test_the_gru_of_other_scripts_has_two(script):
    dialect.read(script)
    assert biases(layers.GRU(4)) == (2, 12)


def test_those_of_cudnn_always_were_those_of_today():
    dialect.read(OLDER)
    gru, lstm = layers.CuDNNGRU(4), layers.CuDNNLSTM(4)
    assert type(gru) is layers.GRU
    assert type(lstm) is layers.LSTM
    assert isinstance(lstm, layers.CuDNNLSTM)
    assert biases(gru) == (2, 12)
    for layer in (gru, lstm):
        assert layer.recurrent_activation is activations.sigmoid


def test_a_layer_of_ones_own_can_stand_on_that_of_cudnn():
    dialect.read(OLDER)

    class Own(layers.CuDNNLSTM):
        def __init__(self, units):
            super().__init__(units, return_sequences=True)

    layer = Own(4)
    assert layer.recurrent_activation is activations.sigmoid
    assert layer(X).shape == (2, 5, 4)
    assert not isinstance(layers.LSTM(4), Own)


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
    dialect.read(OLDER)
    model = keras.Sequential([layers.GRU(4, input_shape=(5, 3))])
    model.load_weights(str(tmp_path / "w.h5"))
    for found, wanted in zip(model.get_weights(), parts, strict=True):
        np.testing.assert_array_equal(found, wanted.astype("float32"))


def test_the_places_of_the_arguments_are_known():
    for places, argument in (
        (older_gates.GATED, "recurrent_activation"),
        (older_gates._RESETS, "reset_after"),
    ):
        for name, place in places.items():
            init = inspect.signature(getattr(layers, name).__init__)
            assert list(init.parameters).index(argument) == place + 1
