"""Models with attention beside those of Keras, and configurations that cross."""

import numpy as np
import pytest

import keratorch
from keratorch.layers import attention, einsum_dense, spectral_normalization

keras = pytest.importorskip("keras")

pytestmark = pytest.mark.filterwarnings("ignore:__array__ imp:DeprecationWarning")

RNG = np.random.default_rng(0)
IDS = np.array([[1, 2, 3, 0, 0], [4, 5, 1, 2, 3], [2, 0, 0, 0, 0]])
X = RNG.normal(size=(3, 5, 6)).astype(np.float32)
ROOMS = attention, einsum_dense, spectral_normalization, keratorch.layers


def layer_of(library, name):
    """A layer of either library, ours found in its room too."""
    if library is keras:
        return getattr(keras.layers, name)
    return next(getattr(room, name) for room in ROOMS if hasattr(room, name))


def in_both(make, *data):
    """The predictions of a model in Keras and here, with the same weights."""
    theirs = make(keras, lambda name: layer_of(keras, name))
    ours = make(keratorch, lambda name: layer_of(keratorch, name))
    weights = [RNG.normal(scale=0.5, size=w.shape) for w in theirs.get_weights()]
    theirs.set_weights(weights)
    ours.set_weights(weights)
    assert [w.shape for w in ours.weights] == [tuple(w.shape) for w in theirs.weights]
    data = list(data) if len(data) > 1 else data[0]
    return ours.predict(data, verbose=0), theirs.predict(data, verbose=0)


def transformer(library, layer):
    ids = library.Input((None,), dtype="int32")
    x = layer("Embedding")(6, 8, mask_zero=True)(ids)
    seen = layer("MultiHeadAttention")(2, 4, dropout=0.1)(x, x)
    x = layer("LayerNormalization")()(x + seen)
    hidden = layer("EinsumDense")("abc,cd->abd", (None, 9), "relu", "d")(x)
    x = layer("Add")()([x, layer("Dense")(8)(hidden)])
    return library.Model(ids, layer("GlobalAveragePooling1D")()(x))


def grouped(library, layer):
    inputs = library.Input((None, 6))
    x = layer("GroupQueryAttention")(4, 4, 2, use_gate=True)(
        inputs, inputs, use_causal_mask=True
    )
    return library.Model(inputs, layer("GlobalMaxPooling1D")()(x))


def decoder(library, layer):
    source, target = library.Input((5, 6)), library.Input((3, 4))
    mask = library.Input((3, 5), dtype="bool")
    # MultiHeadAttention of Keras takes the mask off its inputs, even for later layers
    memory, own = layer("Masking")()(source), layer("Masking")()(source)
    x, scores = layer("MultiHeadAttention")(2, 3, value_dim=2, output_shape=5)(
        target, own, attention_mask=mask, return_attention_scores=True
    )
    x = layer("Attention")(use_scale=True)([layer("Dense")(6)(x), memory])
    x = layer("AdditiveAttention")()([x, memory])
    return library.Model([source, target, mask], [x, scores])


def test_a_transformer_with_padding():
    np.testing.assert_allclose(*in_both(transformer, IDS), atol=1e-5)


def test_grouped_heads():
    np.testing.assert_allclose(*in_both(grouped, X), atol=1e-5)


def test_a_decoder_that_looks_at_a_padded_source():
    source = X.copy()
    source[0, 3:] = 0
    target = RNG.normal(size=(3, 3, 4)).astype(np.float32)
    mask = RNG.random((3, 3, 5)) < 0.7
    mask[..., 0] = True
    ours, theirs = in_both(decoder, source, target, mask)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.parametrize(
    "make",
    [
        lambda layer: layer("MultiHeadAttention")(2, 3, attention_axes=(1,), seed=2),
        lambda layer: layer("GroupQueryAttention")(2, 4, 2, kernel_regularizer="l2"),
        lambda layer: layer("Attention")(score_mode="concat", dropout=0.2),
        lambda layer: layer("AdditiveAttention")(use_scale=False),
        lambda layer: layer("EinsumDense")("...a,ab->...b", 3, bias_axes="b"),
        lambda layer: layer("SpectralNormalization")(layer("Dense")(3)),
        lambda layer: layer("Masking")(mask_value=1.0),
        lambda layer: layer("Dot")(axes=(1, 2), normalize=True),
        lambda layer: layer("Concatenate")(axis=1),
    ],
)
def test_configurations_cross_in_both_directions(make):
    ours = make(lambda name: layer_of(keratorch, name))
    theirs = make(lambda name: layer_of(keras, name))
    type(theirs).from_config(ours.get_config())
    again = type(ours).from_config(theirs.get_config())
    assert again.get_config().keys() == theirs.get_config().keys()


@pytest.mark.parametrize("make", [transformer, decoder])
def test_files_of_keras_hold_the_weights_of_these_layers(make, tmp_path):
    pytest.importorskip("h5py")
    theirs = make(keras, lambda name: layer_of(keras, name))
    ours = make(keratorch, lambda name: layer_of(keratorch, name))
    theirs.save_weights(tmp_path / "theirs.weights.h5")
    ours.load_weights(tmp_path / "theirs.weights.h5")
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    ours.save_weights(tmp_path / "ours.weights.h5")
    theirs.load_weights(tmp_path / "ours.weights.h5")


def test_a_file_of_keras_holds_a_normalized_kernel(tmp_path):
    pytest.importorskip("h5py")

    def make(library, layer):
        inner = layer("SpectralNormalization")(layer("Dense")(3))
        return library.Sequential([library.Input((4,)), inner])

    theirs = make(keras, lambda name: layer_of(keras, name))
    ours = make(keratorch, lambda name: layer_of(keratorch, name))
    theirs.save_weights(tmp_path / "one.weights.h5")
    ours.load_weights(tmp_path / "one.weights.h5")
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    ours.save_weights(tmp_path / "two.weights.h5")
    theirs.load_weights(tmp_path / "two.weights.h5")
