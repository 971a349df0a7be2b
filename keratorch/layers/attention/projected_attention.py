"""What attention layers share that project queries, keys and values to heads."""

from __future__ import annotations

from functools import partial
from string import ascii_lowercase
from typing import Any

import numpy as np

from keratorch import constraints, initializers, regularizers
from keratorch.graph import plain
from keratorch.layers.arguments import check_positive_integer, check_rate
from keratorch.layers.dropout import Dropout
from keratorch.layers.einsum_dense import EinsumDense
from keratorch.layers.layer import Layer
from keratorch.masks import set_mask
from keratorch.ops.attention import attend
from keratorch.symbolic import KerasTensor


class ProjectedAttention(Layer):
    """A layer of heads that each attend to projections of their own.

    A subclass says in `build` which projections there are, in attributes that its
    `_projections` names, for files call them as Keras does.
    """

    couples_samples = False
    supports_masking = True
    attention_axes: Any = (1,)
    num_query_heads: int
    _groups = 1  # query heads that share a head of keys and values
    _gate_dense: Any = None
    _projections = ("query_dense", "key_dense", "value_dense", "output_dense")

    def __init__(
        self,
        dropout: float = 0.0,
        use_bias: bool = True,
        sliding_window: int | None = None,
        flash_attention: bool | None = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        use_gate: bool = False,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        kind = type(self).__name__
        if flash_attention:
            raise ValueError(
                f"{kind}: flash_attention=True is for GPUs. Leave it out; the result "
                "is the same."
            )
        if sliding_window is not None:
            check_positive_integer(kind, "sliding_window", sliding_window)
        self.dropout = check_rate(kind, dropout)
        self.use_bias = use_bias
        self.use_gate = use_gate
        self.sliding_window = sliding_window
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.projection_regularizer = regularizers.get(activity_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.seed = seed

    def _projection(
        self, name: str, shape: tuple, summed: int, made: tuple, activation: Any = None
    ) -> EinsumDense:
        """Return a built layer that replaces the last axes of an array by others."""
        free = len(shape) - summed
        names = iter(ascii_lowercase)
        stay, inner, outer = (
            "".join(next(names) for _ in range(count))
            for count in (free, summed, len(made))
        )
        dense = EinsumDense(
            f"{stay}{inner},{inner}{outer}->{stay}{outer}",
            output_shape=(*[None] * (free - 1), *made),
            bias_axes=outer if self.use_bias else None,
            activation=activation,
            kernel_initializer=_copy(self.kernel_initializer),
            bias_initializer=_copy(self.bias_initializer),
            kernel_regularizer=self.kernel_regularizer,
            bias_regularizer=self.bias_regularizer,
            activity_regularizer=self.projection_regularizer,
            kernel_constraint=self.kernel_constraint,
            bias_constraint=self.bias_constraint,
            dtype=self.dtype_policy,
            name=name,
        )
        dense.supports_masking = True  # the masks of its inputs are dealt with here
        dense.build(shape)
        return dense

    def _checked_key(self, value_shape: tuple, key_shape: tuple | None) -> tuple:
        """Return the shape of the key, which by default is the value."""
        if key_shape is None:
            return value_shape
        if tuple(value_shape[1:-1]) != tuple(key_shape[1:-1]):
            raise ValueError(
                f"{type(self).__name__} '{self.name}' expects a key for each value: "
                "all axes but the first and the last must be equal; received value of "
                f"shape {tuple(value_shape)} and key of shape {tuple(key_shape)}."
            )
        return key_shape

    def _build_dropout(self) -> None:
        self._dropout_layer = Dropout(
            self.dropout, seed=self.seed, dtype=self.dtype_policy
        )

    def call(
        self,
        query: Any,
        value: Any,
        key: Any = None,
        query_mask: Any = None,
        value_mask: Any = None,
        key_mask: Any = None,
        attention_mask: Any = None,
        return_attention_scores: bool = False,
        training: Any = None,
        use_causal_mask: bool = False,
    ) -> Any:
        allowed = self._allowed(
            query, value, query_mask, value_mask, key_mask, attention_mask,
            use_causal_mask,
        )  # fmt: skip
        to_query, to_key, to_value, to_output = (
            getattr(self, name) for name in self._projections
        )
        heads = to_query(query), to_key(value if key is None else key), to_value(value)
        drop = None
        if self.dropout > 0 and training:
            drop = partial(self._dropout_layer, training=True)
        # as in Keras, which has a faster way without these
        slow_way = query.ndim != 3 or self.dropout > 0 or return_attention_scores
        outputs, scores = attend(
            *heads,
            self.attention_axes,
            allowed,
            self._groups,
            drop,
            slow_way,
            return_attention_scores,
        )
        if self._gate_dense is not None:
            outputs = outputs * self._gate_dense(query)
        outputs = to_output(outputs)
        if query_mask is not None:
            set_mask(outputs, plain(query_mask))
        return (outputs, scores) if return_attention_scores else outputs

    def _allowed(
        self,
        query: Any,
        value: Any,
        query_mask: Any,
        value_mask: Any,
        key_mask: Any,
        attention_mask: Any,
        causal: bool,
    ) -> np.ndarray | None:
        """Return which query may see which key, None for all."""
        masks = [_as_booleans(m) for m in (query_mask, value_mask, key_mask)]
        parts = [np.expand_dims(m, -1) for m in masks[:1] if m is not None]
        parts += [np.expand_dims(m, -2) for m in masks[1:] if m is not None]
        if attention_mask is not None:
            parts.append(np.asarray(plain(attention_mask)).astype(bool, copy=False))
        if causal or self.sliding_window is not None:
            parts.append(self._by_place(query.shape, value.shape, causal)[None])
        if not parts:
            return None
        allowed = parts[0]
        for part in parts[1:]:
            allowed = allowed & part
        return allowed

    def _by_place(self, query: tuple, value: tuple, causal: bool) -> np.ndarray:
        """Return which places the causal mask and the sliding window let see which."""
        if len(self.attention_axes) != 1:
            raise ValueError(
                f"{type(self).__name__} '{self.name}': use_causal_mask and "
                "sliding_window need one axis of attention; attention_axes is "
                f"{self.attention_axes}. Pass an attention_mask instead."
            )
        axis = self.attention_axes[0]
        ahead = np.arange(value[axis]) - np.arange(query[axis])[:, None]
        allowed = ahead <= 0 if causal else np.ones(ahead.shape, bool)
        if self.sliding_window is not None:
            allowed &= np.abs(ahead) < self.sliding_window
        return allowed

    def compute_output_shape(  # type: ignore[override]
        self, query_shape: tuple, value_shape: tuple, key_shape: tuple | None = None
    ) -> tuple:
        self._checked_key(value_shape, key_shape)
        return tuple(query_shape)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        named = self._signature.named(args, kwargs)
        arrays = [named.get(name) for name in ("query", "value", "key")]
        shapes: list[Any] = [x if x is None else tuple(x.shape) for x in arrays]
        outputs = KerasTensor(self.compute_output_shape(*shapes), self.dtype)
        if not named.get("return_attention_scores"):
            return outputs
        query, value = shapes[:2]
        axes = self.attention_axes
        others = [i for i in range(len(query) - 1) if i not in axes]
        scores = (
            *(query[i] for i in others),
            self.num_query_heads,
            *(query[i] for i in axes),
            *(value[i] for i in axes),
        )
        return outputs, KerasTensor(scores, self.dtype)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "dropout": self.dropout,
            "use_bias": self.use_bias,
            "use_gate": self.use_gate,
            "sliding_window": self.sliding_window,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": regularizers.serialize(self.projection_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
            "seed": self.seed,
        }


def _as_booleans(mask: Any) -> np.ndarray | None:
    return None if mask is None else np.asarray(plain(mask)).astype(bool, copy=False)


def _copy(initializer: Any) -> Any:
    """Return an equal initializer, which draws what the original would draw."""
    return initializer.clone() if hasattr(initializer, "clone") else initializer
