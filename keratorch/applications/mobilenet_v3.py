"""MobileNetV3: MobileNetV2's blocks as a search arranged them, some with attention."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from keratorch import config, layers
from keratorch.applications._network import (
    Wanted,
    channel_axis,
    channels_of,
    check,
    documented,
    finish,
    image_of,
    pooled,
)
from keratorch.applications.imagenet_utils import (
    correct_pad,
    decode_predictions,
    obtain_input_shape,
)
from keratorch.applications.mobilenet_v2 import divisible, same_width
from keratorch.models import Model
from keratorch.symbolic import KerasTensor, is_symbolic

__all__ = ["MobileNetV3Large", "MobileNetV3Small", "decode_predictions"]
__all__ += ["preprocess_input"]


class Block(NamedTuple):
    """A block: how much wider it is inside, channels, window, stride, and more."""

    expansion: float
    channels: int
    window: int
    stride: int
    attends: bool
    hard_swish: bool


_SMALL = (
    Block(1, 16, 3, 2, True, False),
    Block(72 / 16, 24, 3, 2, False, False),
    Block(88 / 24, 24, 3, 1, False, False),
    Block(4, 40, 5, 2, True, True),
    *[Block(6, 40, 5, 1, True, True)] * 2,
    *[Block(3, 48, 5, 1, True, True)] * 2,
    Block(6, 96, 5, 2, True, True),
    *[Block(6, 96, 5, 1, True, True)] * 2,
)
_LARGE = (
    Block(1, 16, 3, 1, False, False),
    Block(4, 24, 3, 2, False, False),
    Block(3, 24, 3, 1, False, False),
    Block(3, 40, 5, 2, True, False),
    *[Block(3, 40, 5, 1, True, False)] * 2,
    Block(6, 80, 3, 2, False, True),
    Block(2.5, 80, 3, 1, False, True),
    *[Block(2.3, 80, 3, 1, False, True)] * 2,
    *[Block(6, 112, 3, 1, True, True)] * 2,
    Block(6, 160, 5, 2, True, True),
    *[Block(6, 160, 5, 1, True, True)] * 2,
)
_ARGUMENTS = """
    alpha : float > 0, what the channels of each layer are multiplied by.
    minimalistic : bool, whether to do without attention, hard swish and windows of 5.
    dropout_rate : float in [0, 1), before the classifier.
    include_preprocessing : bool, whether the network takes pixels of 0..255, and not
        of -1..1.
"""


@documented(_ARGUMENTS)
def MobileNetV3Small(
    input_shape: Any = None,
    alpha: float = 1.0,
    minimalistic: bool = False,
    include_top: bool = True,
    weights: str | os.PathLike[str] | None = "imagenet",
    input_tensor: Any = None,
    classes: int = 1000,
    pooling: str | None = None,
    dropout_rate: float = 0.2,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str | None = "MobileNetV3Small",
) -> Model:
    """MobileNetV3Small: 11 inverted residual blocks, for the smallest devices.

    Source: Howard et al. (2019), Searching for MobileNetV3.

    Examples
    --------
    >>> model = MobileNetV3Small(weights=None, include_top=False, pooling="avg")
    >>> model.output_shape
    (None, 576)
    """
    wanted = Wanted(
        "MobileNetV3Small",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        name,
    )
    own = Variant(alpha, minimalistic, dropout_rate, include_preprocessing)
    return _mobilenet(wanted, own, _SMALL, 1024)


@documented(_ARGUMENTS)
def MobileNetV3Large(
    input_shape: Any = None,
    alpha: float = 1.0,
    minimalistic: bool = False,
    include_top: bool = True,
    weights: str | os.PathLike[str] | None = "imagenet",
    input_tensor: Any = None,
    classes: int = 1000,
    pooling: str | None = None,
    dropout_rate: float = 0.2,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str | None = "MobileNetV3Large",
) -> Model:
    """MobileNetV3Large: 15 inverted residual blocks.

    Source: Howard et al. (2019), Searching for MobileNetV3.

    Examples
    --------
    >>> model = MobileNetV3Large(weights=None, include_top=False, pooling="avg")
    >>> model.output_shape
    (None, 960)
    """
    wanted = Wanted(
        "MobileNetV3Large",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        name,
    )
    own = Variant(alpha, minimalistic, dropout_rate, include_preprocessing)
    return _mobilenet(wanted, own, _LARGE, 1280)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Return the images unchanged: the network scales them itself."""
    return x


class Variant(NamedTuple):
    """The arguments that only these networks have."""

    alpha: float
    minimalistic: bool
    dropout_rate: float
    include_preprocessing: bool


