"""DenseNet: blocks in which each layer is given the results of all before it."""

from __future__ import annotations

from typing import Any

from keratorch import layers
from keratorch.applications import imagenet_utils
from keratorch.applications._network import (
    Wanted,
    begin,
    channels_last_only,
    channels_of,
    classified,
    finish,
    network,
)
from keratorch.applications.imagenet_utils import decode_predictions
from keratorch.models import Model
from keratorch.symbolic import KerasTensor

__all__ = ["DenseNet121", "DenseNet169", "DenseNet201", "decode_predictions"]
__all__ += ["preprocess_input"]

_GROWTH = 32  # channels that each layer adds
_EPSILON = 1.001e-5


@network("densenet121")
def DenseNet121(wanted: Wanted) -> Model:
    """DenseNet121: 58 layers in 4 dense blocks, with transitions that halve between.

    Source: Huang et al. (2017), Densely Connected Convolutional Networks.

    Examples
    --------
    >>> model = DenseNet121(weights=None, include_top=False, pooling="avg")
    >>> model.output_shape
    (None, 1024)
    """
    return _densenet(wanted, depths=(6, 12, 24, 16))


@network("densenet169")
def DenseNet169(wanted: Wanted) -> Model:
    """DenseNet169: DenseNet121 with 82 layers.

    Source: Huang et al. (2017), Densely Connected Convolutional Networks.
    """
    return _densenet(wanted, depths=(6, 12, 32, 32))


@network("densenet201")
def DenseNet201(wanted: Wanted) -> Model:
    """DenseNet201: DenseNet121 with 98 layers.

    Source: Huang et al. (2017), Densely Connected Convolutional Networks.
    """
    return _densenet(wanted, depths=(6, 12, 48, 32))


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Centre and scale each channel: see `imagenet_utils`, mode 'torch'."""
    return imagenet_utils.preprocess_input(x, data_format, mode="torch")


def _densenet(wanted: Wanted, depths: tuple[int, ...]) -> Model:
    channels_last_only(wanted.title)
    image = x = begin(wanted, default_size=224)
    x = layers.ZeroPadding2D(3)(x)
    x = layers.Conv2D(64, 7, strides=2, use_bias=False, name="conv1_conv")(x)
    x = _normalized(x, "conv1_bn", "conv1_relu")
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1")(x)
    for i, depth in enumerate(depths, start=2):
        if i > 2:
            x = _halved(x, f"pool{i - 1}")
        for j in range(1, depth + 1):
            x = _widened(x, f"conv{i}_block{j}")
    x = _normalized(x, "bn", "relu")
    return finish(wanted, image, classified(wanted, x))


def _normalized(x: KerasTensor, name: str, activation: str) -> KerasTensor:
    x = layers.BatchNormalization(3, epsilon=_EPSILON, name=name)(x)
    return layers.Activation("relu", name=activation)(x)


def _widened(x: KerasTensor, name: str) -> KerasTensor:
    """Return `x` with new channels beside its own."""
    new = _normalized(x, f"{name}_0_bn", f"{name}_0_relu")
    new = layers.Conv2D(4 * _GROWTH, 1, use_bias=False, name=f"{name}_1_conv")(new)
    new = _normalized(new, f"{name}_1_bn", f"{name}_1_relu")
    last = layers.Conv2D(
        _GROWTH, 3, padding="same", use_bias=False, name=f"{name}_2_conv"
    )
    return layers.Concatenate(3, name=f"{name}_concat")([x, last(new)])


def _halved(x: KerasTensor, name: str) -> KerasTensor:
    """Return half of the channels at half of the height and width."""
    x = _normalized(x, f"{name}_bn", f"{name}_relu")
    x = layers.Conv2D(channels_of(x) // 2, 1, use_bias=False, name=f"{name}_conv")(x)
    return layers.AveragePooling2D(2, strides=2, name=f"{name}_pool")(x)
