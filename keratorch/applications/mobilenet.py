"""MobileNet: convolutions taken apart, one channel at a time and then across them."""

from __future__ import annotations

import os
from typing import Any

from keratorch import config, layers
from keratorch.applications import imagenet_utils
from keratorch.applications._network import (
    Wanted,
    channel_axis,
    check,
    documented,
    finish,
    image_of,
    image_shape,
    pooled,
)
from keratorch.applications.imagenet_utils import decode_predictions
from keratorch.models import Model
from keratorch.symbolic import KerasTensor

__all__ = ["MobileNet", "decode_predictions", "preprocess_input"]

# Channels and stride of each block.
_BLOCKS = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    *[(512, 1)] * 5,
    (1024, 2),
    (1024, 1),
)


@documented(
    """
    alpha : float > 0, what the channels of each layer are multiplied by.
    depth_multiplier : int, channels that a depthwise convolution makes of one.
    dropout : float in [0, 1), rate before the classifier.
    """
)
def MobileNet(
    input_shape: Any = None,
    alpha: float = 1.0,
    depth_multiplier: int = 1,
    dropout: float = 1e-3,
    include_top: bool = True,
    weights: str | os.PathLike[str] | None = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str | None = None,
) -> Model:
    """MobileNet: 13 pairs of a depthwise and a 1 x 1 convolution.

    Source: Howard et al. (2017), MobileNets: Efficient Convolutional Neural Networks
    for Mobile Vision Applications.

    Examples
    --------
    >>> MobileNet(weights=None, alpha=0.25, input_shape=(32, 32, 3)).count_params()
    475544
    """
    wanted = Wanted(
        "MobileNet",
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
    shape = image_shape(wanted, default_size=224)
    if name is None:
        wanted = wanted._replace(name=f"mobilenet_{alpha:0.2f}_{rows(shape)}")
    image = image_of(wanted, shape)
    x = _features(image, alpha, depth_multiplier)
    if not include_top:
        return finish(wanted, image, pooled(wanted, x))
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    x = layers.Conv2D(classes, 1, padding="same", name="conv_preds")(x)
    x = layers.Reshape((classes,), name="reshape_2")(x)
    x = layers.Activation(classifier_activation, name="predictions")(x)
    return finish(wanted, image, x)


def rows(shape: tuple[int | None, ...]) -> int | None:
    """Return the height of an image, by which Keras names a network."""
    return shape[0 if config.image_data_format() == "channels_last" else 1]


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Scale 0..255 to -1..1: see `imagenet_utils`, mode 'tf'."""
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")


def _features(x: KerasTensor, alpha: float, depth_multiplier: int) -> KerasTensor:
    first = layers.Conv2D(
        int(32 * alpha), 3, 2, padding="same", use_bias=False, name="conv1"
    )
    x = _normalized(first(x), "conv1")
    for i, (channels, stride) in enumerate(_BLOCKS, start=1):
        if stride > 1:
            x = layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"conv_pad_{i}")(x)
        depthwise = layers.DepthwiseConv2D(
            3,
            stride,
            padding="valid" if stride > 1 else "same",
            depth_multiplier=depth_multiplier,
            use_bias=False,
            name=f"conv_dw_{i}",
        )
        x = _normalized(depthwise(x), f"conv_dw_{i}")
        pointwise = layers.Conv2D(
            int(channels * alpha),
            1,
            padding="same",
            use_bias=False,
            name=f"conv_pw_{i}",
        )
        x = _normalized(pointwise(x), f"conv_pw_{i}")
    return x


def _normalized(x: KerasTensor, name: str) -> KerasTensor:
    x = layers.BatchNormalization(channel_axis(-1), name=f"{name}_bn")(x)
    return layers.ReLU(6.0, name=f"{name}_relu")(x)
