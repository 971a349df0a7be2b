"""Complex numbers: the gradients of PyTorch 2.13, dL/da + i dL/db of z = a + ib."""

import numpy as np
import pytest

from keratorch import GradArray, gradients

Z = np.array([1 + 2j, -0.5 + 0.3j, 2 - 1j])


def slope(function, z=Z):
    x = GradArray(z)
    return gradients(function(x).sum(), x)


@pytest.mark.parametrize(
    "function, expected",
    [
        (np.real, [1, 1, 1]),
        (np.imag, [1j, 1j, 1j]),
        (lambda z: z.conj().imag, [-1j, -1j, -1j]),
        (lambda z: (z * z.conj()).real, 2 * Z),
        (np.abs, Z / np.abs(Z)),
        (np.angle, 1j * Z / np.abs(Z) ** 2),
        (lambda z: np.angle(z, deg=True), 1j * Z / np.abs(Z) ** 2 * 180 / np.pi),
        (lambda z: np.exp(z).real, np.exp(Z).conj()),
    ],
)
def test_gradient_points_where_a_real_result_grows_fastest(function, expected):
    np.testing.assert_allclose(slope(function), expected, rtol=1e-13)


def test_a_constant_imaginary_unit_leads_from_real_numbers_and_back():
    a, b = GradArray([1.0, 2.0]), GradArray([3.0, -1.0])
    np.abs(a + 1j * b).sum().backward()
    np.testing.assert_allclose(a.grad, a.numpy() / np.hypot(a.numpy(), b.numpy()))
    np.testing.assert_allclose(b.grad, b.numpy() / np.hypot(a.numpy(), b.numpy()))
    assert a.grad.dtype == float


def test_parts_of_real_numbers():
    x = np.array([1.0, -2.0])
    np.testing.assert_array_equal(slope(np.real, x), [1, 1])
    np.testing.assert_array_equal(slope(np.imag, x), [0, 0])
    np.testing.assert_array_equal(slope(np.conjugate, x), [1, 1])
    np.testing.assert_array_equal(slope(np.angle, x), [0, 0])


def test_angle_and_size_of_zero_have_slope_zero():
    np.testing.assert_array_equal(slope(np.angle, np.zeros(2, complex)), [0, 0])
    np.testing.assert_array_equal(slope(np.abs, np.zeros(2, complex)), [0, 0])


def test_single_precision_stays():
    z = Z.astype(np.complex64)
    for function in (np.real, np.imag, np.abs, np.angle):
        x = GradArray(z)
        y = function(x)
        assert y.dtype == np.float32
        assert gradients(y.sum(), x).dtype == np.complex64


def test_real_if_close_is_real_only_where_the_imaginary_part_is_noise():
    z = GradArray(Z)
    assert np.real_if_close(z).dtype == complex
    product = np.real_if_close(z * z.conj())
    assert product.dtype == float
    np.testing.assert_allclose(gradients(product.sum(), z), 2 * Z)
