"""Norms at 0, at ties, of complex numbers, and of orders that there are not."""

import math

import numpy as np
import pytest

from keratorch import GradArray, gradients

ORDERS = [2, 1, 0, math.inf, -math.inf, 3, 1.5, 0.5]


@pytest.mark.parametrize("order", ORDERS)
def test_gradient_at_the_zero_vector_is_0_and_so_is_the_second(order):
    x = GradArray(np.zeros(3))
    first = gradients(np.linalg.norm(x, order), x, create_graph=True)
    np.testing.assert_array_equal(first.numpy(), 0)
    assert first.dtype == np.float64
    if first.requires_grad:
        np.testing.assert_array_equal(gradients(first.sum(), x), 0)


@pytest.mark.parametrize("order", [None, "fro"])
def test_gradient_at_the_zero_matrix_is_0(order):
    x = GradArray(np.zeros((2, 2)))
    np.testing.assert_array_equal(gradients(np.linalg.norm(x, order), x), 0)


def test_zero_vector_in_a_stack_leaves_the_others_alone():
    x = GradArray([[0.0, 0.0], [3.0, 4.0]])
    found = gradients(np.linalg.norm(x, axis=1).sum(), x)
    np.testing.assert_allclose(found, [[0, 0], [0.6, 0.8]])


@pytest.mark.parametrize("order", [0.5, 1.5, 3, 4.0])
def test_element_that_is_0_gets_no_gradient(order):
    x = GradArray([0.0, 2.0, -2.0])
    found = gradients(np.linalg.norm(x, order), x)
    assert found[0] == 0
    assert found[1] == -found[2] > 0


@pytest.mark.filterwarnings("ignore:divide by zero")
def test_negative_order_with_an_element_that_is_0_has_no_gradient():
    x = GradArray([0.0, 2.0, -2.0])
    np.testing.assert_array_equal(gradients(np.linalg.norm(x, -1), x), 0)


def test_largest_elements_share_the_gradient():
    x = GradArray([1.0, -3.0, 3.0])
    found = gradients(np.linalg.norm(x, math.inf), x)
    np.testing.assert_array_equal(found, [0, -0.5, 0.5])


def test_largest_singular_values_share_the_gradient():
    x = GradArray(np.eye(2))
    np.testing.assert_allclose(gradients(np.linalg.norm(x, 2), x), np.eye(2) / 2)


def test_large_order_does_not_overflow():
    x = GradArray([30.0, 29.0])
    found = gradients(np.linalg.norm(x, 200), x)
    np.testing.assert_allclose(found, [1, (29 / 30) ** 199], rtol=5e-3)


@pytest.mark.parametrize("order", [None, 2, 1, 3, math.inf])
def test_gradient_of_complex_vectors_points_away_from_0(order):
    z = np.array([3 + 4j, 1 - 1j])
    x, length = GradArray(z), GradArray(np.abs(z))
    found = gradients(np.linalg.norm(x, order), x)
    expected = gradients(np.linalg.norm(length, order), length) * z / np.abs(z)
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize("order", [None, "fro", 1, math.inf])
def test_norm_of_a_complex_matrix_is_that_of_its_lengths(order):
    x = GradArray(np.array([[3 + 4j, 1.0], [2j, 5.0]]))
    found = np.linalg.norm(x, order)
    assert found.item() == pytest.approx(np.linalg.norm(np.abs(x.numpy()), order))
    assert gradients(found, x).dtype == np.complex128


@pytest.mark.parametrize(
    "shape, params",
    [
        ((3,), {"ord": "fro", "axis": 0}),
        ((2, 2), {"ord": 3}),
        ((2, 2, 2), {"ord": 1}),
        ((2, 2), {"axis": 2}),
        ((2, 2), {"axis": (0, 2)}),
        ((2, 2), {"axis": (1, 1)}),
        ((2, 2), {"axis": [0]}),
    ],
)
def test_norm_that_numpy_refuses_is_refused_alike(shape, params):
    values = np.ones(shape)
    with pytest.raises((ValueError, TypeError)) as theirs:
        np.linalg.norm(values, **params)
    with pytest.raises(theirs.type):
        np.linalg.norm(GradArray(values), **params)


@pytest.mark.parametrize("order", [None, 2, 1, "fro"])
def test_condition_of_a_singular_matrix_is_infinite_and_has_no_gradient(order):
    stack = np.stack([np.zeros((2, 2)), np.diag([1.0, 2.0])])
    x = GradArray(stack)
    found = np.linalg.cond(x, order)
    np.testing.assert_allclose(found.numpy(), np.linalg.cond(stack, order))
    assert np.isinf(found.numpy()[0])
    gradient = gradients(found.sum(), x)
    np.testing.assert_array_equal(gradient[0], 0)
    assert np.any(gradient[1] != 0)
