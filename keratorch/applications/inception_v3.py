"""Inception v3: blocks of branches with windows of several sizes, side by side."""

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

__all__ = ["InceptionV3", "decode_predictions", "preprocess_input"]

# A convolution: channels and window; with a third entry at half of the size, unpadded.
Step = tuple[Any, ...]
Branches = tuple[tuple[Step, ...], ...]

_SMALL: Branches = (
    ((64, 1),),
    ((48, 1), (64, 5)),
    ((64, 1), (96, 3), (96, 3)),
)
_SHRINK_TO_17: Branches = (
    ((384, 3, 2),),
    ((64, 1), (96, 3), (96, 3, 2)),
)
_SHRINK_TO_8: Branches = (
    ((192, 1), (320, 3, 2)),
    ((192, 1), (192, (1, 7)), (192, (7, 1)), (192, 3, 2)),
)


@network("inception_v3")
def InceptionV3(wanted: Wanted) -> Model:
    """InceptionV3: 11 blocks of branches, with long windows taken apart.

    Source: Szegedy et al. (2016), Rethinking the Inception Architecture for Computer
    Vision.

    Examples
    --------
    >>> model = InceptionV3(weights=None, include_top=False, pooling="avg")
    >>> model.output_shape
    (None, 2048)
    """
    image = x = begin(wanted, default_size=299, min_size=75)
    x = stem(x)
    for i, pooled in enumerate((32, 64, 64)):
        x = joined([*branched(x, _SMALL), averaged(x, pooled)], f"mixed{i}")
    x = joined([*branched(x, _SHRINK_TO_17), shrunk(x)], "mixed3")
    for i, channels in enumerate((128, 160, 160, 192), start=4):
        x = joined([*branched(x, _long(channels)), averaged(x, 192)], f"mixed{i}")
    x = joined([*branched(x, _SHRINK_TO_8), shrunk(x)], "mixed8")
    for i in range(2):
        x = _widest(x, i)
    x = classified(wanted, x, avg_alone=None, max=None)
    return finish(wanted, image, x)


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Scale 0..255 to -1..1: see `imagenet_utils`, mode 'tf'."""
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")


def stem(x: KerasTensor) -> KerasTensor:
    """Return what the first block is given: 192 channels at an eighth of the size."""
    x = convolved(x, 32, 3, stride=2)
    x = convolved(x, 32, 3, padding="valid")
    x = convolved(x, 64, 3)
    x = shrunk(x)
    x = convolved(x, 80, 1, padding="valid")
    x = convolved(x, 192, 3, padding="valid")
    return shrunk(x)


def _long(channels: int) -> Branches:
    """Return branches in which two lines of 7 stand for a window of 7 x 7."""
    line, column = (1, 7), (7, 1)
    return (
        ((192, 1),),
        ((channels, 1), (channels, line), (192, column)),
        (
            (channels, 1),
            (channels, column),
            (channels, line),
            (channels, column),
            (192, line),
        ),
    )


def _widest(x: KerasTensor, i: int) -> KerasTensor:
    """Return one of the last two blocks, whose branches branch again."""
    single = convolved(x, 320, 1)
    short = _forked(convolved(x, 384, 1), f"mixed9_{i}")
    long = convolved(convolved(x, 448, 1), 384, 3)
    branches = [single, short, _forked(long, None), averaged(x, 192)]
    return joined(branches, f"mixed{9 + i}")


def _forked(x: KerasTensor, name: str | None) -> KerasTensor:
    lines = [convolved(x, 384, (1, 3)), convolved(x, 384, (3, 1))]
    return joined(lines, name)


def branched(x: KerasTensor, branches: Branches) -> list[KerasTensor]:
    """Return what each branch, one convolution after the other, makes of `x`."""
    results = []
    for branch in branches:
        result = x
        for step in branch:
            result = convolved(result, *step)
        results.append(result)
    return results


def convolved(
    x: KerasTensor,
    filters: int,
    window: int | tuple[int, int],
    stride: int = 1,
    padding: str = "same",
    name: str | None = None,
) -> KerasTensor:
    """Return a convolution, normalized, without what is negative."""
    padding = padding if stride == 1 else "valid"
    x = layers.Conv2D(
        filters, window, stride, padding=padding, use_bias=False, name=name
    )(x)
    bn, ac = (None, None) if name is None else (f"{name}_bn", f"{name}_ac")
    x = layers.BatchNormalization(channel_axis(), scale=False, name=bn)(x)
    return layers.Activation("relu", name=ac)(x)


def averaged(x: KerasTensor, filters: int) -> KerasTensor:
    """Return a branch that begins with the means of windows of 3 x 3."""
    x = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    return convolved(x, filters, 1)


def shrunk(x: KerasTensor) -> KerasTensor:
    """Return the maxima of windows, at half of the height and width."""
    return layers.MaxPooling2D(3, strides=2)(x)


def joined(branches: list[KerasTensor], name: str | None) -> KerasTensor:
    """Return the channels of all branches."""
    return layers.concatenate(branches, axis=channel_axis(), name=name)
