"""SpectralNormalization divides a kernel by its largest singular value."""

import numpy as np
import pytest

from keratorch import layers
from keratorch.layers.spectral_normalization import SpectralNormalization

X = np.random.default_rng(0).normal(size=(2, 6, 6, 3))


@pytest.mark.parametrize("inner", [layers.Dense(5), layers.Conv2D(4, 3)])
def test_training_brings_the_spectral_norm_to_one(inner):
    layer = SpectralNormalization(inner, power_iterations=100)
    layer(X, training=True)
    kernel = inner.kernel.numpy()
    norm = np.linalg.norm(kernel.reshape(-1, kernel.shape[-1]), 2)
    assert norm == pytest.approx(1, abs=1e-4)


def test_inference_leaves_the_weights_alone():
    layer = SpectralNormalization(layers.Dense(5))
    layer.build(X.shape)
    before = layer.get_weights()
    layer(X)
    for one, other in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_kernel_of_zeros_stays():
    layer = SpectralNormalization(layers.Dense(5, kernel_initializer="zeros"))
    layer(X, training=True)
    assert not layer.kernel.numpy().any()


def test_an_embedding_has_a_table_instead():
    layer = SpectralNormalization(layers.Embedding(4, 3), power_iterations=100)
    layer(np.array([[1, 2]]), training=True)
    assert np.linalg.norm(layer.layer.embeddings.numpy(), 2) == pytest.approx(1, 1e-4)


def test_the_vector_is_not_trained():
    layer = SpectralNormalization(layers.Dense(5))
    layer.build(X.shape)
    assert [w.name for w in layer.trainable_weights] == ["kernel", "bias"]
    assert [w.name for w in layer.non_trainable_weights] == ["vector_u"]


def test_wrong_arguments():
    with pytest.raises(ValueError, match="power_iterations must be a positive integer"):
        SpectralNormalization(layers.Dense(5), power_iterations=0)
    with pytest.raises(ValueError, match="has neither"):
        SpectralNormalization(layers.Flatten())(X)
