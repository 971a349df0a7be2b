import numpy as np

from keratorch.datasets import digits


def test_digits_have_keras_like_shapes_and_types():
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    assert x_train.shape == (1437, 8, 8) and x_test.shape == (360, 8, 8)
    assert y_train.shape == (1437,) and y_test.shape == (360,)
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype("uint8")}


def test_digits_are_the_1797_of_the_source():
    (x, y), _ = digits.load_data(test_split=0)
    assert x.min() == 0 and x.max() == 16
    assert np.bincount(y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert x.sum(dtype=int) == 561718


def test_a_zero_is_hollow_and_a_one_is_not():
    (x, y), _ = digits.load_data(test_split=0)
    centre = x[:, 3:5, 3:5].mean(axis=(1, 2))
    assert centre[y == 0].mean() < 4 < 12 < centre[y == 1].mean()


def test_arrays_are_the_callers_own():
    (first, _), _ = digits.load_data()
    first[:] = 0
    (second, _), _ = digits.load_data()
    assert second.any()
