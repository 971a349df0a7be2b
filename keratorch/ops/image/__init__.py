"""`keras.ops.image`: sizes, colours and geometry of images.

Images are arrays (height, width, channels), or (batch, height, width, channels), or
with the channels before the height. Gradients flow through all of them.
"""

from keratorch.ops.image.borders import crop_images, pad_images
from keratorch.ops.image.colors import hsv_to_rgb, rgb_to_grayscale, rgb_to_hsv
from keratorch.ops.image.filters import gaussian_blur, sobel_edges, ssim
from keratorch.ops.image.geometry import (
    affine_transform,
    elastic_transform,
    map_coordinates,
    perspective_transform,
)
from keratorch.ops.image.patches import extract_patches, extract_patches_3d
from keratorch.ops.image.resizing import resize, scale_and_translate

__all__ = [
    "affine_transform",
    "crop_images",
    "elastic_transform",
    "extract_patches",
    "extract_patches_3d",
    "gaussian_blur",
    "hsv_to_rgb",
    "map_coordinates",
    "pad_images",
    "perspective_transform",
    "resize",
    "rgb_to_grayscale",
    "rgb_to_hsv",
    "scale_and_translate",
    "sobel_edges",
    "ssim",
]
