"""Layers that prepare data: images, texts, sounds and categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keratorch import lazy

if TYPE_CHECKING:
    from keratorch.layers.preprocessing.augmentation import (
        AugMix,
        RandAugment,
    )
    from keratorch.layers.preprocessing.contrast import (
        AutoContrast,
        Equalization,
    )
    from keratorch.layers.preprocessing.discretization import Discretization
    from keratorch.layers.preprocessing.hashing import (
        HashedCrossing,
        Hashing,
    )
    from keratorch.layers.preprocessing.local_contrast import (
        ContrastLimitedAdaptiveHistogramEqualization,
    )
    from keratorch.layers.preprocessing.lookups import (
        IntegerLookup,
        StringLookup,
    )
    from keratorch.layers.preprocessing.max_num_bounding_boxes import (
        MaxNumBoundingBoxes,
    )
    from keratorch.layers.preprocessing.mixing import (
        CutMix,
        MixUp,
        RandomErasing,
    )
    from keratorch.layers.preprocessing.pipeline import Pipeline
    from keratorch.layers.preprocessing.random_affine import (
        RandomRotation,
        RandomShear,
        RandomTranslation,
        RandomZoom,
    )
    from keratorch.layers.preprocessing.random_color import (
        RandomBrightness,
        RandomColorJitter,
        RandomContrast,
        RandomHue,
        RandomSaturation,
    )
    from keratorch.layers.preprocessing.random_distortion import (
        RandomElasticTransform,
        RandomPerspective,
    )
    from keratorch.layers.preprocessing.random_filters import (
        RandomGaussianBlur,
        RandomSharpness,
    )
    from keratorch.layers.preprocessing.random_flip import RandomFlip
    from keratorch.layers.preprocessing.random_tone import (
        RandomColorDegeneration,
        RandomGrayscale,
        RandomInvert,
        RandomPosterization,
        Solarization,
    )
    from keratorch.layers.preprocessing.resizing import (
        CenterCrop,
        RandomCrop,
        Resizing,
    )
    from keratorch.layers.preprocessing.spectrogram import (
        MelSpectrogram,
        STFTSpectrogram,
    )
    from keratorch.layers.preprocessing.text_vectorization import TextVectorization

_FILES = {
    "augmentation": "AugMix RandAugment",
    "contrast": "AutoContrast Equalization",
    "discretization": "Discretization",
    "hashing": "HashedCrossing Hashing",
    "local_contrast": "ContrastLimitedAdaptiveHistogramEqualization",
    "lookups": "IntegerLookup StringLookup",
    "max_num_bounding_boxes": "MaxNumBoundingBoxes",
    "mixing": "CutMix MixUp RandomErasing",
    "pipeline": "Pipeline",
    "random_affine": "RandomRotation RandomShear RandomTranslation RandomZoom",
    "random_color": (
        "RandomBrightness RandomColorJitter RandomContrast RandomHue RandomSaturation"
    ),
    "random_distortion": "RandomElasticTransform RandomPerspective",
    "random_filters": "RandomGaussianBlur RandomSharpness",
    "random_flip": "RandomFlip",
    "random_tone": (
        "RandomColorDegeneration RandomGrayscale RandomInvert RandomPosterization "
        "Solarization"
    ),
    "resizing": "CenterCrop RandomCrop Resizing",
    "spectrogram": "MelSpectrogram STFTSpectrogram",
    "text_vectorization": "TextVectorization",
}
__getattr__, __dir__ = lazy.contents(__name__, _FILES)

__all__ = [
    "AugMix",
    "AutoContrast",
    "CenterCrop",
    "ContrastLimitedAdaptiveHistogramEqualization",
    "CutMix",
    "Discretization",
    "Equalization",
    "HashedCrossing",
    "Hashing",
    "IntegerLookup",
    "MaxNumBoundingBoxes",
    "MelSpectrogram",
    "MixUp",
    "Pipeline",
    "RandAugment",
    "RandomBrightness",
    "RandomColorDegeneration",
    "RandomColorJitter",
    "RandomContrast",
    "RandomCrop",
    "RandomElasticTransform",
    "RandomErasing",
    "RandomFlip",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomHue",
    "RandomInvert",
    "RandomPerspective",
    "RandomPosterization",
    "RandomRotation",
    "RandomSaturation",
    "RandomSharpness",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
    "Resizing",
    "STFTSpectrogram",
    "Solarization",
    "StringLookup",
    "TextVectorization",
]
