"""What padding and cropping compute and refuse."""

import numpy as np
import pytest

from keratorch import layers

RNG = np.random.default_rng(9)


def test_cropping_undoes_padding():
    x = RNG.normal(size=(2, 3, 4, 5, 2)).astype(np.float32)
    borders = (1, (0, 2), (3, 0))
    padded = layers.ZeroPadding3D(borders)(x)
    assert padded.shape == (2, 5, 6, 8, 2)
    assert np.sum(padded.numpy() != 0) == x.size
    np.testing.assert_array_equal(layers.Cropping3D(borders)(padded).numpy(), x)


@pytest.mark.parametrize(
    ("cls", "argument"),
    [(layers.ZeroPadding2D, "padding"), (layers.Cropping2D, "cropping")],
)
@pytest.mark.parametrize(
    "value", [-1, (1, 2, 3), (1, -1), "1", 1.5, ((1, 2, 3), 1), True]
)
def test_borders_are_checked(cls, argument, value):
    with pytest.raises(
        ValueError, match=rf"{cls.__name__}: {argument} must be an integer.*received"
    ):
        cls(value)


@pytest.mark.parametrize(
    ("cls", "argument"),
    [(layers.ZeroPadding1D, "padding"), (layers.Cropping1D, "cropping")],
)
def test_borders_of_sequences_are_one_pair(cls, argument):
    assert cls((2, 0)).get_config()[argument] == (2, 0)
    with pytest.raises(ValueError, match="pair"):
        cls(((1, 1), (1, 1)))


def test_cropping_away_everything_is_refused():
    with pytest.raises(ValueError, match=r"cropping=\(2, 2\).*\(4,\).*Crop less"):
        layers.Cropping1D(2)(np.ones((1, 4, 1)))
    with pytest.raises(ValueError, match="Crop less"):
        layers.Cropping2D(2).compute_output_shape((None, 4, None, 1))


@pytest.mark.parametrize("cls", [layers.Cropping1D, layers.UpSampling1D])
def test_layers_of_sequences_alone_take_no_layout(cls):
    with pytest.raises(TypeError, match="data_format"):
        cls(data_format="channels_first")
