"""MaxNumBoundingBoxes: equally many boxes for each image."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.preprocessing.image_layer import ImageLayer


class MaxNumBoundingBoxes(ImageLayer):
    """Keep the first boxes of each image and fill up missing ones; images stay.

    Parameters
    ----------
    max_number : int > 0, how many boxes each image has afterwards.
    fill_value : int, what boxes and labels that fill up consist of.

    Raises
    ------
    ValueError : max_number below 1.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import MaxNumBoundingBoxes
    >>> layer = MaxNumBoundingBoxes(2, bounding_box_format="xyxy")
    >>> boxes = {"boxes": np.ones((1, 1, 4)), "labels": np.array([[5]])}
    >>> layer({"images": np.ones((1, 8, 8, 3)), "bounding_boxes": boxes})[
    ...     "bounding_boxes"
    ... ]["labels"].numpy()
    array([[ 5, -1]])
    """

    _in_inference = True

    def __init__(self, max_number: int, fill_value: int = -1, **kwargs: Any):
        super().__init__(**kwargs)
        name = "MaxNumBoundingBoxes"
        self.max_number = check_positive_integer(name, "max_number", max_number)
        self.fill_value = int(fill_value)

    def transform_images(
        self, images: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        """Return the images as they are."""
        return images

    def _move_boxes(self, boxes: Any, transformation: Any, size: Any) -> Any:
        def fitted(array: np.ndarray, axis: int) -> np.ndarray:
            most = self.max_number
            array = np.take(array, range(min(most, array.shape[axis])), axis)
            borders = [(0, 0)] * array.ndim
            borders[axis] = (0, most - array.shape[axis])
            return np.pad(array, borders, constant_values=self.fill_value)

        axis = boxes["boxes"].ndim - 2
        names = fitted(boxes["labels"], axis)
        return {**boxes, "boxes": fitted(boxes["boxes"], axis), "labels": names}

    def compute_output_shape(self, input_shape: Any) -> Any:
        if not isinstance(input_shape, dict) or "bounding_boxes" not in input_shape:
            return input_shape
        shapes = {}
        for key, shape in input_shape["bounding_boxes"].items():
            axis = len(shape) - (2 if key == "boxes" else 1)
            shapes[key] = (*shape[:axis], self.max_number, *shape[axis + 1 :])
        return {**input_shape, "bounding_boxes": shapes}

    def get_config(self) -> dict[str, Any]:
        config = {**super().get_config(), "max_number": self.max_number}
        if self.fill_value != -1:  # Keras's configurations never say it
            config["fill_value"] = self.fill_value
        return config
