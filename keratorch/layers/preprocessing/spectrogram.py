"""STFTSpectrogram and MelSpectrogram: sounds as images of their frequencies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from keratorch import config, initializers, ops
from keratorch.initializers.windows import check_window
from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.layer import Layer
from keratorch.ops.image.layout import check_known, checked_format

_MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")
# the arguments, as configurations have them
_STFT = (
    *("mode", "frame_length", "frame_step", "fft_length", "window", "periodic"),
    *("scaling", "padding", "data_format", "expand_dims"),
)
_MEL = (
    *("fft_length", "sequence_stride", "sequence_length", "window", "sampling_rate"),
    *("num_mel_bins", "min_freq", "max_freq", "power_to_db", "top_db", "mag_exp"),
    *("min_power", "ref_power"),
)
_MEL_BREAK, _MEL_SCALE = 700.0, 1127.0


class STFTSpectrogram(Layer):
    """The short-time Fourier transform as a convolution, whose kernels can train.

    Parameters
    ----------
    mode : 'log', 'magnitude' or 'psd' (power, both halves of the spectrum added) of the
        transform; its 'real' part, 'imag' part or 'angle'; or 'stft' for real and
        imaginary parts one after another.
    frame_length : int > 0, samples in a window.
    frame_step : int > 0, samples from window to window; by default half a window.
    fft_length : int >= frame_length; by default the next power of two.
    window : name of a window, an array of weights, or None.
    periodic : bool, whether the window is periodic.
    scaling : 'density', 'spectrum' or None, of the window.
    padding : 'valid' or 'same'.
    expand_dims : bool, whether channels get an axis of their own.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Shapes
    ------
    inputs : (batch, time, channels); outputs : (batch, windows, channels *
        frequencies), or with expand_dims (batch, windows, frequencies, channels).

    Raises
    ------
    ValueError : lengths that do not fit, or an unknown name.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.spectrogram import STFTSpectrogram
    >>> STFTSpectrogram(frame_length=8)(np.ones((2, 32, 1))).shape
    (2, 7, 5)
    """

    _keeps_integers = False
    real_kernel: Any
    imag_kernel: Any

    def __init__(
        self,
        mode: str = "log",
        frame_length: int = 256,
        frame_step: int | None = None,
        fft_length: int | None = None,
        window: Any = "hann",
        periodic: bool = False,
        scaling: str | None = "density",
        padding: str = "valid",
        expand_dims: bool = False,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        name = "STFTSpectrogram"
        check_positive_integer(name, "frame_length", frame_length)
        if frame_step is not None and not 1 <= frame_step <= frame_length:
            raise ValueError(
                f"{name}: frame_step must be from 1 to frame_length={frame_length}; "
                f"received {frame_step}."
            )
        if fft_length is not None and fft_length < frame_length:
            raise ValueError(
                f"{name}: fft_length must be at least frame_length={frame_length}; "
                f"received {fft_length}."
            )
        check_known(name, "mode", mode, _MODES)
        check_known(name, "scaling", scaling, ("density", "spectrum", None))
        check_known(name, "padding", padding, ("valid", "same"))
        if isinstance(window, str):
            check_window(window)
        self.mode, self.frame_length, self.frame_step = mode, frame_length, frame_step
        self.fft_length, self.window, self.periodic = fft_length, window, periodic
        self.scaling, self.padding, self.expand_dims = scaling, padding, expand_dims
        self.data_format = checked_format(name, data_format)

    def build(self, input_shape: tuple) -> None:
        bins = self._bins()
        for part, without in (("real", "imag"), ("imag", "real")):
            if self.mode != without:
                kernel = self.add_weight(
                    name=f"{part}_kernel",
                    shape=(self.frame_length, 1, bins),
                    initializer=initializers.STFT(
                        part, self.window, self.scaling, self.periodic
                    ),
                )
                setattr(self, f"{part}_kernel", kernel)

    def _bins(self) -> int:
        next_power = 2 ** math.ceil(math.log2(self.frame_length))
        return (self.fft_length or next_power) // 2 + 1

    def call(self, inputs: Any) -> Any:
        x = inputs
        if self.data_format == "channels_first":
            x = np.transpose(x, (0, 2, 1))
        if self.mode in ("real", "imag"):
            return self._arranged(
                self._convolved(x, getattr(self, f"{self.mode}_kernel"))
            )
        real = self._convolved(x, self.real_kernel)
        imaginary = self._convolved(x, self.imag_kernel)
        if self.mode == "angle":
            return self._arranged(np.arctan2(imaginary, real))
        if self.mode == "stft":
            return self._arranged(np.concatenate([real, imaginary], axis=-1))
        power = np.square(real) + np.square(imaginary)
        if self.mode == "psd":
            both = np.pad(power[..., 1:-1], [(0, 0)] * 3 + [(1, 1)])
            return self._arranged(power + both)
        least = config.epsilon()
        magnitude = self._arranged(np.sqrt(np.maximum(power, least)))
        if self.mode == "magnitude":
            return magnitude
        return np.log(np.maximum(magnitude, least))

    def _convolved(self, x: Any, kernel: Any) -> Any:
        """Return (batch, windows, channels, frequencies)."""
        batch, time, channels = x.shape
        alone = np.reshape(np.transpose(x, (0, 2, 1)), (batch * channels, time, 1))
        step = self._step()
        out = ops.conv(alone, kernel, step, self.padding, "channels_last")
        out = np.reshape(out, (batch, channels, *out.shape[1:]))
        return np.transpose(out, (0, 2, 1, 3))

    def _step(self) -> int:
        return self.frame_step or self.frame_length // 2

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        first = self.data_format == "channels_first"
        batch, *inner = input_shape
        channels, time = inner if first else reversed(inner)
        if time is not None:  # of a sound of unknown length, so is the result
            rest = time - 1 if self.padding == "same" else time - self.frame_length
            time = rest // self._step() + 1
            if time < 1:
                raise ValueError(
                    f"STFTSpectrogram '{self.name}' needs sounds of at least "
                    f"frame_length={self.frame_length} samples; received shape "
                    f"{input_shape}. Use padding='same', or a smaller frame_length."
                )
        bins = self._bins() * (2 if self.mode == "stft" else 1)
        if self.expand_dims:
            return (
                batch,
                *((channels, time, bins) if first else (time, bins, channels)),
            )
        flat = None if channels is None else channels * bins
        return (batch, *((flat, time) if first else (time, flat)))

    def _arranged(self, x: Any) -> Any:
        """Return (batch, windows, channels, frequencies) in the layout asked for."""
        first = self.data_format == "channels_first"
        if self.expand_dims:
            return np.transpose(x, (0, 2, 1, 3) if first else (0, 1, 3, 2))
        flat = np.reshape(x, (*x.shape[:2], x.shape[2] * x.shape[3]))
        return np.transpose(flat, (0, 2, 1)) if first else flat

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **{key: getattr(self, key) for key in _STFT}}


class MelSpectrogram(Layer):
    """The power of a sound in bands as wide as the ear hears them, in decibels.

    Parameters
    ----------
    fft_length : int, samples in a Fourier transform.
    sequence_stride : int, samples from window to window.
    sequence_length : int <= fft_length, samples in a window; by default fft_length.
    window : 'hann', 'hamming', an array of weights, or None.
    sampling_rate : int, samples in a second.
    num_mel_bins : int, of bands.
    min_freq, max_freq : float, hertz; by default up to half the sampling rate.
    power_to_db : bool, whether to return decibels.
    top_db : float, how far below the loudest the result is cut.
    mag_exp : float, the exponent of magnitudes: 1 for these, 2 for power.
    min_power : float > 0, what is less counts as that.
    ref_power : float, the power of 0 decibels.

    Shapes
    ------
    inputs : (time,) or (batch, time); outputs : (..., num_mel_bins, windows).

    Raises
    ------
    ValueError : lengths that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.spectrogram import MelSpectrogram
    >>> layer = MelSpectrogram(fft_length=64, sequence_stride=16, num_mel_bins=4)
    >>> layer(np.ones((2, 256))).shape
    (2, 4, 17)
    """

    _keeps_integers = False

    def __init__(
        self,
        fft_length: int = 2048,
        sequence_stride: int = 512,
        sequence_length: int | None = None,
        window: Any = "hann",
        sampling_rate: int = 16000,
        num_mel_bins: int = 128,
        min_freq: float = 20.0,
        max_freq: float | None = None,
        power_to_db: bool = True,
        top_db: float = 80.0,
        mag_exp: float = 2.0,
        min_power: float = 1e-10,
        ref_power: float = 1.0,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.fft_length, self.sequence_stride = fft_length, sequence_stride
        self.sequence_length = sequence_length or fft_length
        if self.sequence_length > fft_length:
            raise ValueError(
                "MelSpectrogram: fft_length must be at least sequence_length; received "
                f"fft_length={fft_length} and sequence_length={sequence_length}."
            )
        self.window, self.sampling_rate = window, sampling_rate
        self.num_mel_bins, self.min_freq = num_mel_bins, min_freq
        self.max_freq = max_freq or int(sampling_rate / 2)
        self.power_to_db, self.top_db, self.mag_exp = power_to_db, top_db, mag_exp
        self.min_power, self.ref_power = min_power, ref_power
        self.built = True

    def call(self, inputs: Any) -> Any:
        real, imaginary = ops.stft(
            inputs,
            self.sequence_length,
            self.sequence_stride,
            self.fft_length,
            self.window,
        )
        size = np.sqrt(np.square(real) + np.square(imaginary)) ** self.mag_exp
        bands = size @ self._bands(size.shape[-1]).astype(size.dtype)
        if self.power_to_db:
            bands = self._decibels(bands)
        return np.swapaxes(bands, -1, -2)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        *batch, time = input_shape
        if time is not None:  # each end is filled up with half a transform
            time = (time - self.fft_length % 2) // self.sequence_stride + 1
        return (*batch, self.num_mel_bins, time)

    def _decibels(self, power: Any) -> Any:
        quiet = 10 * math.log10(max(abs(self.ref_power), self.min_power))
        loudness = 10 * np.log10(np.maximum(power, self.min_power)) - quiet
        return np.maximum(loudness, loudness.max() - self.top_db)

    def _bands(self, bins: int) -> np.ndarray:
        """Return triangular weights (bins, bands), of equal width in mels."""
        frequencies = np.linspace(0, self.sampling_rate / 2, bins)[1:]
        low, high = _mels(self.min_freq), _mels(self.max_freq)
        edges = np.linspace(low, high, self.num_mel_bins + 2)
        mels = _mels(frequencies)[:, None]
        left, middle, right = edges[:-2], edges[1:-1], edges[2:]
        up, down = (mels - left) / (middle - left), (right - mels) / (right - middle)
        weights = np.maximum(0, np.minimum(up, down))
        return np.pad(weights, [(1, 0), (0, 0)])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **{key: getattr(self, key) for key in _MEL}}


def _mels(hertz: Any) -> Any:
    return _MEL_SCALE * np.log(1 + hertz / _MEL_BREAK)
