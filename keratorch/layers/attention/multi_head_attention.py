"""MultiHeadAttention: several heads that each look for something else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.attention.projected_attention import ProjectedAttention


class MultiHeadAttention(ProjectedAttention):
    """Attention of several heads, each to projections of its own.

    For each head: scores = softmax(query @ key.T / sqrt(key_dim)) of the projected
    query and key, and output = scores @ value; a last projection joins the heads.

    Parameters
    ----------
    num_heads : int > 0.
    key_dim : int > 0, the size of a head for query and key.
    value_dim : int > 0, the size of a head for the value; by default `key_dim`.
    dropout : float from 0 to 1, the share of scores that training sets to 0.
    use_bias : bool, whether the projections have biases.
    output_shape : int or tuple, what replaces the last axis of the query; by default
        its own length.
    attention_axes : int or tuple, the axes of query and value over which attention
        goes; by default all but the first and the last.
    sliding_window : int > 0: a query sees only the keys fewer places away than this,
        on either side.
    flash_attention : None or False; there is one way to compute it here.
    kernel_initializer, bias_initializer : name, function or object.
    kernel_regularizer, bias_regularizer : penalty added to the loss.
    activity_regularizer : penalty of the output of each projection.
    kernel_constraint, bias_constraint : function applied after each update.
    use_gate : bool, whether the heads' outputs are multiplied by the sigmoid of one
        more projection of the query.
    seed : int, or None to draw from the global stream.

    Shapes
    ------
    query : (batch, queries, features), value : (batch, keys, ...), key : (batch, keys,
        ...), by default the value; attention_mask : (batch, queries, keys), or with
        the heads behind the batch; True where a query may see a key;
    outputs : (batch, queries, features), and with ``return_attention_scores=True`` the
        scores (batch, heads, queries, keys) too.

    Raises
    ------
    ValueError : an argument outside its range, or a key unlike the value.

    Notes
    -----
    The masks that query, value and key carry keep padding from being looked at, and
    the output carries the mask of the query. With ``use_causal_mask=True`` query i is
    kept from the keys after i.

    Source: Vaswani et al. (2017), Attention Is All You Need.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import MultiHeadAttention
    >>> layer = MultiHeadAttention(num_heads=2, key_dim=3)
    >>> x = np.ones((1, 5, 4))
    >>> layer(x, x).shape
    (1, 5, 4)
    >>> layer(x, x, return_attention_scores=True, use_causal_mask=True)[1].shape
    (1, 2, 5, 5)
    """

    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        value_dim: int | None = None,
        dropout: float = 0.0,
        use_bias: bool = True,
        output_shape: Any = None,
        attention_axes: Any = None,
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
        super().__init__(
            dropout,
            use_bias,
            sliding_window,
            flash_attention,
            kernel_initializer,
            bias_initializer,
            kernel_regularizer,
            bias_regularizer,
            activity_regularizer,
            kernel_constraint,
            bias_constraint,
            use_gate,
            seed,
            **kwargs,
        )
        kind = type(self).__name__
        self.num_heads = check_positive_integer(kind, "num_heads", num_heads)
        self.num_query_heads = self.num_heads
        self.key_dim = check_positive_integer(kind, "key_dim", key_dim)
        self.value_dim = self.key_dim
        if value_dim is not None:
            self.value_dim = check_positive_integer(kind, "value_dim", value_dim)
        self._output_shape = _as_tuple(kind, "output_shape", output_shape)
        self.attention_axes = _as_tuple(kind, "attention_axes", attention_axes)

    def build(  # type: ignore[override]
        self, query_shape: tuple, value_shape: tuple, key_shape: tuple | None = None
    ) -> None:
        key_shape = self._checked_key(value_shape, key_shape)
        rank = len(query_shape)
        axes = self.attention_axes or range(1, rank - 1)
        self.attention_axes = tuple(axis % rank for axis in axes)
        keys, values = (self.num_heads, self.key_dim), (self.num_heads, self.value_dim)
        self.query_dense = self._projection("query", query_shape, 1, keys)
        self.key_dense = self._projection("key", key_shape, 1, keys)
        if self.use_gate:
            self._gate_dense = self._projection(
                "gate", query_shape, 1, values, activation="sigmoid"
            )
        self.value_dense = self._projection("value", value_shape, 1, values)
        self._build_dropout()
        self.output_dense = self._projection(
            "attention_output",
            (*query_shape[:-1], *values),
            2,
            self._output_shape or (query_shape[-1],),
        )

    def compute_output_shape(  # type: ignore[override]
        self, query_shape: tuple, value_shape: tuple, key_shape: tuple | None = None
    ) -> tuple:
        self._checked_key(value_shape, key_shape)
        return (*query_shape[:-1], *(self._output_shape or query_shape[-1:]))

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "key_dim": self.key_dim,
            "value_dim": self.value_dim,
            "output_shape": self._output_shape,
            "attention_axes": self.attention_axes,
        }


def _as_tuple(layer: str, argument: str, value: Any) -> tuple[int, ...] | None:
    """Return an int or several as a tuple, None as it is."""
    if value is None:
        return None
    numbers = tuple(value) if isinstance(value, Iterable) else (value,)
    if isinstance(value, str) or not all(hasattr(n, "__index__") for n in numbers):
        raise ValueError(
            f"{layer}: {argument} must be an int or several; received {value!r}."
        )
    return tuple(int(n) for n in numbers) or None


def _alias(attribute: str) -> property:
    return property(lambda self: getattr(self, attribute))


# Keras's own code knows the projections by these names too.
for _name in MultiHeadAttention._projections:
    setattr(MultiHeadAttention, f"_{_name}", _alias(_name))
