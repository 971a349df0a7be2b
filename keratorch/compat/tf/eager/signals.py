"""`tf.signal`: Fourier transforms and windows, with TensorFlow's complex numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.grads.indexing import ScatterAddGrad
from keratorch.ops import convert_to_tensor

_MEL, _MEL_HERTZ = 1127.0, 700.0  # mel = _MEL * log(1 + hertz / _MEL_HERTZ)


def complex_(real: Any, imag: Any) -> Any:
    """Return the numbers real + i * imag."""
    return _array(real) + 1j * _array(imag)


def fft(input: Any) -> Any:
    """Return the Fourier transform along the last axis."""
    return _single(np.fft.fft(_array(input)), input)


def ifft(input: Any) -> Any:
    """Return the inverse of `fft`."""
    return _single(np.fft.ifft(_array(input)), input)


def fft2d(input: Any) -> Any:
    """Return the Fourier transform along the last two axes."""
    return _single(np.fft.fft2(_array(input)), input)


def ifft2d(input: Any) -> Any:
    """Return the inverse of `fft2d`."""
    return _single(np.fft.ifft2(_array(input)), input)


def rfft(input: Any, fft_length: Any) -> Any:
    """Return the first half of the transform of real numbers, of this length."""
    x = input if isinstance(input, GradArray) else convert_to_tensor(input, "float32")
    return _single(np.fft.rfft(x, _length(fft_length)), x)


def irfft(input: Any, fft_length: Any) -> Any:
    """Return the real numbers whose `rfft` this is."""
    numbers = np.fft.irfft(_array(input), _length(fft_length))
    return numbers.astype(_array(input).real.dtype)


def frame(
    signal: Any,
    frame_length: int,
    frame_step: int,
    pad_end: bool,
    pad_value: float,
    axis: int,
) -> Any:
    """Return the parts of a length, a step apart, of an axis, in a new axis there.

    Parameters
    ----------
    pad_end : bool, whether parts that reach beyond the end are there too, filled up
        with `pad_value`.
    """
    x = np.moveaxis(_array(signal), axis, -1)
    length, step = int(frame_length), int(frame_step)
    if pad_end:
        count = -(-x.shape[-1] // step)
        missing = max(length + step * (count - 1) - x.shape[-1], 0)
        widths = [(0, 0)] * (x.ndim - 1) + [(0, missing)]
        x = np.pad(x, widths, constant_values=pad_value)
    else:
        count = max(0, 1 + (x.shape[-1] - length) // step)
    place = axis % x.ndim
    return np.moveaxis(x[_places(count, length, step)], (-2, -1), (place, place + 1))


def overlap_and_add(signal: Any, frame_step: int) -> Any:
    """Return the signal that parts (..., parts, length) a step apart sum up to."""
    x = _array(signal)
    count, length = x.shape[-2:]
    shape = (*x.shape[:-2], length + int(frame_step) * (count - 1))
    return ScatterAddGrad.apply(x, _places(count, length, int(frame_step)), shape)


def hann_window(window_length: int, periodic: bool, dtype: Any) -> np.ndarray:
    """Return a window of a raised cosine from 0 to 1."""
    return _raised_cosine(window_length, periodic, dtype, 0.5)


def hamming_window(window_length: int, periodic: bool, dtype: Any) -> np.ndarray:
    """Return a window of a raised cosine from 0.08 to 1."""
    return _raised_cosine(window_length, periodic, dtype, 0.54)


def stft(
    signals: Any,
    frame_length: int,
    frame_step: int,
    fft_length: int | None,
    window_fn: Callable[..., Any] | str | None,
    pad_end: bool,
) -> Any:
    """Return the `rfft` of the parts of a signal, each times a window.

    Parameters
    ----------
    signals : (..., samples).
    fft_length : int, by default the smallest power of 2 not below frame_length.
    window_fn : ``window_fn(frame_length, dtype=dtype)``, by default `hann_window`, of
        which the name is enough; None for no window.

    Returns
    -------
    (..., parts, fft_length // 2 + 1), complex.
    """
    parts = frame(signals, frame_length, frame_step, pad_end, 0, -1)
    parts = _windowed(parts, window_fn)
    return rfft(parts, _enclosing(frame_length) if fft_length is None else fft_length)


def inverse_stft(
    stfts: Any,
    frame_length: int,
    frame_step: int,
    fft_length: int | None,
    window_fn: Callable[..., Any] | str | None,
) -> Any:
    """Return the signal whose parts, each times a window, have these transforms."""
    length = int(frame_length)
    fft_length = _enclosing(length) if fft_length is None else _length(fft_length)
    parts = irfft(stfts, fft_length)[..., :length]
    missing = length - parts.shape[-1]
    if missing:
        parts = np.pad(parts, [(0, 0)] * (parts.ndim - 1) + [(0, missing)])
    return overlap_and_add(_windowed(parts, window_fn), frame_step)


def inverse_stft_window_fn(
    frame_step: int, forward_window_fn: Callable[..., Any] | str
) -> Callable[..., np.ndarray]:
    """Return the window of `inverse_stft` that undoes one of `stft`."""
    forward, step = _window(forward_window_fn), int(frame_step)

    def window(frame_length: int, dtype: Any = "float32") -> np.ndarray:
        weights = graph.value(forward(frame_length, dtype=dtype))
        overlaps = -(-len(weights) // step)
        squares = np.pad(weights**2, (0, overlaps * step - len(weights)))
        power = np.tile(squares.reshape(overlaps, step).sum(0), overlaps)
        return weights / power[: len(weights)]

    return window


def linear_to_mel_weight_matrix(
    num_mel_bins: int,
    num_spectrogram_bins: int,
    sample_rate: float,
    lower_edge_hertz: float,
    upper_edge_hertz: float,
    dtype: Any,
) -> np.ndarray:
    """Return triangles on the mel scale as weights, (spectrogram bins, mel bins)."""
    hertz = np.linspace(0.0, float(sample_rate) / 2, int(num_spectrogram_bins))
    places = _mel(hertz[1:])[:, None]
    low, high = _mel(float(lower_edge_hertz)), _mel(float(upper_edge_hertz))
    edges = np.linspace(low, high, int(num_mel_bins) + 2)
    lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
    rising = (places - lower) / (centre - lower)
    falling = (upper - places) / (upper - centre)
    weights = np.maximum(0, np.minimum(rising, falling))
    return np.pad(weights, ((1, 0), (0, 0))).astype(dtype)  # nothing hears 0 hertz


def mfccs_from_log_mel_spectrograms(log_mel_spectrograms: Any) -> Any:
    """Return the cepstral coefficients of logarithms of mel spectrograms."""
    x = _array(log_mel_spectrograms)
    return dct(x, 2, None, -1, None) / np.sqrt(2 * x.shape[-1], dtype=x.dtype)


def dct(input: Any, type: int, n: int | None, axis: int, norm: str | None) -> Any:
    """Return the cosine transform of type 2 along the last axis.

    Parameters
    ----------
    n : int, to which the axis is cut or filled up with zeros; None for its length.
    norm : 'ortho' for the orthonormal transform, or None.

    Raises
    ------
    ValueError : another type, axis or norm.
    """
    if type != 2 or axis != -1 or norm not in (None, "ortho"):
        raise ValueError(
            "tf.signal.dct takes type=2, axis=-1 and norm=None or 'ortho'; received "
            f"type={type}, axis={axis} and norm={norm!r}."
        )
    x = _array(input)
    n = x.shape[-1] if n is None else int(n)
    turns = np.arange(n) * (np.pi / (2 * n))
    half = np.fft.rfft(x[..., :n], 2 * n)[..., :n]
    result = 2 * np.real(half * np.exp(-1j * turns))
    if norm == "ortho":
        weights = np.full(n, np.sqrt(0.5 / n))
        weights[0] = np.sqrt(0.25 / n)
        result = result * weights
    return result.astype(x.dtype)


def _array(x: Any) -> Any:
    return x if isinstance(x, GradArray) else convert_to_tensor(x)


def _single(numbers: Any, like: Any) -> Any:
    """Return complex numbers as precise as those that they are made of."""
    kind = "complex64" if _array(like).real.dtype == np.float32 else "complex128"
    return numbers if numbers.dtype == kind else numbers.astype(kind)


def _length(fft_length: Any) -> int | None:
    if fft_length is None:
        return None
    return int(np.ravel(np.asarray(fft_length))[-1])


def _enclosing(length: int) -> int:
    """Return the smallest power of 2 that is not below a length."""
    return 1 << (int(length) - 1).bit_length()


def _places(count: int, length: int, step: int) -> tuple:
    """Return the index of parts along the last axis."""
    return (..., np.arange(count)[:, None] * step + np.arange(length))


def _raised_cosine(length: Any, periodic: bool, dtype: Any, mean: float) -> np.ndarray:
    length = int(length)
    if length == 1:
        return np.ones(1, dtype)
    turn = length - 1 + (periodic and length % 2 == 0)
    wave = np.cos(2 * np.pi * np.arange(length) / turn)
    return (mean - (1 - mean) * wave).astype(dtype)


def _window(window_fn: Callable[..., Any] | str) -> Callable[..., Any]:
    if window_fn == "hann_window":
        return lambda length, dtype: hann_window(length, True, dtype)
    return window_fn  # type: ignore[return-value]


def _windowed(parts: Any, window_fn: Callable[..., Any] | str | None) -> Any:
    """Return parts times the weights of a window."""
    if window_fn is None:
        return parts
    return parts * _window(window_fn)(parts.shape[-1], dtype=parts.dtype)


def _mel(hertz: Any) -> Any:
    return _MEL * np.log1p(hertz / _MEL_HERTZ)
