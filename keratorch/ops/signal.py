"""Fourier transforms in Keras's manner: complex numbers as pairs of real arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.errors import suggest
from keratorch.grads.indexing import ScatterAddGrad
from keratorch.ops.arrays import as_floats, float_array
from keratorch.ops.conversion import convert_to_tensor


def fft(x: Any) -> tuple[Any, Any]:
    """The Fourier transform along the last axis, of and as (real, imaginary).

    Raises
    ------
    ValueError : x is no pair of arrays of one shape. So for all functions here.

    >>> real, imaginary = fft(([1.0, 2.0], [0.0, 1.0]))
    >>> print(real.numpy(), imaginary.numpy())
    [ 3. -1.] [ 1. -1.]
    """
    return _parts(np.fft.fft(_complex("fft", x, 1)), x[0])


def fft2(x: Any) -> tuple[Any, Any]:
    """The Fourier transform along the last two axes, of and as (real, imaginary).

    >>> fft2(([[1.0, 2.0]], [[0.0, 0.0]]))[0].numpy()
    array([[ 3., -1.]], dtype=float32)
    """
    return _parts(np.fft.fft2(_complex("fft2", x, 2)), x[0])


def ifft2(x: Any) -> tuple[Any, Any]:
    """The inverse of `fft2`.

    >>> ifft2(([[3.0, -1.0]], [[0.0, 0.0]]))[0].numpy()
    array([[1., 2.]], dtype=float32)
    """
    return _parts(np.fft.ifft2(_complex("ifft2", x, 2)), x[0])


def rfft(x: Any, fft_length: int | None = None) -> tuple[Any, Any]:
    """The first half of the Fourier transform of real numbers, along the last axis.

    Parameters
    ----------
    x : array_like; cut, or filled up with zeros, to `fft_length`.
    fft_length : int, by default the length of x.

    >>> rfft([1.0, 2.0])[0].numpy()
    array([ 3., -1.], dtype=float32)
    """
    x = as_floats(x)
    _check_axes("rfft", x, 1)
    return _parts(np.fft.rfft(x, fft_length), x)


def irfft(x: Any, fft_length: int | None = None) -> Any:
    """The real numbers whose `rfft` is x = (real, imaginary).

    >>> irfft(([3.0, -1.0], [0.0, 0.0])).numpy()
    array([1., 2.], dtype=float32)
    """
    return np.fft.irfft(_complex("irfft", x, 1), fft_length).astype(
        as_floats(x[0]).dtype
    )


def extract_sequences(x: Any, sequence_length: int, sequence_stride: int) -> Any:
    """The parts of a length, a stride apart, of the last axis, along a new one.

    Raises
    ------
    ValueError : a stride or a length below 1, or one that x has not.

    >>> extract_sequences([1.0, 2.0, 3.0, 4.0], 2, 1).numpy()
    array([[1., 2.],
           [2., 3.],
           [3., 4.]], dtype=float32)
    """
    x = as_floats(x)
    _check_stride("extract_sequences", sequence_stride)
    if not 1 <= sequence_length <= (x.shape or (0,))[-1]:
        raise ValueError(
            "extract_sequences needs a sequence_length from 1 to the length of x; "
            f"received {sequence_length} for shape {x.shape}."
        )
    count = (x.shape[-1] - sequence_length) // sequence_stride + 1
    return x[_windows(count, sequence_length, sequence_stride)]


def stft(
    x: Any,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    window: Any = "hann",
    center: bool = True,
) -> tuple[Any, Any]:
    """The Fourier transforms of windows on a signal, as (real, imaginary).

    Parameters
    ----------
    x : (..., length).
    sequence_length : int, of each window.
    sequence_stride : int, the step from window to window.
    fft_length : int >= sequence_length, to which zeros fill up each window.
    window : 'hann', 'hamming', an array of weights, or None for none.
    center : bool, whether x is reflected beyond its ends, so that a window's place is
        that of its middle.

    Returns
    -------
    real, imaginary : (..., windows, fft_length // 2 + 1).

    Raises
    ------
    ValueError : an unknown window, or lengths that do not fit.

    >>> real, _ = stft(np.ones(8, "float32"), 4, 2, 4)
    >>> real.numpy()[0]
    array([ 2., -1.,  0.], dtype=float32)
    """
    x = as_floats(x)
    _check_axes("stft", x, 1)
    _check_stride("stft", sequence_stride)
    weights = _weights("stft", window, sequence_length, fft_length, x.dtype)
    if center:
        half = fft_length // 2
        x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(half, half)], mode="reflect")
    return rfft(extract_sequences(x, fft_length, sequence_stride) * weights)


def istft(
    x: Any,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    length: int | None = None,
    window: Any = "hann",
    center: bool = True,
) -> Any:
    """The signal whose `stft` is nearest to x = (real, imaginary).

    Parameters
    ----------
    x : pair of (..., windows, fft_length // 2 + 1).
    length : int, of the signal, or None for all that the windows cover.
    sequence_length, sequence_stride, fft_length, window, center : those of `stft`.
        With window=None Keras 3.15 returns fft_length / sequence_stride times as much.

    Raises
    ------
    ValueError : an unknown window, or lengths that do not fit.

    Source: Griffin & Lim (1984), Signal estimation from modified short-time Fourier
    transform.

    >>> signal = np.arange(8, dtype="float32")
    >>> istft(stft(signal, 4, 2, 4), 4, 2, 4).numpy().round(3)
    array([0., 1., 2., 3., 4., 5., 6., 7.], dtype=float32)
    """
    _check_stride("istft", sequence_stride)
    frames = irfft(x, fft_length)
    _check_axes("istft", frames, 2)
    weights = _weights("istft", window, sequence_length, fft_length, frames.dtype)
    count = frames.shape[-2]
    whole = fft_length + sequence_stride * (count - 1)
    index = _windows(count, fft_length, sequence_stride)
    shape = (*frames.shape[:-2], whole)
    signal = ScatterAddGrad.apply(frames * weights, index, shape)
    squares = np.tile(weights * weights, count)
    power = np.bincount(index[1].ravel(), squares, whole).astype(frames.dtype)
    # what no window sees is 0 already
    signal = signal / np.where(power > 1e-10, power, 1)
    start = fft_length // 2 if center else 0
    if length is not None:
        stop = start + length
    else:
        stop = whole - fft_length // 2 if center else whole
    return signal[..., start:stop]


def polar(abs_: Any, angle: Any) -> Any:
    """The complex numbers abs * (cos(angle) + i sin(angle)).

    >>> polar(2.0, 0.0).numpy()
    array(2.+0.j, dtype=complex64)
    """
    size, turn = as_floats(abs_), as_floats(angle)
    return size * np.cos(turn) + 1j * (size * np.sin(turn))


def view_as_complex(x: Any) -> Any:
    """The complex numbers whose parts lie on the last axis of x.

    Raises
    ------
    ValueError : a last axis of another length than 2.

    >>> view_as_complex([[1.0, 2.0]]).numpy()
    array([1.+2.j], dtype=complex64)
    """
    x = as_floats(x)
    if x.shape[-1:] != (2,):
        raise ValueError(
            "view_as_complex needs a last axis of length 2, (real, imaginary); "
            f"received shape {x.shape}."
        )
    return x[..., 0] + 1j * x[..., 1]


def view_as_real(x: Any) -> Any:
    """The real and imaginary parts of complex numbers, along a new last axis.

    >>> view_as_real(np.array([1 + 2j])).numpy()
    array([[1., 2.]])
    """
    x = convert_to_tensor(x)
    return np.stack([np.real(x), np.imag(x)], axis=-1)


def _complex(name: str, x: Any, axes: int) -> Any:
    """Return a pair (real, imaginary) as complex numbers, of so many axes or more."""
    if not isinstance(x, (list, tuple)) or len(x) != 2:
        raise ValueError(
            f"{name} needs a pair (real, imaginary) of arrays; received a "
            f"{type(x).__name__}."
        )
    real, imaginary = as_floats(x[0]), as_floats(x[1])
    if real.shape != imaginary.shape:
        raise ValueError(
            f"{name} needs real and imaginary parts of one shape; received shapes "
            f"{real.shape} and {imaginary.shape}."
        )
    _check_axes(name, real, axes)
    return real + 1j * imaginary


def _check_axes(name: str, x: Any, axes: int) -> None:
    if x.ndim < axes:
        raise ValueError(
            f"{name} needs arrays of {axes} or more axes; received shape {x.shape}."
        )


def _check_stride(name: str, stride: Any) -> None:
    if not isinstance(stride, (int, np.integer)) or stride < 1:
        raise ValueError(
            f"{name}: sequence_stride must be an integer of 1 or more; received "
            f"{stride!r}."
        )


def _parts(z: Any, like: Any) -> tuple[Any, Any]:
    """Return the parts of complex numbers in the dtype of an input."""
    dtype = like.dtype if isinstance(like, GradArray) else as_floats(like).dtype
    return np.real(z).astype(dtype), np.imag(z).astype(dtype)


def _windows(count: int, length: int, stride: int) -> tuple:
    """Return the index of windows along the last axis."""
    starts = np.arange(count) * stride
    return (..., starts[:, None] + np.arange(length))


def _weights(name: str, window: Any, length: int, fft_length: int, dtype: Any) -> Any:
    """Return the weights of a window with zeros on both sides."""
    if fft_length < length:
        raise ValueError(
            f"{name}: fft_length must be at least sequence_length; received "
            f"fft_length={fft_length} and sequence_length={length}."
        )
    if isinstance(window, str):
        known = {"hann": (0.5, 0.5), "hamming": (0.54, 0.46)}
        if window not in known:
            raise ValueError(
                f"{name}: window must be known; received {window!r}. "
                f"{suggest(window, known)}"
            )
        a, b = known[window]
        weights = (a - b * np.cos(2 * np.pi * np.arange(length) / length)).astype(dtype)
    else:
        weights = np.ones(fft_length if window is None else 0, dtype)
        if window is None:
            return weights
        weights = float_array(window, dtype)
        if weights.shape != (length,):
            raise ValueError(
                f"{name}: window must have one weight for each of sequence_length="
                f"{length} places; received shape {weights.shape}."
            )
    before = (fft_length - length) // 2
    return np.pad(weights, (before, fft_length - length - before))
