"""Layers with LoRA compute, describe and save themselves as Keras's do."""

import warnings

import numpy as np
import pytest

import keratorch

from ..references import plain

keras = pytest.importorskip("keras")
pytest.importorskip("h5py")

RNG = np.random.default_rng(3)
X = RNG.normal(size=(2, 6, 3)).astype(np.float32)
MAKERS = {
    "dense": (lambda k: k.layers.Dense(5), X),
    "einsum_dense": (lambda k: k.layers.EinsumDense("abc,cd->abd", (None, 5)), X),
    "conv1d": (lambda k: k.layers.Conv1D(4, 3), X),
    "conv2d": (lambda k: k.layers.Conv2D(4, (3, 1)), X[..., None].repeat(2, -1)),
    "embedding": (lambda k: k.layers.Embedding(9, 4), RNG.integers(0, 9, (2, 6))),
}
EACH = pytest.mark.parametrize(("make", "x"), MAKERS.values(), ids=list(MAKERS))


@pytest.fixture(autouse=True)
def quiet():
    """Warnings of another library are not this suite's errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def with_lora(library, make, x):
    model = library.Sequential([library.Input(x.shape[1:]), make(library)])
    model.layers[0].enable_lora(2, lora_alpha=5)
    return model


def pair(make, x):
    """Our model and Keras's, with the same numbers in every weight."""
    ours, theirs = (with_lora(library, make, x) for library in (keratorch, keras))
    values = [RNG.normal(size=weight.shape) for weight in ours.weights]
    for model in (ours, theirs):
        model.set_weights(values)
    return ours, theirs


@EACH
def test_weights_and_outputs_are_those_of_keras(make, x):
    ours, theirs = pair(make, x)
    assert [w.name for w in ours.weights] == [w.name for w in theirs.weights]
    assert [w.trainable for w in ours.weights] == [w.trainable for w in theirs.weights]
    np.testing.assert_allclose(
        ours.predict(x, verbose=0), theirs.predict(x, verbose=0), rtol=1e-4, atol=1e-5
    )


@EACH
def test_configuration_is_that_of_keras(make, x):
    ours, theirs = (model.layers[0].get_config() for model in pair(make, x))
    del ours["name"], theirs["name"]
    assert plain(ours) == plain(theirs)


@EACH
@pytest.mark.parametrize("ending", ["keras", "weights.h5"])
def test_files_cross_in_both_directions(make, x, ending, tmp_path):
    ours, theirs = pair(make, x)
    file = str(tmp_path / f"model.{ending}")
    for library, saved in [(keras, ours), (keratorch, theirs)]:
        expected = saved.predict(x, verbose=0)
        if ending == "keras":
            saved.save(file)
            loaded = library.saving.load_model(file)
        else:
            saved.save_weights(file)
            loaded = with_lora(library, make, x)
            loaded.load_weights(file)
        np.testing.assert_allclose(
            loaded.predict(x, verbose=0), expected, rtol=1e-4, atol=1e-5
        )


@EACH
def test_one_step_of_training_is_that_of_keras(make, x):
    models = pair(make, x)
    for model in models:
        y = np.zeros_like(model.predict(x, verbose=0))
        model.compile("adam", "mse")
        model.fit(x, y, epochs=2, shuffle=False, verbose=0)
    ours, theirs = (model.get_weights() for model in models)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
