"""Layers that disturb in training: how much, where, and by which seed."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, layers

ONES = np.ones((200, 100), np.float32)
NOISY = [
    lambda seed: layers.Dropout(0.4, seed=seed),
    lambda seed: layers.GaussianNoise(0.4, seed=seed),
    lambda seed: layers.GaussianDropout(0.4, seed=seed),
    lambda seed: layers.AlphaDropout(0.4, seed=seed),
]


@pytest.mark.parametrize("make", NOISY)
def test_seed_gives_the_same_series_of_outputs_and_none_is_repeated(make):
    first, second = make(3), make(3)
    for _ in range(2):
        one = first(ONES, training=True).numpy()
        np.testing.assert_array_equal(one, second(ONES, training=True).numpy())
    assert (first(ONES, training=True).numpy() != one).any()
    np.testing.assert_array_equal(first(ONES).numpy(), ONES)


@pytest.mark.parametrize("make", NOISY)
def test_without_a_seed_the_random_seed_of_the_process_decides(make):
    outputs = []
    for _ in range(2):
        keras.utils.set_random_seed(8)
        outputs.append(make(None)(ONES, training=True).numpy())
    np.testing.assert_array_equal(*outputs)


@pytest.mark.parametrize("make", NOISY)
def test_float32_stays_float32_and_gradients_flow(make):
    x = GradArray(ONES)
    out = make(1)(x, training=True)
    assert out.dtype == np.float32
    out.sum().backward()
    assert np.isfinite(x.grad).all()
    assert x.grad.any()


def test_gaussian_noise_has_mean_0_and_the_given_deviation():
    noise = layers.GaussianNoise(0.3, seed=1)(ONES, training=True).numpy() - 1
    assert noise.mean() == pytest.approx(0, abs=0.01)
    assert noise.std() == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_gaussian_dropout_has_the_moments_of_dropout(rate):
    smooth = layers.GaussianDropout(rate, seed=1)(ONES, training=True).numpy()
    sharp = layers.Dropout(rate, seed=1)(ONES, training=True).numpy()
    assert smooth.mean() == pytest.approx(1, abs=0.05)
    assert smooth.std() == pytest.approx(sharp.std(), rel=0.05)


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_alpha_dropout_keeps_mean_and_variance_and_drops_the_rate(rate):
    x = np.random.default_rng(2).normal(size=(300, 300)).astype(np.float32)
    out = layers.AlphaDropout(rate, seed=1)(x, training=True).numpy()
    assert out.mean() == pytest.approx(0, abs=0.02)
    assert out.std() == pytest.approx(1, abs=0.02)
    values, counts = np.unique(out, return_counts=True)
    assert counts.max() / out.size == pytest.approx(rate, abs=0.01)
    assert values[counts.argmax()] < 0


def test_alpha_dropout_noise_shape_shares_the_mask():
    layer = layers.AlphaDropout(0.5, noise_shape=(None, 1), seed=2)
    out = layer(ONES, training=True).numpy()
    assert (out == out[:, :1]).all()
    assert len(np.unique(out)) == 2


@pytest.mark.parametrize(
    ("layer", "shape", "places"),
    [
        (layers.SpatialDropout1D(0.5, seed=1), (20, 4, 30), (1,)),
        (layers.SpatialDropout2D(0.5, seed=1), (20, 3, 4, 30), (1, 2)),
        (
            layers.SpatialDropout2D(0.5, data_format="channels_first", seed=1),
            (20, 30, 3, 4),
            (2, 3),
        ),
        (layers.SpatialDropout3D(0.5, seed=1), (20, 2, 3, 2, 30), (1, 2, 3)),
        (
            layers.SpatialDropout3D(0.5, data_format="channels_first", seed=1),
            (20, 30, 2, 3, 2),
            (2, 3, 4),
        ),
    ],
)
def test_spatial_dropout_drops_whole_channels(layer, shape, places):
    out = layer(np.ones(shape, np.float32), training=True).numpy()
    assert set(np.unique(out)) == {0, 2}
    assert (out.min(axis=places) == out.max(axis=places)).all()
    assert (out == 0).mean() == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: layers.Dropout(1.5), "rate.*1.5"),
        (lambda: layers.Dropout(0.5, noise_shape="ab"), "noise_shape.*'ab'"),
        (lambda: layers.Dropout(0.5, noise_shape=3), "noise_shape.*3"),
        (lambda: layers.Dropout(0.5, noise_shape=(None, 0)), "noise_shape.*0 in"),
        (lambda: layers.Dropout(0.5, noise_shape=(None, 1.5)), r"noise_shape.*1\.5"),
        (
            lambda: layers.Dropout(0.5, noise_shape=(1,))(ONES, training=True),
            r"noise_shape.*\(200, 100\).*\(1,\)",
        ),
        (lambda: layers.SpatialDropout1D(-0.1), r"SpatialDropout1D.*rate.*-0\.1"),
        (
            lambda: layers.SpatialDropout1D(0.1, name="s")(ONES),
            r"'s'.*3 axes.*\(200, 100\)",
        ),
        (lambda: layers.SpatialDropout2D(0.1, data_format="first"), "data_format"),
        (lambda: layers.GaussianNoise(2), "stddev.*2"),
        (lambda: layers.GaussianNoise("a"), "stddev.*'a'"),
        (lambda: layers.GaussianDropout(1), "rate.*less than 1.*1"),
        (lambda: layers.AlphaDropout(1.0), "rate.*less than 1.*1"),
    ],
)
def test_mistakes_are_named(make, part):
    with pytest.raises(ValueError, match=part):
        make()


@pytest.mark.parametrize("make", [*NOISY, lambda seed: layers.LSTMCell(2, seed=seed)])
def test_stream_of_a_layer_has_the_name_of_keras(make):
    assert make(None).seed_generator is None
    first, second = make(3).seed_generator, make(3).seed_generator
    drawn = [keras.random.uniform((4,), seed=s) for s in (first, second, first)]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert (np.asarray(drawn[0]) != np.asarray(drawn[2])).any()
