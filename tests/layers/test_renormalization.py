"""Batch renormalization: what it corrects, which averages follow, what it refuses."""

import numpy as np
import pytest

from keratorch import GradArray, Sequential, layers, ops
from keratorch.models import load_model

RNG = np.random.default_rng(15)
X = RNG.normal(2, 3, size=(8, 5, 3))
MEAN, VARIANCE = X.mean(axis=(0, 1)), X.var(axis=(0, 1))
CLIPPING = {"rmin": 0.8, "rmax": 1.25, "dmax": 0.5}


def renormalizing(**arguments):
    """Return a layer whose averages are 1.5 and 2, built for X."""
    layer = layers.BatchNormalization(
        renorm=True, epsilon=1e-3, dtype="float64", **arguments
    )
    layer.build((None, None, 3))
    layer.renorm_mean.assign(np.full(3, 1.5))
    layer.renorm_stddev.assign(np.full(3, 2.0))
    return layer


def test_training_normalizes_by_the_averages_where_nothing_is_clipped():
    out = renormalizing()(X, training=True).numpy()
    np.testing.assert_allclose(out, (X - 1.5) / 2)


def test_corrections_stay_within_their_bounds():
    out = renormalizing(renorm_clipping=CLIPPING)(X, training=True).numpy()
    s = np.sqrt(VARIANCE + 1e-3)
    r, d = np.clip(s / 2, 0.8, 1.25), np.clip((MEAN - 1.5) / 2, -0.5, 0.5)
    np.testing.assert_allclose(out, (X - MEAN) / s * r + d)


@pytest.mark.parametrize("absent", ["center", "scale"])
def test_scale_and_offset_apply_after_the_correction(absent):
    layer = renormalizing(**{absent: False})
    weight = layer.gamma if absent == "center" else layer.beta
    weight.assign([2.0, 3.0, 4.0])
    expected = (X - 1.5) / 2
    expected = expected * weight if absent == "center" else expected + weight
    np.testing.assert_allclose(layer(X, training=True).numpy(), expected.numpy())


def test_corrections_are_constants_to_the_gradient():
    upstream = RNG.normal(size=X.shape)
    s = np.sqrt(VARIANCE + 1e-3)
    renormalized, normalized = (GradArray(X, requires_grad=True) for _ in range(2))
    np.sum(renormalizing()(renormalized, training=True) * upstream).backward()
    mean, variance = ops.moments(normalized, [0, 1])
    plain = (normalized - mean) / np.sqrt(variance + 1e-3)
    np.sum(plain * (s / 2) * upstream).backward()
    np.testing.assert_allclose(renormalized.grad, normalized.grad, atol=1e-12)


def test_each_average_follows_at_its_own_pace():
    layer = renormalizing(momentum=0.9, renorm_momentum=0.5)
    layer(X, training=True)
    s = np.sqrt(VARIANCE + 1e-3)
    for name, value in {
        "renorm_mean": (1.5 + MEAN) / 2,
        "renorm_stddev": (2 + s) / 2,
        "moving_mean": 0.1 * MEAN,
        "moving_stddev": 0.9 + 0.1 * s,
        "moving_variance": (0.9 + 0.1 * s) ** 2 - 1e-3,
    }.items():
        np.testing.assert_allclose(getattr(layer, name).numpy(), value, err_msg=name)


def test_deviations_start_at_the_root_of_the_variance():
    layer = renormalizing(moving_variance_initializer="ones")
    np.testing.assert_array_equal(layer.moving_stddev.numpy(), 1)
    twice = layers.BatchNormalization(
        renorm=True, moving_variance_initializer={"class_name": "Constant",
                                                  "config": {"value": 9.0}}
    )  # fmt: skip
    twice.build((None, 3))
    np.testing.assert_array_equal(twice.renorm_stddev.numpy(), 3)


def test_a_mask_that_leaves_nothing_out_changes_nothing():
    everything = np.ones(X.shape[:2], bool)
    masked = renormalizing(renorm_clipping=CLIPPING)(X, training=True, mask=everything)
    plain = renormalizing(renorm_clipping=CLIPPING)(X, training=True)
    np.testing.assert_allclose(masked.numpy(), plain.numpy(), rtol=1e-6)


def test_a_saved_model_keeps_its_averages_and_its_bounds(tmp_path):
    model = Sequential(
        [layers.BatchNormalization(renorm=True, renorm_clipping=CLIPPING)]
    )
    model.compile("sgd", "mse")
    model.fit(X[:, 0], X[:, 1], verbose=0)
    model.save(tmp_path / "model.keras")
    again = load_model(tmp_path / "model.keras")
    assert again.layers[0].get_config() == model.layers[0].get_config()
    for mine, kept in zip(again.weights, model.weights, strict=True):
        np.testing.assert_array_equal(mine.numpy(), kept.numpy())


@pytest.mark.parametrize(
    ("clipping", "part"),
    [
        ({"rmaximum": 2}, "keys 'rmax'.*rmaximum"),
        ([1, 2], "must be a dict"),
        ({"rmin": 2, "rmax": 1}, "'rmin' <= 'rmax'"),
        ({"dmax": -1}, r"\['dmax'\].*-1"),
        ({"rmax": "much"}, r"\['rmax'\].*'much'"),
    ],
)
def test_bounds_without_sense_are_refused(clipping, part):
    with pytest.raises(ValueError, match=part):
        layers.BatchNormalization(renorm=True, renorm_clipping=clipping)
