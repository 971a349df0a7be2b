"""NASNet: two cells that a search found, stacked by hand."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from keratorch import layers
from keratorch.applications import imagenet_utils
from keratorch.applications._network import (
    Wanted,
    begin,
    channels_last_only,
    classified,
    documented,
    finish,
)
from keratorch.applications.imagenet_utils import correct_pad, decode_predictions
from keratorch.models import Model
from keratorch.symbolic import KerasTensor

__all__ = ["NASNetLarge", "NASNetMobile", "decode_predictions", "preprocess_input"]


class Plan(NamedTuple):
    """A variant: filters of the first cells, cells in a row, and the usual images."""

    filters: int
    depth: int
    stem: int
    skips_reduction: bool
    size: int


@documented()
def NASNetMobile(
    input_shape: Any = None,
    include_top: bool = True,
    weights: str | os.PathLike[str] | None = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "nasnet_mobile",
) -> Model:
    """NASNetMobile: 12 normal and 4 reduction cells, for images of 224 x 224.

    Source: Zoph et al. (2018), Learning Transferable Architectures for Scalable Image
    Recognition, NASNet-A (4 @ 1056).

    Examples
    --------
    >>> model = NASNetMobile(weights=None, include_top=False, pooling="avg")
    >>> model.output_shape
    (None, 1056)
    """
    if input_shape is None and not include_top:
        input_shape = (224, 224, 3)
    wanted = Wanted(
        "NASNetMobile",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        name,
    )
    return _nasnet(wanted, Plan(44, 4, 32, skips_reduction=False, size=224))


@documented()
def NASNetLarge(
    input_shape: Any = None,
    include_top: bool = True,
    weights: str | os.PathLike[str] | None = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "nasnet_large",
) -> Model:
    """NASNetLarge: 18 normal and 4 reduction cells, for images of 331 x 331.

    Source: Zoph et al. (2018), Learning Transferable Architectures for Scalable Image
    Recognition, NASNet-A (6 @ 4032).
    """
    wanted = Wanted(
        "NASNetLarge",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        name,
    )
    return _nasnet(wanted, Plan(168, 6, 96, skips_reduction=True, size=331))


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Scale 0..255 to -1..1: see `imagenet_utils`, mode 'tf'."""
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")


