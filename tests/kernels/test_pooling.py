"""Pooling kernels at ties, at the border, and where numbers are none."""

import numpy as np

from keratorch.kernels import pooling
from keratorch.kernels.windows import Windows


def sequence(*values):
    return np.array(values, float).reshape(1, -1, 1)


def winners(x, windows):
    out = pooling.max_pool(x, windows)
    return pooling.first_maximum(x, out, windows).ravel().tolist()


def test_first_of_equal_maxima_wins():
    assert winners(sequence(1, 7, 7, 7, 0, 0), Windows.of((6,), 3, 3)) == [1, 3]
    image = np.ones((1, 2, 4, 1))
    assert winners(image, Windows.of((2, 4), 2, 2)) == [0, 2]


def test_maxima_of_overlapping_windows_are_found_at_their_places_in_the_whole():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 5, 6, 3))
    windows = Windows.of((5, 6), (3, 2), (1, 2), "same")
    out = pooling.max_pool(x, windows)
    places = pooling.first_maximum(x, out, windows)
    np.testing.assert_array_equal(x.ravel()[places], out)


def test_padding_never_wins():
    x = sequence(-5, -3, -4)
    windows = Windows.of((3,), 3, 1, "same")
    assert pooling.max_pool(x, windows).ravel().tolist() == [-3, -3, -3]
    assert winners(x, windows) == [1, 1, 1]


def test_maximum_of_nothing_but_minus_infinity_has_a_place_inside():
    x = np.full((1, 3, 1), -np.inf)
    assert winners(x, Windows.of((3,), 3, 1, "same")) == [0, 0, 1]


def test_window_with_a_nan_gives_nan_and_its_first_element_wins():
    x = sequence(1, 2, np.nan, 4, 5, 6)
    windows = Windows.of((6,), 3, 3)
    assert np.isnan(pooling.max_pool(x, windows)).ravel().tolist() == [True, False]
    assert winners(x, windows) == [0, 5]


def test_windows_of_more_than_255_elements_are_counted_right():
    x = np.arange(400.0).reshape(1, 20, 20, 1)
    assert winners(x, Windows.of((20, 20), 20)) == [399]


def test_integers_have_maxima_too():
    x = np.array([-3, -7, -5, -6], np.int8).reshape(1, 4, 1)
    out = pooling.max_pool(x, Windows.of((4,), 3, 2, "same"))
    assert out.dtype == np.int8
    assert out.ravel().tolist() == [-3, -5]


def test_mean_does_not_count_the_padding():
    windows = Windows.of((3,), 3, 1, "same")
    out = pooling.average_pool(sequence(1, 2, 6), windows)
    assert out.ravel().tolist() == [1.5, 3, 4]


def test_shares_of_a_mean_add_up_to_it():
    windows = Windows.of((5, 4), 3, 2, "same")
    grad = np.random.default_rng(0).normal(size=(2, 3, 2, 2))
    spread = pooling.average_unpool(grad, windows, (2, 5, 4, 2))
    np.testing.assert_allclose(spread.sum((1, 2)), grad.sum((1, 2)))
