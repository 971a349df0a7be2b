"""MobileNetV2: blocks that are wide inside and narrow where they are joined."""

from __future__ import annotations

import os
from typing import Any

from keratorch import config, layers
from keratorch.applications._network import (
    Wanted,
    channel_axis,
    channels_of,
    check,
    classified,
    documented,
    finish,
    image_of,
    image_shape,
)
from keratorch.applications.imagenet_utils import correct_pad, decode_predictions
from keratorch.applications.mobilenet import preprocess_input, rows
from keratorch.models import Model
from keratorch.symbolic import KerasTensor, is_symbolic

__all__ = ["MobileNetV2", "decode_predictions", "preprocess_input"]

_SIZES = (96, 128, 160, 192, 224)  # of images, that Keras has pretrained weights for
# Blocks in a row, their channels, the stride of the first.
_STACKS = (
    (1, 16, 1),
    (2, 24, 2),
    (3, 32, 2),
    (4, 64, 2),
    (3, 96, 1),
    (3, 160, 2),
    (1, 320, 1),
)
_EXPANSION = 6


@documented("alpha : float > 0, what the channels of each layer are multiplied by.")
def MobileNetV2(
    input_shape: Any = None,
    alpha: float = 1.0,
    include_top: bool = True,
    weights: str | os.PathLike[str] | None = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str | None = None,
) -> Model:
    """MobileNetV2: 17 inverted residual blocks, from narrow to wide to narrow.

    Source: Sandler et al. (2018), MobileNetV2: Inverted Residuals and Linear
    Bottlenecks.

    Examples
    --------
    >>> model = MobileNetV2(weights=None, include_top=False, input_shape=(32, 32, 3))
    >>> model.output_shape
    (None, 1, 1, 1280)
    """
    wanted = Wanted(
        "MobileNetV2",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        name,
    )
    check(wanted)
    same_width(wanted)
    shape = image_shape(wanted, _default_size(wanted))
    if name is None:
        wanted = wanted._replace(name=f"mobilenetv2_{alpha:0.2f}_{rows(shape)}")
    image = image_of(wanted, shape)
    x = classified(wanted, _features(image, alpha), avg=None, avg_alone=None, max=None)
    return finish(wanted, image, x)


def same_width(wanted: Wanted) -> None:
    """Raise a ValueError if `input_tensor` and `input_shape` contradict each other."""
    tensor, shape = wanted.input_tensor, wanted.input_shape
    if shape is None or not is_symbolic(tensor):
        return
    axis = 2 if config.image_data_format() == "channels_last" else 1
    if tensor.shape[axis] != shape[1]:
        raise ValueError(
            f"{wanted.title}: input_tensor has the shape {tensor.shape}, which is not "
            f"input_shape={tuple(shape)} with an axis for the batch. Leave input_shape "
            "out."
        )


def divisible(channels: float) -> int:
    """Return a multiple of 8 near a number of channels, at most 10 % below it.

    Examples
    --------
    >>> divisible(16), divisible(0.35 * 32), divisible(91)
    (16, 16, 88)
    """
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


def _default_size(wanted: Wanted) -> int:
    """Return the height of the image given, if pretrained weights know it."""
    if wanted.input_shape is not None or not is_symbolic(wanted.input_tensor):
        return 224
    axis = 1 if config.image_data_format() == "channels_last" else 2
    height, width = wanted.input_tensor.shape[axis : axis + 2]
    return height if height == width and height in _SIZES else 224


def _features(x: KerasTensor, alpha: float) -> KerasTensor:
    first = layers.Conv2D(
        divisible(32 * alpha), 3, 2, padding="same", use_bias=False, name="Conv1"
    )
    x = _normalized(first(x), "bn_Conv1", "Conv1_relu")
    number = 0
    for depth, channels, first_stride in _STACKS:
        for i in range(depth):
            stride = first_stride if i == 0 else 1
            x = _block(x, divisible(int(channels * alpha)), stride, number)
            number += 1
    last = divisible(1280 * alpha) if alpha > 1 else 1280
    x = layers.Conv2D(last, 1, use_bias=False, name="Conv_1")(x)
    return _normalized(x, "Conv_1_bn", "out_relu")


def _block(x: KerasTensor, channels: int, stride: int, number: int) -> KerasTensor:
    """Return x + narrow(depthwise(wide(x))); without x where the shape changes."""
    start, width = x, channels_of(x)
    name = f"block_{number}_" if number else "expanded_conv_"
    if number:
        expand = layers.Conv2D(
            _EXPANSION * width, 1, padding="same", use_bias=False, name=f"{name}expand"
        )
        x = _normalized(expand(x), f"{name}expand_BN", f"{name}expand_relu")
    if stride == 2:
        x = layers.ZeroPadding2D(correct_pad(x, 3), name=f"{name}pad")(x)
    depthwise = layers.DepthwiseConv2D(
        3,
        stride,
        padding="same" if stride == 1 else "valid",
        use_bias=False,
        name=f"{name}depthwise",
    )
    x = _normalized(depthwise(x), f"{name}depthwise_BN", f"{name}depthwise_relu")
    project = layers.Conv2D(
        channels, 1, padding="same", use_bias=False, name=f"{name}project"
    )
    x = _normalized(project(x), f"{name}project_BN")
    if stride == 1 and width == channels:
        x = layers.Add(name=f"{name}add")([start, x])
    return x


def _normalized(
    x: KerasTensor, name: str, activation: str | None = None
) -> KerasTensor:
    x = layers.BatchNormalization(
        channel_axis(-1), momentum=0.999, epsilon=1e-3, name=name
    )(x)
    return x if activation is None else layers.ReLU(6.0, name=activation)(x)
