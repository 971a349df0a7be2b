"""Functions that `keras.backend` had, and that are asked for by few programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import backend, ops
from keratorch.compat.functions.generic_utils import has_arg

_BACKEND, _FLOATX, _EPSILON = "tensorflow", "float32", 1e-7
py_all = all
lesser = backend.less


def get_variable_shape(x: Any) -> tuple[int | None, ...]:
    """Return the shape of a variable or an array; `int_shape` does it as well."""
    return backend.int_shape(x)


def _to_tensor(x: Any, dtype: Any) -> Any:
    """Return an array of a type, which may be TensorFlow's."""
    return backend.cast(x, getattr(dtype, "name", dtype))


def symbolic(func: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function as it is: there is one way to compute."""
    return func


def conv3d_transpose(
    x: Any,
    kernel: Any,
    output_shape: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """Transposed convolution of volumes; see `keratorch.ops.conv_transpose`.

    Parameters
    ----------
    kernel : (depth, height, width, filters, channels): the channels of `x` last.
    output_shape : (batch, depth, height, width, filters).

    Raises
    ------
    ValueError : a shape that these strides and this padding do not make.
    """
    made = ops.conv_transpose(x, kernel, strides, padding, None, data_format)
    wanted = tuple(output_shape)[1:]
    if any(
        n is not None and n != m for n, m in zip(wanted, made.shape[1:], strict=True)
    ):
        raise ValueError(
            f"conv3d_transpose: strides={strides} and padding={padding!r} make volumes "
            f"of shape {made.shape[1:]}; output_shape asks for {wanted}."
        )
    return made


def separable_conv1d(
    x: Any,
    depthwise_kernel: Any,
    pointwise_kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Convolution of each channel of sequences, then one across channels of size 1."""
    return ops.separable_conv(
        x,
        depthwise_kernel,
        pointwise_kernel,
        strides,
        padding,
        data_format,
        dilation_rate,
    )


__all__ = [
    "conv3d_transpose",
    "get_variable_shape",
    "has_arg",
    "lesser",
    "np",
    "py_all",
    "separable_conv1d",
    "symbolic",
]
