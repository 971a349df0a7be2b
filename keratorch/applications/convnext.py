"""ConvNeXt: a plain convolutional network, built as transformers are."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NamedTuple

from keratorch import layers
from keratorch.applications._network import (
    Wanted,
    channels_last_only,
    check,
    finish,
    image_of,
    image_shape,
    named_like,
    pooled,
)
from keratorch.applications.imagenet_utils import decode_predictions
from keratorch.layers.network_layers import LayerScale
from keratorch.models import Model, Sequential
from keratorch.symbolic import KerasTensor

_VARIANTS = ("Tiny", "Small", "Base", "Large", "XLarge")
__all__ = [f"ConvNeXt{variant}" for variant in _VARIANTS]
__all__ += ["LayerScale", "decode_predictions", "preprocess_input"]

_EPSILON = 1e-6  # of normalizations; of each block at first, too
_MEANS = [0.485 * 255, 0.456 * 255, 0.406 * 255]
_VARIANCES = [(0.229 * 255) ** 2, (0.224 * 255) ** 2, (0.225 * 255) ** 2]


class Plan(NamedTuple):
    """A variant: the channels of its four stacks, and the blocks in them."""

    channels: tuple[int, int, int, int]
    depths: tuple[int, int, int, int] = (3, 3, 27, 3)


def _network(name: str) -> Callable[[Callable[[], Plan]], Callable[..., Model]]:
    """Return a decorator: a plan becomes a function as Keras has it."""
    default_name = name

    def decorate(plan: Callable[[], Plan]) -> Callable[..., Model]:
        def application(
            include_top: bool = True,
            include_preprocessing: bool = True,
            weights: str | os.PathLike[str] | None = "imagenet",
            input_tensor: Any = None,
            input_shape: Any = None,
            pooling: str | None = None,
            classes: int = 1000,
            classifier_activation: Any = "softmax",
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
            return _convnext(wanted, plan(), include_preprocessing)

        return named_like(
            plan,
            application,
            "include_preprocessing : bool, whether the network takes pixels of 0..255,"
            "\n    and centres and scales them itself.",
        )

    return decorate


@_network("convnext_tiny")
def ConvNeXtTiny() -> Plan:
    """ConvNeXtTiny: 18 blocks of a depthwise convolution and two dense layers.

    Source: Liu et al. (2022), A ConvNet for the 2020s.

    Examples
    --------
    >>> model = ConvNeXtTiny(weights=None, include_top=False, pooling="avg")
    >>> model.output_shape
    (None, 768)
    """
    return Plan((96, 192, 384, 768), depths=(3, 3, 9, 3))


@_network("convnext_small")
def ConvNeXtSmall() -> Plan:
    """ConvNeXtSmall: ConvNeXtTiny with 36 blocks."""
    return Plan((96, 192, 384, 768))


@_network("convnext_base")
def ConvNeXtBase() -> Plan:
    """ConvNeXtBase: 36 blocks, 4/3 as wide as ConvNeXtSmall."""
    return Plan((128, 256, 512, 1024))


@_network("convnext_large")
def ConvNeXtLarge() -> Plan:
    """ConvNeXtLarge: 36 blocks, twice as wide as ConvNeXtSmall."""
    return Plan((192, 384, 768, 1536))


@_network("convnext_xlarge")
def ConvNeXtXLarge() -> Plan:
    """ConvNeXtXLarge: 36 blocks, twice as wide as ConvNeXtBase."""
    return Plan((256, 512, 1024, 2048))


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Return the images unchanged: the network scales them itself."""
    return x


def _convnext(wanted: Wanted, plan: Plan, scales: bool) -> Model:
    channels_last_only(wanted.title)
    check(wanted)
    shape = image_shape(wanted, default_size=224)
    image = x = image_of(wanted, shape)
    name = str(wanted.name)
    if scales and shape[-1] == 3:
        x = layers.Normalization(
            mean=_MEANS, variance=_VARIANCES, name=f"{name}_prestem_normalization"
        )(x)
    for i, (channels, depth) in enumerate(zip(plan.channels, plan.depths, strict=True)):
        x = _downsampling(x, channels, i, name)
        for j in range(depth):
            x = _block(x, channels, f"{name}_stage_{i}_block_{j}")
    if wanted.include_top:
        return finish(wanted, image, _classified(wanted, x, name))
    x = pooled(wanted, x)
    return finish(wanted, image, layers.LayerNormalization(epsilon=_EPSILON)(x))


def _downsampling(x: KerasTensor, channels: int, i: int, name: str) -> KerasTensor:
    """Return what stack `i` is given: at first a 1/4 of the height, later half of it.

    The normalization comes before the convolution, but in the first.
    """
    part = f"_downsampling_{{}}_{i - 1}" if i else "_stem_{}"
    convolution = layers.Conv2D(
        channels, 2 if i else 4, strides=2 if i else 4, name=name + part.format("conv")
    )
    normalization = layers.LayerNormalization(
        epsilon=_EPSILON, name=name + part.format("layernorm")
    )
    steps = [normalization, convolution] if i else [convolution, normalization]
    whole = f"{name}_downsampling_block_{i - 1}" if i else f"{name}_stem"
    return Sequential([layers.Input(x.shape[1:]), *steps], name=whole)(x)


def _block(x: KerasTensor, channels: int, name: str) -> KerasTensor:
    """Return x + scale * dense(gelu(dense(normalized depthwise convolution)))."""
    start = x
    x = layers.Conv2D(
        channels, 7, padding="same", groups=channels, name=f"{name}_depthwise_conv"
    )(x)
    x = layers.LayerNormalization(epsilon=_EPSILON, name=f"{name}_layernorm")(x)
    x = layers.Dense(4 * channels, name=f"{name}_pointwise_conv_1")(x)
    x = layers.Activation("gelu", name=f"{name}_gelu")(x)
    x = layers.Dense(channels, name=f"{name}_pointwise_conv_2")(x)
    x = LayerScale(_EPSILON, channels, name=f"{name}_layer_scale")(x)
    x = layers.Activation("linear", name=f"{name}_identity")(x)
    return start + x


def _classified(wanted: Wanted, x: KerasTensor, name: str) -> KerasTensor:
    x = layers.GlobalAveragePooling2D(name=f"{name}_head_gap")(x)
    x = layers.LayerNormalization(epsilon=_EPSILON, name=f"{name}_head_layernorm")(x)
    return layers.Dense(
        wanted.classes,
        activation=wanted.classifier_activation,
        name=f"{name}_head_dense",
    )(x)
