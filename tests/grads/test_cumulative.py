"""Running products with zeros, and what differences and integrals refuse."""

import numpy as np
import pytest

from keratorch import GradArray, gradients
from keratorch.grads.cumulative import RecurrenceGrad, cumulative_sum, trapezoid


def jacobian(function, values):
    x = GradArray(np.array(values, float))
    y = function(x)
    return np.array([gradients(y, x, row) for row in np.eye(len(values))])


def test_running_product_with_zeros_has_the_slopes_of_the_factors():
    np.testing.assert_array_equal(
        jacobian(np.cumprod, [2.0, 0.0, 3.0, 0.0]),
        [[1, 0, 0, 0], [0, 2, 0, 0], [0, 6, 0, 0], [0, 0, 0, 0]],
    )


def test_second_derivative_of_a_running_product_with_two_zeros():
    x = GradArray([0.0, 0.0, 3.0])
    first = gradients(x.cumprod()[2], x, create_graph=True)
    second = np.array([gradients(first[i], x) for i in range(3)])
    np.testing.assert_array_equal(second, [[0, 3, 0], [3, 0, 0], [0, 0, 0]])


def test_long_running_product_with_a_zero():
    factors = np.random.default_rng(0).uniform(0.999, 1.001, 100_000)
    factors[50] = 0
    x = GradArray(factors)
    x.cumprod().sum().backward()
    later = np.cumprod(factors[51:]).sum() + 1
    np.testing.assert_allclose(x.grad[50], np.prod(factors[:50]) * later, rtol=1e-9)
    np.testing.assert_array_equal(x.grad[51:], 0)


def test_recurrence_is_the_one_that_a_loop_computes():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 3, 1000)) / 2
    expected, last = np.zeros_like(b), np.zeros(3)
    for k in range(1000):
        last = expected[:, k] = a[:, k] * last + b[:, k]
    found = RecurrenceGrad.apply(a, b).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_no_difference_is_the_array_itself():
    x = GradArray([1.0, 2.0])
    assert np.diff(x, 0) is x


def test_ends_that_do_not_fit_into_the_dtype_are_refused():
    x = GradArray(np.ones(3, np.float32))
    with pytest.raises(TypeError, match="to_end of complex128 does not fit"):
        np.ediff1d(x, to_end=1j)


def test_running_sum_of_a_matrix_asks_for_the_axis():
    with pytest.raises(ValueError, match="Say axis="):
        cumulative_sum(GradArray(np.ones((2, 2))))


def test_gradient_gives_what_numpy_gives_for_several_axes():
    x = np.arange(6.0).reshape(2, 3) ** 2
    found, expected = np.gradient(GradArray(x)), np.gradient(x)
    assert type(found) is type(expected)
    assert len(found) == 2
    assert isinstance(np.gradient(GradArray(x), axis=(0,)), GradArray)


@pytest.mark.parametrize(
    "error, message, args, options",
    [
        (TypeError, "one for each of 1 axes", (1.0, 2.0), {}),
        (ValueError, r"shape \(3,\); received \(2,\)", ([0.0, 1.0],), {}),
        (ValueError, "edge_order is 1 or 2", (), {"edge_order": 3}),
        (IndexError, "out of range", (), {"axis": 1}),
    ],
)
def test_gradient_says_which_distances_it_needs(error, message, args, options):
    with pytest.raises(error, match=message):
        np.gradient(GradArray([1.0, 2.0, 4.0]), *args, **options)


def test_gradient_needs_neighbours():
    with pytest.raises(ValueError, match="too short.*needs 3 elements"):
        np.gradient(GradArray([1.0, 2.0]), edge_order=2)


def test_coordinates_have_a_gradient_also_where_they_are_even():
    f, x = np.array([1.0, 3.0, 4.0]), GradArray([0.0, 1.0, 2.0])
    np.gradient(f, x)[0].backward()
    np.testing.assert_allclose(x.grad, [2, -2, 0])


def test_integral_of_a_line_moves_with_its_ends():
    x = GradArray([0.0, 1.0, 3.0])
    trapezoid(x, x).backward()  # x ** 2 / 2 at the ends
    np.testing.assert_allclose(x.grad, [0, 0, 3], atol=1e-15)


def test_even_coordinates_are_taken_for_a_distance_as_in_numpy():
    f, x = np.random.default_rng(0).normal(size=50), np.arange(50) * 0.25
    found = np.gradient(GradArray(f), x)
    np.testing.assert_array_equal(found.numpy(), np.gradient(f, x))
