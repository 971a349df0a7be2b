"""Histogram equalization tile by tile."""

import numpy as np
import pytest

from keratorch.layers import (
    ContrastLimitedAdaptiveHistogramEqualization as LocalContrast,
)

X = np.random.default_rng(4).uniform(0, 255, (2, 9, 14, 3)).astype(np.float32)


def test_the_numbers_are_those_of_keras():
    x = (np.arange(24.0).reshape(1, 4, 6, 1) * 7 % 100).astype(np.float32)
    out = LocalContrast(tile_grid_size=(2, 2), clip_limit=20.0)(x)
    wanted = [
        [0.0, 25.69, 44.05, 43.25, 55.55, 78.45],
        [89.14, 114.83, 132.02, 128.9, 138.87, 160.61],
        [140.51, 154.36, 168.8, 7.7, 24.85, 40.02],
        [33.75, 57.43, 81.1, 94.79, 121.8, 152.13],
    ]
    np.testing.assert_allclose(out[0, ..., 0], wanted, atol=0.006)


def test_other_ranges_and_layouts_give_the_same_picture():
    layer = LocalContrast(tile_grid_size=(3, 4))
    out = np.asarray(layer(X))
    assert out.min() >= 0 and out.max() <= 255
    assert np.array_equal(layer(X, training=True), out)
    first = LocalContrast(tile_grid_size=(3, 4), data_format="channels_first")
    turned = np.asarray(first(X.transpose(0, 3, 1, 2))).transpose(0, 2, 3, 1)
    np.testing.assert_array_equal(turned, out)
    np.testing.assert_array_equal(layer(X[0]), out[0])
    whole = np.floor(X)  # the same levels in another unit
    unit = LocalContrast((0, 1), tile_grid_size=(3, 4))(whole / 255)
    np.testing.assert_allclose(unit * 255, layer(whole), atol=1e-2)


def test_the_limit_keeps_faint_noise_faint():
    faint = 100 + 3 * np.random.default_rng(0).random((1, 32, 32, 1), np.float32)
    loud, quiet = (
        np.asarray(LocalContrast(clip_limit=limit, tile_grid_size=(2, 2))(faint))
        for limit in (0, 2.0)
    )
    assert np.ptp(quiet) < 0.1 * np.ptp(loud)


def test_configurations_make_the_layer_again():
    layer = LocalContrast((0, 1), 2.5, (2, 3), "channels_first")
    again = LocalContrast.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize(
    "arguments",
    [{"tile_grid_size": 4}, {"tile_grid_size": (0, 2)}, {"clip_limit": "x"}],
)
def test_mistakes_are_named(arguments):
    with pytest.raises(ValueError, match=next(iter(arguments))):
        LocalContrast(**arguments)
