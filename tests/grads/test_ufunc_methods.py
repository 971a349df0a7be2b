"""Methods of ufuncs: what is found under their names, ties, and refusals."""

import numpy as np
import pytest

from keratorch import GradArray, gradients

from .test_special_points import assert_answer


def test_reduce_goes_along_the_first_axis_unless_told():
    x = GradArray(np.arange(6.0).reshape(2, 3))
    assert np.add.reduce(x).shape == (3,)
    assert np.add.reduce(x, axis=None).shape == ()
    assert np.multiply.reduce(x, 1, keepdims=True).shape == (2, 1)
    assert np.maximum.reduce(GradArray(3.0)).item() == 3


def test_running_extrema_give_the_gradient_to_the_last_of_equals():
    x, weights = [1.0, 1.0, 0.0, 1.0, 2.0], np.array([1.0, 10, 100, 1000, 1e4])
    rising = lambda x: np.maximum.accumulate(x) * weights  # noqa: E731
    assert_answer(rising, [x], [1, 10, 100, 1000, 2e4], [1, 110, 0, 1000, 1e4])
    falling = lambda x: np.minimum.accumulate(x) * weights  # noqa: E731
    assert_answer(falling, [x], [1, 10, 0, 0, 0], [1, 10, 11100, 0, 0])


def test_nan_holds_the_running_extremum_from_where_it_comes():
    x = GradArray([1.0, np.nan, 3.0])
    y = np.maximum.accumulate(x)
    np.testing.assert_array_equal(y.numpy(), [1, np.nan, np.nan])
    np.testing.assert_array_equal(gradients(y, x, np.ones(3)), [1, 2, 0])


def test_comparisons_of_all_pairs_are_constant():
    x = GradArray([1.0, 2.0])
    less = np.less.outer(x, x)
    np.testing.assert_array_equal(less, [[False, True], [False, False]])
    assert type(less) is np.ndarray
    assert np.logical_or.reduce(x)


def test_each_outer_product_has_the_axes_of_both():
    a, b = GradArray(np.ones((2, 3))), np.arange(4.0)
    product = np.multiply.outer(a, b)
    assert product.shape == (2, 3, 4)
    np.testing.assert_array_equal(gradients(product.sum(), a), np.full((2, 3), 6.0))


@pytest.mark.parametrize("method", [np.add.reduce, np.add.accumulate])
def test_methods_refuse_an_array_to_write_into(method):
    with pytest.raises(TypeError, match="out= cannot be recorded"):
        method(GradArray([1.0, 2.0]), out=np.zeros(()))


def test_writing_at_an_index_shows_the_alternative():
    with pytest.raises(TypeError, match=r"x\.at\[index\]\.add"):
        np.add.at(GradArray([1.0, 2.0]), [0], 1.0)


def test_methods_without_a_derivative_are_named():
    with pytest.raises(TypeError, match=r"np\.arctan2\.accumulate has no derivative"):
        np.arctan2.accumulate(GradArray([1.0, 2.0]))
