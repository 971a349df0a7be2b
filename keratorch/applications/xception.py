"""Xception: Inception's idea to its end, with depthwise separable convolutions."""

from __future__ import annotations

from typing import Any

from keratorch import layers
from keratorch.applications import imagenet_utils
from keratorch.applications._network import (
    Wanted,
    begin,
    channel_axis,
    classified,
    finish,
    network,
)
from keratorch.applications.imagenet_utils import decode_predictions
from keratorch.models import Model
from keratorch.symbolic import KerasTensor

__all__ = ["Xception", "decode_predictions", "preprocess_input"]


@network("xception")
def Xception(wanted: Wanted) -> Model:
    """Xception: 14 blocks of separable convolutions, most with shortcuts around them.

    Source: Chollet (2017), Xception: Deep Learning with Depthwise Separable
    Convolutions.

    Examples
    --------
    >>> model = Xception(weights=None, include_top=False, pooling="max")
    >>> model.output_shape
    (None, 2048)
    """
    image = x = begin(wanted, default_size=299, min_size=71)
    x = layers.Conv2D(32, 3, strides=2, use_bias=False, name="block1_conv1")(x)
    x = _relu(_normalized(x, "block1_conv1_bn"), "block1_conv1_act")
    x = layers.Conv2D(64, 3, use_bias=False, name="block1_conv2")(x)
    x = _relu(_normalized(x, "block1_conv2_bn"), "block1_conv2_act")
    x = _shrunk(x, "block2", (128, 128), active=True)
    x = _shrunk(x, "block3", (256, 256))
    x = _shrunk(x, "block4", (728, 728))
    for i in range(5, 13):
        x = layers.add([_convolved(x, f"block{i}", (728, 728, 728)), x])
    x = _shrunk(x, "block13", (728, 1024))
    for i, filters in enumerate((1536, 2048), start=1):
        x = _separable(x, filters, f"block14_sepconv{i}")
        x = _relu(x, f"block14_sepconv{i}_act")
    x = classified(wanted, x, avg_alone=None, max=None)
    return finish(wanted, image, x)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Scale 0..255 to -1..1: see `imagenet_utils`, mode 'tf'."""
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")


def _shrunk(
    x: KerasTensor, name: str, filters: tuple[int, ...], active: bool = False
) -> KerasTensor:
    """Return convolutions and a shortcut at half of the height and width."""
    shortcut = layers.Conv2D(filters[-1], 1, strides=2, padding="same", use_bias=False)(
        x
    )
    shortcut = layers.BatchNormalization(channel_axis(-1))(shortcut)
    x = _convolved(x, name, filters, active)
    x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"{name}_pool")(x)
    return layers.add([x, shortcut])


def _convolved(
    x: KerasTensor, name: str, filters: tuple[int, ...], active: bool = False
) -> KerasTensor:
    """Return separable convolutions, each after a ReLU; not the first, if `active`."""
    for i, channels in enumerate(filters, start=1):
        if i > 1 or not active:
            x = _relu(x, f"{name}_sepconv{i}_act")
        x = _separable(x, channels, f"{name}_sepconv{i}")
    return x


def _separable(x: KerasTensor, filters: int, name: str) -> KerasTensor:
    x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False, name=name)(x)
    return _normalized(x, f"{name}_bn")


def _normalized(x: KerasTensor, name: str) -> KerasTensor:
    return layers.BatchNormalization(channel_axis(-1), name=name)(x)


def _relu(x: KerasTensor, name: str) -> KerasTensor:
    return layers.Activation("relu", name=name)(x)
