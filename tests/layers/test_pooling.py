"""What pooling computes at the borders, and what it refuses."""

import numpy as np
import pytest

from keratorch import layers


def test_mean_of_a_window_at_the_border_leaves_padding_out():
    x = np.arange(6, dtype=np.float32).reshape(1, 6, 1)
    out = layers.AveragePooling1D(3, strides=2, padding="same")(x).numpy().ravel()
    np.testing.assert_array_equal(out, [1.0, 3.0, 4.5])


def test_maximum_at_the_border_is_never_the_padding():
    x = -np.ones((1, 3, 3, 1), np.float32)
    out = layers.MaxPooling2D(2, padding="same")(x).numpy()
    np.testing.assert_array_equal(out, -np.ones((1, 2, 2, 1)))


@pytest.mark.parametrize("cls", [layers.MaxPooling2D, layers.AveragePooling2D])
@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"pool_size": 0}, "pool_size must be at least 1; received 0"),
        ({"pool_size": (2, 2, 2)}, "pool_size must be.*2 of them"),
        ({"pool_size": 2, "strides": 0}, "strides must be at least 1; received 0"),
        ({"pool_size": 2, "padding": "causal"}, "padding must.*'same'.*'causal'"),
    ],
)
def test_arguments_of_pooling_are_checked(cls, arguments, part):
    with pytest.raises(ValueError, match=f"{cls.__name__}: {part}"):
        cls(**arguments)


def test_window_larger_than_the_inputs_is_named():
    with pytest.raises(
        ValueError,
        match=r"'p' with pool_size=\(3, 3\).*\(3, 3\) at least; received \(2, 4\), in "
        r"shape \(1, 2, 4, 1\).*'same'",
    ):
        layers.MaxPooling2D(3, name="p")(np.ones((1, 2, 4, 1)))
