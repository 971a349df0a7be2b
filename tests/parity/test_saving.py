"""Files cross between KeraTorch and Keras in both directions."""

import warnings

import numpy as np
import pytest

import keratorch
from keratorch import saving

from . import saved_models

keras = pytest.importorskip("keras")
pytest.importorskip("h5py")

# Keras on PyTorch writes the state in place, and PyTorch then refuses to go back.
UNTRAINED = [saved_models.stateful]
# Models without random numbers in training.
CERTAIN = [
    make
    for make in saved_models.MODELS
    if make not in (*UNTRAINED, *saved_models.WITH_DROPOUT)
]
EACH = pytest.mark.parametrize("make", saved_models.MODELS, ids=lambda f: f.__name__)
CLOSE = {"rtol": 1e-6, "atol": 1e-6}


@pytest.fixture(autouse=True)
def quiet():
    """Warnings of another library are not this suite's errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def outputs(model, x):
    for layer in model.layers:
        if getattr(layer, "stateful", False):
            layer.reset_state()
    found = model.predict(x, batch_size=3, verbose=0)
    return found if isinstance(found, list) else [found]


def assert_same_outputs(one, other, x):
    for a, b in zip(outputs(one, x), outputs(other, x), strict=True):
        np.testing.assert_allclose(a, b, **CLOSE)


def assert_same_state(ours, theirs):
    for a, b in zip(ours.variables, theirs.variables, strict=True):
        np.testing.assert_allclose(a.numpy(), keras.ops.convert_to_numpy(b), **CLOSE)


def trained(library, make, optimizer="adam"):
    """A compiled model after one step, so that no weight is as it was made."""
    library.utils.set_random_seed(5)
    model = make(library)
    x = saved_models.data(model, make)
    compile(model, library, optimizer)
    y = [np.ones_like(a) for a in outputs(model, x)]
    if library is keratorch or make not in UNTRAINED:
        model.fit(x, y if len(y) > 1 else y[0], batch_size=3, verbose=0)
    return model, x


def compile(model, library, optimizer):
    count = len(model.outputs)
    losses = ["mse", library.losses.LogCosh()][:count]
    model.compile(
        optimizer,
        losses if count > 1 else losses[0],
        loss_weights=[1.0, 0.5] if count > 1 else None,
        metrics=[["mae"], ["mse"]] if count > 1 else ["mae"],
    )


def train_more(model, x):
    y = [np.zeros_like(a) for a in outputs(model, x)]
    return model.fit(
        x, y if len(y) > 1 else y[0], 3, 3, shuffle=False, verbose=0
    ).history


@EACH
def test_keras_loads_our_models(make, tmp_path):
    ours, x = trained(keratorch, make)
    ours.save(tmp_path / "m.keras")
    theirs = keras.models.load_model(tmp_path / "m.keras")
    assert_same_outputs(ours, theirs, x)
    assert_same_state(ours.optimizer, theirs.optimizer)


@EACH
def test_we_load_models_of_keras(make, tmp_path):
    theirs, x = trained(keras, make)
    theirs.save(tmp_path / "m.keras")
    ours = saving.load_model(tmp_path / "m.keras")
    assert_same_outputs(ours, theirs, x)
    if make not in UNTRAINED:
        assert_same_state(ours.optimizer, theirs.optimizer)
    assert [w.shape for w in ours.weights] == [tuple(w.shape) for w in theirs.weights]
    config = ours.get_compile_config()
    assert config["loss_weights"] == theirs.get_compile_config()["loss_weights"]


@EACH
def test_weights_cross_alone(make, tmp_path):
    ours, x = trained(keratorch, make)
    theirs = make(keras)
    for name in ("w.weights.h5", "w.h5"):
        ours.save_weights(tmp_path / name)
        theirs.load_weights(tmp_path / name)
        assert_same_outputs(ours, theirs, x)
    theirs, x = trained(keras, make)
    ours = make(keratorch)
    theirs.save_weights(tmp_path / "k.weights.h5")
    ours.load_weights(tmp_path / "k.weights.h5")
    assert_same_outputs(ours, theirs, x)


@pytest.mark.parametrize("make", [saved_models.mlp, saved_models.convnet])
def test_whole_models_cross_in_hdf5(make, tmp_path):
    ours, x = trained(keratorch, make)
    ours.save(tmp_path / "m.h5")
    assert_same_outputs(ours, keras.models.load_model(tmp_path / "m.h5"), x)


@EACH
def test_we_load_whole_models_of_keras_in_hdf5(make, tmp_path):
    theirs, x = trained(keras, make)
    theirs.save(tmp_path / "m.h5")
    ours = saving.load_model(tmp_path / "m.h5")
    assert_same_outputs(ours, theirs, x)


OPTIMIZERS = [
    "SGD",
    "Adam",
    "AdamW",
    "Nadam",
    "Adamax",
    "RMSprop",
    "Adagrad",
    "Adadelta",
    "Adafactor",
    "Ftrl",
    "Lion",
    "Lamb",
    "Muon",
]


def small(library):
    layers = library.layers
    first = layers.Dense(3, activation="tanh")
    return library.Sequential([library.Input((4,)), first, layers.Dense(1)])


def assert_training_goes_on(maker, other, make, optimizer, path):
    """What one library saved trains on in the other as in itself."""
    one, x = trained(maker, make, optimizer)
    one.save(path)
    loaded = other.saving.load_model(path)
    expected, found = train_more(one, x), train_more(loaded, x)
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-5, atol=1e-6)


BOTH_WAYS = pytest.mark.parametrize(
    "maker, other", [(keratorch, keras), (keras, keratorch)], ids=["there", "back"]
)


@BOTH_WAYS
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimizer_goes_on_in_the_other_library(maker, other, optimizer, tmp_path):
    rule = getattr(maker.optimizers, optimizer)()
    assert_training_goes_on(maker, other, small, rule, tmp_path / "m.keras")


@BOTH_WAYS
@pytest.mark.parametrize("make", CERTAIN, ids=lambda f: f.__name__)
def test_each_model_goes_on_in_the_other_library(maker, other, make, tmp_path):
    assert_training_goes_on(maker, other, make, "sgd", tmp_path / "m.keras")


@EACH
def test_json_crosses(make):
    ours, theirs = make(keratorch), make(keras)
    assert keras.models.model_from_json(ours.to_json()).count_params() == (
        theirs.count_params()
    )
    assert saving.model_from_json(theirs.to_json()).count_params() == (
        theirs.count_params()
    )


def test_subclasses_cross_by_weights(tmp_path):
    def make(library):
        class Block(library.layers.Layer):
            def __init__(self, units):
                super().__init__()
                self.out = library.layers.Dense(units)
                self.gates = [library.layers.Dense(units), [library.layers.Dense(1)]]
                self._norm = library.layers.LayerNormalization()

            def call(self, x):
                gate = self.gates[1][0](x)
                return self._norm(self.out(x) * gate + self.gates[0](x))

        class Net(library.Model):
            def __init__(self):
                super().__init__()
                self.blocks = {"first": Block(3), "second": Block(2)}
                self.a_dense = library.layers.Dense(2)
                self.z_dense = library.layers.Dense(2)

            def call(self, x):
                for block in self.blocks.values():
                    x = block(x)
                return self.a_dense(x) + self.z_dense(x)

        return Net()

    x = np.random.default_rng(1).normal(size=(3, 4)).astype("float32")
    ours, theirs = make(keratorch), make(keras)
    ours(x), theirs(x)
    ours.save_weights(tmp_path / "w.weights.h5")
    theirs.load_weights(tmp_path / "w.weights.h5")
    assert_same_outputs(ours, theirs, x)
    theirs = make(keras)
    theirs(x)
    theirs.save_weights(tmp_path / "k.weights.h5")
    ours.load_weights(tmp_path / "k.weights.h5")
    assert_same_outputs(ours, theirs, x)
