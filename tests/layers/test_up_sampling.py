"""What layers that enlarge compute and refuse."""

import numpy as np
import pytest

from keratorch import layers


def test_bilinear_values_lie_between_and_keep_lines_straight():
    x = np.arange(4, dtype=np.float32).reshape(1, 1, 4, 1)
    out = layers.UpSampling2D((1, 4), interpolation="bilinear")(x).numpy().ravel()
    np.testing.assert_allclose(np.diff(out[2:-2]), 0.25)
    assert (out[:2] == 0).all()
    assert (out[-2:] == 3).all()


@pytest.mark.parametrize("interpolation", ["bicubic", "liner"])
def test_other_interpolations_are_named(interpolation):
    with pytest.raises(ValueError, match=f"interpolation.*received '{interpolation}'"):
        layers.UpSampling2D(interpolation=interpolation)


@pytest.mark.parametrize("make", [layers.RepeatVector, layers.UpSampling1D])
@pytest.mark.parametrize(
    ("value", "error"), [(2.5, TypeError), (True, TypeError), (0, ValueError)]
)
def test_counts_are_positive_integers(make, value, error):
    with pytest.raises(error, match=f"must be a positive integer; received {value}"):
        make(value)
