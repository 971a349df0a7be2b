"""Embedding: a row of a table for each index."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import constraints, initializers, regularizers
from keratorch.core import GradArray
from keratorch.grads.embedding import EmbeddingGrad
from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.index_layer import IndexLayer
from keratorch.layers.lora import AdaptedWeight
from keratorch.layers.quantized import CanQuantize


class Embedding(CanQuantize, IndexLayer):
    """Look up a learned vector for each index, such as that of a word.

    outputs = embeddings[inputs]

    Parameters
    ----------
    input_dim : int > 0, the number of rows: the largest index plus 1.
    output_dim : int > 0, the length of a row.
    embeddings_initializer : name, function or object.
    embeddings_regularizer : penalty added to the loss.
    embeddings_constraint : function applied after each update.
    mask_zero : bool, whether index 0 only fills up: the output then carries the mask
        ``inputs != 0``, so that later layers and the loss skip these steps.
    weights : array (input_dim, output_dim), or a list that holds it, to start from.
    lora_rank, lora_alpha : int and float, of `enable_lora`; by default there is none.
    quantization_config : Int8QuantizationConfig, of `quantize`; by default none.

    Shapes
    ------
    inputs : (batch, ...), whole numbers from 0 to input_dim - 1; floats are cut to
        whole numbers. outputs : (batch, ..., output_dim);
        embeddings : (input_dim, output_dim).

    Raises
    ------
    ValueError : an argument outside its range, or an index without a row.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Embedding
    >>> layer = Embedding(3, 2, weights=np.array([[0.0, 0], [1, 2], [3, 4]]))
    >>> layer(np.array([[2, 1]])).numpy()
    array([[[3., 4.],
            [1., 2.]]], dtype=float32)
    """

    couples_samples = False
    _adapts = "embeddings"
    embeddings: Any = AdaptedWeight()

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        weights: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        quantization_config: Any = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self._begin_lora(lora_rank, lora_alpha)
        self._begin_quantization(quantization_config)
        self.input_dim = check_positive_integer("Embedding", "input_dim", input_dim)
        self.output_dim = check_positive_integer("Embedding", "output_dim", output_dim)
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = self.supports_masking = bool(mask_zero)
        if weights is not None:
            self.build_for((None,))
            alone = isinstance(weights, list) and len(weights) == 1
            self.set_weights(weights if alone else [weights])

    def build(self, input_shape: Any = None) -> None:
        if self.built:
            return
        self._add_main_weight(
            (self.input_dim, self.output_dim),
            initializer=self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
        )
        self._build_lora()

    def call(self, inputs: Any) -> Any:
        indices = self._indices(inputs, self.input_dim, "input_dim")
        if self._is_quantized:
            return self._whole_rows(indices)
        return EmbeddingGrad.apply(self.embeddings, indices)

    def _whole_rows(self, indices: np.ndarray) -> Any:
        """Return rows of whole numbers as floats, with what LoRA adds."""
        table, scale = np.asarray(self._main_weight), np.asarray(self._scale)
        rows = (table[indices] / scale[indices][..., None]).astype(self.dtype)
        if not self.lora_enabled:
            return GradArray(rows, requires_grad=False)
        a, b = self._lora_matrices
        added = self._lora_scale * (EmbeddingGrad.apply(a, indices) @ b)
        return rows + added.astype(self.dtype)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return which indices are not 0, if 0 only fills up; else None."""
        return np.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (*input_shape, self.output_dim)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            "embeddings_initializer": initializers.serialize(
                self.embeddings_initializer
            ),
            "embeddings_regularizer": regularizers.serialize(
                self.embeddings_regularizer
            ),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "embeddings_constraint": constraints.serialize(self.embeddings_constraint),
            "mask_zero": self.mask_zero,
            "quantization_config": self._quantization_config(),
            **self._lora_config(),
        }

    _summed = (1,)

    def _beside_outputs(self, scale: Any) -> Any:
        return scale[:, 0]

    def _beside_weight(self, scale: Any) -> Any:
        return scale[:, None]
