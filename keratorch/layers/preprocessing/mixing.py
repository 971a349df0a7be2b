"""RandomErasing, CutMix and MixUp: images with parts gone, or parts of others."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph, random
from keratorch.layers.preprocessing import image_layer
from keratorch.layers.preprocessing.image_layer import (
    ImageLayer,
    chances,
    each,
    is_number,
    spread,
    uniform,
)


def _spans(stream: Any, ratios: np.ndarray, length: int) -> tuple:
    """Return random ends of spans of an axis, with lengths that are shares of it."""
    lengths = ratios * np.float32(length)
    starts = uniform(stream, ratios.shape) * (length - lengths)
    return starts, starts + lengths


def _boxes(shape: tuple, across: tuple, down: tuple) -> np.ndarray:
    """Return masks (batch, height, width, 1) of boxes between ends of spans."""
    columns, rows = np.arange(shape[2]), np.arange(shape[1])
    right = (columns >= across[0][:, None]) & (columns < across[1][:, None])
    below = (rows >= down[0][:, None]) & (rows < down[1][:, None])
    return (below[:, :, None] & right[:, None, :])[..., None]


class RandomErasing(ImageLayer):
    """Cover a random box of each image in training with noise, or with one value.

    The box is sqrt(a) times as wide and sqrt(b) times as high as the image, a and b
    uniform over the range `scale`, at a uniform place.

    Parameters
    ----------
    factor : float from 0 to 1 for the range (0, factor), or (lower, upper), of the
        probability, which is drawn for each image.
    scale : float from 0 to 1 for the range (0, scale), or (lower, upper).
    fill_value : number, three of them, or None for normal noise times the highest
        value; clipped to `value_range`.
    value_range : (lowest, highest) of pixel values.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : a factor or a scale outside its range, or another fill_value.

    Source: Zhong et al. (2020), Random erasing data augmentation.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.mixing import RandomErasing
    >>> layer = RandomErasing((1.0, 1.0), scale=(1.0, 1.0), fill_value=7)
    >>> layer(np.zeros((2, 2, 1))).numpy()[..., 0]
    array([[7., 7.],
           [7., 7.]], dtype=float32)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        scale: Any = (0.02, 0.33),
        fill_value: Any = None,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.factor = spread("RandomErasing", "factor", factor, 0, 1)
        self.scale = spread("RandomErasing", "scale", scale, 0, 1)
        several = isinstance(fill_value, (tuple, list)) and len(fill_value) == 3
        if not (fill_value is None or is_number(fill_value) or several):
            raise ValueError(
                "RandomErasing: fill_value must be a number, three of them, or None; "
                f"received {fill_value!r}."
            )
        image_layer.value_range("RandomErasing", value_range)
        self.fill_value, self.value_range = fill_value, value_range
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        ratios = np.sqrt(uniform(stream, (shape[0], 2), *self.scale))
        across = _spans(stream, ratios[:, 0], shape[2])
        down = _spans(stream, ratios[:, 1], shape[1])
        fill = self.fill_value
        if fill is None:
            noise = random.normal(shape, dtype="float32", seed=stream)
            fill = noise * self.value_range[1]
        return {
            "apply_erasing": chances(stream, self.factor, shape[0]),
            "batch_masks": _boxes(shape, across, down),
            "fill_value": np.clip(np.float32(fill), *self.value_range),
        }

    def _transform(self, images: Any, transformation: Any) -> Any:
        erased = transformation["batch_masks"]
        applies = each(transformation["apply_erasing"], images)
        fill = np.asarray(transformation["fill_value"], images.dtype)
        return np.where(np.logical_and(erased, applies), fill, images)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "factor": self.factor,
            "scale": self.scale,
            "fill_value": self.fill_value,
            "value_range": self.value_range,
            "seed": self.seed,
        }


