"""Transforms of signals: there and back, and what does not fit."""

import numpy as np
import pytest

from keratorch import ops
from keratorch.testing import gradcheck

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(2, 3, 8))


def test_pairs_are_complex_numbers():
    for ours, numpys in [(ops.fft, np.fft.fft), (ops.fft2, np.fft.fft2)]:
        real, imaginary = ours((X, Y))
        expected = numpys(X + 1j * Y)
        np.testing.assert_allclose(real.numpy(), expected.real, atol=1e-12)
        np.testing.assert_allclose(imaginary.numpy(), expected.imag, atol=1e-12)


def test_there_and_back():
    for part, original in zip(ops.ifft2(ops.fft2((X, Y))), (X, Y), strict=True):
        np.testing.assert_allclose(part.numpy(), original, atol=1e-12)
    np.testing.assert_allclose(ops.irfft(ops.rfft(X)).numpy(), X, atol=1e-12)
    z = ops.view_as_complex(np.stack([X, Y], axis=-1))
    np.testing.assert_array_equal(ops.view_as_real(z).numpy()[..., 1], Y)


@pytest.mark.parametrize("window", ["hann", "hamming", None, np.arange(1.0, 7.0)])
@pytest.mark.parametrize("center", [True, False])
def test_windows_of_a_signal_give_it_back(window, center):
    x = RNG.normal(size=(2, 24))
    arguments = {"window": window, "center": center}
    there = ops.stft(x, 6, 2, 8, **arguments)
    back = ops.istft(there, 6, 2, 8, **arguments).numpy()
    inner = slice(0, 24) if center else slice(6, 18)  # at its ends few windows look
    np.testing.assert_allclose(back[:, inner], x[:, inner], atol=1e-10)


def test_float32_stays():
    real, imaginary = ops.fft((np.float32(X), np.float32(Y)))
    assert real.dtype == imaginary.dtype == np.float32
    there = ops.stft(np.float32(X), 4, 2, 4)
    assert ops.istft(there, 4, 2, 4).dtype == np.float32


def test_gradients_are_right_to_second_order():
    gradcheck(lambda x: ops.stft(x, 3, 2, 4)[1], RNG.normal(size=7))
    gradcheck(lambda x, y: ops.istft((x, y), 4, 2, 4), *RNG.normal(size=(2, 3, 3)))


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: ops.fft(X), "pair .real, imaginary.*received a ndarray"),
        (lambda: ops.fft((X, Y[:2])), "one shape"),
        (lambda: ops.view_as_complex(X), "last axis of length 2"),
        (lambda: ops.stft(X, 4, 2, 2), "at least sequence_length"),
        (lambda: ops.stft(X, 4, 2, 4, "han"), "Did you mean 'hann'"),
        (lambda: ops.stft(X, 4, 2, 4, np.ones(3)), r"received shape \(3,\)"),
        (lambda: ops.extract_sequences(X, 9, 1), "sequence_length from 1"),
    ],
)
def test_mistake_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("stride", [0, -2, 1.5])
def test_strides_are_whole_steps(stride):
    x = np.arange(8.0)
    with pytest.raises(ValueError, match="sequence_stride must be an integer"):
        ops.stft(x, 4, stride, 4)
    with pytest.raises(ValueError, match="sequence_stride must be an integer"):
        ops.istft((np.ones((3, 3)), np.ones((3, 3))), 4, stride, 4)
    with pytest.raises(ValueError, match="sequence_stride must be an integer"):
        ops.extract_sequences(x, 4, stride)


def test_transforms_need_axes():
    with pytest.raises(ValueError, match="fft needs arrays of 1 or more axes"):
        ops.fft((np.array(1.0), np.array(1.0)))
    with pytest.raises(ValueError, match="fft2 needs arrays of 2 or more axes"):
        ops.fft2((np.ones(3), np.ones(3)))
    with pytest.raises(ValueError, match="rfft needs arrays of 1 or more axes"):
        ops.rfft(np.array(2.0))
    with pytest.raises(ValueError, match="istft needs arrays of 2 or more axes"):
        ops.istft((np.ones(3), np.ones(3)), 4, 2, 4)
