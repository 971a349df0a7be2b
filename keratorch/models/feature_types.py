"""The types of features that a FeatureSpace knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keratorch import layers
from keratorch.layers import Layer
from keratorch.models.features import Cross, Feature
from keratorch.naming import auto_name

KINDS = (
    "float",
    "float_rescaled",
    "float_normalized",
    "float_discretized",
    "integer_categorical",
    "string_categorical",
    "integer_hashed",
    "string_hashed",
)


class FeatureTypes:
    """Methods that describe a feature each, for `FeatureSpace`."""

    @classmethod
    def cross(
        cls,
        feature_names: Iterable[str],
        crossing_dim: int,
        output_mode: str = "one_hot",
    ) -> Cross:
        """Features taken as one category, in `crossing_dim` bins by hash value."""
        return Cross(feature_names, crossing_dim, output_mode)

    @classmethod
    def feature(cls, dtype: str, preprocessor: Layer, output_mode: str) -> Feature:
        """What a layer of your own makes of data: see `Feature`."""
        return Feature(dtype, preprocessor, output_mode)

    @classmethod
    def float(cls, name: str | None = None) -> Feature:
        """The number as it is."""
        return _numbers("float", layers.Identity, name)

    @classmethod
    def float_rescaled(
        cls, scale: Any = 1.0, offset: Any = 0.0, name: str | None = None
    ) -> Feature:
        """The number times a scale plus an offset."""
        return _numbers(
            "float_rescaled", layers.Rescaling, name, scale=scale, offset=offset
        )

    @classmethod
    def float_normalized(cls, name: str | None = None) -> Feature:
        """The number in standard deviations from the mean."""
        return _numbers("float_normalized", layers.Normalization, name, axis=-1)

    @classmethod
    def float_discretized(
        cls,
        num_bins: int | None,
        bin_boundaries: Any = None,
        output_mode: str = "one_hot",
        name: str | None = None,
    ) -> Feature:
        """The bin of the number: one of equally many each, or between boundaries."""
        kind, layer = "float_discretized", layers.Discretization
        given = bin_boundaries, num_bins
        return _encoded(kind, "float32", layer, given, output_mode, name)

    @classmethod
    def integer_categorical(
        cls,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        output_mode: str = "one_hot",
        name: str | None = None,
    ) -> Feature:
        """The place of the integer in a vocabulary."""
        kind, layer = "integer_categorical", layers.IntegerLookup
        given = max_tokens, num_oov_indices
        return _encoded(kind, "int32", layer, given, output_mode, name)

    @classmethod
    def string_categorical(
        cls,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        output_mode: str = "one_hot",
        name: str | None = None,
    ) -> Feature:
        """The place of the text in a vocabulary."""
        kind, layer = "string_categorical", layers.StringLookup
        given = max_tokens, num_oov_indices
        return _encoded(kind, "string", layer, given, output_mode, name)

    @classmethod
    def string_hashed(
        cls, num_bins: int, output_mode: str = "one_hot", name: str | None = None
    ) -> Feature:
        """A bin of the text, by its hash value."""
        kind, layer = "string_hashed", layers.Hashing
        return _encoded(kind, "string", layer, (num_bins,), output_mode, name)

    @classmethod
    def integer_hashed(
        cls, num_bins: int, output_mode: str = "one_hot", name: str | None = None
    ) -> Feature:
        """A bin of the integer, by its hash value."""
        kind, layer = "integer_hashed", layers.Hashing
        return _encoded(kind, "int32", layer, (num_bins,), output_mode, name)


def _inner_name(kind: str, name: str | None) -> str:
    return f"{name or auto_name(kind)}_preprocessor"


def _numbers(kind: str, layer: Any, name: str | None, **arguments: Any) -> Feature:
    return Feature("float32", layer(name=_inner_name(kind, name), **arguments), "float")


def _encoded(
    kind: str, dtype: str, layer: Any, given: tuple, output_mode: str, name: str | None
) -> Feature:
    return Feature(dtype, layer(*given, name=_inner_name(kind, name)), output_mode)