def _nasnet(wanted: Wanted, plan: Plan) -> Model:
    channels_last_only(wanted.title)
    image = begin(wanted, default_size=plan.size)
    x = layers.Conv2D(
        plan.stem,
        3,
        strides=2,
        use_bias=False,
        kernel_initializer="he_normal",
        name="stem_conv1",
    )(image)
    x = _normalized(x, "stem_bn1")
    before, x = x, _reduction_cell(x, x, plan.filters // 4, "stem_1")
    before, x = x, _reduction_cell(x, before, plan.filters // 2, "stem_2")
    for stage in range(3):
        filters, number = plan.filters * 2**stage, plan.depth * stage
        if stage:
            after = _reduction_cell(x, before, filters, f"reduce_{number}")
            before = before if plan.skips_reduction else x
            x = after
            number += 1
        for i in range(plan.depth):
            before, x = x, _normal_cell(x, before, filters, f"{number + i}")
    x = layers.Activation("relu")(x)
    x = classified(wanted, x, avg=None, avg_alone=None, max=None)
    return finish(wanted, image, x)


def _normal_cell(
    x: KerasTensor, before: KerasTensor, filters: int, name: str
) -> KerasTensor:
    """Return a cell's result for those of the last two cells, at the same size."""
    p = _adjusted(before, x, filters, name)
    h = _squeezed(x, filters, "normal", name)
    sums = [
        layers.add(
            [
                _separable(h, filters, 5, f"normal_left1_{name}"),
                _separable(p, filters, 3, f"normal_right1_{name}"),
            ],
            name=f"normal_add_1_{name}",
        ),
        layers.add(
            [
                _separable(p, filters, 5, f"normal_left2_{name}"),
                _separable(p, filters, 3, f"normal_right2_{name}"),
            ],
            name=f"normal_add_2_{name}",
        ),
        layers.add(
            [_averaged(h, f"normal_left3_{name}"), p], name=f"normal_add_3_{name}"
        ),
        layers.add(
            [
                _averaged(p, f"normal_left4_{name}"),
                _averaged(p, f"normal_right4_{name}"),
            ],
            name=f"normal_add_4_{name}",
        ),
        layers.add(
            [_separable(h, filters, 3, f"normal_left5_{name}"), h],
            name=f"normal_add_5_{name}",
        ),
    ]
    return layers.concatenate([p, *sums], axis=-1, name=f"normal_concat_{name}")


def _reduction_cell(
    x: KerasTensor, before: KerasTensor, filters: int, name: str
) -> KerasTensor:
    """Return a cell's result at half of the height and width."""
    p = _adjusted(before, x, filters, name)
    h = _squeezed(x, filters, "reduction", name)
    padded = layers.ZeroPadding2D(correct_pad(h, 3), name=f"reduction_pad_1_{name}")(h)
    first = layers.add(
        [
            _separable(h, filters, 5, f"reduction_left1_{name}", stride=2),
            _separable(p, filters, 7, f"reduction_right1_{name}", stride=2),
        ],
        name=f"reduction_add_1_{name}",
    )
    maxima = layers.MaxPooling2D(3, 2, name=f"reduction_left2_{name}")(padded)
    second = layers.add(
        [maxima, _separable(p, filters, 7, f"reduction_right2_{name}", stride=2)],
        name=f"reduction_add_2_{name}",
    )
    means = layers.AveragePooling2D(3, 2, name=f"reduction_left3_{name}")(padded)
    third = layers.add(
        [means, _separable(p, filters, 5, f"reduction_right3_{name}", stride=2)],
        name=f"reduction_add3_{name}",
    )
    fourth = layers.add([second, _averaged(first, f"reduction_left4_{name}")])
    convolved = _separable(first, filters, 3, f"reduction_left4_{name}")
    maxima = layers.MaxPooling2D(3, 2, name=f"reduction_right5_{name}")(padded)
    fifth = layers.add([convolved, maxima], name=f"reduction_add4_{name}")
    results = [second, third, fourth, fifth]
    return layers.concatenate(results, axis=-1, name=f"reduction_concat_{name}")


def _adjusted(p: KerasTensor, x: KerasTensor, filters: int, name: str) -> KerasTensor:
    """Return the result of the cell before the last with the size and channels of x."""
    if p is x:
        return x
    if p.shape[2] != x.shape[2]:
        return _halved(p, filters, name)
    if p.shape[3] == filters:
        return p
    p = layers.Activation("relu")(p)
    p = _pointwise(p, filters, f"adjust_conv_projection_{name}")
    return _normalized(p, f"adjust_bn_{name}")


def _halved(p: KerasTensor, filters: int, name: str) -> KerasTensor:
    """Return every second pixel, beside those one below and to the right of them."""
    p = layers.Activation("relu", name=f"adjust_relu_1_{name}")(p)
    shifted = layers.ZeroPadding2D(((0, 1), (0, 1)))
    even = layers.AveragePooling2D(1, 2, name=f"adjust_avg_pool_1_{name}")(p)
    even = _pointwise(even, filters // 2, f"adjust_conv_1_{name}")
    odd = layers.Cropping2D(((1, 0), (1, 0)))(shifted(p))
    odd = layers.AveragePooling2D(1, 2, name=f"adjust_avg_pool_2_{name}")(odd)
    odd = _pointwise(odd, filters // 2, f"adjust_conv_2_{name}")
    joined = layers.concatenate([even, odd], axis=-1)
    return _normalized(joined, f"adjust_bn_{name}")


def _squeezed(x: KerasTensor, filters: int, kind: str, name: str) -> KerasTensor:
    x = layers.Activation("relu")(x)
    x = _pointwise(x, filters, f"{kind}_conv_1_{name}")
    return _normalized(x, f"{kind}_bn_1_{name}")


def _separable(
    x: KerasTensor, filters: int, window: int, name: str, stride: int = 1
) -> KerasTensor:
    """Return two separable convolutions, each after a ReLU and normalized."""
    x = layers.Activation("relu")(x)
    if stride > 1:
        padding = correct_pad(x, window)
        x = layers.ZeroPadding2D(padding, name=f"separable_conv_1_pad_{name}")(x)
    x = layers.SeparableConv2D(
        filters,
        window,
        stride,
        padding="valid" if stride > 1 else "same",
        use_bias=False,
        name=f"separable_conv_1_{name}",
    )(x)
    x = _normalized(x, f"separable_conv_1_bn_{name}")
    x = layers.Activation("relu")(x)
    x = layers.SeparableConv2D(
        filters,
        window,
        padding="same",
        use_bias=False,
        name=f"separable_conv_2_{name}",
    )(x)
    return _normalized(x, f"separable_conv_2_bn_{name}")


def _pointwise(x: KerasTensor, filters: int, name: str) -> KerasTensor:
    return layers.Conv2D(
        filters,
        1,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=name,
    )(x)


def _averaged(x: KerasTensor, name: str) -> KerasTensor:
    return layers.AveragePooling2D(3, strides=1, padding="same", name=name)(x)


def _normalized(x: KerasTensor, name: str) -> KerasTensor:
    return layers.BatchNormalization(momentum=0.9997, epsilon=1e-3, name=name)(x)
