"""ResNet V2: blocks that normalize first, so that the sums pass on unchanged."""

from __future__ import annotations

from typing import Any

from keratorch import layers
from keratorch.applications import imagenet_utils
from keratorch.applications._network import Wanted, network
from keratorch.applications.imagenet_utils import decode_predictions
from keratorch.applications.resnet import (
    FILTERS,
    normalized,
    pooled_at_first,
    residual,
)
from keratorch.models import Model
from keratorch.symbolic import KerasTensor

__all__ = ["ResNet50V2", "ResNet101V2", "ResNet152V2", "decode_predictions"]
__all__ += ["preprocess_input"]


@network("resnet50v2")
def ResNet50V2(wanted: Wanted) -> Model:
    """ResNet50V2: ResNet50 with normalization and ReLU before each convolution.

    Source: He et al. (2016), Identity Mappings in Deep Residual Networks.

    Examples
    --------
    >>> model = ResNet50V2(weights=None, include_top=False, pooling="avg")
    >>> model.output_shape
    (None, 2048)
    """
    return _resnet(wanted, depths=(3, 4, 6, 3))


@network("resnet101v2")
def ResNet101V2(wanted: Wanted) -> Model:
    """ResNet101V2: ResNet50V2 with 33 blocks.

    Source: He et al. (2016), Identity Mappings in Deep Residual Networks.
    """
    return _resnet(wanted, depths=(3, 4, 23, 3))


@network("resnet152v2")
def ResNet152V2(wanted: Wanted) -> Model:
    """ResNet152V2: ResNet50V2 with 50 blocks.

    Source: He et al. (2016), Identity Mappings in Deep Residual Networks.
    """
    return _resnet(wanted, depths=(3, 8, 36, 3))


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Scale 0..255 to -1..1: see `imagenet_utils`, mode 'tf'."""
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")


def _resnet(wanted: Wanted, depths: tuple[int, ...]) -> Model:
    def features(x: KerasTensor) -> KerasTensor:
        x = pooled_at_first(x)
        for i, (filters, depth) in enumerate(zip(FILTERS, depths, strict=True)):
            for j in range(1, depth + 1):
                stride = 2 if j == depth and i < 3 else 1
                name = f"conv{i + 2}_block{j}"
                x = _block(x, filters, stride, name, widens=j == 1)
        return normalized(x, "post")

    return residual(wanted, features)


def _block(
    x: KerasTensor, filters: int, stride: int, name: str, widens: bool
) -> KerasTensor:
    """Return shortcut(x) + convolutions(relu(normalized x)), 4 * filters channels."""
    active = normalized(x, f"{name}_preact")
    shortcut = x
    if widens:
        shortcut = layers.Conv2D(4 * filters, 1, strides=stride, name=f"{name}_0_conv")(
            active
        )
    elif stride > 1:
        shortcut = layers.MaxPooling2D(1, strides=stride)(x)
    x = layers.Conv2D(filters, 1, use_bias=False, name=f"{name}_1_conv")(active)
    x = normalized(x, f"{name}_1")
    x = layers.ZeroPadding2D(1, name=f"{name}_2_pad")(x)
    x = layers.Conv2D(
        filters, 3, strides=stride, use_bias=False, name=f"{name}_2_conv"
    )(x)
    x = normalized(x, f"{name}_2")
    x = layers.Conv2D(4 * filters, 1, name=f"{name}_3_conv")(x)
    return layers.Add(name=f"{name}_out")([shortcut, x])
