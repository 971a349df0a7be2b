"""What layers share that change images, most of them at random in training."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph, random
from keratorch.layers.layer import Layer
from keratorch.ops.image.layout import Layout, check_known, checked_format

INTERPOLATIONS = ("nearest", "bilinear")
FILL_MODES = ("reflect", "wrap", "constant", "nearest")


class ImageLayer(Layer):
    """A layer from images to images, one (three axes) or a batch (four axes).

    The inputs may be a dict as well, with the keys 'images' and, as far as there are
    any, 'labels' and 'segmentation_masks', which change along.  Called by itself, such
    a layer behaves as in training unless ``training=False`` is said; inside a model,
    as the model does.

    A subclass defines ``_draw(stream, shape)``, which returns a dict of random numbers
    for images of a shape (batch, height, width, channels), and ``_transform(images,
    transformation)``, which uses them on images of such a shape.

    Parameters
    ----------
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : inputs that are no images, or an unknown layout.
    """

    _keeps_integers = False
    _in_inference = False  # whether the layer acts in inference, too

    def __init__(self, data_format: str | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.data_format = checked_format(type(self).__name__, data_format)
        self.seed: int | None = None
        self._stream: random.SeedGenerator | None = None
        self.built = True

    def _take_seed(self, seed: int | None) -> None:
        """Keep the seed: its own stream of numbers, or None for the process's."""
        self.seed = seed
        self._stream = None if seed is None else random.SeedGenerator(seed)

    def call(self, data: Any, training: bool = True) -> Any:
        nested = isinstance(data, dict)
        images = data["images"] if nested else data
        drawn = self.get_random_transformation(images, training)
        images = self.transform_images(images, drawn, training)
        if not nested:
            return images
        if "bounding_boxes" in data:
            raise ValueError(
                f"{type(self).__name__} '{self.name}': bounding boxes are not "
                "supported. Leave 'bounding_boxes' out of the dict."
            )
        changed = {**data, "images": images}
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
        return self._draw(stream, sizes)

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
        return {**super().get_config(), "data_format": self.data_format}


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
