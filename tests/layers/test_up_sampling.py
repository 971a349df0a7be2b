"""What layers that enlarge compute and refuse."""

import numpy as np
import pytest

from keratorch import Input, layers, ops


def test_bilinear_values_lie_between_and_keep_lines_straight():
    x = np.arange(4, dtype=np.float32).reshape(1, 1, 4, 1)
    out = layers.UpSampling2D((1, 4), interpolation="bilinear")(x).numpy().ravel()
    np.testing.assert_allclose(np.diff(out[2:-2]), 0.25)
    assert (out[:2] == 0).all()
    assert (out[-2:] == 3).all()


@pytest.mark.parametrize("interpolation", ["bicubic", "lanczos3", "lanczos5"])
@pytest.mark.parametrize("data_format", ["channels_first", "channels_last"])
def test_curves_through_the_pixels_are_those_of_resize(interpolation, data_format):
    x = np.random.default_rng(4).normal(size=(2, 4, 5, 6)).astype("float32")
    layer = layers.UpSampling2D((2, 3), data_format, interpolation)
    lengths = (10, 18) if data_format == "channels_first" else (8, 15)
    expected = ops.image.resize(x, lengths, interpolation, data_format=data_format)
    np.testing.assert_allclose(layer(x).numpy(), expected.numpy(), atol=1e-6)


def test_other_interpolations_are_named():
    with pytest.raises(ValueError, match=r"received 'liner'.*Did you mean"):
        layers.UpSampling2D(interpolation="liner")


@pytest.mark.parametrize("make", [layers.RepeatVector, layers.UpSampling1D])
@pytest.mark.parametrize(
    ("value", "error"), [(2.5, TypeError), (True, TypeError), (0, ValueError)]
)
def test_counts_are_positive_integers(make, value, error):
    with pytest.raises(error, match=f"must be a positive integer; received {value}"):
        make(value)


@pytest.mark.parametrize("dtype", ["int32", "uint8", "bool"])
@pytest.mark.parametrize(
    "layer",
    [
        layers.UpSampling2D(2),
        layers.UpSampling2D(2, interpolation="bilinear"),
        layers.ZeroPadding2D(1),
        layers.Cropping2D(1),
        layers.Identity(),
        layers.AdaptiveMaxPooling2D(2),
        layers.MaxPooling2D(2),
        layers.GlobalMaxPooling2D(),
        layers.GlobalMaxPooling2D("channels_first"),
    ],
    ids=lambda layer: layer.name,
)
def test_integers_that_are_moved_or_picked_stay_integers(layer, dtype):
    x = np.random.default_rng(1).integers(0, 200, (2, 4, 6, 3)).astype(dtype)
    out = layer(x)
    assert out.dtype == dtype
    assert layer(Input((4, 6, 3), dtype=dtype)).dtype == dtype
    exact = np.rint(layer(x.astype("float64")).numpy())
    np.testing.assert_array_equal(out.numpy(), exact.astype(dtype))
