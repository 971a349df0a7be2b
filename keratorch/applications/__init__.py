"""Networks for images, as papers described them and Keras names them.

They come with random weights: KeraTorch downloads no pretrained ones, and says so. A
file of weights that Keras saved is read; a whole network that Keras saved is read by
`keratorch.models.load_model`.

Examples
--------
>>> from keratorch.applications import MobileNet
>>> model = MobileNet(weights=None, alpha=0.25, input_shape=(32, 32, 1), classes=10)
>>> model.output_shape
(None, 10)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keratorch import lazy

if TYPE_CHECKING:
    from keratorch.applications import imagenet_utils as imagenet_utils
    from keratorch.applications import resnet50 as resnet50

_FILES = {
    "convnext": "ConvNeXtTiny ConvNeXtSmall ConvNeXtBase ConvNeXtLarge ConvNeXtXLarge",
    "densenet": "DenseNet121 DenseNet169 DenseNet201",
    "efficientnet": "EfficientNetB0 EfficientNetB1 EfficientNetB2 EfficientNetB3 "
    "EfficientNetB4 EfficientNetB5 EfficientNetB6 EfficientNetB7",
    "efficientnet_v2": "EfficientNetV2B0 EfficientNetV2B1 EfficientNetV2B2 "
    "EfficientNetV2B3 EfficientNetV2S EfficientNetV2M EfficientNetV2L",
    "imagenet_utils": "",
    "inception_resnet_v2": "InceptionResNetV2",
    "inception_v3": "InceptionV3",
    "mobilenet": "MobileNet",
    "mobilenet_v2": "MobileNetV2",
    "mobilenet_v3": "MobileNetV3Large MobileNetV3Small",
    "nasnet": "NASNetLarge NASNetMobile",
    "resnet": "ResNet50 ResNet101 ResNet152",
    "resnet50": "",
    "resnet_v2": "ResNet50V2 ResNet101V2 ResNet152V2",
    "vgg16": "VGG16",
    "vgg19": "VGG19",
    "xception": "Xception",
}
__all__ = [name for names in _FILES.values() for name in names.split()]
__all__ += [*_FILES]
__getattr__, __dir__ = lazy.contents(__name__, _FILES)
