"""A Distiller trains as Keras's does, and its files cross."""

import warnings

import numpy as np
import pytest

import keratorch

from ..references import plain

keras = pytest.importorskip("keras")
pytest.importorskip("h5py")

RNG = np.random.default_rng(8)
X = RNG.normal(size=(12, 4)).astype(np.float32)
Y = RNG.integers(0, 3, 12)


@pytest.fixture(autouse=True)
def quiet():
    """Warnings of another library are not this suite's errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def net(k, seed):
    inputs = k.Input((4,))
    hidden = k.layers.Dense(6, activation="tanh", name="hidden")(inputs)
    model = k.Model(inputs, k.layers.Dense(3, name="head")(hidden))
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(size=tuple(w.shape)) for w in model.weights])
    return model


LOSSES = {
    "logits": lambda d, k: d.LogitsDistillation(),
    "probabilities": lambda d, k: d.LogitsDistillation(2.0, k.losses.KLDivergence()),
    "features": lambda d, k: d.FeatureDistillation("mae", "hidden", "hidden"),
    "several": lambda d, k: [
        d.LogitsDistillation(4.0, "categorical_crossentropy"),
        d.FeatureDistillation(),
    ],
}


def distiller(k, name):
    losses = LOSSES[name](k.distillation, k)
    model = k.distillation.Distiller(
        net(k, 1), net(k, 2), losses, student_loss_weight=0.3
    )
    loss = k.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    return model


@pytest.mark.parametrize("name", LOSSES)
def test_history_is_that_of_keras(name):
    ours, theirs = (
        distiller(k, name)
        .fit(X, Y, 5, 3, shuffle=False, verbose=0, validation_data=(X, Y))
        .history
        for k in (keratorch, keras)
    )
    assert ours.keys() == theirs.keys()
    for key, values in ours.items():
        np.testing.assert_allclose(values, theirs[key], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_configuration_is_that_of_keras_and_files_cross(name, tmp_path):
    ours, theirs = (distiller(k, name) for k in (keratorch, keras))
    one, other = (
        {k: v for k, v in model.get_config().items() if k not in ("teacher", "student")}
        for model in (ours, theirs)
    )
    assert plain(one) == plain(other)
    for library, model in ((keras, ours), (keratorch, theirs)):
        model.fit(X, Y, verbose=0)
        model.save(tmp_path / "a.keras")
        loaded = library.saving.load_model(tmp_path / "a.keras")
        np.testing.assert_allclose(
            loaded.predict(X, verbose=0), model.predict(X, verbose=0), rtol=1e-5
        )
