"""The blocks of `keras.applications.resnet50` in Keras 1 and 2."""

from __future__ import annotations

from typing import Any

from keratorch import lazy
from keratorch.applications._network import channel_axis

layers: Any = lazy.Postponed("keratorch.layers")


def identity_block(
    input_tensor: Any, kernel_size: Any, filters: Any, stage: int, block: str
) -> Any:
    """Return ``relu(x + convolutions(x))``, of the shape of x.

    Parameters
    ----------
    input_tensor : symbolic array (batch, rows, columns, channels).
    kernel_size : int or pair, of the convolution in the middle.
    filters : the filters of the three convolutions; the last are as many as x has.
    stage, block : such as 2 and 'b', for the names: 'res2b_branch2a'.

    Examples
    --------
    >>> from keratorch.layers import Input
    >>> identity_block(Input((8, 8, 16)), 3, [4, 4, 16], stage=2, block="b").shape
    (None, 8, 8, 16)
    """
    x = _branch(input_tensor, kernel_size, filters, f"{stage}{block}_branch", 1)
    return _joined(x, input_tensor)


def conv_block(
    input_tensor: Any,
    kernel_size: Any,
    filters: Any,
    stage: int,
    block: str,
    strides: Any = (2, 2),
) -> Any:
    """Return ``relu(convolution(x) + convolutions(x))``, which may be smaller than x.

    Parameters
    ----------
    strides : int or pair, of the first convolution and of that beside.
    input_tensor, kernel_size, filters, stage, block : see `identity_block`.

    Examples
    --------
    >>> from keratorch.layers import Input
    >>> conv_block(Input((8, 8, 16)), 3, [4, 4, 32], stage=3, block="a").shape
    (None, 4, 4, 32)
    """
    end = f"{stage}{block}_branch"
    x = _branch(input_tensor, kernel_size, filters, end, strides)
    return _joined(x, _convolved(input_tensor, filters[2], 1, f"{end}1", strides))


def _branch(x: Any, kernel_size: Any, filters: Any, end: str, strides: Any) -> Any:
    first, second, third = filters
    x = layers.Activation("relu")(_convolved(x, first, 1, f"{end}2a", strides))
    x = layers.Activation("relu")(_convolved(x, second, kernel_size, f"{end}2b"))
    return _convolved(x, third, 1, f"{end}2c")


def _convolved(x: Any, filters: int, size: Any, end: str, strides: Any = 1) -> Any:
    """Return a normalized convolution; its layers are named 'res...' and 'bn...'."""
    convolution = layers.Conv2D(
        filters, size, strides=strides, padding="same", name=f"res{end}"
    )
    return layers.BatchNormalization(channel_axis(), name=f"bn{end}")(convolution(x))


def _joined(x: Any, shortcut: Any) -> Any:
    return layers.Activation("relu")(layers.add([x, shortcut]))


__all__ = ["conv_block", "identity_block"]
