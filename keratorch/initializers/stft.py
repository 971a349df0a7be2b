"""Kernels of the short-time Fourier transform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch.initializers.initializer import Initializer, weight_dtype
from keratorch.initializers.windows import check_window, make_window


class STFT(Initializer):
    """The waves of the short-time Fourier transform, as a kernel of Conv1D.

    kernel[t, 0, f] = window[t] * cos(-2 pi t f / (2 (bands - 1))) / scale

    of shape (frame length, 1, bands); sin in place of cos for the imaginary side.

    Parameters
    ----------
    side : 'real' or 'imag'.
    window : str such as 'hann' or 'hamming', an array of the frame's length, or None.
    scaling : 'density' divides by sqrt(sum(window**2)), 'spectrum' by
        sum(abs(window)), None by 1.
    periodic : bool, whether a window given by its name is one period of a longer one.

    Raises
    ------
    ValueError : another side, scaling or window; when called, a shape that does not
        fit.

    Examples
    --------
    >>> STFT("real", window=None)((4, 1, 3))[:, 0, 1].round(3) + 0.0
    array([ 1.,  0., -1.,  0.], dtype=float32)
    """

    def __init__(
        self,
        side: str = "real",
        window: Any = "hann",
        scaling: str | None = "density",
        periodic: bool = False,
    ):
        if side not in ("real", "imag"):
            raise ValueError(f"side must be 'real' or 'imag'; received {side!r}.")
        if isinstance(window, str):
            check_window(window)
        if scaling not in ("density", "spectrum", None):
            raise ValueError(
                f"scaling must be 'density', 'spectrum' or None; received {scaling!r}."
            )
        self.side = side
        self.window = window
        self.scaling = scaling
        self.periodic = periodic

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> np.ndarray:
        if len(shape) != 3:
            raise ValueError(
                "STFT initializes kernels of shape (frame length, 1, bands); "
                f"received shape {tuple(shape)}."
            )
        length, _, bands = shape
        time = np.arange(length).reshape(-1, 1, 1)
        frequency = np.arange(bands).reshape(1, 1, -1) / (2 * (bands - 1))
        wave = np.cos if self.side == "real" else np.sin
        kernel = wave(-2 * np.pi * time * frequency)
        if self.window is not None:
            kernel *= self._scaled_window(length).reshape(-1, 1, 1)
        return kernel.astype(weight_dtype(dtype))

    def _scaled_window(self, length: int) -> np.ndarray:
        if isinstance(self.window, str):
            window = make_window(self.window, length, self.periodic)
        else:
            window = np.asarray(self.window, dtype=np.float64)
        if window.shape != (length,):
            raise ValueError(
                f"window must have the frame's length {length}; received shape "
                f"{window.shape}."
            )
        if self.scaling == "density":
            return window / np.sqrt(np.sum(np.square(window)))
        if self.scaling == "spectrum":
            return window / np.sum(np.abs(window))
        return window

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        given = isinstance(self.window, (str, type(None)))
        return {
            "side": self.side,
            "window": self.window if given else np.asarray(self.window).tolist(),
            "periodic": self.periodic,
            "scaling": self.scaling,
        }
