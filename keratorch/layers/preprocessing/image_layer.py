"""What layers share that change images, most of them at random in training."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph, random
from keratorch.layers.layer import Layer
from keratorch.layers.preprocessing.box_moves import dense, in_corners
from keratorch.ops.image.layout import Layout, check_known, checked_format
from keratorch.utils.bounding_boxes.formats import FORMATS

INTERPOLATIONS = ("nearest", "bilinear")
FILL_MODES = ("reflect", "wrap", "constant", "nearest")


class ImageLayer(Layer):
    """A layer from images to images, one (three axes) or a batch (four axes).

    The inputs may be a dict as well, with the keys 'images' and, as far as there are
    any, 'labels', 'segmentation_masks' and 'bounding_boxes' (a dict of 'boxes' and
    'labels'), which change along.  Called by itself, such
    a layer behaves as in training unless ``training=False`` is said; inside a model,
    as the model does.

    A subclass defines ``_draw(stream, shape)``, which returns a dict of random numbers
    for images of a shape (batch, height, width, channels), and ``_transform(images,
    transformation)``, which uses them on images of such a shape.

    Parameters
    ----------
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.
    bounding_box_format : str, for bounding boxes: see `utils.bounding_boxes`.

    Raises
    ------
    ValueError : inputs that are no images, an unknown layout, or bounding boxes
        without their format.
    """

    _takes_lists = True
    _keeps_integers = False
    _in_inference = False  # whether the layer acts in inference, too

    def __init__(
        self,
        data_format: str | None = None,
        bounding_box_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if bounding_box_format is not None:
            names = (*FORMATS, *map(str.upper, FORMATS))
            name = type(self).__name__
            check_known(name, "bounding_box_format", bounding_box_format, names)
        self.bounding_box_format = bounding_box_format
        self.data_format = checked_format(type(self).__name__, data_format)
        self.seed: int | None = None
        self._stream: random.SeedGenerator | None = None
        self.built = True

    def _take_seed(self, seed: int | None) -> None:
        """Keep the seed: its own stream of numbers, or None for the process's."""
        self.seed = seed
        self._stream = None if seed is None else random.SeedGenerator(seed)

    def _at_the_door(self, inputs: Any) -> Any:
        """Let images be floats, and labels stay the integers that they are."""
        if not isinstance(inputs, dict):
            return super()._at_the_door(inputs)
        whole = {k: x for k, x in inputs.items() if k == "bounding_boxes"}
        labels = inputs.get("labels")
        if labels is not None and np.asarray(graph.value(labels)).dtype.kind in "biu":
            whole["labels"] = np.asarray(graph.value(labels))
        rest = {k: x for k, x in inputs.items() if k not in whole}
        return {**inputs, **super()._at_the_door(rest), **whole}

    def call(self, data: Any, training: bool = True) -> Any:
        nested = isinstance(data, dict)
        images = data["images"] if nested else data
        drawn = self.get_random_transformation(images, training)
        images = self.transform_images(images, drawn, training)
        if not nested:
            return images
        changed = {**data, "images": images}
        if "bounding_boxes" in data:
            changed["bounding_boxes"] = self._boxes_of(data, drawn, training)
        for key, change in (
            ("labels", self.transform_labels),
            ("segmentation_masks", self.transform_segmentation_masks),
        ):
            if key in data:
                changed[key] = change(data[key], drawn, training)
        return changed

    def get_random_transformation(
        self, data: Any, training: bool = True, seed: random.Seed = None
    ) -> Any:
        """Return the random numbers of one call, or None in inference."""
        images = data["images"] if isinstance(data, dict) else data
        layout = Layout(type(self).__name__, images, self.data_format)
        if not training:
            return None
        shape = layout.images.shape
        batch = 1 if layout.single else shape[0]
        axis = layout.height_axis
        sizes = (batch, shape[axis], shape[axis + 1], shape[layout.channel_axis])
        stream = random.generator(self._stream if seed is None else seed)
        drawn = self._draw(stream, sizes)
        if isinstance(drawn, dict):
            drawn["input_shape"] = shape
        return drawn

    def transform_images(
        self, images: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        """Return images changed by what `get_random_transformation` returned."""
        if not (training and transformation is not None) and not self._in_inference:
            return images
        return self._on_batch(images, transformation)

    def _on_batch(self, images: Any, transformation: Any, **kwargs: Any) -> Any:
        layout = Layout(type(self).__name__, images, self.data_format)
        batch = layout.batch()
        return layout.restored(self._transform(batch, transformation, **kwargs))

    def transform_labels(
        self, labels: Any, transformation: Any, training: bool = True
    ) -> Any:
        """Return labels that belong to the changed images; here they stay."""
        return labels

    def transform_segmentation_masks(
        self, segmentation_masks: Any, transformation: Any, training: bool = True
    ) -> Any:
        """Return masks that belong to the changed images; colours leave them alone."""
        return segmentation_masks

    def transform_bounding_boxes(
        self, bounding_boxes: Any, transformation: Any, training: bool = True
    ) -> Any:
        """Return boxes that belong to the changed images; colours leave them alone."""
        if not training and not self._in_inference:
            return bounding_boxes
        boxes = dense(type(self).__name__, bounding_boxes)
        return self._move_boxes(boxes, transformation, self._size_in(transformation))

    def _size_in(self, transformation: Any) -> tuple | None:
        """Return (height, width) of the images of a transformation, if it says so."""
        if not isinstance(transformation, dict) or "input_shape" not in transformation:
            return None
        shape = tuple(transformation["input_shape"])
        return shape[-2:] if self.data_format == "channels_first" else shape[-3:-1]

    def _boxes_of(self, data: dict[str, Any], drawn: Any, training: bool) -> Any:
        name = type(self).__name__
        if self.bounding_box_format is None:
            raise ValueError(
                f"{name} '{self.name}' does not know the format of the bounding boxes. "
                f"Say it, such as {name}(..., bounding_box_format='xyxy')."
            )
        boxes = dense(name, data["bounding_boxes"])
        if not training and not self._in_inference:
            return boxes
        layout = Layout(name, data["images"], self.data_format)
        axis = layout.height_axis
        size = layout.images.shape[axis:][:2]
        if not layout.single or boxes["boxes"].ndim != 2:
            return self._move_boxes(boxes, drawn, size)
        batch = {key: boxes[key][None] for key in ("boxes", "labels")}
        moved = self._move_boxes({**boxes, **batch}, drawn, size)
        return {**moved, "boxes": moved["boxes"][0], "labels": moved["labels"][0]}

    def _move_boxes(self, boxes: Any, transformation: Any, size: Any) -> Any:
        """Return a dict of boxes moved as images of a size (height, width) were."""
        return boxes

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        return {}

    def _transform(self, images: Any, transformation: Any) -> Any:
        raise NotImplementedError(
            f"{type(self).__name__} has no _transform(self, images, transformation). "
            "Define it."
        )

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        config = {**super().get_config(), "data_format": self.data_format}
        if self.bounding_box_format is not None:
            config["bounding_box_format"] = self.bounding_box_format
        return config


class MovingLayer(ImageLayer):
    """An image layer that moves pixels, between which it interpolates."""

    interpolation = "bilinear"
    fill_mode = "constant"
    fill_value = 0.0

    def _take_filling(self, fill_mode: str, interpolation: str, value: float) -> None:
        name = type(self).__name__
        check_known(name, "fill_mode", fill_mode, FILL_MODES)
        check_known(name, "interpolation", interpolation, INTERPOLATIONS)
        self.fill_mode, self.interpolation = fill_mode, interpolation
        self.fill_value = value

    def _filling(self) -> dict[str, Any]:
        return {
            "fill_mode": self.fill_mode,
            "interpolation": self.interpolation,
            "fill_value": self.fill_value,
        }

    def transform_segmentation_masks(
        self, segmentation_masks: Any, transformation: Any, training: bool = True
    ) -> Any:
        """Return masks moved as the images were, without values between classes."""
        if not (training and transformation is not None) and not self._in_inference:
            return segmentation_masks
        return self._on_batch(
            segmentation_masks, transformation, interpolation="nearest"
        )

    def _transform(
        self, images: Any, transformation: Any, interpolation: str | None = None
    ) -> Any:
        raise NotImplementedError

    def _move_boxes(self, boxes: Any, transformation: Any, size: Any) -> Any:
        name = self.bounding_box_format
        if name is None or size is None:
            raise ValueError(
                f"{type(self).__name__} '{self.name}': to move boxes it needs "
                "bounding_box_format, and 'input_shape' in the transformation."
            )

        def move(corners: np.ndarray) -> np.ndarray:
            return self._moved_corners(corners, transformation, *size)

        return in_corners(boxes, name, size, self._size_after(*size), move)

    def _size_after(self, height: int, width: int) -> tuple[int, int]:
        return height, width

    def _moved_corners(
        self, corners: np.ndarray, transformation: Any, height: int, width: int
    ) -> np.ndarray:
        """Return boxes (left, top, right, bottom), moved as the images were."""
        raise NotImplementedError(
            f"{type(self).__name__} cannot tell where boxes go. Leave 'bounding_boxes' "
            "out of the dict."
        )


def uniform(stream: Any, shape: Any, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    """Return float32 values of the uniform distribution over [low, high)."""
    return random.uniform(shape, low, high, "float32", stream)


def each(values: Any, images: Any) -> np.ndarray:
    """Return numbers, one for each image, in a shape that broadcasts to images."""
    array = np.asarray(graph.value(values))
    array = array if array.dtype.kind == "b" else array.astype(images.dtype)
    return array.reshape(-1, 1, 1, 1)


def chances(stream: Any, factor: tuple[float, float], count: int) -> np.ndarray:
    """Return for each image whether it changes, with probabilities from a range."""
    return uniform(stream, (count,)) < uniform(stream, (count,), *factor)


def spread(
    layer: str, argument: str, value: Any, low: float, high: float
) -> tuple[float, float]:
    """Return a range (lower, upper) that a number x, for (-x, x), or a pair means.

    The bounds of a number are cut to `low`.

    Raises
    ------
    ValueError : neither a number nor a pair, or one outside low to high.
    """
    if isinstance(value, (tuple, list)) and len(value) == 2:
        lower, upper = sorted(value)
        if value[0] <= high and value[1] >= low:
            return lower, upper
    elif is_number(value) and low <= value <= high:
        return max(-abs(value), low), abs(value)
    raise ValueError(
        f"{layer}: {argument} must be a number, or a pair of numbers (lower, upper), "
        f"from {low} to {high}; received {value!r}."
    )


def is_number(value: Any) -> bool:
    """Return whether a value is an int or a float, and no bool."""
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def value_range(layer: str, values: Any) -> Any:
    """Return the pair (lowest, highest), sorted, as Keras's configurations have it."""
    if not isinstance(values, (tuple, list)) or len(values) != 2:
        raise ValueError(
            f"{layer}: value_range must be a pair (lowest, highest) of pixel values; "
            f"received {values!r}."
        )
    return sorted(values)


def rescaled(images: Any, old: Any, new: Any) -> Any:
    """Return images with one range of values made another."""
    if tuple(old) == tuple(new):
        return images
    unit = (images - old[0]) / (old[1] - old[0])
    return unit * (new[1] - new[0]) + new[0]
