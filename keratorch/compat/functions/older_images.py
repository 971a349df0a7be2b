"""Convolutions and paddings of `keras.backend` as Keras 1 called them.

K.conv2d(x, kernel, strides=(1, 1), border_mode="same", dim_ordering="th")
K.asymmetric_temporal_padding(x, left_pad=2, right_pad=0)
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.compat.layers import full_padding
from keratorch.compat.spoken import say_modern
from keratorch.compat.translation import Left, Renamed, Table, answering

_LAYOUT = {"th": "channels_first", "tf": "channels_last", "default": None}
_TABLE: Table = {
    "border_mode": Renamed("padding"),
    "dim_ordering": Renamed("data_format", _LAYOUT),
    "filter_dilation": Renamed("dilation_rate"),
    **{
        name: Left("follows from the arrays")
        for name in ("image_shape", "filter_shape", "volume_shape")
    },
}
#: Whose kernels may reach out over the ends of the inputs.
_CONVOLUTIONS = ("conv2d", "conv3d")


def with_older_arguments(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a convolution or pooling that takes Keras 1's arguments.

    A kernel given with ``dim_ordering='th'`` is (filters, channels, *sizes).
    """
    older = answering(function, f"K.{function.__name__}", _TABLE)

    @functools.wraps(older)
    def called(x: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("dim_ordering") == "th" and len(np.shape((*args, 0)[0])) > 2:
            axes = (*range(2, len(np.shape(args[0]))), 1, 0)
            args = (np.transpose(args[0], axes), *args[1:])
        if function.__name__ in _CONVOLUTIONS and args:
            _zeros_around(np.shape(args[0])[:-2], kwargs)
        return older(x, *args, **kwargs)

    return called


def _zeros_around(sizes: tuple[int, ...], kwargs: dict[str, Any]) -> None:
    """Say the rule of Keras 1 that pads most, 'full', in numbers."""
    for name in ("border_mode", "padding"):
        if kwargs.get(name) == full_padding.RULE:
            rates = kwargs.get("dilation_rate", kwargs.get("filter_dilation", 1))
            rates = np.broadcast_to(rates, len(sizes)).tolist()
            kwargs[name] = full_padding.pairs(sizes, rates)


def with_older_padding(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a padding that takes one number for both ends of an axis."""
    older = answering(function, f"K.{function.__name__}", _TABLE)

    @functools.wraps(older)
    def called(x: Any, padding: Any = 1, *args: Any, **kwargs: Any) -> Any:
        if isinstance(padding, int):
            axes = {"spatial_2d_padding": 2, "spatial_3d_padding": 3}
            count = axes.get(function.__name__)
            pair = (padding, padding)
            padding = pair if count is None else (pair,) * count
        elif function.__name__ != "temporal_padding":
            padding = tuple((p, p) if isinstance(p, int) else p for p in padding)
        return older(x, padding, *args, **kwargs)

    return called


def _backend() -> Any:
    # it is finished by this file, and cannot be imported above
    return importlib.import_module("keratorch.backend")


def asymmetric_temporal_padding(x: Any, left_pad: int = 1, right_pad: int = 1) -> Any:
    """Return sequences with zeros before and behind their steps.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     asymmetric_temporal_padding(np.ones((1, 1, 1)), 2, 0).numpy().ravel()
    array([0., 0., 1.])
    """
    say_modern("K.asymmetric_temporal_padding(...)", "K.temporal_padding(...)")
    return _backend().temporal_padding(x, (left_pad, right_pad))


def asymmetric_spatial_2d_padding(
    x: Any,
    top_pad: int = 1,
    bottom_pad: int = 1,
    left_pad: int = 1,
    right_pad: int = 1,
    dim_ordering: str = "default",
) -> Any:
    """Return images with zeros around them, as many as each side says."""
    say_modern("K.asymmetric_spatial_2d_padding(...)", "K.spatial_2d_padding(...)")
    pairs = ((top_pad, bottom_pad), (left_pad, right_pad))
    layout = _LAYOUT.get(dim_ordering, dim_ordering)
    return _backend().spatial_2d_padding(x, pairs, layout)


def atrous_conv2d(x: Any, kernel: Any, rate: int = 1, padding: str = "valid") -> Any:
    """Return the convolution by a kernel with `rate - 1` holes between its places."""
    say_modern("K.atrous_conv2d(...)", "K.conv2d(..., dilation_rate=...)")
    return _backend().conv2d(x, kernel, padding=padding, dilation_rate=(rate, rate))


def deconv2d(x: Any, kernel: Any, output_shape: Any, *args: Any, **kwargs: Any) -> Any:
    """Return a transposed convolution: `conv2d_transpose` does it today."""
    say_modern("K.deconv2d(...)", "K.conv2d_transpose(...)")
    return _backend().conv2d_transpose(x, kernel, output_shape, *args, **kwargs)


__all__ = [
    "asymmetric_spatial_2d_padding",
    "asymmetric_temporal_padding",
    "atrous_conv2d",
    "deconv2d",
]
