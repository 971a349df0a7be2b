"""Windows: weights of the samples of a frame, by the names that SciPy gives them.

Each is computed over ``count`` samples, the first and the last of which are its ends.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from keratorch.errors import suggest


def _cosines(*coefficients: float) -> Callable[[int], np.ndarray]:
    """A window a0 - a1 cos(x) + a2 cos(2x) - ..., x from 0 to 2 pi."""

    def window(count: int) -> np.ndarray:
        x = np.linspace(-np.pi, np.pi, count)
        return sum(a * np.cos(k * x) for k, a in enumerate(coefficients))  # type: ignore[return-value]

    return window


def _across(count: int) -> np.ndarray:
    """How far each sample is from the middle: -1 to 1."""
    return np.linspace(-1.0, 1.0, count)


def _triang(count: int) -> np.ndarray:
    n = np.minimum(np.arange(count), np.arange(count)[::-1]) + 1.0
    return (2 * n - 1) / count if count % 2 == 0 else 2 * n / (count + 1)


def _barthann(count: int) -> np.ndarray:
    x = _across(count) / 2
    return 0.62 - 0.48 * np.abs(x) + 0.38 * np.cos(2 * np.pi * x)


def _bohman(count: int) -> np.ndarray:
    x = np.abs(_across(count))
    window = (1 - x) * np.cos(np.pi * x) + np.sin(np.pi * x) / np.pi
    window[[0, -1]] = 0
    return window


def _cosine(count: int) -> np.ndarray:
    return np.sin(np.pi / count * (np.arange(count) + 0.5))


def _parzen(count: int) -> np.ndarray:
    x = np.abs(np.arange(count) - (count - 1) / 2) / (count / 2)
    inner = 1 - 6 * x**2 + 6 * x**3
    outer = 2 * (1 - x) ** 3
    return np.where(
        np.abs(np.arange(count) - (count - 1) / 2) <= (count - 1) / 4, inner, outer
    )


def _tukey(count: int) -> np.ndarray:
    rest = np.clip((1 - np.abs(_across(count))) / 0.5, 0, 1)  # half of it is flat
    return (1 - np.cos(np.pi * rest)) / 2


_WINDOWS: dict[str, Callable[[int], np.ndarray]] = {
    "barthann": _barthann,
    "bartlett": np.bartlett,
    "blackman": _cosines(0.42, 0.5, 0.08),
    "blackmanharris": _cosines(0.35875, 0.48829, 0.14128, 0.01168),
    "bohman": _bohman,
    "boxcar": np.ones,
    "cosine": _cosine,
    "flattop": _cosines(0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
    "hamming": _cosines(0.54, 0.46),
    "hann": _cosines(0.5, 0.5),
    "lanczos": lambda count: np.sinc(_across(count)),
    "nuttall": _cosines(0.3635819, 0.4891775, 0.1365995, 0.0106411),
    "parzen": _parzen,
    "triang": _triang,
    "tukey": _tukey,
}
_OTHER_NAMES = {
    "bart": "bartlett",
    "black": "blackman",
    "blk": "blackman",
    "box": "boxcar",
    "flat": "flattop",
    "hamm": "hamming",
    "han": "hann",
    "ham": "hamming",
    "halfcosine": "cosine",
    "rect": "boxcar",
    "rectangular": "boxcar",
    "ones": "boxcar",
    "sinc": "lanczos",
    "triangle": "triang",
    "tri": "triang",
    "tuk": "tukey",
}


def check_window(name: str) -> None:
    """Raise unless there is a window of that name.

    Raises
    ------
    ValueError : there is none.
    """
    if _OTHER_NAMES.get(name, name) not in _WINDOWS:
        raise ValueError(
            f"unknown window {name!r}. {suggest(name, _WINDOWS)} Or give the values "
            "of the window as an array."
        )


def make_window(name: str, count: int, periodic: bool = False) -> np.ndarray:
    """Return the values of a window.

    Parameters
    ----------
    name : str, such as 'hann'.
    count : int, the number of values.
    periodic : bool, whether the last of count + 1 values is left out, as suits a
        window that is repeated.

    Raises
    ------
    ValueError : an unknown name.

    Examples
    --------
    >>> make_window("hann", 5)
    array([0. , 0.5, 1. , 0.5, 0. ])
    """
    check_window(name)
    if count <= 1:
        return np.ones(count)
    values = _WINDOWS[_OTHER_NAMES.get(name, name)](count + bool(periodic))
    return values[:count]
