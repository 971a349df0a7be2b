"""Quantized layers compute, describe and save themselves as Keras's do."""

import warnings

import numpy as np
import pytest

import keratorch
from keratorch import GradArray

from ..references import plain

keras = pytest.importorskip("keras")
pytest.importorskip("h5py")

RNG = np.random.default_rng(3)
X = RNG.normal(size=(2, 6, 3)).astype(np.float32)
EQUATIONS = {  # output shape and axes of the bias
    "abc,cd->abd": ((None, 5), "d"),
    "abc,cde->adbe": ((2, None, 4), "de"),
    "abc,bd->adc": ((5, None), "d"),
    "abc,bcd->ad": (7, "d"),
    "abc,bcd->abd": ((6, 4), "d"),
}
MAKERS = {
    "dense": (lambda k: k.layers.Dense(5, activation="tanh"), X),
    "dense_flat": (lambda k: k.layers.Dense(2, use_bias=False), X[:, 0]),
    "embedding": (lambda k: k.layers.Embedding(9, 4), RNG.integers(0, 9, (2, 6))),
    **{
        equation: (
            lambda k, equation=equation, shape=shape, axes=axes: k.layers.EinsumDense(
                equation, shape, bias_axes=axes
            ),
            X,
        )
        for equation, (shape, axes) in EQUATIONS.items()
    },
}
EACH = pytest.mark.parametrize(("make", "x"), MAKERS.values(), ids=list(MAKERS))
CONFIGS = {
    "int8": lambda q: None,
    "weights": lambda q: q.Int8QuantizationConfig(activation_quantizer=None),
    "range": lambda q: q.Int8QuantizationConfig(
        activation_quantizer=q.AbsMaxQuantizer(value_range=(-100, 100))
    ),
}
CLOSE = {"rtol": 1e-5, "atol": 1e-5}


@pytest.fixture(autouse=True)
def quiet():
    """Warnings of another library are not this suite's errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def made(library, make, x):
    return library.Sequential([library.Input(x.shape[1:]), make(library)])


def pair(make, x, config=CONFIGS["int8"], rank=None):
    """Our model and Keras's, quantized from the same floats."""
    models = [made(library, make, x) for library in (keratorch, keras)]
    values = [RNG.normal(size=weight.shape) for weight in models[0].weights]
    lora = None
    for library, model in zip((keratorch, keras), models, strict=True):
        model.set_weights(values)
        if rank:
            layer = model.layers[0]
            layer.enable_lora(rank)
            matrices = [w for w in layer.weights if "lora" in w.name]
            lora = lora or [RNG.normal(size=tuple(w.shape)) for w in matrices]
            for matrix, value in zip(matrices, lora, strict=True):
                matrix.assign(value)
        chosen = config(library.quantizers)
        model.quantize("int8") if chosen is None else model.quantize(config=chosen)
    return models


def outputs(model, x):
    return model.predict(x, verbose=0)


@EACH
@pytest.mark.parametrize("config", CONFIGS.values(), ids=list(CONFIGS))
def test_weights_and_outputs_are_those_of_keras(make, x, config):
    ours, theirs = pair(make, x, config)
    assert [w.name for w in ours.weights] == [w.name for w in theirs.weights]
    assert [w.dtype for w in ours.weights] == [w.dtype for w in theirs.weights]
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, **CLOSE)
    np.testing.assert_allclose(outputs(ours, x), outputs(theirs, x), **CLOSE)


@EACH
def test_configuration_is_that_of_keras(make, x):
    ours, theirs = (model.layers[0].get_config() for model in pair(make, x))
    del ours["name"], theirs["name"]
    assert plain(ours) == plain(theirs)


@EACH
@pytest.mark.parametrize("rank", [None, 2])
def test_files_cross_in_both_directions(make, x, rank, tmp_path):
    if rank and make is MAKERS["abc,bd->adc"][0]:
        pytest.skip("Keras wants the last axis of the kernel last in the output")
    ours, theirs = pair(make, x, rank=rank)
    file = str(tmp_path / "model.keras")
    for library, saved in [(keras, ours), (keratorch, theirs)]:
        saved.save(file)
        loaded = library.saving.load_model(file)
        again = type(saved).__module__.split(".")[0]
        reference = {"keras": keras, "keratorch": keratorch}[again]
        expected = outputs(reference.saving.load_model(file), x)
        np.testing.assert_allclose(outputs(loaded, x), expected, **CLOSE)


@pytest.mark.parametrize("name", ["dense", "abc,cde->adbe"])
def test_gradients_by_the_inputs_are_those_of_keras(name):
    import torch

    make, x = MAKERS[name]
    ours, theirs = pair(make, x)
    a, b = GradArray(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    ours.layers[0](a).sum().backward()
    theirs.layers[0](b).sum().backward()
    np.testing.assert_allclose(a.grad, b.grad.numpy(), **CLOSE)


@pytest.mark.parametrize("name", ["dense", "abc,cd->abd", "embedding"])
def test_lora_on_whole_numbers_adds_what_it_adds_in_keras(name):
    make, x = MAKERS[name]
    ours, theirs = pair(make, x, rank=2)
    np.testing.assert_allclose(outputs(ours, x), outputs(theirs, x), **CLOSE)


@pytest.mark.parametrize("tie", [True, False])
def test_reversible_embedding_is_that_of_keras_in_both_directions(tie, tmp_path):
    x = RNG.integers(0, 9, (2, 6))
    ours, theirs = pair(lambda k: k.layers.ReversibleEmbedding(9, 4, tie), x)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, **CLOSE)
    vectors = outputs(ours, x)
    np.testing.assert_allclose(vectors, outputs(theirs, x), **CLOSE)
    one, other = (m.layers[0](vectors, reverse=True) for m in (ours, theirs))
    np.testing.assert_allclose(one.numpy(), other.detach().numpy(), **CLOSE)
    for library, saved in ((keras, ours), (keratorch, theirs)):
        saved.save(tmp_path / "a.keras")
        loaded = library.saving.load_model(tmp_path / "a.keras")
        for a, b in zip(loaded.get_weights(), saved.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, **CLOSE)
