"""Models of all kinds come back from their files as they went."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import saving

from ..parity import saved_models

EACH = pytest.mark.parametrize("make", saved_models.MODELS, ids=lambda f: f.__name__)
pytestmark = pytest.mark.filterwarnings("ignore:h5py is not installed")


def trained(make):
    """A compiled model after an epoch, its data, and targets of the outputs' shapes."""
    keras.utils.set_random_seed(5)
    model = make(keras)
    x = saved_models.data(model, make)
    outputs = model.predict(x, batch_size=3, verbose=0)
    several = isinstance(outputs, list)
    y = [np.ones_like(out) for out in outputs] if several else np.ones_like(outputs)
    model.compile("adam", "mse" if not several else ["mse", "mae"])
    fit(model, x, y, 1)
    return model, x, y


def fit(model, x, y, epochs):
    keras.utils.set_random_seed(6)
    for layer in model.layers:
        if getattr(layer, "stateful", False):  # as in Keras, no file has the state
            layer.reset_state()
    history = model.fit(x, y, 3, epochs, shuffle=False, verbose=0)
    return history.history


def configs(model):
    return [layer.get_config() for layer in model.layers]


@EACH
def test_training_goes_on_as_if_it_had_never_stopped(make, tmp_path):
    model, x, y = trained(make)
    model.save(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras")
    assert configs(loaded) == configs(model)
    assert [w.name for w in loaded.weights] == [w.name for w in model.weights]
    assert fit(loaded, x, y, 2) == fit(model, x, y, 2)
    for one, other in zip(loaded.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@EACH
def test_a_model_comes_back_from_its_json(make):
    model = make(keras)
    again = saving.model_from_json(model.to_json())
    assert configs(again) == configs(model)
    again.set_weights(model.get_weights())
    x = saved_models.data(model, make)
    one, other = (m.predict(x, batch_size=3, verbose=0) for m in (model, again))
    np.testing.assert_array_equal(one[0], other[0])


def test_models_inside_are_all_found():
    x = keras.Input((2,))
    y = x
    for _ in range(30):  # a list of layers, made anew, may have an earlier one's id
        y = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])(y)
    model = keras.Model(x, y)
    found = [v for part in saving.tree.parts_of(model) for v in part.variables]
    assert len(found) == len(model.weights) == 60


def test_an_optimizer_that_only_counts_comes_back_from_a_file_of_keras_2(tmp_path):
    pytest.importorskip("h5py")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.trainable = False
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    model.compile(keras.optimizers.RMSprop(rate), "mse")
    model.save(tmp_path / "m.h5")
    loaded = saving.load_model(tmp_path / "m.h5")
    assert [variable.shape for variable in loaded.optimizer.variables] == [()]
