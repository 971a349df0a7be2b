"""The state of optimizers as TensorFlow's Keras 2 names and orders it in HDF5 files."""

import json
import warnings

import numpy as np
import pytest

from keratorch import layers, models, optimizers, random, saving

h5py = pytest.importorskip("h5py")
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(16, 4)).astype("float32")
Y = RANDOM.normal(size=(16, 4)).astype("float32")
MOMENTS = {"m": "momentum", "v": "velocity"}
# Each group goes weight by weight.
SINCE_2_11 = [
    (optimizers.SGD(0.1, momentum=0.9), [{"m": "momentum"}]),
    (optimizers.Adam(0.01), [MOMENTS]),
    (optimizers.Adam(0.01, amsgrad=True), [MOMENTS, {"vhat": "velocity_hat"}]),
    (optimizers.Adam(0.01, clipnorm=0.5), [MOMENTS]),
    (optimizers.Adam(0.01, use_ema=True), [{"average": "average"}, MOMENTS]),
    (optimizers.AdamW(0.01), [MOMENTS]),
    (optimizers.Adamax(0.01), [{"m": "momentum", "u": "norm"}]),
    (optimizers.Nadam(0.01), [MOMENTS]),
    (
        optimizers.Adadelta(0.5),
        [{x: x for x in ("accumulated_grad", "accumulated_delta_var")}],
    ),
    (optimizers.Ftrl(0.1), [{"accumulator": "accumulator", "linear": "linear"}]),
    (optimizers.Adafactor(0.01), [{"r": "row", "c": "column", "v": "velocity"}]),
    (
        optimizers.RMSprop(0.01, momentum=0.5, centered=True),
        [{x: x} for x in ("velocity", "momentum", "average_gradient")],
    ),
]
BEFORE = [
    (optimizers.Adam(0.01), [{"m": "momentum"}, {"v": "velocity"}]),
    (optimizers.Adamax(0.01), [{"m": "momentum"}, {"v": "norm"}]),
    (
        optimizers.RMSprop(0.01, momentum=0.5),
        [{"rms": "velocity"}, {"momentum": "momentum"}],
    ),
    (optimizers.Ftrl(0.1), [{"accumulator": "accumulator", "linear": "linear"}]),
]


def trained(optimizer):
    """Return a model of square kernels, which tell nothing by their shapes."""
    random.set_seed(0)
    model = models.Sequential([layers.Dense(4, activation="tanh"), layers.Dense(4)])
    model.compile(type(optimizer).from_config(optimizer.get_config()), "mse")
    fitted(model)
    return model


def fitted(model):
    return model.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0).history


def new_style(name, slot, i):
    return f"{name}/{slot}/dense_{i}/kernel:0"


def old_style(name, slot, i):
    return f"{name}/dense_{i}/kernel/{slot}:0"


def rewrite(path, optimizer, groups, first, name_of):
    """Give a file the state of an optimizer as TensorFlow's Keras lists it."""
    kind, name = type(optimizer).__name__, optimizer.name
    named = {first: optimizer.iterations.numpy()}
    if kind == "Nadam" and first != "iteration:0":
        named["Nadam/momentum_cache:0"] = optimizer._product.numpy()
    for group in groups:
        for i in range(4):
            for slot, ours in group.items():
                value = optimizer._state.arrays[ours][i].numpy()
                if value.ndim:
                    named[name_of(name, slot, i)] = value
    with h5py.File(path, "r+") as file:
        del file["optimizer_weights"]
        group = file.create_group("optimizer_weights")
        group.attrs["weight_names"] = [name.encode() for name in named]
        for name, value in named.items():
            group[name] = value


def assert_continues(path, model):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = saving.load_model(path)
    np.testing.assert_allclose(fitted(loaded)["loss"], fitted(model)["loss"], 1e-6)


@pytest.mark.parametrize(("optimizer", "groups"), SINCE_2_11)
def test_state_since_2_11(tmp_path, optimizer, groups):
    model = trained(optimizer)
    path = tmp_path / "m.h5"
    model.save(path)
    rewrite(path, model.optimizer, groups, "iteration:0", new_style)
    assert_continues(path, model)


@pytest.mark.parametrize(("optimizer", "groups"), BEFORE)
def test_state_before_2_11(tmp_path, optimizer, groups):
    model = trained(optimizer)
    path = tmp_path / "m.h5"
    model.save(path)
    kind = type(optimizer).__name__
    rewrite(path, model.optimizer, groups, f"{kind}/iter:0", old_style)
    assert_continues(path, model)


def test_nadam_before_2_11_has_slow_factors(tmp_path):
    model = trained(optimizers.Nadam(0.01))
    path = tmp_path / "m.h5"
    model.save(path)
    groups = [{"m": "momentum"}, {"v": "velocity"}]
    rewrite(path, model.optimizer, groups, "Nadam/iter:0", old_style)
    with h5py.File(path, "r+") as file:
        training = json.loads(file.attrs["training_config"])
        training["optimizer_config"]["config"]["decay"] = 0.004
        file.attrs["training_config"] = json.dumps(training)
    model.optimizer.factor_steps = 0.004
    loaded = saving.load_model(path)
    assert isinstance(loaded.optimizer.get_config()["learning_rate"], float)
    np.testing.assert_allclose(fitted(loaded)["loss"], fitted(model)["loss"], 1e-6)


def test_momentum_that_plain_sgd_stores_is_not_used(tmp_path):
    model = trained(optimizers.SGD(0.1, momentum=0.5))
    path = tmp_path / "m.h5"
    model.save(path)
    rewrite(path, model.optimizer, [{"m": "momentum"}], "iteration:0", new_style)
    with h5py.File(path, "r+") as file:
        training = json.loads(file.attrs["training_config"])
        training["optimizer_config"]["config"]["momentum"] = 0.0
        file.attrs["training_config"] = json.dumps(training)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = saving.load_model(path)
    assert loaded.optimizer.iterations == 8


def test_state_of_other_slots_is_not_taken(tmp_path):
    model = trained(optimizers.Adam(0.01))
    path = tmp_path / "m.h5"
    model.save(path)
    groups = [{"m": "momentum"}, {"other": "velocity"}]
    rewrite(path, model.optimizer, groups, "iteration:0", new_style)
    with pytest.warns(UserWarning, match="begins anew"):
        loaded = saving.load_model(path)
    assert loaded.optimizer.iterations == 0