def _mobilenet(
    wanted: Wanted, own: Variant, blocks: tuple[Block, ...], last: int
) -> Model:
    check(wanted)
    same_width(wanted)
    image = x = image_of(wanted, _shape(wanted))
    activation = _relu if own.minimalistic else _hard_swish
    if own.include_preprocessing:
        x = layers.Rescaling(1 / 127.5, offset=-1.0)(x)
    x = layers.Conv2D(16, 3, strides=2, padding="same", use_bias=False, name="conv")(x)
    x = activation(_normalized(x, "conv_bn"))
    for i, block in enumerate(blocks):
        x = _inverted(x, _adapted(block, own), i)
    channels = divisible(channels_of(x) * 6)
    x = layers.Conv2D(channels, 1, padding="same", use_bias=False, name="conv_1")(x)
    x = activation(_normalized(x, "conv_1_bn"))
    if not wanted.include_top:
        return finish(wanted, image, pooled(wanted, x, "avg_pool", "max_pool"))
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    last = divisible(last * own.alpha) if own.alpha > 1 else last
    x = activation(layers.Conv2D(last, 1, padding="same", name="conv_2")(x))
    if own.dropout_rate > 0:
        x = layers.Dropout(own.dropout_rate)(x)
    x = layers.Conv2D(wanted.classes, 1, padding="same", name="logits")(x)
    x = layers.Flatten()(x)
    x = layers.Activation(wanted.classifier_activation, name="predictions")(x)
    return finish(wanted, image, x)


def _shape(wanted: Wanted) -> tuple[int | None, ...]:
    """Return the shape of an image: as given, or of any height and width."""
    shape = wanted.input_shape
    if shape is None and is_symbolic(wanted.input_tensor):
        shape = wanted.input_tensor.shape[1:]
    return obtain_input_shape(
        shape, 224, 32, config.image_data_format(), require_flatten=False
    )


def _adapted(block: Block, own: Variant) -> Block:
    """Return a block with as many channels as wanted, and as plain as wanted."""
    block = block._replace(channels=divisible(block.channels * own.alpha))
    if own.minimalistic:
        block = block._replace(window=3, attends=False, hard_swish=False)
    return block


def _inverted(x: KerasTensor, block: Block, number: int) -> KerasTensor:
    """Return x + narrow(depthwise(wide(x))); without x where the shape changes."""
    start, width = x, channels_of(x)
    inside = divisible(width * block.expansion)
    activation = _hard_swish if block.hard_swish else _relu
    name = f"expanded_conv_{number}_" if number else "expanded_conv_"
    if number:
        expand = layers.Conv2D(
            inside, 1, padding="same", use_bias=False, name=f"{name}expand"
        )
        x = activation(_normalized(expand(x), f"{name}expand_bn"))
    if block.stride == 2:
        padding = correct_pad(x, block.window)
        x = layers.ZeroPadding2D(padding, name=f"{name}depthwise_pad")(x)
    depthwise = layers.DepthwiseConv2D(
        block.window,
        block.stride,
        padding="same" if block.stride == 1 else "valid",
        use_bias=False,
        name=f"{name}depthwise",
    )
    x = activation(_normalized(depthwise(x), f"{name}depthwise_bn"))
    if block.attends:
        x = _attended(x, inside, f"{name}squeeze_excite_")
    project = layers.Conv2D(
        block.channels, 1, padding="same", use_bias=False, name=f"{name}project"
    )
    x = _normalized(project(x), f"{name}project_bn")
    if block.stride == 1 and width == block.channels:
        x = layers.Add(name=f"{name}add")([start, x])
    return x


def _attended(x: KerasTensor, channels: int, name: str) -> KerasTensor:
    """Return each channel times a weight in 0..1 that its mean leads to."""
    weight = layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}avg_pool")(x)
    squeeze = layers.Conv2D(
        divisible(channels / 4), 1, padding="same", name=f"{name}conv"
    )
    weight = layers.ReLU(name=f"{name}relu")(squeeze(weight))
    weight = layers.Conv2D(channels, 1, padding="same", name=f"{name}conv_1")(weight)
    weight = layers.ReLU(6.0)(weight + 3.0) * (1 / 6)  # hard sigmoid
    return layers.Multiply(name=f"{name}mul")([x, weight])


def _normalized(x: KerasTensor, name: str) -> KerasTensor:
    return layers.BatchNormalization(
        channel_axis(-1), momentum=0.999, epsilon=1e-3, name=name
    )(x)


def _relu(x: KerasTensor) -> KerasTensor:
    return layers.ReLU()(x)


def _hard_swish(x: KerasTensor) -> KerasTensor:
    return layers.Activation("hard_swish")(x)
