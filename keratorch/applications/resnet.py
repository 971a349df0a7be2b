"""ResNet: blocks that add to what they are given, with the ReLU after the sum."""

from __future__ import annotations

from collections.abc import Callable
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

__all__ = ["ResNet50", "ResNet101", "ResNet152", "decode_predictions"]
__all__ += ["preprocess_input"]

FILTERS = (64, 128, 256, 512)  # of the four stacks, 'conv2' to 'conv5'
_EPSILON = 1.001e-5


@network("resnet50")
def ResNet50(wanted: Wanted) -> Model:
    """ResNet50: 16 blocks of three convolutions, each with a shortcut around it.

    Source: He et al. (2016), Deep Residual Learning for Image Recognition.

    Examples
    --------
    >>> model = ResNet50(weights=None, include_top=False, pooling="avg")
    >>> model.output_shape
    (None, 2048)
    """
    return _resnet(wanted, depths=(3, 4, 6, 3))


@network("resnet101")
def ResNet101(wanted: Wanted) -> Model:
    """ResNet101: ResNet50 with 33 blocks.

    Source: He et al. (2016), Deep Residual Learning for Image Recognition.
    """
    return _resnet(wanted, depths=(3, 4, 23, 3))


@network("resnet152")
def ResNet152(wanted: Wanted) -> Model:
    """ResNet152: ResNet50 with 50 blocks.

    Source: He et al. (2016), Deep Residual Learning for Image Recognition.
    """
    return _resnet(wanted, depths=(3, 8, 36, 3))


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Exchange red and blue and centre them: see `imagenet_utils`, mode 'caffe'."""
    return imagenet_utils.preprocess_input(x, data_format, mode="caffe")


def _resnet(wanted: Wanted, depths: tuple[int, ...]) -> Model:
    def features(x: KerasTensor) -> KerasTensor:
        x = normalized(x, "conv1")
        x = pooled_at_first(x)
        for i, (filters, depth) in enumerate(zip(FILTERS, depths, strict=True)):
            for j in range(depth):
                stride = 2 if i > 0 and j == 0 else 1
                name = f"conv{i + 2}_block{j + 1}"
                x = _block(x, filters, stride, name, widens=j == 0)
        return x

    return residual(wanted, features)


def residual(wanted: Wanted, features: Callable[[KerasTensor], KerasTensor]) -> Model:
    """Return a network whose features begin with a convolution of 7 x 7."""
    image = x = begin(wanted, default_size=224)
    x = layers.ZeroPadding2D(3, name="conv1_pad")(x)
    x = layers.Conv2D(64, 7, strides=2, name="conv1_conv")(x)
    return finish(wanted, image, classified(wanted, features(x)))


def pooled_at_first(x: KerasTensor) -> KerasTensor:
    """Return what the first stack is given."""
    x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
    return layers.MaxPooling2D(3, strides=2, name="pool1_pool")(x)


def normalized(x: KerasTensor, name: str, activated: bool = True) -> KerasTensor:
    """Return `x` normalized over the batch, without what is negative."""
    x = layers.BatchNormalization(channel_axis(), epsilon=_EPSILON, name=f"{name}_bn")(
        x
    )
    return layers.Activation("relu", name=f"{name}_relu")(x) if activated else x


def _block(
    x: KerasTensor, filters: int, stride: int, name: str, widens: bool
) -> KerasTensor:
    """Return relu(shortcut(x) + convolutions(x)), with 4 * filters channels."""
    shortcut = x
    if widens:
        shortcut = layers.Conv2D(4 * filters, 1, strides=stride, name=f"{name}_0_conv")(
            x
        )
        shortcut = normalized(shortcut, f"{name}_0", activated=False)
    x = layers.Conv2D(filters, 1, strides=stride, name=f"{name}_1_conv")(x)
    x = normalized(x, f"{name}_1")
    x = layers.Conv2D(filters, 3, padding="same", name=f"{name}_2_conv")(x)
    x = normalized(x, f"{name}_2")
    x = layers.Conv2D(4 * filters, 1, name=f"{name}_3_conv")(x)
    x = normalized(x, f"{name}_3", activated=False)
    x = layers.Add(name=f"{name}_add")([shortcut, x])
    return layers.Activation("relu", name=f"{name}_out")(x)