class CutMix(ImageLayer):
    """Put a random box of another image of the batch into each one in training.

    The box has the share 1 - w of the image, with w of the distribution Beta(a, a) and
    a uniform over the range `factor`.  Labels in the dict of the inputs are mixed by
    the shares.  A single image stays as it is.

    Parameters
    ----------
    factor : float from 0 to 1 for the range (0, factor), or (lower, upper).
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : a factor outside its range.

    Source: Yun et al. (2019), CutMix.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.mixing import CutMix
    >>> CutMix(seed=1)(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.factor = spread("CutMix", "factor", factor, 0, 1)
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        alpha = float(uniform(stream, (), *self.factor)) + 1e-6
        ratios = np.sqrt(1 - stream.beta(alpha, alpha, shape[0])).astype(np.float32)
        across = _spans(stream, ratios, shape[2])
        down = _spans(stream, ratios, shape[1])
        area = (across[1] - across[0]) * (down[1] - down[0])
        return {
            "permutation_order": stream.permutation(shape[0]),
            "batch_masks": _boxes(shape, across, down),
            "mix_weight": 1 - area / (shape[1] * shape[2]),
        }

    def _transform(self, images: Any, transformation: Any) -> Any:
        others = images[graph.value(transformation["permutation_order"])]
        return np.where(transformation["batch_masks"], others, images)

    def _move_boxes(self, boxes: Any, transformation: Any, size: Any) -> Any:
        raise NotImplementedError(
            "CutMix cannot tell which boxes are left. Leave 'bounding_boxes' out of "
            "the dict, or use MixUp."
        )

    def transform_labels(
        self, labels: Any, transformation: Any, training: bool = True
    ) -> Any:
        """Return labels mixed by the shares of the images."""
        if not training or transformation is None:
            return labels
        return _mixed(labels, transformation)

    def transform_segmentation_masks(
        self, segmentation_masks: Any, transformation: Any, training: bool = True
    ) -> Any:
        """Return masks with the same boxes of the same others."""
        return self.transform_images(segmentation_masks, transformation, training)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor, "seed": self.seed}


class MixUp(ImageLayer):
    """Mix each image with another one of the batch in training.

    outputs = w * inputs + (1 - w) * others, with w of the distribution Beta(alpha,
    alpha) for each image. Labels in the dict of the inputs are mixed likewise.

    Parameters
    ----------
    alpha : float > 0.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Raises
    ------
    ValueError : an alpha of 0 or less.

    Source: Zhang et al. (2018), mixup: Beyond empirical risk minimization.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.mixing import MixUp
    >>> MixUp(seed=1)({"images": np.ones((2, 4, 4, 3)), "labels": np.eye(2)})[
    ...     "labels"
    ... ].numpy().sum(axis=1)
    array([1., 1.], dtype=float32)
    """

    def __init__(
        self,
        alpha: float = 0.2,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        if not is_number(alpha) or not alpha > 0:
            raise ValueError(f"MixUp: alpha must be more than 0; received {alpha!r}.")
        self.alpha = alpha
        self._take_seed(seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> dict[str, Any]:
        weights = stream.beta(self.alpha, self.alpha, shape[0])
        return {
            "permutation_order": stream.permutation(shape[0]),
            "mix_weight": weights.astype(np.float32),
        }

    def _transform(self, images: Any, transformation: Any) -> Any:
        return _mixed(images, transformation)

    def _move_boxes(self, boxes: Any, transformation: Any, size: Any) -> Any:
        order = np.asarray(graph.value(transformation["permutation_order"]))
        if boxes["boxes"].ndim != 3:
            raise ValueError(
                "MixUp needs the boxes of each image, of shape (batch, boxes, 4); "
                f"received shape {boxes['boxes'].shape}."
            )
        both = {}
        for key in ("boxes", "labels"):  # those of both images
            both[key] = np.concatenate([boxes[key], boxes[key][order]], axis=1)
        return {**boxes, **both}

    def transform_labels(
        self, labels: Any, transformation: Any, training: bool = True
    ) -> Any:
        """Return labels mixed as the images were."""
        if not training or transformation is None:
            return labels
        return _mixed(labels, transformation)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "alpha": self.alpha, "seed": self.seed}


def _mixed(x: Any, transformation: Any) -> Any:
    """Return images or labels mixed with those of others, by weights."""
    weights = np.asarray(graph.value(transformation["mix_weight"]))
    weights = weights.reshape(-1, *(1,) * (x.ndim - 1))
    dtype = np.dtype(x.dtype)
    weights = weights.astype(dtype if dtype.kind == "f" else np.float32)
    order = np.asarray(graph.value(transformation["permutation_order"]))
    return weights * x + (1 - weights) * x[order]
