"""Files that tf_keras 2.21 made, in `data/saved`; see `make_keras_2_files.py`."""

import json
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

import keratorch
from keratorch import layers, saving

h5py = pytest.importorskip("h5py")
FOLDER = Path(__file__).parents[1] / "data" / "saved"
FILES = sorted(path.name for path in FOLDER.glob("keras_2*.keras"))


def record(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def inputs(known):
    x = [np.array(part, "float32") for part in known["x"]]
    return x if len(x) > 1 else x[0]


@pytest.fixture(autouse=True)
def silent():
    """An older file is no older spelling of the user's."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        yield


@pytest.mark.parametrize("name", FILES)
def test_training_goes_on_as_it_did_in_keras(name):
    known = record(name)
    model = saving.load_model(FOLDER / name)
    found = model.predict(inputs(known), verbose=0)
    np.testing.assert_allclose(found, known["y"], rtol=1e-5, atol=1e-6)
    y = np.array(known["target"], "float32")
    given = {"batch_size": 4, "epochs": 2, "shuffle": False, "verbose": 0}
    found = model.fit(inputs(known), y, **given).history["loss"]
    # There the product of Nadam's factors took one factor for each weight and step.
    tolerance = 5e-4 if "nadam" in name else 2e-6
    np.testing.assert_allclose(found, known["losses"], rtol=tolerance)


def test_there_are_such_files():
    assert len(FILES) == 6


def test_json_and_the_weights_alone():
    known = record("keras_2.keras")
    model = saving.model_from_json(json.dumps(known["json"]))
    model.load_weights(FOLDER / "keras_2.keras")
    found = model.predict(inputs(known), verbose=0)
    np.testing.assert_allclose(found, known["y"], rtol=1e-5, atol=1e-6)


def test_metrics_and_the_loss_are_those_of_the_file():
    model = saving.load_model(FOLDER / "keras_2.keras")
    assert isinstance(model.loss, keratorch.losses.Huber)
    known = record("keras_2.keras")
    y = np.array(known["target"], "float32")
    found = model.evaluate(inputs(known), y, verbose=0, return_dict=True)
    assert set(found) == {"loss", "mae", "r2_score"}


def test_without_compile_there_is_no_optimizer():
    model = saving.load_model(FOLDER / "keras_2_adam.keras", compile=False)
    assert not model.compiled


class Private(layers.Layer):
    """A layer that calls its own by names of Keras's attention."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._query_dense = layers.Dense(2)
        self._key_dense = layers.Dense(2)

    def call(self, x):
        return self._query_dense(x) + self._key_dense(x)


def test_private_names_of_own_layers_stay(tmp_path):
    model = keratorch.Sequential([keratorch.Input((3,)), Private()])
    x = np.ones((2, 3), "float32")
    before = model.predict(x, verbose=0)
    model.save(tmp_path / "own.keras")
    given = {"custom_objects": {"Private": Private}}
    after = saving.load_model(tmp_path / "own.keras", **given)
    np.testing.assert_array_equal(after.predict(x, verbose=0), before)


def changed(path, change):
    """Write the stored Adam file with another configuration; return its path."""
    with zipfile.ZipFile(FOLDER / "keras_2_adam.keras") as members:
        contents = {name: members.read(name) for name in members.namelist()}
    config = json.loads(contents["config.json"])
    change(config)
    contents["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(path, "w") as members:
        for name, data in contents.items():
            members.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "change",
    [
        lambda config: config.update(config=None),
        lambda config: config.update(config=[1]),
        lambda config: config.pop("config"),
        lambda config: config["config"].pop("layers"),
        lambda config: config["config"].update(layers=[3]),
        lambda config: config["config"]["layers"][1].update(inbound_nodes=[[["a"]]]),
        lambda config: config["config"]["layers"][1].update(inbound_nodes=[[["a", 0]]]),
        lambda config: config["config"]["layers"][1].pop("config"),
        lambda config: config["config"].update(output_layers=[["none", 0, 0]]),
        lambda config: config.update(compile_config=[1]),
        lambda config: config["compile_config"].update(
            optimizer={"class_name": "Adam"}
        ),
        lambda config: config["compile_config"].update(optimizer=3),
    ],
)
def test_a_broken_configuration_names_the_file(tmp_path, change):
    path = changed(tmp_path / "broken.keras", change)
    with pytest.raises(ValueError, match=r"broken\.keras"):
        saving.load_model(path)


def test_state_of_another_optimizer_is_left_with_a_warning(tmp_path):
    def change(config):
        config["compile_config"]["optimizer"] = "adamax"

    path = changed(tmp_path / "other.keras", change)
    with pytest.warns(UserWarning, match=r"other\.keras.*optimizer"):
        model = saving.load_model(path)
    assert int(model.optimizer.iterations) == 0


class Recurrent(keratorch.Model):
    """Layers whose attributes stand before and behind `layers` in the alphabet."""

    def __init__(self):
        super().__init__()
        self.attention = layers.MultiHeadAttention(2, 2)
        self.blocks = [layers.Dense(4), layers.Dense(4)]
        self.encoder = keratorch.Sequential([layers.Dense(4), layers.Dense(4)])
        self.rnn = layers.RNN([layers.LSTMCell(3), layers.GRUCell(4)], True)
        self.top = layers.TimeDistributed(layers.Dense(2))

    def call(self, x):
        x = self.encoder(self.rnn(x))
        for block in self.blocks:
            x = block(x)
        return self.top(self.attention(x, x))


def at(*places):
    return [f"{place}/vars/{i}" for place, count in places for i in range(count)]


# As tf_keras 2.21 writes them.
PATHS_OF_RECURRENT = at(
    ("top/layer", 2),
    ("rnn/cell/cells/lstm_cell", 3),
    ("rnn/cell/cells/gru_cell", 3),
    *((f"layers/multi_head_attention/_{n}_dense", 2) for n in ("query", "key")),
    *((f"layers/multi_head_attention/_{n}_dense", 2) for n in ("value", "output")),
    ("layers/dense", 2),
    ("layers/dense_1", 2),
    ("layers/sequential/layers/dense", 2),
    ("layers/sequential/layers/dense_1", 2),
)


def test_weights_of_a_subclass_by_the_paths_of_keras_2(tmp_path):
    x = np.random.default_rng(0).normal(size=(2, 3, 5)).astype("float32")
    model, other = Recurrent(), Recurrent()
    expected = model(x).numpy()
    parts = [model.top, *model.rnn.cell.cells, *model.attention._sublayers()]
    parts += [*model.blocks, *model.encoder.layers]
    weights = [w for part in parts for w in part.get_weights()]
    with h5py.File(tmp_path / "old.weights.h5", "w") as file:
        for path, value in zip(PATHS_OF_RECURRENT, weights, strict=True):
            file[path] = value
    assert not np.allclose(other(x).numpy(), expected)
    other.load_weights(tmp_path / "old.weights.h5")
    np.testing.assert_array_equal(other(x).numpy(), expected)
