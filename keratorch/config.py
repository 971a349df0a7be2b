"""Library-wide settings: the float type, the fuzz factor, the image layout."""

from __future__ import annotations

import math
import numbers

from keratorch.errors import suggest

_FLOATS = ("float16", "float32", "float64")
_IMAGE_LAYOUTS = ("channels_first", "channels_last")

_floatx = "float32"
_epsilon = 1e-7
_image_data_format = "channels_last"


def floatx() -> str:
    """Return the float type of new weights and of data at a layer's door.

    Examples
    --------
    >>> floatx()
    'float32'
    """
    return _floatx


def set_floatx(value: str) -> None:
    """Set the default float type: 'float16', 'float32' or 'float64'.

    Raises
    ------
    ValueError : another name. NumPy has no 'bfloat16'.
    """
    global _floatx
    if value not in _FLOATS:
        raise ValueError(
            f"floatx must be the name of a NumPy float type; received {value!r}. "
            f"{suggest(value, _FLOATS)}"
        )
    _floatx = str(value)


def epsilon() -> float:
    """Return the small number that keeps logarithms and divisions from 0.

    Examples
    --------
    >>> epsilon()
    1e-07
    """
    return _epsilon


def set_epsilon(value: float) -> None:
    """Set the fuzz factor.

    Raises
    ------
    TypeError : not a number.
    ValueError : not positive, or not finite.
    """
    global _epsilon
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise TypeError(f"epsilon must be a number such as 1e-7; received {value!r}.")
    if not 0 < value < math.inf:
        raise ValueError(
            f"epsilon must be positive and finite, such as 1e-7; received {value!r}."
        )
    _epsilon = float(value)


def image_data_format() -> str:
    """Return where images keep their channels: 'channels_last' or 'channels_first'.

    Examples
    --------
    >>> image_data_format()
    'channels_last'
    """
    return _image_data_format


def set_image_data_format(data_format: str) -> None:
    """Set the default image layout.

    Raises
    ------
    ValueError : neither 'channels_last' nor 'channels_first'.
    """
    global _image_data_format
    layout = str(data_format).lower()
    if layout not in _IMAGE_LAYOUTS:
        raise ValueError(
            f"data_format must name an image layout; received {data_format!r}. "
            f"{suggest(layout, _IMAGE_LAYOUTS)}"
        )
    _image_data_format = layout
