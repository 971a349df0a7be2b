"""Attention: a mean of values, weighted by how well their keys fit a query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import random
from keratorch.grads.attention import AttentionGrad
from keratorch.grads.neural import SoftmaxGrad
from keratorch.graph import plain
from keratorch.layers.arguments import check_rate
from keratorch.layers.calls import is_shape
from keratorch.layers.layer import Layer
from keratorch.masks import set_mask
from keratorch.symbolic import KerasTensor


class Attention(Layer):
    """Dot-product attention, also called Luong's.

    scores = softmax(fit(query, key)), outputs = scores @ value

    Parameters
    ----------
    use_scale : bool, whether a trained scalar scales the fit.
    score_mode : 'dot', fit = scale * query @ key.T, or 'concat', fit =
        concat_score_weight * sum(tanh(scale * (query + key))) over the features.
    dropout : float from 0 to 1, the share of scores that training sets to 0.
    seed : int, or None to draw from the global stream.

    Shapes
    ------
    inputs : list of query (batch, queries, size), value (batch, keys, features) and
        optionally key (batch, keys, size), by default the value;
    mask : list of the masks of query and value, or None;
    outputs : (batch, queries, features), and with ``return_attention_scores=True`` the
        scores (batch, queries, keys) too.

    Raises
    ------
    ValueError : the input is no list of two or three arrays, or a wrong argument.

    Notes
    -----
    Values whose mask is False do not count; queries whose mask is False give 0. With
    ``use_causal_mask=True`` query i is kept from the values after i.

    Source: Luong et al. (2015), Effective Approaches to Attention-based Neural Machine
    Translation.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Attention
    >>> query, value = np.zeros((1, 1, 2)), np.array([[[1.0, 2.0], [3.0, 6.0]]])
    >>> Attention()([query, value]).numpy()
    array([[[2., 4.]]], dtype=float32)
    """

    _takes_lists = True
    couples_samples = False
    supports_masking = True
    _keeps_integers = False
    scale: Any = None
    concat_score_weight: Any = None

    def __init__(
        self,
        use_scale: bool = False,
        score_mode: str = "dot",
        dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if score_mode not in ("dot", "concat"):
            raise ValueError(
                f"{type(self).__name__}: score_mode must be 'dot' or 'concat'; "
                f"received {score_mode!r}."
            )
        self.use_scale = use_scale
        self.score_mode = score_mode
        self.dropout = check_rate(type(self).__name__, dropout)
        self.seed = seed
        self.seed_generator = None if seed is None else random.SeedGenerator(seed)

    def build(self, input_shape: Any) -> None:
        self._check_count(input_shape)
        if self.use_scale:
            self.scale = self.add_weight(name="scale", initializer="ones")
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight(
                name="concat_score_weight", initializer="ones"
            )

    def call(
        self,
        inputs: Sequence[Any],
        mask: Any = None,
        training: bool = False,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Any:
        self._check_count(inputs)
        query, value, *others = inputs
        query_mask, value_mask = self._both_masks(mask)
        key = others[0] if others else value
        shape = (*query.shape[:-1], key.shape[-2])
        allowed = _allowed(shape, value_mask, use_causal_mask)
        kept = None
        if training and self.dropout > 0:
            ones = np.ones(shape, query.dtype)
            kept = random.dropout(ones, self.dropout, None, self.seed_generator)
        sees = allowed is None or np.any(allowed, axis=-1).all()
        if self._is_product() and sees and not return_attention_scores:
            scaled = query if self.scale is None else query * self.scale
            outputs = AttentionGrad.apply(
                scaled, key, value, allowed=allowed, kept=kept
            )
        else:
            scores = self._scores(query, key, allowed)
            scores = scores if kept is None else scores * kept
            outputs = scores @ value
        if query_mask is not None:
            outputs = np.where(np.expand_dims(query_mask, -1), outputs, 0)
            set_mask(outputs, query_mask)
        return (outputs, scores) if return_attention_scores else outputs

    def _scores(self, query: Any, key: Any, allowed: np.ndarray | None) -> Any:
        """Return the softmax of the fit, small for keys that a query may not see."""
        fit = self._fit(query, key)
        if allowed is not None:
            fit = np.where(allowed, fit, fit - (65504 if fit.dtype == "f2" else 1e9))
        return SoftmaxGrad.apply(fit)

    def _is_product(self) -> bool:
        """Return whether the fit is a product of query and key."""
        return self.score_mode == "dot"

    def _fit(self, query: Any, key: Any) -> Any:
        """Return how well each key fits each query."""
        if self.score_mode == "dot":
            fit = query @ np.swapaxes(key, -1, -2)
            return fit if self.scale is None else fit * self.scale
        both = np.expand_dims(query, -2) + np.expand_dims(key, -3)
        both = both if self.scale is None else self.scale * both
        return self.concat_score_weight * np.sum(np.tanh(both), axis=-1)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the mask of the queries."""
        return None if mask is None else mask[0]

    def compute_output_shape(self, input_shape: Any) -> tuple:
        self._check_count(input_shape)
        return (*input_shape[0][:-1], input_shape[1][-1])

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        named = self._signature.named(args, kwargs)
        shapes = [tuple(x.shape) for x in named["inputs"]]
        outputs = KerasTensor(self.compute_output_shape(shapes), self.dtype)
        if not named.get("return_attention_scores"):
            return outputs
        scores = (*shapes[0][:-1], shapes[-1][-2])
        return outputs, KerasTensor(scores, self.dtype)

    def _check_count(self, inputs: Any) -> None:
        """Raise unless arrays, or their shapes, are two or three."""
        listed = isinstance(inputs, (list, tuple))
        # one shape is a tuple too
        listed = listed and all(hasattr(x, "shape") or is_shape(x) for x in inputs)
        if not listed or len(inputs) not in (2, 3):
            received = f"a list of {len(inputs)}" if listed else "no list"
            raise ValueError(
                f"{type(self).__name__} '{self.name}' expects a list of arrays, "
                f"[query, value] or [query, value, key]; received {received}."
            )

    def _both_masks(self, mask: Any) -> tuple[Any, Any]:
        """Return the masks of query and value as booleans, None where there is none."""
        if mask is None:
            return None, None
        if not isinstance(mask, (list, tuple)) or len(mask) not in (2, 3):
            raise ValueError(
                f"{type(self).__name__} '{self.name}': mask must be a list "
                "[query_mask, value_mask], None for an array without one; received "
                f"a {type(mask).__name__}."
            )
        query, value = (
            m if m is None else np.asarray(plain(m), bool) for m in mask[:2]
        )
        return query, value

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "use_scale": self.use_scale,
            "score_mode": self.score_mode,
            "dropout": self.dropout,
            "seed": self.seed,
        }


def _allowed(shape: tuple, value_mask: Any, causal: bool) -> np.ndarray | None:
    """Return which query may see which value, None for all."""
    allowed = None if value_mask is None else np.expand_dims(value_mask, -2)
    if causal:
        past = np.tri(*shape[-2:]) > 0
        allowed = past if allowed is None else allowed & past
    return allowed
