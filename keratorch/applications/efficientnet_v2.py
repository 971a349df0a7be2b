"""EfficientNetV2: EfficientNet with plain convolutions in its first blocks."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any, NamedTuple

from keratorch import initializers, layers
from keratorch.applications._network import (
    Wanted,
    channel_axis,
    channels_of,
    check,
    finish,
    image_of,
    image_shape,
    named_like,
)
from keratorch.applications.efficientnet import (
    CONVOLUTION,
    DROP_RATE,
    added,
    attended,
    classified,
    convolved,
    preprocess_input,
)
from keratorch.applications.imagenet_utils import decode_predictions
from keratorch.models import Model
from keratorch.symbolic import KerasTensor

_VARIANTS = ("B0", "B1", "B2", "B3", "S", "M", "L")
__all__ = [f"EfficientNetV2{variant}" for variant in _VARIANTS]
__all__ += ["decode_predictions", "preprocess_input"]

_MOMENTUM = 0.9
_MEANS = [0.485, 0.456, 0.406]
_VARIANCES = [0.229**2, 0.224**2, 0.225**2]


class Stack(NamedTuple):
    """Blocks in a row: how many, channels, expansion, stride of the first, kind.

    A fused block has one convolution where others have a 1 x 1 and a depthwise one, and
    no attention to channels.
    """

    depth: int
    channels: int
    expansion: int
    stride: int
    fused: bool


_B = (
    Stack(1, 16, 1, 1, True),
    Stack(2, 32, 4, 2, True),
    Stack(2, 48, 4, 2, True),
    Stack(3, 96, 4, 2, False),
    Stack(5, 112, 6, 1, False),
    Stack(8, 192, 6, 2, False),
)
_S = (
    Stack(2, 24, 1, 1, True),
    Stack(4, 48, 4, 2, True),
    Stack(4, 64, 4, 2, True),
    Stack(6, 128, 4, 2, False),
    Stack(9, 160, 6, 1, False),
    Stack(15, 256, 6, 2, False),
)
_M = (
    Stack(3, 24, 1, 1, True),
    Stack(5, 48, 4, 2, True),
    Stack(5, 80, 4, 2, True),
    Stack(7, 160, 4, 2, False),
    Stack(14, 176, 6, 1, False),
    Stack(18, 304, 6, 2, False),
    Stack(5, 512, 6, 1, False),
)
_L = (
    Stack(4, 32, 1, 1, True),
    Stack(7, 64, 4, 2, True),
    Stack(7, 96, 4, 2, True),
    Stack(10, 192, 4, 2, False),
    Stack(19, 224, 6, 1, False),
    Stack(25, 384, 6, 2, False),
    Stack(7, 640, 6, 1, False),
)


class Plan(NamedTuple):
    """A variant: its stacks, how they are scaled, the usual images."""

    stacks: tuple[Stack, ...]
    size: int
    stem: int = 32
    width: float = 1.0
    depth: float = 1.0


def _network(name: str) -> Callable[[Callable[[], Plan]], Callable[..., Model]]:
    """Return a decorator: a plan becomes a function as Keras has it."""
    default_name = name

    def decorate(plan: Callable[[], Plan]) -> Callable[..., Model]:
        def application(
            include_top: bool = True,
            weights: str | os.PathLike[str] | None = "imagenet",
            input_tensor: Any = None,
            input_shape: Any = None,
            pooling: str | None = None,
            classes: int = 1000,
            classifier_activation: Any = "softmax",
            include_preprocessing: bool = True,
            name: str = default_name,
        ) -> Model:
            wanted = Wanted(
                plan.__name__,
                include_top,
                weights,
                input_tensor,
                input_shape,
                pooling,
                classes,
                classifier_activation,
                name,
            )
            return _efficientnet(wanted, plan(), include_preprocessing)

        return named_like(
            plan,
            application,
            "include_preprocessing : bool, whether the network takes pixels of 0..255,"
            "\n    and scales them itself.",
        )

    return decorate


@_network("efficientnetv2-b0")
def EfficientNetV2B0() -> Plan:
    """EfficientNetV2B0: 21 inverted residual blocks, the first 5 of them fused.

    Source: Tan & Le (2021), EfficientNetV2: Smaller Models and Faster Training.

    Examples
    --------
    >>> model = EfficientNetV2B0(weights=None, include_top=False, pooling="avg")
    >>> model.output_shape
    (None, 1280)
    """
    return Plan(_B, 224)


@_network("efficientnetv2-b1")
def EfficientNetV2B1() -> Plan:
    """EfficientNetV2B1: EfficientNetV2B0, 1.1 times as deep, for images of 240."""
    return Plan(_B, 240, depth=1.1)


@_network("efficientnetv2-b2")
def EfficientNetV2B2() -> Plan:
    """EfficientNetV2B2: EfficientNetV2B0, 1.1 times as wide, 1.2 times as deep, 260."""
    return Plan(_B, 260, width=1.1, depth=1.2)


@_network("efficientnetv2-b3")
def EfficientNetV2B3() -> Plan:
    """EfficientNetV2B3: EfficientNetV2B0, 1.2 times as wide, 1.4 times as deep, 300."""
    return Plan(_B, 300, width=1.2, depth=1.4)


@_network("efficientnetv2-s")
def EfficientNetV2S() -> Plan:
    """EfficientNetV2S: 40 inverted residual blocks, for images of 384 x 384."""
    return Plan(_S, 384, stem=24)


@_network("efficientnetv2-m")
def EfficientNetV2M() -> Plan:
    """EfficientNetV2M: 57 inverted residual blocks, for images of 480 x 480."""
    return Plan(_M, 480, stem=24)


@_network("efficientnetv2-l")
def EfficientNetV2L() -> Plan:
    """EfficientNetV2L: 79 inverted residual blocks, for images of 480 x 480."""
    return Plan(_L, 480)


def _efficientnet(wanted: Wanted, plan: Plan, scales: bool) -> Model:
    check(wanted)
    shape = image_shape(wanted, plan.size)
    image = x = image_of(wanted, shape)
    if scales:
        x = _scaled(x, plan, shape)
    x = convolved(x, _rounded(plan.stem * plan.width), "stem_conv", 3, 2)
    x = _normalized(x, "stem_bn", "stem_activation")
    total = sum(stack.depth for stack in plan.stacks)
    number = 0
    for i, stack in enumerate(plan.stacks):
        channels = _rounded(stack.channels * plan.width)
        block = _fused if stack.fused else _inverted
        for j in range(math.ceil(stack.depth * plan.depth)):
            name = f"block{i + 1}{chr(ord('a') + j)}_"
            x = block(
                x,
                stack._replace(channels=channels, stride=stack.stride if j == 0 else 1),
                name,
                DROP_RATE * number / total,
            )
            number += 1
    x = convolved(x, _rounded(1280 * plan.width), "top_conv")
    x = _normalized(x, "top_bn", "top_activation")
    zeros = initializers.Constant(0.0)
    x = classified(wanted, x, dropout=0.2, bias_initializer=zeros)
    return finish(wanted, image, x)


def _scaled(x: KerasTensor, plan: Plan, shape: tuple[int | None, ...]) -> KerasTensor:
    """Return pixels of 0..255 as the variant was trained on them."""
    if plan.stacks is _B and shape[channel_axis() - 1] == 3:
        x = layers.Rescaling(1 / 255)(x)
        return layers.Normalization(channel_axis(), _MEANS, _VARIANCES)(x)
    return layers.Rescaling(1 / 128, offset=-1)(x)


def _rounded(channels: float) -> int:
    """Return the nearest multiple of 8, at least 8."""
    return max(8, int(channels + 4) // 8 * 8)


def _inverted(x: KerasTensor, stack: Stack, name: str, rate: float) -> KerasTensor:
    """Return x + narrow(attended(depthwise(wide(x)))); no x where shapes change."""
    start, width = x, channels_of(x)
    x = convolved(x, width * stack.expansion, f"{name}expand_conv")
    x = _normalized(x, f"{name}expand_bn", f"{name}expand_activation")
    x = layers.DepthwiseConv2D(
        3,
        stack.stride,
        padding="same",
        use_bias=False,
        depthwise_initializer=CONVOLUTION,
        name=f"{name}dwconv2",
    )(x)
    x = _normalized(x, f"{name}bn", f"{name}activation")
    x = attended(x, max(1, width // 4), name)
    return _ended(x, start, stack, name, rate)


def _fused(x: KerasTensor, stack: Stack, name: str, rate: float) -> KerasTensor:
    """Return x + narrow(wide(x)), or one convolution; no x where shapes change."""
    start, width = x, channels_of(x)
    if stack.expansion > 1:
        wide = width * stack.expansion
        x = convolved(x, wide, f"{name}expand_conv", 3, stack.stride)
        x = _normalized(x, f"{name}expand_bn", f"{name}expand_activation")
    return _ended(x, start, stack, name, rate)


def _ended(
    x: KerasTensor, start: KerasTensor, stack: Stack, name: str, rate: float
) -> KerasTensor:
    """Return the channels wanted of what a block computed, and add where it began."""
    if stack.expansion > 1:
        x = convolved(x, stack.channels, f"{name}project_conv")
        x = _normalized(x, f"{name}project_bn")
    else:
        x = convolved(x, stack.channels, f"{name}project_conv", 3, stack.stride)
        x = _normalized(x, f"{name}project_bn", f"{name}project_activation")
    if stack.stride == 1 and channels_of(start) == stack.channels:
        x = added(x, start, rate, name)
    return x


def _normalized(
    x: KerasTensor, name: str, activation: str | None = None
) -> KerasTensor:
    x = layers.BatchNormalization(channel_axis(), momentum=_MOMENTUM, name=name)(x)
    return x if activation is None else layers.Activation("swish", name=activation)(x)
