"""EfficientNet: one small network, made wider, deeper and finer at once."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from keratorch import layers
from keratorch.applications._network import (
    Wanted,
    begin,
    channel_axis,
    channels_of,
    finish,
    network,
    pooled,
    predictions,
)
from keratorch.applications.imagenet_utils import correct_pad, decode_predictions
from keratorch.applications.mobilenet_v2 import divisible
from keratorch.models import Model
from keratorch.symbolic import KerasTensor

__all__ = [f"EfficientNetB{i}" for i in range(8)]
__all__ += ["decode_predictions", "preprocess_input"]

CONVOLUTION: dict[str, Any] = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_out", "distribution": "truncated_normal"},
}
CLASSIFIER: dict[str, Any] = {
    "class_name": "VarianceScaling",
    "config": {"scale": 1 / 3, "mode": "fan_out", "distribution": "uniform"},
}
DROP_RATE = 0.2  # of whole branches, in the last block; less before


class Stack(NamedTuple):
    """Blocks in a row: how many, channels, window, expansion, stride of the first."""

    depth: int
    channels: int
    window: int
    expansion: int
    stride: int


_STACKS = (
    Stack(1, 16, 3, 1, 1),
    Stack(2, 24, 3, 6, 2),
    Stack(2, 40, 5, 6, 2),
    Stack(3, 80, 3, 6, 2),
    Stack(3, 112, 5, 6, 1),
    Stack(4, 192, 5, 6, 2),
    Stack(1, 320, 3, 6, 1),
)


@network("efficientnetb0")
def EfficientNetB0(wanted: Wanted) -> Model:
    """EfficientNetB0: 16 inverted residual blocks with attention to channels.

    It takes pixels of 0..255. Pretrained weights of Keras's are for another network,
    with one more `Rescaling`: read the whole network by `load_model`.

    Source: Tan & Le (2019), EfficientNet: Rethinking Model Scaling for Convolutional
    Neural Networks.

    Examples
    --------
    >>> model = EfficientNetB0(weights=None, include_top=False, pooling="avg")
    >>> model.output_shape
    (None, 1280)
    """
    return _efficientnet(wanted, 1.0, 1.0, size=224, dropout=0.2)


@network("efficientnetb1")
def EfficientNetB1(wanted: Wanted) -> Model:
    """EfficientNetB1: EfficientNetB0, 1.1 times as deep, for images of 240 x 240."""
    return _efficientnet(wanted, 1.0, 1.1, size=240, dropout=0.2)


@network("efficientnetb2")
def EfficientNetB2(wanted: Wanted) -> Model:
    """EfficientNetB2: EfficientNetB0, 1.1 times as wide and 1.2 times as deep, 260."""
    return _efficientnet(wanted, 1.1, 1.2, size=260, dropout=0.3)


@network("efficientnetb3")
def EfficientNetB3(wanted: Wanted) -> Model:
    """EfficientNetB3: EfficientNetB0, 1.2 times as wide and 1.4 times as deep, 300."""
    return _efficientnet(wanted, 1.2, 1.4, size=300, dropout=0.3)


@network("efficientnetb4")
def EfficientNetB4(wanted: Wanted) -> Model:
    """EfficientNetB4: EfficientNetB0, 1.4 times as wide and 1.8 times as deep, 380."""
    return _efficientnet(wanted, 1.4, 1.8, size=380, dropout=0.4)


@network("efficientnetb5")
def EfficientNetB5(wanted: Wanted) -> Model:
    """EfficientNetB5: EfficientNetB0, 1.6 times as wide and 2.2 times as deep, 456."""
    return _efficientnet(wanted, 1.6, 2.2, size=456, dropout=0.4)


@network("efficientnetb6")
def EfficientNetB6(wanted: Wanted) -> Model:
    """EfficientNetB6: EfficientNetB0, 1.8 times as wide and 2.6 times as deep, 528."""
    return _efficientnet(wanted, 1.8, 2.6, size=528, dropout=0.5)


@network("efficientnetb7")
def EfficientNetB7(wanted: Wanted) -> Model:
    """EfficientNetB7: EfficientNetB0, twice as wide and 3.1 times as deep, 600."""
    return _efficientnet(wanted, 2.0, 3.1, size=600, dropout=0.5)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Return the images unchanged: the network scales them itself."""
    return x


