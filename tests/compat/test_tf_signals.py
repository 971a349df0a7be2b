"""tf.signal, beside the sums that define it and numbers of TensorFlow 2.21."""

import numpy as np
import pytest

X = np.random.default_rng(0).normal(size=(2, 50)).astype("float32")
#: Rows 5, 40, 100 and columns 1, 9, 17 of TensorFlow's weights.
MEL = [[0, 0, 0], [0, 0.35174614, 0], [0, 0, 0.01178699]]


@pytest.fixture
def tf(installed):
    import tensorflow

    return tensorflow


def check(found, expected):
    assert found.shape == np.shape(expected)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-4, atol=1e-5)


def test_windows_of_odd_lengths_are_never_periodic(tf):
    check(tf.signal.hann_window(1), [1.0])
    check(tf.signal.hann_window(5), [0, 0.5, 1, 0.5, 0])
    check(tf.signal.hann_window(4), [0, 0.5, 1, 0.5])
    check(tf.signal.hann_window(4, periodic=False), [0, 0.75, 0.75, 0])
    check(tf.signal.hamming_window(4, dtype=tf.float64), [0.08, 0.54, 1, 0.54])


def test_frames_are_parts_of_an_axis(tf):
    check(tf.signal.frame([1.0, 2, 3, 4, 5], 3, 2), [[1, 2, 3], [3, 4, 5]])
    whole = tf.signal.frame([1.0, 2, 3], 2, 2, pad_end=True, pad_value=-1)
    check(whole, [[1, 2], [3, -1]])
    assert tf.signal.frame(X, 3, 2).shape == (2, 24, 3)
    assert tf.signal.frame(X.T, 3, 2, axis=0).shape == (24, 3, 2)
    check(tf.signal.overlap_and_add([[1.0, 2, 3], [3, 4, 5]], 2), [1, 2, 6, 4, 5])


def test_a_short_transform_is_one_of_each_windowed_part(tf):
    found = tf.signal.stft(X, frame_length=10, frame_step=4)
    assert found.dtype == tf.complex64
    parts = np.stack([X[:, i : i + 10] for i in range(0, 41, 4)], 1)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(10) / 10)
    check(found, np.fft.rfft(parts * window, 16))
    plain = tf.signal.stft(X, 10, 4, fft_length=12, window_fn=None, pad_end=True)
    assert plain.shape == (2, 13, 7)
    check(plain[:, :11], np.fft.rfft(parts, 12))


def test_the_inverse_window_gives_the_signal_back(tf):
    undo = tf.signal.inverse_stft_window_fn(4)
    back = tf.signal.inverse_stft(tf.signal.stft(X, 12, 4), 12, 4, window_fn=undo)
    check(back[:, 8:40], X[:, 8:40])
    longer = tf.signal.inverse_stft(
        tf.signal.stft(X, 12, 4, window_fn=None), 20, 4, fft_length=16, window_fn=None
    )
    assert longer.shape == (2, 56)


def test_transforms_take_and_give_complex_numbers(tf):
    z = tf.complex(X, 2 * X)
    assert z.dtype == tf.complex64
    numbers = X + 2j * X
    check(tf.signal.fft(z), np.fft.fft(numbers))
    check(tf.signal.ifft(tf.signal.fft(z)), numbers)
    check(tf.signal.ifft2d(tf.signal.fft2d(z)), numbers)
    check(tf.abs(tf.signal.rfft(X, fft_length=[64])), abs(np.fft.rfft(X, 64)))
    check(tf.signal.irfft(tf.signal.rfft(X), [40]), np.fft.irfft(np.fft.rfft(X), 40))
    check(tf.math.real(z), X)
    check(tf.math.imag(tf.math.conj(z)), -2 * X)
    check(tf.math.angle(z), np.angle(numbers))


def test_the_mel_scale_is_that_of_tensorflow(tf):
    weights = tf.signal.linear_to_mel_weight_matrix()
    assert weights.shape == (129, 20)
    found = weights.numpy()[np.ix_([5, 40, 100], [1, 9, 17])]
    np.testing.assert_allclose(found, MEL, atol=1e-5)
    logs = np.linspace(-2, 3, 20, dtype="float32")
    cosines = np.cos(np.pi / 20 * np.outer(np.arange(20), np.arange(20) + 0.5))
    found = tf.signal.mfccs_from_log_mel_spectrograms(logs)
    check(found, 2 * cosines @ logs / np.sqrt(40))


@pytest.mark.parametrize("n", [10, 30])
def test_the_cosine_transform_is_a_sum_of_cosines(n, tf):
    x = np.pad(X[0, :n], (0, n - len(X[0, :n])))
    cosines = 2 * np.cos(np.pi / n * np.outer(np.arange(n), np.arange(n) + 0.5))
    check(tf.signal.dct(X[0], n=n), cosines @ x)
    scale = np.where(np.arange(n) == 0, np.sqrt(0.25 / n), np.sqrt(0.5 / n))
    check(tf.signal.dct(X[0], n=n, norm="ortho"), scale * (cosines @ x))
    with pytest.raises(ValueError, match="type=2, axis=-1.*received type=3"):
        tf.signal.dct(X, type=3)


def test_gradients_flow_through_transforms(tf):
    x = tf.Variable(X[0])
    with tf.GradientTape() as tape:
        power = tf.square(tf.abs(tf.signal.stft(x, 8, 8, window_fn=None)))
        loss = tf.reduce_sum(power) + tf.reduce_sum(tf.signal.dct(x))
    numbers = X[0] + 1e-3 * np.eye(50)

    def sums(x):
        parts = x[..., :48].reshape(*x.shape[:-1], 6, 8)
        cosines = 2 * np.cos(np.pi / 50 * np.outer(np.arange(50), np.arange(50) + 0.5))
        return (abs(np.fft.rfft(parts)) ** 2).sum((-2, -1)) + (x @ cosines.T).sum(-1)

    expected = (sums(numbers) - sums(X[0] - 1e-3 * np.eye(50))) / 2e-3
    np.testing.assert_allclose(tape.gradient(loss, x).numpy(), expected, rtol=1e-3)


def test_spectra_of_symbols_are_taken(tf):
    inputs = tf.keras.Input((50,))
    model = tf.keras.Model(inputs, tf.abs(tf.signal.stft(inputs, 10, 5)))
    assert model.output_shape == (None, 9, 9)
    check(model(X), abs(tf.signal.stft(X, 10, 5).numpy()))
