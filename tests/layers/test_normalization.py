"""Normalization: the moments that it adapts to, and what it refuses."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

X = np.random.default_rng(7).normal(3, 2, size=(40, 3)).astype(np.float32)


def test_adapted_data_have_mean_0_and_variance_1_and_invert_goes_back():
    layer, back = layers.Normalization(), layers.Normalization(invert=True)
    layer.adapt(X)
    back.adapt(X)
    out = layer(X).numpy()
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(out.std(axis=0), 1, rtol=1e-5)
    np.testing.assert_allclose(back(out).numpy(), X, rtol=1e-5)


@pytest.mark.parametrize(
    "data",
    [
        X.tolist(),
        [X[:7], X[7:]],
        ((x, None) for x in (X[:1], X[1:])),
        [X[:7], X[:0], X[7:]],
    ],
)
def test_lists_and_batches_give_the_moments_of_the_whole(data):
    layer = layers.Normalization()
    layer.adapt(data)
    np.testing.assert_allclose(layer.adapt_mean.numpy(), X.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(layer.adapt_variance.numpy(), X.var(axis=0), rtol=1e-5)


def test_adapting_again_forgets_the_first_data():
    layer = layers.Normalization()
    layer.adapt(X + 100)
    layer.adapt(X)
    np.testing.assert_allclose(layer.mean.numpy(), X.mean(axis=0)[None], rtol=1e-5)


def test_training_leaves_the_moments_as_they_are():
    layer = layers.Normalization()
    layer.adapt(X)
    before = layer.get_weights()
    model = keras.Sequential([keras.Input((3,)), layer, layers.Dense(1)])
    model.compile("sgd", loss="mse")
    model.fit(X, X[:, :1], verbose=0)
    for one, other in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_constant_features_become_zero():
    layer = layers.Normalization()
    layer.adapt(np.full((4, 2), 5.0))
    np.testing.assert_array_equal(layer(np.full((1, 2), 5.0)).numpy(), [[0, 0]])


def test_moments_are_unknown_before_build():
    assert layers.Normalization().mean is None
    assert layers.Normalization().variance is None


@pytest.mark.parametrize(
    ("make", "error", "part"),
    [
        (lambda: layers.Normalization(axis="x"), TypeError, "axis.*'x'"),
        (lambda: layers.Normalization(mean=1.0), ValueError, "both.*mean alone"),
        (lambda: layers.Normalization(variance=1.0), ValueError, "variance alone"),
        (
            lambda: layers.Normalization(mean=[1.0, 2.0], variance=[1.0]),
            ValueError,
            r"\(2,\).*\(1,\)",
        ),
        (
            lambda: layers.Normalization(mean=0.0, variance=1.0).adapt(X),
            ValueError,
            "was given its mean",
        ),
        (lambda: layers.Normalization().adapt([]), ValueError, "no data"),
        (lambda: layers.Normalization(axis=5).adapt(X), ValueError, "axis 5"),
        (
            lambda: layers.Normalization().build((None, None)),
            ValueError,
            r"axis 1.*Input\(shape",
        ),
        (
            lambda: layers.Normalization().adapt([X, X[:, :2]]),
            ValueError,
            r"length 3.*\(40, 2\)",
        ),
    ],
)
def test_mistakes_are_named(make, error, part):
    with pytest.raises(error, match=part):
        make()


def test_what_one_image_taught_serves_batches():
    image = np.random.default_rng(0).random((4, 5, 3), np.float32)
    layer = layers.Normalization()
    layer.adapt(image)
    batch = np.stack([image, image + 1])
    np.testing.assert_array_equal(layer(batch)[0], layer(image))
    with pytest.raises(ValueError, match="length 3"):
        layer(batch[..., :2])


def test_adapt_refuses_batches_that_are_no_arrays():
    with pytest.raises(TypeError, match="batches of arrays"):
        layers.Normalization().adapt(iter([4]))
