"""ResNet50 under the path that Keras has for it alone."""

from keratorch.applications.resnet import ResNet50, decode_predictions, preprocess_input

__all__ = ["ResNet50", "decode_predictions", "preprocess_input"]
