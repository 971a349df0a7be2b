"""Inception-ResNet v2: branches whose results are scaled and added to the input."""

from __future__ import annotations

from keratorch import layers
from keratorch.applications._network import (
    Wanted,
    begin,
    channels_of,
    classified,
    finish,
    network,
)
from keratorch.applications.imagenet_utils import decode_predictions
from keratorch.applications.inception_v3 import (
    Branches,
    averaged,
    branched,
    convolved,
    joined,
    preprocess_input,
    shrunk,
    stem,
)
from keratorch.layers.network_layers import CustomScaleLayer
from keratorch.models import Model
from keratorch.symbolic import KerasTensor

__all__ = ["CustomScaleLayer", "InceptionResNetV2", "decode_predictions"]
__all__ += ["preprocess_input"]

_MIXED_5B: Branches = (
    ((96, 1),),
    ((48, 1), (64, 5)),
    ((64, 1), (96, 3), (96, 3)),
)
_MIXED_6A: Branches = (
    ((384, 3, 2),),
    ((256, 1), (256, 3), (384, 3, 2)),
)
_MIXED_7A: Branches = (
    ((256, 1), (384, 3, 2)),
    ((256, 1), (288, 3, 2)),
    ((256, 1), (288, 3), (320, 3, 2)),
)
_BLOCK35: Branches = (
    ((32, 1),),
    ((32, 1), (32, 3)),
    ((32, 1), (48, 3), (64, 3)),
)
_BLOCK17: Branches = (
    ((192, 1),),
    ((128, 1), (160, (1, 7)), (192, (7, 1))),
)
_BLOCK8: Branches = (
    ((192, 1),),
    ((192, 1), (224, (1, 3)), (256, (3, 1))),
)


@network("inception_resnet_v2")
def InceptionResNetV2(wanted: Wanted) -> Model:
    """InceptionResNetV2: 40 blocks of branches with shortcuts around them.

    Source: Szegedy et al. (2017), Inception-v4, Inception-ResNet and the Impact of
    Residual Connections on Learning.

    Examples
    --------
    >>> model = InceptionResNetV2(weights=None, include_top=False, pooling="avg")
    >>> model.output_shape
    (None, 1536)
    """
    image = x = begin(wanted, default_size=299, min_size=75)
    x = stem(x)
    x = joined([*branched(x, _MIXED_5B), averaged(x, 64)], "mixed_5b")
    for i in range(1, 11):
        x = _block(x, _BLOCK35, 0.17, f"block35_{i}")
    x = joined([*branched(x, _MIXED_6A), shrunk(x)], "mixed_6a")
    for i in range(1, 21):
        x = _block(x, _BLOCK17, 0.1, f"block17_{i}")
    x = joined([*branched(x, _MIXED_7A), shrunk(x)], "mixed_7a")
    for i in range(1, 10):
        x = _block(x, _BLOCK8, 0.2, f"block8_{i}")
    x = _block(x, _BLOCK8, 1.0, "block8_10", activated=False)
    x = convolved(x, 1536, 1, name="conv_7b")
    x = classified(wanted, x, avg_alone=None, max=None)
    return finish(wanted, image, x)


def _block(
    x: KerasTensor, branches: Branches, scale: float, name: str, activated: bool = True
) -> KerasTensor:
    """Return x + scale * (branches, joined and brought to the channels of x)."""
    mixed = joined(branched(x, branches), f"{name}_mixed")
    channels = channels_of(x)
    widened = layers.Conv2D(channels, 1, padding="same", name=f"{name}_conv")(mixed)
    x = CustomScaleLayer(scale)([x, widened])
    return layers.Activation("relu", name=f"{name}_ac")(x) if activated else x
