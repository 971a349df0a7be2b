import numpy as np
import pytest

from keratorch.datasets import digits, iris
from keratorch.datasets._packaged import shuffled_split


def test_split_keeps_every_sample_once_with_its_label():
    x = np.arange(10.0)
    (x_train, y_train), (x_test, y_test) = shuffled_split(x, 2 * x, 0.3, seed=1)
    assert len(x_train) == 7 and len(x_test) == 3
    assert sorted([*x_train, *x_test]) == list(x)
    np.testing.assert_array_equal(2 * x_train, y_train)
    np.testing.assert_array_equal(2 * x_test, y_test)


def test_split_is_the_same_for_a_seed_and_differs_between_seeds():
    x = np.arange(100)
    (first, _), _ = shuffled_split(x, x, 0.2, seed=113)
    (again, _), _ = shuffled_split(x, x, 0.2, seed=113)
    (other, _), _ = shuffled_split(x, x, 0.2, seed=114)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    # The same in every version of NumPy, hence a value written down.
    assert first[:5].tolist() == [76, 53, 98, 13, 52]


def test_seed_none_gives_another_order_in_each_call():
    x = np.arange(1000)
    (first, _), _ = shuffled_split(x, x, 0.2, seed=None)
    (second, _), _ = shuffled_split(x, x, 0.2, seed=None)
    assert (first != second).any()


def test_split_of_zero_keeps_all_for_training():
    (x_train, _), (x_test, y_test) = iris.load_data(test_split=0)
    assert x_train.shape == (150, 4)
    assert x_test.shape == (0, 4)
    assert y_test.shape == (0,)


@pytest.mark.parametrize(
    "test_split", [1, 1.0, -0.2, float("nan"), "0.2", True, False, None, 1j]
)
def test_test_split_outside_its_range_is_named(test_split):
    with pytest.raises(ValueError, match="test_split must be a number") as error:
        digits.load_data(test_split=test_split)
    assert repr(test_split) in str(error.value)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "113", True])
def test_seed_outside_its_range_is_named(seed):
    with pytest.raises(ValueError, match="seed must be None or an integer") as error:
        iris.load_data(seed=seed)
    assert repr(seed) in str(error.value)


def test_numpy_scalars_serve_as_arguments():
    (x_train, _), _ = iris.load_data(np.float32(0.5), np.int64(3))
    assert len(x_train) == 75
