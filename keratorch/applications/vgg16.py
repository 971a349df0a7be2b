"""VGG16: a plain stack of small convolutions."""

from __future__ import annotations

from typing import Any

from keratorch import layers
from keratorch.applications import imagenet_utils
from keratorch.applications._network import (
    Wanted,
    begin,
    finish,
    network,
    pooled,
    predictions,
)
from keratorch.applications.imagenet_utils import decode_predictions
from keratorch.models import Model

__all__ = ["VGG16", "decode_predictions", "preprocess_input"]

_FILTERS = (64, 128, 256, 512, 512)


@network("vgg16")
def VGG16(wanted: Wanted) -> Model:
    """VGG16: 13 convolutions of 3 x 3 in 5 blocks, and 3 dense layers.

    Source: Simonyan & Zisserman (2015), Very Deep Convolutional Networks for
    Large-Scale Image Recognition, configuration D.

    Examples
    --------
    >>> model = VGG16(weights=None, include_top=False, input_shape=(32, 32, 3))
    >>> model.output_shape
    (None, 1, 1, 512)
    """
    return vgg(wanted, depths=(2, 2, 3, 3, 3))


def vgg(wanted: Wanted, depths: tuple[int, ...]) -> Model:
    """Return a VGG network with so many convolutions in each block."""
    image = x = begin(wanted, default_size=224)
    for i, (filters, depth) in enumerate(zip(_FILTERS, depths, strict=True), start=1):
        for j in range(1, depth + 1):
            name = f"block{i}_conv{j}"
            x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=name)(
                x
            )
        x = layers.MaxPooling2D(2, strides=2, name=f"block{i}_pool")(x)
    if not wanted.include_top:
        return finish(wanted, image, pooled(wanted, x))
    x = layers.Flatten(name="flatten")(x)
    for name in ("fc1", "fc2"):
        x = layers.Dense(4096, activation="relu", name=name)(x)
    return finish(wanted, image, predictions(wanted, x))


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Exchange red and blue and centre them: see `imagenet_utils`, mode 'caffe'."""
    return imagenet_utils.preprocess_input(x, data_format, mode="caffe")
