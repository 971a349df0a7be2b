"""VGG19: VGG16 with three more convolutions."""

from __future__ import annotations

from keratorch.applications._network import Wanted, network
from keratorch.applications.imagenet_utils import decode_predictions
from keratorch.applications.vgg16 import preprocess_input, vgg
from keratorch.models import Model

__all__ = ["VGG19", "decode_predictions", "preprocess_input"]


@network("vgg19")
def VGG19(wanted: Wanted) -> Model:
    """VGG19: 16 convolutions of 3 x 3 in 5 blocks, and 3 dense layers.

    Source: Simonyan & Zisserman (2015), Very Deep Convolutional Networks for
    Large-Scale Image Recognition, configuration E.

    Examples
    --------
    >>> model = VGG19(weights=None, include_top=False, input_shape=(32, 32, 3))
    >>> model.get_layer("block5_conv4").filters
    512
    """
    return vgg(wanted, depths=(2, 2, 4, 4, 4))
