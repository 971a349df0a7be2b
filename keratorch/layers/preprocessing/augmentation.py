"""RandAugment and AugMix: several random changes, one after another."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.preprocessing import image_layer
from keratorch.layers.preprocessing.contrast import AutoContrast, Equalization
from keratorch.layers.preprocessing.image_layer import ImageLayer, is_number, spread
from keratorch.layers.preprocessing.random_affine import (
    RandomRotation,
    RandomShear,
    RandomTranslation,
)
from keratorch.layers.preprocessing.random_color import RandomBrightness, RandomContrast
from keratorch.layers.preprocessing.random_filters import RandomSharpness
from keratorch.layers.preprocessing.random_tone import (
    RandomColorDegeneration,
    RandomPosterization,
    Solarization,
)


class _Augmentation(ImageLayer):
    """A layer that picks among others of one strength."""

    def _take_parts(
        self, value_range: Any, factor: Any, interpolation: str, seed: int | None
    ) -> None:
        name = type(self).__name__
        self.value_range = value_range
        image_layer.value_range(name, value_range)
        self.factor = spread(name, "factor", factor, 0, 1)
        self.interpolation = interpolation
        self._take_seed(seed)
        f, values = self.factor, value_range
        own: dict[str, Any] = {
            "dtype": self.dtype,
            "data_format": "channels_last",
            "bounding_box_format": self.bounding_box_format,
        }
        moves: dict[str, Any] = {**own, "interpolation": interpolation}
        self._geometry: tuple[ImageLayer, ...] = (
            RandomShear(f, f, **moves),
            RandomTranslation(f, f, **moves),
            RandomRotation(f, **moves),
        )
        self._tones: tuple[ImageLayer, ...] = (
            RandomPosterization(max(1, int(8 * f[1])), values, **own),
            Solarization(f, f, values, **own),
            AutoContrast(values, **own),
            Equalization(values, **own),
        )
        self._colors: tuple[ImageLayer, ...] = (
            RandomBrightness(f, values, **own),
            RandomColorDegeneration(f, values, **own),
            RandomContrast(f, values, **own),
            RandomSharpness(f, values, **own),
        )

    def _colors_of(self, channels: int) -> tuple[ImageLayer, ...]:
        """The changes of colour, refused before any is drawn, not by chance later."""
        if channels not in (1, 3):
            raise ValueError(
                f"{type(self).__name__} changes colours, which needs images with 1 or "
                f"3 channels; received {channels}. Pass images[..., :3], or build a "
                "Pipeline of the layers that you want."
            )
        return self._colors

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "value_range": self.value_range,
            "factor": self.factor,
            "interpolation": self.interpolation,
            "seed": self.seed,
        }


class RandAugment(_Augmentation):
    """Apply a few of eleven random changes to images in training.

    Each is picked with equal probability, for the whole batch: shear, translation,
    rotation, brightness, colour degeneration, contrast, sharpness, posterization,
    solarization, automatic contrast and equalization, with the range `factor`.

    Parameters
    ----------
    value_range : (lowest, highest) of pixel values.
    num_ops : int >= 0, how many changes, one after another.
    factor : float from 0 to 1 for the range (0, factor), or (lower, upper).
    interpolation : 'bilinear' or 'nearest'.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : arguments outside their ranges; images of other than 1 or 3 channels.

    Source: Cubuk et al. (2020), RandAugment.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.augmentation import RandAugment
    >>> RandAugment(seed=1)(np.ones((2, 8, 8, 3))).shape
    (2, 8, 8, 3)
    """

    def __init__(
        self,
        value_range: Any = (0, 255),
        num_ops: int = 2,
        factor: Any = 0.5,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        if num_ops != 0:  # no change at all
            check_positive_integer("RandAugment", "num_ops", num_ops)
        self.num_ops = num_ops
        self._take_parts(value_range, factor, interpolation, seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> Any:
        parts = self._geometry + self._tones + self._colors_of(shape[-1])
        picked = [parts[i] for i in stream.integers(len(parts), size=self.num_ops)]
        return [(part, part._draw(stream, shape)) for part in picked]

    def _transform(self, images: Any, transformation: Any) -> Any:
        for part, drawn in transformation:
            images = part._transform(images, drawn)
        return images

    def _move_boxes(self, boxes: Any, transformation: Any, size: Any) -> Any:
        for part, drawn in transformation:
            boxes = part._move_boxes(boxes, drawn, size)
        return boxes

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "num_ops": self.num_ops}


class AugMix(_Augmentation):
    """Mix images in training with the results of several chains of random changes.

    outputs = w * inputs + (1 - w) * (sum of weight * chain), with w of Beta(alpha,
    alpha) and the weights of Dirichlet(alpha), for the whole batch.

    Parameters
    ----------
    value_range : (lowest, highest) of pixel values.
    num_chains : int > 0.
    chain_depth : int > 0, the largest number of changes in a chain.
    factor : float from 0 to 1 for the range (0, factor), or (lower, upper).
    alpha : float > 0.
    all_ops : bool, whether brightness, colour degeneration, contrast and sharpness are
        among the changes.
    interpolation : 'bilinear' or 'nearest'.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : arguments outside their ranges; with `all_ops`, images of other than
        1 or 3 channels.

    Source: Hendrycks et al. (2020), AugMix.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.augmentation import AugMix
    >>> AugMix(seed=1)(np.ones((2, 8, 8, 3))).shape
    (2, 8, 8, 3)
    """

    def __init__(
        self,
        value_range: Any = (0, 255),
        num_chains: int = 3,
        chain_depth: int = 3,
        factor: Any = 0.3,
        alpha: float = 1.0,
        all_ops: bool = True,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        self.num_chains = check_positive_integer("AugMix", "num_chains", num_chains)
        self.chain_depth = check_positive_integer("AugMix", "chain_depth", chain_depth)
        if not is_number(alpha) or not alpha > 0:
            raise ValueError(f"AugMix: alpha must be more than 0; received {alpha!r}.")
        self.alpha, self.all_ops = alpha, all_ops
        self._take_parts(value_range, factor, interpolation, seed)

    def _draw(self, stream: np.random.Generator, shape: tuple) -> Any:
        parts = self._geometry + self._tones
        if self.all_ops:
            parts += self._colors_of(shape[-1])
        chains = []
        for weight in stream.dirichlet([self.alpha] * self.num_chains):
            # one place more: no change
            places = stream.integers(len(parts) + 1, size=self.chain_depth)
            picked = [parts[i] for i in places if i < len(parts)]
            chain = [(part, part._draw(stream, shape)) for part in picked]
            chains.append((float(weight), chain))
        return float(stream.beta(self.alpha, self.alpha)), chains

    def _transform(self, images: Any, transformation: Any) -> Any:
        own, chains = transformation
        out = own * images
        for weight, chain in chains:
            changed = images
            for part, drawn in chain:
                changed = part._transform(changed, drawn)
            out = out + (1 - own) * weight * changed
        return np.clip(out, *self.value_range)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "num_chains": self.num_chains,
            "chain_depth": self.chain_depth,
            "alpha": self.alpha,
            "all_ops": self.all_ops,
        }
