"""The layer of `tf.feature_column`."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.compat.tf.pipeline.feature_columns import EmbeddingColumn
from keratorch.layers import Layer
from keratorch.symbolic import KerasTensor
from keratorch.utils.pipeline.values import arrays_in


class DenseFeatures(Layer):
    """The numbers of feature columns side by side, in the order of their names.

    Parameters
    ----------
    feature_columns : dense columns: numeric, bucketized, indicator and embedding ones.
    trainable : bool, whether the vectors of embeddings learn.
    name : str.

    Raises
    ------
    ValueError : a categorical column.
    """

    _takes_texts = True

    def __init__(
        self,
        feature_columns: Any,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(name=name, trainable=trainable, **kwargs)
        columns = feature_columns
        if not isinstance(columns, (list, tuple)):
            columns = [columns] if hasattr(columns, "name") else list(columns)
        for column in columns:
            if not hasattr(column, "width"):
                raise ValueError(
                    f"DenseFeatures needs dense columns; received the categorical "
                    f"{getattr(column, 'name', column)!r}. Put it into "
                    "tf.feature_column.indicator_column or embedding_column."
                )
        self._columns = sorted(columns, key=lambda column: column.name)
        self._vectors: dict[str, Any] = {}

    def build(self, input_shape: Any) -> None:
        """Make the vectors of the embeddings."""
        for column in self._columns:
            if isinstance(column, EmbeddingColumn):
                self._vectors[column.name] = self.add_weight(
                    name=f"{column.name}_weights",
                    shape=(column.column.num_buckets, column.width),
                    initializer=column.initializer,
                )
        self.built = True

    def _at_the_door(self, inputs: Any) -> Any:
        return arrays_in(inputs)

    def call(self, features: Any) -> Any:
        """Return the numbers of all columns, (batch, width)."""
        parts = []
        for column in self._columns:
            if isinstance(column, EmbeddingColumn):
                shares = column.shares(features)
                parts.append(np.matmul(shares, self._vectors[column.name]))
            else:
                parts.append(column.numbers(features))
        return np.concatenate(parts, axis=-1)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return the shape: the widths of all columns together."""
        width = sum(column.width for column in self._columns)
        return KerasTensor((None, width), "float32")
