"""Images with boxes and masks drawn on them, and galleries of them.

The galleries need matplotlib, names beside boxes need Pillow; all else needs neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keratorch import lazy

if TYPE_CHECKING:
    from keratorch.visualization.box_gallery import plot_bounding_box_gallery
    from keratorch.visualization.boxes import draw_bounding_boxes
    from keratorch.visualization.gallery import plot_image_gallery
    from keratorch.visualization.mask_gallery import plot_segmentation_mask_gallery
    from keratorch.visualization.masks import draw_segmentation_masks

_FILES = {
    "box_gallery": "plot_bounding_box_gallery",
    "boxes": "draw_bounding_boxes",
    "gallery": "plot_image_gallery",
    "mask_gallery": "plot_segmentation_mask_gallery",
    "masks": "draw_segmentation_masks",
}
__getattr__, __dir__ = lazy.contents(__name__, _FILES)

__all__ = [
    "draw_bounding_boxes",
    "draw_segmentation_masks",
    "plot_bounding_box_gallery",
    "plot_image_gallery",
    "plot_segmentation_mask_gallery",
]
