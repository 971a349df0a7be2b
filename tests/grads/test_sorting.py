"""Sorting where samples cannot state it: ties, NaN, methods that write."""

import numpy as np
import pytest

from keratorch import GradArray, gradients


def test_equal_elements_are_sorted_in_their_order():
    x = GradArray([2.0, 1.0, 2.0, 1.0])
    for y in (np.sort(x), np.sort(x, kind="heapsort"), np.partition(x, [0, 1, 2, 3])):
        grad = gradients(y, x, np.array([1.0, 2.0, 3.0, 4.0]))
        np.testing.assert_array_equal(grad, [3, 1, 4, 2])


def test_many_equal_elements_are_sorted_in_their_order():
    x = GradArray(np.tile([2.0, 1.0], 500))
    for y in (np.sort(x), np.partition(x, 10)):
        grad = gradients(y, x, np.arange(1000))
        np.testing.assert_array_equal(grad[1::2], np.flatnonzero(y.numpy() == 1))
        np.testing.assert_array_equal(grad[::2], np.flatnonzero(y.numpy() == 2))


def test_nan_is_sorted_to_the_end_with_its_gradient():
    x = GradArray([np.nan, 3.0, 1.0])
    for y in (np.sort(x), np.partition(x, 1)):
        np.testing.assert_array_equal(gradients(y, x, [1.0, 2.0, 3.0]), [3, 2, 1])


@pytest.mark.parametrize("size", [5, 100, 1000])
def test_partition_sends_gradients_where_the_elements_came_from(size):
    x = GradArray(np.random.default_rng(0).permutation(size) * 1.0)
    y = np.partition(x, size // 3)
    np.testing.assert_array_equal(gradients(y, x, y.numpy()), x.numpy())


def test_orders_are_plain():
    x = GradArray([2.0, 1.0])
    for order in (np.argsort(x), x.argsort(), np.argpartition(x, 0), np.lexsort((x,))):
        assert type(order) is np.ndarray
        np.testing.assert_array_equal(order, [1, 0])


@pytest.mark.parametrize(
    "write, advice",
    [
        (lambda x: x.sort(), r"np\.sort\(x\)"),
        (lambda x: x.partition(1), r"np\.partition\(x, kth\)"),
        (lambda x: x.fill(0.0), r"np\.full_like\(x, value\)"),
        (lambda x: x.put([0], 1.0), r"x\.at\[index\]\.set\(value\)"),
    ],
)
def test_methods_that_write_say_what_to_call(write, advice):
    x = GradArray([2.0, 1.0])
    with pytest.raises(TypeError, match=f"writes into its array.*{advice}"):
        write(x)
    np.testing.assert_array_equal(x.numpy(), [2, 1])


def test_an_order_by_fields_is_refused():
    with pytest.raises(TypeError, match=r"np\.sort.*order"):
        np.sort(GradArray([2.0, 1.0]), order="field")
