"""Weights of Theano's models, which turned their kernels around, made ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_TURNED = ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose")


def convert_kernel(kernel: Any) -> np.ndarray:
    """Return a convolution's kernel turned around, from Theano's way to ours.

    Raises
    ------
    ValueError : an array that has not the axes of a kernel.

    Examples
    --------
    >>> convert_kernel([[[1]], [[2]], [[3]]]).ravel()
    array([3, 2, 1])
    """
    kernel = np.asarray(kernel)
    if not 3 <= kernel.ndim <= 5:
        raise ValueError(
            "convert_kernel: kernel must have 3 to 5 axes, those of a convolution; "
            f"received shape {kernel.shape}."
        )
    return np.flip(kernel, tuple(range(kernel.ndim - 2))).copy()


def convert_all_kernels_in_model(model: Any) -> None:
    """Turn the kernels of all convolutions of a model around, in place."""
    for layer in model.layers:
        if type(layer).__name__ in _TURNED:
            layer.kernel.assign(convert_kernel(layer.kernel.numpy()))


def convert_dense_weights_data_format(
    dense: Any,
    previous_feature_map_shape: Sequence[int],
    target_data_format: str = "channels_first",
) -> None:
    """Let a Dense layer behind a Flatten take its images in the other layout.

    Parameters
    ----------
    dense : Dense layer, built.
    previous_feature_map_shape : shape of an image before Flatten, as it will be.
    target_data_format : 'channels_first' or 'channels_last', the layout to come.

    Raises
    ------
    ValueError : another layout.
    """
    orders = {"channels_first": (2, 0, 1), "channels_last": (1, 2, 0)}
    if target_data_format not in orders:
        raise ValueError(
            "target_data_format must be 'channels_first' or 'channels_last'; received "
            f"{target_data_format!r}."
        )
    order = orders[target_data_format]
    kernel = dense.kernel.numpy()
    lengths = dict(zip(order, previous_feature_map_shape, strict=True))
    images = kernel.reshape(*(lengths[axis] for axis in range(3)), -1)
    dense.kernel.assign(images.transpose(*order, 3).reshape(kernel.shape))


__all__ = [
    "convert_all_kernels_in_model",
    "convert_dense_weights_data_format",
    "convert_kernel",
]
