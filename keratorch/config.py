"""Library-wide settings: float types, the fuzz factor, images, limits, speed."""

from __future__ import annotations

import math
import numbers
import warnings
from typing import Any

from keratorch.dtype_policies import dtype_policy, set_dtype_policy
from keratorch.dtypes import floatx, set_floatx
from keratorch.errors import suggest
from keratorch.replicas import num_processes, set_num_processes
from keratorch.speed import is_fast, set_fast
from keratorch.threads import num_threads, set_num_threads

__all__ = [
    "backend",
    "disable_flash_attention",
    "disable_interactive_logging",
    "disable_traceback_filtering",
    "dtype_policy",
    "enable_flash_attention",
    "enable_interactive_logging",
    "enable_traceback_filtering",
    "enable_unsafe_deserialization",
    "epsilon",
    "floatx",
    "image_data_format",
    "is_fast",
    "is_flash_attention_enabled",
    "is_interactive_logging_enabled",
    "is_nnx_enabled",
    "is_traceback_filtering_enabled",
    "max_epochs",
    "max_steps_per_epoch",
    "num_processes",
    "num_threads",
    "set_backend",
    "set_dtype_policy",
    "set_epsilon",
    "set_fast",
    "set_floatx",
    "set_image_data_format",
    "set_max_epochs",
    "set_max_steps_per_epoch",
    "set_num_processes",
    "set_num_threads",
]

_IMAGE_LAYOUTS = ("channels_first", "channels_last")

_epsilon = 1e-7
_image_data_format = "channels_last"
_max_epochs: int | None = None
_max_steps_per_epoch: int | None = None
_interactive = True
_flash_attention = False
_filters_tracebacks = True


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


# Limits, with which a long program can be tried out


def max_epochs() -> int | None:
    """Return the most epochs of any `fit`; None for no limit.

    Examples
    --------
    >>> max_epochs() is None
    True
    """
    return _max_epochs


def set_max_epochs(max_epochs: int | None) -> None:
    """Limit the epochs of any `fit`; None lifts the limit.

    Raises
    ------
    ValueError : no number of epochs.
    """
    global _max_epochs
    _max_epochs = _checked_limit("max_epochs", max_epochs)


def max_steps_per_epoch() -> int | None:
    """Return the most batches of an epoch, or of `evaluate` and `predict`; or None."""
    return _max_steps_per_epoch


def set_max_steps_per_epoch(max_steps_per_epoch: int | None) -> None:
    """Limit the batches of an epoch, of `evaluate` and of `predict`; None for no limit.

    Raises
    ------
    ValueError : no number of batches.
    """
    global _max_steps_per_epoch
    _max_steps_per_epoch = _checked_limit("max_steps_per_epoch", max_steps_per_epoch)


# Messages


def enable_interactive_logging() -> None:
    """Let messages, progress bars too, go to standard output, as they do at first."""
    global _interactive
    _interactive = True


def disable_interactive_logging() -> None:
    """Let messages go to Python's logger 'keratorch', at the level INFO."""
    global _interactive
    _interactive = False


def is_interactive_logging_enabled() -> bool:
    """Return whether messages go to standard output.

    Examples
    --------
    >>> is_interactive_logging_enabled()
    True
    """
    return _interactive


def enable_traceback_filtering() -> None:
    """Take the wish. Changes nothing here: errors always show where they come from."""
    global _filters_tracebacks
    _filters_tracebacks = True


def disable_traceback_filtering() -> None:
    """Take the wish. Changes nothing here: errors always show where they come from."""
    global _filters_tracebacks
    _filters_tracebacks = False


def is_traceback_filtering_enabled() -> bool:
    """Return what was last wished; True at first, as in Keras."""
    return _filters_tracebacks


# What there is no choice of


def backend() -> str:
    """Return 'numpy', what everything here is computed with."""
    return "numpy"


def set_backend(backend: str) -> None:
    """Accept 'numpy'.

    Raises
    ------
    ValueError : another backend.
    """
    if backend != "numpy":
        raise ValueError(
            "KeraTorch computes with NumPy alone: backend must be 'numpy'; received "
            f"{backend!r}. Leave the call out."
        )


def enable_flash_attention() -> None:
    """Take the wish. Changes nothing here: attention has one implementation."""
    global _flash_attention
    _flash_attention = True


def disable_flash_attention() -> None:
    """Take the wish. Changes nothing here: attention has one implementation."""
    global _flash_attention
    _flash_attention = False


def is_flash_attention_enabled() -> bool:
    """Return what was last wished; False at first."""
    return _flash_attention


def is_nnx_enabled() -> bool:
    """Return False: there is no JAX here, and so no NNX."""
    return False


def enable_unsafe_deserialization() -> None:
    """Warn that reading a file runs no code here, whatever is enabled."""
    warnings.warn(
        "enable_unsafe_deserialization() enables nothing: KeraTorch never runs code "
        "from a file. Pass the functions of Lambda layers: "
        "load_model(file, custom_objects={'name': function}).",
        UserWarning,
        stacklevel=2,
    )


def _checked_limit(name: str, value: Any) -> int | None:
    if value is not None and (not isinstance(value, int) or value < 1):
        raise ValueError(f"{name} must be an int > 0, or None; received {value!r}.")
    return value
