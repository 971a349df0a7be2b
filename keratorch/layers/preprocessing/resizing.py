"""Resizing, CenterCrop, RandomCrop: images of one size."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.preprocessing.box_moves import rescaled_boxes
from keratorch.layers.preprocessing.image_layer import MovingLayer
from keratorch.ops import image
from keratorch.ops.image import resizing
from keratorch.ops.image.layout import Layout, check_known


class _SizedLayer(MovingLayer):
    """A layer whose outputs have a height and a width of their own."""

    def _take_size(self, height: int, width: int) -> None:
        name = type(self).__name__
        self.height = check_positive_integer(name, "height", height)
        self.width = check_positive_integer(name, "width", width)

    def _size_after(self, height: int, width: int) -> tuple[int, int]:
        return self.height, self.width

    def _parts(self, height: int, width: int) -> tuple[slice, slice]:
        """Return the rows and columns in the middle with the shape of the outputs."""
        rows = resizing.middle(height, width, self.height, self.width)
        return rows, resizing.middle(width, height, self.width, self.height)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        shape = list(input_shape)
        axis = -2 if self.data_format == "channels_first" else -3
        shape[axis], shape[axis + 1] = self.height, self.width
        return tuple(shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "height": self.height, "width": self.width}


class Resizing(_SizedLayer):
    """Resize images, in training and in inference: see `ops.image.resize`.

    Images of integers stay such: their new values are rounded.

    Parameters
    ----------
    height, width : int > 0, of the outputs.
    interpolation : 'bilinear', 'nearest', 'bicubic', 'lanczos3' or 'lanczos5'.
    crop_to_aspect_ratio, pad_to_aspect_ratio, fill_mode, fill_value, antialias,
    data_format : see `ops.image.resize`.

    Raises
    ------
    ValueError : an unknown interpolation, or a size below 1.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.resizing import Resizing
    >>> Resizing(1, 2)(np.array([[[0.0], [1.0], [2.0], [3.0]]])).numpy()[..., 0]
    array([[0.5, 2.5]], dtype=float32)
    """

    _in_inference = True
    _keeps_integers = True

    def __init__(
        self,
        height: int,
        width: int,
        interpolation: str = "bilinear",
        crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False,
        fill_mode: str = "constant",
        fill_value: float = 0.0,
        antialias: bool = False,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self._take_size(height, width)
        known = resizing.INTERPOLATIONS
        check_known("Resizing", "interpolation", interpolation, known)
        check_known("Resizing", "fill_mode", fill_mode, ("constant",))
        self.interpolation, self.antialias = interpolation, bool(antialias)
        self.crop_to_aspect_ratio = crop_to_aspect_ratio
        self.pad_to_aspect_ratio = pad_to_aspect_ratio
        self.fill_mode, self.fill_value = fill_mode, fill_value

    def _transform(
        self, images: Any, transformation: Any, interpolation: str | None = None
    ) -> Any:
        return image.resize(
            images,
            (self.height, self.width),
            interpolation=interpolation or self.interpolation,
            antialias=self.antialias,
            crop_to_aspect_ratio=self.crop_to_aspect_ratio,
            pad_to_aspect_ratio=self.pad_to_aspect_ratio,
            fill_mode=self.fill_mode,
            fill_value=self.fill_value,
            data_format="channels_last",
        )

    def _on_batch(self, images: Any, transformation: Any, **kwargs: Any) -> Any:
        layout = Layout("Resizing", images, self.data_format)
        resized = self._transform(layout.batch(), transformation, **kwargs)
        return layout.restored_alike(resized)

    def _size_in(self, transformation: Any) -> tuple | None:
        if isinstance(transformation, (tuple, list)):  # what Keras's layer draws
            return tuple(transformation)
        return super()._size_in(transformation)

    def _moved_corners(
        self, corners: np.ndarray, transformation: Any, height: int, width: int
    ) -> np.ndarray:
        scale = np.array([self.width / width, self.height / height], np.float32)
        if self.pad_to_aspect_ratio:
            scale[:] = scale.min()
        elif self.crop_to_aspect_ratio:
            scale[:] = scale.max()
        # what is cut off, or (negative) put before, in whole pixels
        missing = np.array([width, height], np.float32) * scale - np.array(
            [self.width, self.height], np.float32
        )
        before = np.sign(missing) * (np.abs(missing) // 2) / scale
        out = rescaled_boxes(corners, before, scale)
        empty = np.all((corners == 0) | (corners == -1), axis=-1, keepdims=True)
        return np.where(empty, np.float32(0), out)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            **self._filling(),
            "crop_to_aspect_ratio": self.crop_to_aspect_ratio,
            "pad_to_aspect_ratio": self.pad_to_aspect_ratio,
            "antialias": self.antialias,
        }


class CenterCrop(_SizedLayer):
    """Cut out the middle of images, in training and in inference.

    From images smaller than that it cuts the largest part with the shape of the
    outputs, and resizes it.

    Parameters
    ----------
    height, width : int > 0, of the outputs.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : a size below 1.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.resizing import CenterCrop
    >>> CenterCrop(1, 2)(np.arange(12.0).reshape(3, 4, 1)).numpy()[..., 0]
    array([[5., 6.]], dtype=float32)
    """

    _in_inference = True

    def __init__(
        self, height: int, width: int, data_format: str | None = None, **kwargs: Any
    ):
        super().__init__(data_format=data_format, **kwargs)
        self._take_size(height, width)

    def _transform(
        self, images: Any, transformation: Any, interpolation: str | None = None
    ) -> Any:
        top = images.shape[1] - self.height
        left = images.shape[2] - self.width
        if top < 0 or left < 0:
            return image.resize(
                images,
                (self.height, self.width),
                interpolation or "bilinear",
                crop_to_aspect_ratio=True,
                data_format="channels_last",
            )
        rows = slice(top // 2, top // 2 + self.height)
        return images[:, rows, left // 2 : left // 2 + self.width]

    def _moved_corners(
        self, corners: np.ndarray, transformation: Any, height: int, width: int
    ) -> np.ndarray:
        top, left = height - self.height, width - self.width
        if top >= 0 and left >= 0:
            return rescaled_boxes(corners, (left // 2, top // 2), (1, 1))
        return _of_part(corners, self._parts(height, width), self.height, self.width)


class RandomCrop(_SizedLayer):
    """Cut a part out of images, at a random place that all images of a batch share.

    Images that are not larger in both directions are cut, as far as they can be, at
    the place of a centred part with the shape of the outputs, and resized. In
    inference the images stay as they are: so does Keras 3.15, whose text says
    otherwise.

    Parameters
    ----------
    height, width : int > 0, of the outputs.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : a size below 1.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.resizing import RandomCrop
    >>> RandomCrop(2, 2, seed=1)(np.ones((5, 8, 8, 3)), training=True).shape
    (5, 2, 2, 3)
    """

    def __init__(
        self,
        height: int,
        width: int,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self._take_size(height, width)
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> Any:
        height, width = shape[1:3]
        if height > self.height and width > self.width:
            top = stream.integers(height - self.height + 1)
            return int(top), int(stream.integers(width - self.width + 1))
        rows, columns = self._parts(height, width)
        return rows.start, columns.start

    def _transform(
        self, images: Any, transformation: Any, interpolation: str | None = None
    ) -> Any:
        top, left = transformation
        part = images[:, top : top + self.height, left : left + self.width]
        size = (self.height, self.width)
        if part.shape[1:3] == size:
            return part
        method = interpolation or "bilinear"
        return image.resize(part, size, method, data_format="channels_last")

    def _moved_corners(
        self, corners: np.ndarray, transformation: Any, height: int, width: int
    ) -> np.ndarray:
        top, left = transformation
        rows = slice(top, min(top + self.height, height))
        columns = slice(left, min(left + self.width, width))
        return _of_part(corners, (rows, columns), self.height, self.width)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "seed": self.seed}


def _of_part(
    corners: np.ndarray, part: tuple[slice, slice], height: int, width: int
) -> np.ndarray:
    """Return boxes as they are in a part of an image, resized."""
    rows, columns = part
    scale = width / (columns.stop - columns.start), height / (rows.stop - rows.start)
    inside = np.clip(
        corners,
        np.array([columns.start, rows.start] * 2, np.float32),
        np.array([columns.stop, rows.stop] * 2, np.float32),
    )
    return rescaled_boxes(inside, (columns.start, rows.start), scale)
