"""ReversibleEmbedding: a table of vectors that also turns vectors into scores."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import constraints, initializers, quantizers, regularizers
from keratorch.layers.embedding import Embedding
from keratorch.layers.layer import Layer
from keratorch.layers.quantized import exact_for
from keratorch.masks import set_mask
from keratorch.ops.control import custom_gradient
from keratorch.symbolic import KerasTensor
from keratorch.variable import Variable


class ReversibleEmbedding(Embedding):
    """An `Embedding` that can be called backwards, as the end of a language model.

    outputs = embeddings[inputs], and with ``reverse=True`` outputs = inputs @
    embeddings.T: a score for each index.

    Parameters
    ----------
    input_dim : int > 0, the number of rows: the largest index plus 1.
    output_dim : int > 0, the length of a row.
    tie_weights : bool, whether both directions use one table; else the way back has a
        kernel `reverse_embeddings` of its own.
    embeddings_initializer : name, function or object, of both tables.
    embeddings_regularizer : penalty added to the loss.
    embeddings_constraint : function applied after each update.
    mask_zero : bool, whether index 0 only fills up: the output then carries a mask.
    reverse_dtype : str, float type in which the way back is computed.
    logit_soft_cap : float: the scores become tanh(scores / cap) * cap.

    Shapes
    ------
    inputs : (batch, ...), whole numbers; outputs : (batch, ..., output_dim). With
    ``reverse=True`` inputs : (batch, ..., output_dim); outputs : (batch, ...,
    input_dim).

    Raises
    ------
    ValueError : an argument outside its range, or an index without a row.

    Source: Press & Wolf (2017), Using the Output Embedding to Improve Language Models.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import ReversibleEmbedding
    >>> layer = ReversibleEmbedding(7, 3)
    >>> vectors = layer(np.array([[1, 2]]))
    >>> layer(vectors, reverse=True).shape
    (1, 2, 7)
    """

    tie_weights: bool
    _reverses = False  # the call that runs goes backwards: inputs are no indices

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        tie_weights: bool = True,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        reverse_dtype: Any = None,
        logit_soft_cap: float | None = None,
        **kwargs: Any,
    ):
        # before Embedding's own, which builds the layer where it is given weights
        self.__dict__.update(tie_weights=bool(tie_weights))
        super().__init__(
            input_dim,
            output_dim,
            initializers.get(embeddings_initializer),
            regularizers.get(embeddings_regularizer),
            constraints.get(embeddings_constraint),
            mask_zero,
            **kwargs,
        )
        self.reverse_dtype = reverse_dtype
        self.logit_soft_cap = logit_soft_cap

    def build(self, input_shape: Any = None) -> None:
        if self.built:
            return
        super().build(input_shape)
        if not self.tie_weights and not self._is_quantized:
            self.reverse_embeddings = self.add_weight(
                name="reverse_embeddings",
                shape=(self.output_dim, self.input_dim),
                initializer=self.embeddings_initializer,
            )

    def _add_whole_numbers(self, shape: tuple) -> None:
        super()._add_whole_numbers(shape)
        if not self.tie_weights:
            self.reverse_embeddings = self.add_weight(
                name="reverse_embeddings",
                shape=(self.output_dim, self.input_dim),
                initializer="zeros",
                dtype="int8",
                trainable=False,
            )
            self.reverse_embeddings_scale = self.add_weight(
                name="reverse_embeddings_scale",
                shape=(self.input_dim,),
                initializer="ones",
                trainable=False,
            )

    def quantize(
        self, mode: str | None = None, type_check: bool = True, config: Any = None
    ) -> None:
        """Keep both tables as whole numbers from now on: see `Dense.quantize`."""
        reverse = self.__dict__.get("reverse_embeddings")
        super().quantize(mode, type_check, config)
        if reverse is not None:
            self._own_weights[:] = [w for w in self._own_weights if w is not reverse]
            chosen = quantizers.QuantizationConfig.weight_quantizer_or_default(
                self.quantization_config, quantizers.AbsMaxQuantizer(axis=0)
            )
            whole, scale = chosen(reverse.numpy(), to_numpy=True)
            self.reverse_embeddings.assign(whole)
            self.reverse_embeddings_scale.assign(np.asarray(scale).reshape(-1))

    def _stored(self) -> list[tuple[Variable, np.ndarray]]:
        """Return the variables in the order of Keras's files: each before its scale."""
        stored = super()._stored()
        if not self._is_quantized or self.tie_weights:
            return stored
        table, *reverse, scale = stored
        return [table, scale, *reverse]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self._reverses = bool(self._signature.named(args, kwargs).get("reverse"))
        return super().__call__(*args, **kwargs)

    def _at_the_door(self, inputs: Any) -> Any:
        if self._reverses:
            return Layer._at_the_door(self, inputs)
        return super()._at_the_door(inputs)

    def call(self, inputs: Any, reverse: bool = False) -> Any:
        if not reverse:
            outputs = super().call(inputs)
            set_mask(outputs, super().compute_mask(inputs))
            return outputs
        if self._is_quantized:
            return self._capped(self._whole_scores(inputs))
        kernel = self.embeddings.T if self.tie_weights else self.reverse_embeddings
        if self.reverse_dtype is not None:
            inputs = inputs.astype(self.reverse_dtype)
            kernel = kernel.astype(self.reverse_dtype)
        return self._capped(inputs @ kernel)

    def _whole_scores(self, inputs: Any) -> Any:
        """Return the scores, computed on whole numbers."""
        kernel, scale = np.asarray(self._main_weight).T, np.asarray(self._scale)
        if not self.tie_weights:
            kernel = np.asarray(self.reverse_embeddings)
            scale = np.asarray(self.reverse_embeddings_scale)

        @custom_gradient
        def product(x: Any) -> tuple:
            whole, divisor, exact = x, scale, x.dtype
            if self.inputs_quantizer is not None:
                whole, of_inputs = self.inputs_quantizer(x, axis=-1)
                divisor, exact = scale * np.asarray(of_inputs), exact_for(kernel, (0,))
            out = np.asarray(whole).astype(exact) @ kernel.astype(exact)

            def gradient(upstream: Any) -> Any:
                return upstream @ (kernel / scale).astype(x.dtype).T

            return out.astype(x.dtype) / divisor, gradient

        return product(inputs)

    def _capped(self, scores: Any) -> Any:
        if self.logit_soft_cap is None:
            return scores
        return np.tanh(scores / self.logit_soft_cap) * self.logit_soft_cap

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """Return None: `call` lets its outputs carry their mask."""

    def compute_output_shape(self, input_shape: tuple, reverse: bool = False) -> tuple:
        if reverse:
            return (*input_shape[:-1], self.input_dim)
        return (*input_shape, self.output_dim)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> KerasTensor:
        named = self._signature.named(args, kwargs)
        shape = tuple(named["inputs"].shape)
        reverse = bool(named.get("reverse"))
        dtype = (reverse and self.reverse_dtype) or self.dtype
        return KerasTensor(self.compute_output_shape(shape, reverse), dtype)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "tie_weights": self.tie_weights,
            "reverse_dtype": self.reverse_dtype,
            "logit_soft_cap": self.logit_soft_cap,
        }
