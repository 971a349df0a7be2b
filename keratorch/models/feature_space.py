"""FeatureSpace: the columns of a table as one vector."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from keratorch import graph, layers, lazy
from keratorch.layers import Layer
from keratorch.models import features as parts
from keratorch.models.feature_types import KINDS, FeatureTypes
from keratorch.models.features import Cross, Feature
from keratorch.ops.image.layout import check_known
from keratorch.symbolic import is_symbolic

api: Any = lazy.Postponed("keratorch.saving.api")
_BATCH = 32  # Keras shows unbatched data to `adapt` by so many


class FeatureSpace(FeatureTypes, Layer):
    """Turn a dict of columns into vectors: numbers, categories, and crosses of these.

    A type of feature is a name, such as 'float_normalized', or what a method such as
    ``FeatureSpace.float_normalized()`` returns:

    - float, float_rescaled, float_normalized: one number
    - float_discretized: the bin that the number lies in
    - integer_categorical, string_categorical: the place in a vocabulary
    - integer_hashed, string_hashed: a bin by hash value
    - feature: what a layer of your own makes of it

    Bins and places are one-hot vectors unless output_mode='int' is said.

    Parameters
    ----------
    features : dict, name of a column -> its type.
    output_mode : 'concat' for one vector, or 'dict' for each feature by itself.
    crosses : list of tuples of names, or of what `cross` returns: features that are
        taken as one category together.
    crossing_dim, hashing_dim, num_discretization_bins : int, sizes for types and
        crosses that say none.
    name : str.

    Raises
    ------
    ValueError : no features, an unknown type, or a cross of unknown features.

    Examples
    --------
    >>> from keratorch.models.feature_space import FeatureSpace
    >>> space = FeatureSpace({"age": "float_normalized", "city": "string_categorical"})
    >>> space.adapt({"age": [20.0, 40.0], "city": ["Bonn", "Rome"]})
    >>> space({"age": [40.0], "city": ["Bonn"]}).numpy()
    array([[1., 0., 0., 1.]], dtype=float32)
    """

    def __init__(
        self,
        features: Mapping[str, Any],
        output_mode: str = "concat",
        crosses: Iterable[Any] | None = None,
        crossing_dim: int | None = 32,
        hashing_dim: int = 32,
        num_discretization_bins: int = 32,
        name: str | None = None,
    ):
        super().__init__(name=name)
        if not features:
            raise ValueError("FeatureSpace: features must be a dict with some in it.")
        check_known("FeatureSpace", "output_mode", output_mode, ("dict", "concat"))
        self.crossing_dim, self.hashing_dim = crossing_dim, hashing_dim
        self.num_discretization_bins = num_discretization_bins
        self.output_mode = output_mode
        self.features = {key: self._feature(key, x) for key, x in features.items()}
        self.crosses = [self._cross(parts.restored(cross)) for cross in crosses or ()]
        self.inputs = {
            key: layers.Input((1,), dtype=feature.dtype, name=key)
            for key, feature in self.features.items()
        }
        self.preprocessors = {
            key: feature.preprocessor for key, feature in self.features.items()
        }
        self.crossers = {
            cross.name: layers.HashedCrossing(cross.crossing_dim, name=cross.name)
            for cross in self.crosses
        }
        self.one_hot_encoders: dict[str, Layer] = {}
        self.concat: Any = None
        self.encoded_features: Any = None
        self._is_adapted = False

    def _feature(self, name: str, kind: Any) -> Feature:
        kind = parts.restored(kind)
        if isinstance(kind, Feature):
            return kind
        sizes = {
            "float_discretized": {"num_bins": self.num_discretization_bins},
            "integer_hashed": {"num_bins": self.hashing_dim},
            "string_hashed": {"num_bins": self.hashing_dim},
        }
        check_known("FeatureSpace", f"the type of feature {name!r}", kind, KINDS)
        return getattr(self, kind)(name=name, **sizes.get(kind, {}))

    def _cross(self, cross: Any) -> Cross:
        if isinstance(cross, Cross):
            return cross
        unknown = [name for name in cross if name not in self.features]
        if unknown:
            raise ValueError(
                f"FeatureSpace: crosses must be of features; received {unknown[0]!r}, "
                f"which is not among {list(self.features)}."
            )
        if not self.crossing_dim:
            raise ValueError(
                "FeatureSpace: crosses need crossing_dim, the number of their bins; "
                f"received {self.crossing_dim!r}."
            )
        return Cross(cross, self.crossing_dim)

    # Learning from data, and turning data into vectors

    def adapt(self, dataset: Any) -> None:
        """Let vocabularies, bins and means be those of data.

        Parameters
        ----------
        dataset : dict of columns, or an iterable of such dicts, batch by batch.

        Raises
        ------
        ValueError : neither of these.
        """
        batches = [dataset] if isinstance(dataset, Mapping) else dataset
        if not isinstance(batches, Iterable) or isinstance(batches, (str, np.ndarray)):
            raise ValueError(
                "FeatureSpace.adapt takes a dict of columns, or batches of such dicts; "
                f"received {type(dataset).__name__}."
            )
        batches = list(batches)
        for name in self._adaptable():
            self.preprocessors[name].adapt(_column(batches, name))
        self._is_adapted = True
        self.encoded_features = None
        self.get_encoded_features()

    def _adaptable(self) -> list[str]:
        """Return the names of the features whose layers learn from data."""

        def learns(layer: Any) -> bool:
            given = (
                getattr(layer, "input_mean", None) is not None
                or getattr(layer, "_is_given", False)
                or getattr(getattr(layer, "_lookup_layer", None), "_is_given", False)
                or (isinstance(layer, layers.Discretization) and not layer.num_bins)
            )
            return hasattr(layer, "adapt") and not given

        return [name for name, layer in self.preprocessors.items() if learns(layer)]

    def get_inputs(self) -> dict[str, Any]:
        """Return the symbolic columns, the inputs of a functional model."""
        self.get_encoded_features()
        return self.inputs

    def get_encoded_features(self) -> Any:
        """Return the symbolic vectors, to build a functional model upon.

        Raises
        ------
        ValueError : it was not adapted yet.
        """
        if not self._is_adapted and self._adaptable():
            raise ValueError(
                f"FeatureSpace '{self.name}' has to see data before it is used: call "
                "adapt(data) first."
            )
        self._is_adapted = True
        if self.encoded_features is None:
            self.one_hot_encoders = {}
            self.concat = layers.Concatenate(axis=-1)
            self.encoded_features = self._encoded(self.inputs)
            self.built = True
        return self.encoded_features

    def __call__(self, data: Any) -> Any:
        self.get_encoded_features()
        if not isinstance(data, Mapping):
            raise ValueError(
                f"FeatureSpace '{self.name}' is called on a dict of columns; received "
                f"{type(data).__name__}."
            )
        if {*data} != {*self.features}:
            raise ValueError(
                f"FeatureSpace '{self.name}' is called on the columns "
                f"{list(self.features)}; received {list(data)}."
            )
        if any(map(is_symbolic, data.values())):
            return self._encoded(data)
        data = {name: _values(data[name], x.dtype) for name, x in self.features.items()}
        single = any(not x.ndim for x in data.values())
        wide = {name: x.reshape(-1, 1) if x.ndim < 2 else x for name, x in data.items()}
        out = self._encoded(wide)
        if not single:
            return out
        return {k: x[0] for k, x in out.items()} if isinstance(out, dict) else out[0]

    def _encoded(self, columns: Mapping[str, Any]) -> Any:
        found = {
            name: layer(columns[name]) for name, layer in self.preprocessors.items()
        }
        crossed = {
            cross.name: self.crossers[cross.name](
                [found[n] for n in cross.feature_names]
            )
            for cross in self.crosses
        }
        specs: dict[str, Any] = {
            **self.features,
            **{cross.name: cross for cross in self.crosses},
        }
        values = {**found, **crossed}
        names = [*sorted(found), *sorted(crossed)]
        out = {name: self._vector(name, specs[name], values[name]) for name in names}
        if self.output_mode == "dict":
            return out
        return self.concat([*out.values()]) if len(out) > 1 else out[names[0]]

    def _vector(self, name: str, spec: Feature | Cross, values: Any) -> Any:
        whole = np.dtype(values.dtype).kind not in "f"
        if spec.output_mode == "one_hot":
            if not whole:
                raise ValueError(
                    f"FeatureSpace: feature {name!r} has output_mode='one_hot', so its "
                    f"layer must return integers; it returns {values.dtype}. Use "
                    "output_mode='float'."
                )
            if name not in self.one_hot_encoders:
                self.one_hot_encoders[name] = layers.CategoryEncoding(spec.cardinality)
            return self.one_hot_encoders[name](values)
        if whole and self.output_mode == "concat":
            raise ValueError(
                f"FeatureSpace: feature {name!r} is of dtype {values.dtype}, which "
                "cannot be part of one vector. Use output_mode='dict', or 'one_hot' "
                "for the feature."
            )
        return values

    # Files

    def get_config(self) -> dict[str, Any]:
        return {
            "features": {k: parts.described(x) for k, x in self.features.items()},
            "output_mode": self.output_mode,
            "crosses": [parts.described(cross) for cross in self.crosses],
            "crossing_dim": self.crossing_dim,
            "hashing_dim": self.hashing_dim,
            "num_discretization_bins": self.num_discretization_bins,
        }

    def get_build_config(self) -> dict[str, Any]:
        return {k: x.get_build_config() for k, x in self.preprocessors.items()}

    def build_from_config(self, config: Mapping[str, Any]) -> None:
        """Be ready for use: what was learned comes from the file."""
        for name, built in config.items():
            if built and not self.preprocessors[name].built:
                self.preprocessors[name].build_from_config(built)
        self._is_adapted = self.built = True

    def save(self, filepath: str | os.PathLike[str]) -> None:
        """Write it into a '.keras' file, for `keratorch.models.load_model`."""
        self.get_encoded_features()
        api.save_model(self, filepath)


def _values(values: Any, dtype: str) -> np.ndarray:
    array = np.asarray(graph.value(values))
    return array.astype(np.float32) if dtype.startswith("float") else array


def _column(batches: list[Any], name: str) -> Iterator[np.ndarray]:
    """Yield the values of a feature, batch by batch, with an axis for the features."""
    values = [np.asarray(graph.value(batch[name])) for batch in batches]
    if len(values) == 1 or not values[0].ndim:
        whole = np.concatenate([np.atleast_1d(x) for x in values])
        values = [whole[i : i + _BATCH] for i in range(0, len(whole), _BATCH)]
    for batch in values:
        yield batch[:, None] if batch.ndim == 1 else batch
