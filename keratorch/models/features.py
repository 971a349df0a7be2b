"""What a FeatureSpace knows of its features, and of the crosses of some of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from keratorch import layers
from keratorch.layers import Layer
from keratorch.ops.image.layout import check_known

# Where Keras has these classes; its files say so.
_MODULE = "keras.src.layers.preprocessing.feature_space"


class Feature:
    """A feature of the data, and how it becomes numbers.

    Parameters
    ----------
    dtype : 'float32', 'int32' or 'string', of the data.
    preprocessor : layer.
    output_mode : 'float' or 'int' for what the layer returns, 'one_hot' for vectors of
        the ints that it returns.

    Raises
    ------
    ValueError : another mode.
    """

    def __init__(self, dtype: str, preprocessor: Any, output_mode: str):
        check_known("Feature", "output_mode", output_mode, ("int", "one_hot", "float"))
        if isinstance(preprocessor, Mapping):
            preprocessor = _layer_of(preprocessor)
        self.dtype, self.preprocessor = dtype, preprocessor
        self.output_mode = output_mode

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            "dtype": self.dtype,
            "preprocessor": layers.serialize(self.preprocessor),
            "output_mode": self.output_mode,
        }

    @property
    def cardinality(self) -> int:
        """How many ints the layer may return.

        Raises
        ------
        ValueError : one does not know of such a layer.
        """
        return _cardinality(self.preprocessor)


class Cross:
    """Several features taken as one category.

    Parameters
    ----------
    feature_names : names of two features or more.
    crossing_dim : int > 0, the number of bins.
    output_mode : 'one_hot' for vectors, 'int' for the number of the bin.

    Raises
    ------
    ValueError : another mode.
    """

    def __init__(
        self,
        feature_names: Iterable[str],
        crossing_dim: int,
        output_mode: str = "one_hot",
    ):
        check_known("Cross", "output_mode", output_mode, ("int", "one_hot"))
        self.feature_names = tuple(feature_names)
        self.crossing_dim, self.output_mode = crossing_dim, output_mode

    @property
    def name(self) -> str:
        """The names of the features, joined."""
        return "_X_".join(self.feature_names)

    @property
    def cardinality(self) -> int:
        """The number of bins."""
        return self.crossing_dim

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            "feature_names": self.feature_names,
            "crossing_dim": self.crossing_dim,
            "output_mode": self.output_mode,
        }


def described(part: Feature | Cross) -> dict[str, Any]:
    """Describe a feature or a cross in Keras's form."""
    name = type(part).__name__
    return {
        "module": _MODULE,
        "class_name": name,
        "config": part.get_config(),
        "registered_name": name,
    }


def restored(part: Any) -> Any:
    """Return the feature or cross of a description; other values as they are."""
    kinds = {"Feature": Feature, "Cross": Cross}
    if isinstance(part, Mapping) and part.get("class_name") in kinds:
        return kinds[part["class_name"]](**part["config"])
    return part


def _layer_of(config: Mapping[str, Any]) -> Layer:
    """Return the layer of a description; one that changes nothing has its own name."""
    if config.get("class_name") == "TFDIdentity":
        config = {**config, "class_name": "Identity", "module": "keras.layers"}
    return layers.deserialize(config)


def _cardinality(preprocessor: Any) -> int:
    if isinstance(preprocessor, (layers.IntegerLookup, layers.StringLookup)):
        return preprocessor.vocabulary_size()
    if isinstance(preprocessor, layers.CategoryEncoding):
        return preprocessor.num_tokens
    if isinstance(preprocessor, layers.Discretization):
        bounds = preprocessor.bin_boundaries
        return preprocessor.num_bins or len(bounds) + 1
    if isinstance(preprocessor, layers.Hashing):
        return preprocessor.num_bins
    raise ValueError(
        f"a feature of output_mode='one_hot' needs a layer with a known number of "
        f"categories; received {type(preprocessor).__name__}. Use output_mode='int'."
    )
