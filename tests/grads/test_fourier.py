"""Fourier transforms: theorems that their gradients must obey."""

import numpy as np
import pytest

from keratorch import GradArray, gradients

NUMPY_2 = np.lib.NumpyVersion(np.__version__) >= "2.0.0"


def energy(z):
    return (z * z.conj()).real.sum()


def noise(*size):
    return np.random.default_rng(5).normal(size=size)


@pytest.mark.parametrize("length", [6, 7])
def test_energy_is_kept_hence_its_gradient_is_twice_the_signal(length):
    real = noise(length)
    for values in (real, real + 1j * real[::-1]):
        x = GradArray(values)
        found = gradients(energy(np.fft.fft(x, norm="ortho")), x)
        np.testing.assert_allclose(found, 2 * values)
        assert found.dtype == values.dtype


@pytest.mark.parametrize("length", [6, 7])
def test_filtered_signal_is_a_circular_convolution_in_value_and_derivatives(length):
    h, grad = noise(2, length)
    x = GradArray(noise(3, length)[2])
    circulant = np.stack([np.roll(h, i) for i in range(length)], axis=1)
    y = np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(h), length)
    np.testing.assert_allclose(y.numpy(), circulant @ x.numpy())
    np.testing.assert_allclose(gradients(y, x, grad), circulant.T @ grad)

    first = gradients((y**3).sum(), x, create_graph=True)
    second = gradients(first, x, grad)
    hessian = circulant.T @ np.diag(6 * y.numpy()) @ circulant
    np.testing.assert_allclose(second, hessian @ grad)


@pytest.mark.parametrize("length", [6, 7])
def test_imaginary_parts_that_a_real_signal_cannot_have_get_no_gradient(length):
    spectrum = GradArray(np.fft.rfft(noise(length)))
    np.fft.irfft(spectrum, length).backward(noise(length))
    assert spectrum.grad[0].imag == 0
    assert (spectrum.grad[-1].imag == 0) == (length % 2 == 0)


def test_real_and_imaginary_part_of_a_transform_have_second_derivatives():
    values, grad = noise(2, 5)
    x = GradArray(values)
    matrix = np.fft.fft(np.eye(5))
    for part, rows in (("real", matrix.real), ("imag", matrix.imag)):
        y = getattr(np.fft.fft(x), part)
        first = gradients((y**3).sum(), x, create_graph=True)
        second = gradients(first, x, grad)
        np.testing.assert_allclose(
            second, rows.T @ (6 * (rows @ values) * (rows @ grad))
        )


def test_lengths_and_axes_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="of one length"):
        np.fft.fftn(GradArray(np.ones((2, 2))), s=(2,), axes=(0, 1))


@pytest.mark.skipif(not NUMPY_2, reason="NumPy 1 has no out= here")
def test_out_is_refused():
    with pytest.raises(TypeError, match="out= cannot be recorded"):
        np.fft.fft(GradArray(np.ones(2)), out=np.ones(2, complex))
