"""Functional writing where samples cannot state it: repeated places, ties, errors."""

import numpy as np
import pytest

from keratorch import GradArray, gradients, no_grad


def answer(method, x, index, value, grad):
    """Return the result of a method of ``x.at[index]``, and both gradients."""
    x, value = GradArray(np.array(x, float)), GradArray(np.array(value, float))
    y = getattr(x.at[index], method)(value)
    return (y.numpy(), *gradients(y, [x, value], np.array(grad, float)))


def assert_answer(answer, *expected):
    for one, other in zip(answer, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-14)


def test_last_value_written_stays_and_alone_has_a_gradient():
    found = answer("set", [0, 0, 0], [1, 2, 1, 1], [5, 6, 7, 8], [10, 20, 30])
    assert_answer(found, [0, 8, 6], [10, 0, 0], [0, 30, 0, 20])


@pytest.mark.parametrize("order", ["C", "F"])
def test_last_written_is_the_last_in_the_order_of_the_index(order):
    # NumPy's own assignment would follow the memory of index and value.
    index = np.array([[0, 0], [0, 0]], order=order)
    value = np.array([[1.0, 2.0], [3.0, 4.0]], order=order)
    y, dx, dvalue = answer("set", [0, 0], index, value, [1, 1])
    assert_answer((y, dx, dvalue), [4, 0], [0, 1], [[0, 0], [0, 1]])


def test_product_of_repeated_places_has_gradients_at_zeros():
    found = answer("multiply", [2, 3], [0, 0, 1], [0, 5, 7], [1, 10])
    assert_answer(found, [0, 21], [0, 70], [10, 0, 30])
    found = answer("multiply", [2, 3], [0, 0, 0], [0, 5, 0], [1, 10])
    assert_answer(found, [0, 3], [0, 10], [0, 0, 0])


def test_second_derivative_of_a_product_of_repeated_places_at_zeros():
    x, value = GradArray([2.0]), GradArray([0.0, 5.0, 0.0])
    (first,) = gradients(
        x.at[[0, 0, 0]].multiply(value).sum(), [value], create_graph=True
    )
    np.testing.assert_array_equal(gradients(first[0], value), [0, 0, 10])


def test_repeated_places_are_raised_to_one_power_after_the_other():
    x = GradArray([-2.0, 3.0])
    y = x.at[[0, 0]].power([2.0, 0.5])
    np.testing.assert_array_equal(y.numpy(), [2, 3])  # and (-2) ** 1 is -2
    np.testing.assert_array_equal(gradients(y.sum(), x), [-1, 1])


@pytest.mark.parametrize("method, extreme, other", [("max", 5, 3), ("min", 3, 5)])
def test_ties_share_the_gradient_equally(method, extreme, other):
    found = answer(method, [extreme, extreme], 0, extreme, [6, 10])
    assert_answer(found, [extreme, extreme], [3, 10], 3)
    found = answer(method, [extreme, 0], [0, 0, 0], [extreme, other, extreme], [6, 10])
    assert_answer(found, [extreme, 0], [2, 10], [2, 0, 2])


def test_extremum_of_float32_finds_the_value_of_float64_that_it_rounded():
    x, value = GradArray(np.zeros(2, np.float32)), GradArray([0.1, 0.2])
    x.at[:].max(value).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 0])
    np.testing.assert_array_equal(value.grad, [1, 1])


def test_extremum_passes_nan_on_without_a_gradient():
    found = answer("max", [1, 2], slice(None), [np.nan, 3], [1, 1])
    assert_answer(found, [np.nan, 3], [0, 0], [0, 1])


def test_value_may_have_more_axes_of_length_one():
    found = answer("set", np.zeros((2, 3)), 0, np.ones((1, 1, 3)), np.ones((2, 3)))
    assert_answer(found, [[1, 1, 1], [0, 0, 0]], [[0, 0, 0], [1, 1, 1]], [[[1, 1, 1]]])


def test_complex_values_have_complex_gradients():
    x, value = GradArray(np.zeros(2, complex)), GradArray(1j)
    x.at[0].set(value).backward(np.array([1 + 2j, 3]))
    np.testing.assert_array_equal(value.grad, 1 + 2j)
    np.testing.assert_array_equal(x.grad, [0, 3])


def test_functions_that_write_write_where_nothing_records():
    x = GradArray([1.0, 2.0, 3.0])
    y = x * x
    with no_grad():
        np.put(x, [0], 9.0)
        np.copyto(x, [7.0, 8.0, 9.0], where=[False, True, True])
    np.testing.assert_array_equal(x.numpy(), [9, 8, 9])
    with pytest.raises(ValueError, match="was written into after"):
        y.sum().backward()
    buffer = np.zeros(3)
    np.copyto(buffer, x.detach())
    np.testing.assert_array_equal(buffer, [9, 8, 9])


def test_functions_that_write_lose_no_gradient_of_a_value():
    x = GradArray([1.0, 2.0, 3.0])
    for target in (np.zeros(3), x.detach(), x * 1):
        with pytest.raises(
            TypeError, match=r"np\.copyto.*np\.where\(where, src, dst\)"
        ):
            np.copyto(target, x)


def test_ufunc_at_shows_at():
    x = GradArray([1.0, 2.0])
    with pytest.raises(TypeError, match=r"x\.at\[index\]\.add\(value\)"):
        np.add.at(x, [0], 1.0)


def test_values_that_broadcast_to_a_table_of_places_are_all_added():
    x, value = GradArray(np.zeros((2, 3))), GradArray([1.0, 10.0])
    table = np.array([[0, 1], [1, 2]])
    y = x.at[..., table].add(value)
    np.testing.assert_array_equal(y.numpy(), [[1.0, 11.0, 10.0]] * 2)
    y.sum().backward()
    np.testing.assert_array_equal(value.grad, [4.0, 4.0])


def test_value_is_added_wherever_it_is_broadcast_to():
    x, value = GradArray(np.zeros((3, 2))), GradArray([1.0, 2.0])
    y = x.at[[[0, 1], [1, 1]]].add(value)
    np.testing.assert_array_equal(y.numpy(), [[1, 2], [3, 6], [0, 0]])
    np.testing.assert_array_equal(gradients(y.sum(), value), [4, 4])


def test_extremum_takes_a_row_wherever_its_place_is_repeated():
    x, index = np.zeros((3, 2)), np.array([0, 2, 0])
    rows = np.array([[1.0, -5.0], [2.0, 2.0], [-1.0, 7.0]])
    found = GradArray(x).at[index].max(rows)
    np.testing.assert_array_equal(found.numpy(), [[1, 7], [0, 0], [2, 2]])