def _efficientnet(
    wanted: Wanted, width: float, depth: float, size: int, dropout: float
) -> Model:
    image = begin(wanted, default_size=size)
    normalization = layers.Normalization(channel_axis())
    normalization._knows_data = True  # without adapt() it is meant to change nothing
    x = normalization(layers.Rescaling(1 / 255)(image))
    x = layers.ZeroPadding2D(correct_pad(x, 3), name="stem_conv_pad")(x)
    x = convolved(x, divisible(32 * width), "stem_conv", 3, 2, padding="valid")
    x = _normalized(x, "stem_bn", "stem_activation")
    depths = [math.ceil(depth * stack.depth) for stack in _STACKS]
    number = 0
    for i, stack in enumerate(_STACKS):
        channels = divisible(stack.channels * width)
        for j in range(depths[i]):
            name = f"block{i + 1}{chr(ord('a') + j)}_"
            rate = DROP_RATE * number / sum(depths)
            x = _block(
                x, stack if j == 0 else stack._replace(stride=1), channels, name, rate
            )
            number += 1
    x = convolved(x, divisible(1280 * width), "top_conv")
    x = _normalized(x, "top_bn", "top_activation")
    return finish(wanted, image, classified(wanted, x, dropout))


def classified(
    wanted: Wanted, x: KerasTensor, dropout: float, **options: Any
) -> KerasTensor:
    """Return the classes of pooled features, or the features as `pooling` wants them.

    Parameters
    ----------
    dropout : float in [0, 1), before the classifier.
    **options : more arguments of the classifier.
    """
    if not wanted.include_top:
        return pooled(wanted, x, "avg_pool", "max_pool")
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    x = layers.Dropout(dropout, name="top_dropout")(x)
    return predictions(wanted, x, kernel_initializer=CLASSIFIER, **options)


def convolved(
    x: KerasTensor,
    channels: int,
    name: str,
    window: int = 1,
    stride: int = 1,
    padding: str = "same",
) -> KerasTensor:
    """Return a convolution without a bias."""
    return layers.Conv2D(
        channels,
        window,
        stride,
        padding=padding,
        use_bias=False,
        kernel_initializer=CONVOLUTION,
        name=name,
    )(x)


def attended(x: KerasTensor, squeezed: int, name: str) -> KerasTensor:
    """Return each channel times a weight in 0..1 that the means of all lead to.

    Parameters
    ----------
    squeezed : int, channels in between.
    """
    channels = channels_of(x)
    shape = (1, 1, channels) if channel_axis() == 3 else (channels, 1, 1)
    weight = layers.GlobalAveragePooling2D(name=f"{name}se_squeeze")(x)
    weight = layers.Reshape(shape, name=f"{name}se_reshape")(weight)
    for units, activation, step in (
        (squeezed, "swish", "reduce"),
        (channels, "sigmoid", "expand"),
    ):
        weight = layers.Conv2D(
            units,
            1,
            padding="same",
            activation=activation,
            kernel_initializer=CONVOLUTION,
            name=f"{name}se_{step}",
        )(weight)
    return layers.multiply([x, weight], name=f"{name}se_excite")


def added(x: KerasTensor, start: KerasTensor, rate: float, name: str) -> KerasTensor:
    """Return x + start, where `x` is left out for a part of the samples in training."""
    if rate > 0:
        x = layers.Dropout(rate, noise_shape=(None, 1, 1, 1), name=f"{name}drop")(x)
    return layers.add([x, start], name=f"{name}add")


def _block(
    x: KerasTensor, stack: Stack, channels: int, name: str, rate: float
) -> KerasTensor:
    """Return x + narrow(attended(depthwise(wide(x)))); no x where shapes change."""
    start, width = x, channels_of(x)
    if stack.expansion > 1:
        x = convolved(x, width * stack.expansion, f"{name}expand_conv")
        x = _normalized(x, f"{name}expand_bn", f"{name}expand_activation")
    if stack.stride == 2:
        padding = correct_pad(x, stack.window)
        x = layers.ZeroPadding2D(padding, name=f"{name}dwconv_pad")(x)
    x = layers.DepthwiseConv2D(
        stack.window,
        stack.stride,
        padding="valid" if stack.stride == 2 else "same",
        use_bias=False,
        depthwise_initializer=CONVOLUTION,
        name=f"{name}dwconv",
    )(x)
    x = _normalized(x, f"{name}bn", f"{name}activation")
    x = attended(x, max(1, width // 4), name)
    x = convolved(x, channels, f"{name}project_conv")
    x = _normalized(x, f"{name}project_bn")
    if stack.stride == 1 and width == channels:
        x = added(x, start, rate, name)
    return x


def _normalized(
    x: KerasTensor, name: str, activation: str | None = None
) -> KerasTensor:
    x = layers.BatchNormalization(channel_axis(), name=name)(x)
    return x if activation is None else layers.Activation("swish", name=activation)(x)
