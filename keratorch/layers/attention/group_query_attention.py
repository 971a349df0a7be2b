"""GroupQueryAttention: heads that share their keys and values in groups."""

from __future__ import annotations

from typing import Any

from keratorch import regularizers
from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.attention.projected_attention import ProjectedAttention
from keratorch.naming import auto_name


class GroupQueryAttention(ProjectedAttention):
    """Attention whose query heads share heads of keys and values.

    As `MultiHeadAttention`, but each head of keys and values serves
    num_query_heads / num_key_value_heads neighbouring heads of the query.

    Parameters
    ----------
    head_dim : int > 0, the size of a head.
    num_query_heads : int > 0.
    num_key_value_heads : int > 0 that divides `num_query_heads`.
    dropout : float from 0 to 1, the share of scores that training sets to 0.
    use_bias : bool, whether the projections have biases.
    sliding_window : int > 0: a query sees only the keys fewer places away than this,
        on either side.
    flash_attention : None or False; there is one way to compute it here.
    kernel_initializer, bias_initializer : name, function or object.
    kernel_regularizer, bias_regularizer : penalty added to the loss.
    activity_regularizer : penalty of the output, and of that of each projection.
    kernel_constraint, bias_constraint : function applied after each update.
    use_gate : bool, whether the heads' outputs are multiplied by the sigmoid of one
        more projection of the query.
    seed : int, or None to draw from the global stream.

    Shapes
    ------
    query, outputs : (batch, queries, features); value, key : (batch, keys, ...).

    Raises
    ------
    ValueError : an argument outside its range.

    Notes
    -----
    Masks are those of `MultiHeadAttention`.

    Source: Ainslie et al. (2023), GQA: Training Generalized Multi-Query Transformer
    Models from Multi-Head Checkpoints.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import GroupQueryAttention
    >>> layer = GroupQueryAttention(3, num_query_heads=4, num_key_value_heads=2)
    >>> x = np.ones((1, 5, 4))
    >>> layer(x, x).shape
    (1, 5, 4)
    """

    _class_in_files = "GroupedQueryAttention"  # as Keras calls it inside
    _projections = ("_query_dense", "_key_dense", "_value_dense", "_output_dense")

    def __init__(
        self,
        head_dim: int,
        num_query_heads: int,
        num_key_value_heads: int,
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
        name: str | None = None,
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
            name=name or auto_name(self._class_in_files),
            **kwargs,
        )
        self.activity_regularizer = regularizers.get(activity_regularizer)
        kind = type(self).__name__
        self.head_dim = check_positive_integer(kind, "head_dim", head_dim)
        self.num_query_heads = check_positive_integer(
            kind, "num_query_heads", num_query_heads
        )
        self.num_key_value_heads = check_positive_integer(
            kind, "num_key_value_heads", num_key_value_heads
        )
        if num_query_heads % num_key_value_heads:
            raise ValueError(
                f"{kind}: num_key_value_heads must divide num_query_heads; received "
                f"{num_key_value_heads} and {num_query_heads}."
            )
        self._groups = self.num_query_heads // self.num_key_value_heads

    def build(  # type: ignore[override]
        self, query_shape: tuple, value_shape: tuple, key_shape: tuple | None = None
    ) -> None:
        key_shape = self._checked_key(value_shape, key_shape)
        queries = (self.num_query_heads, self.head_dim)
        keys = (self.num_key_value_heads, self.head_dim)
        for shape in (query_shape, value_shape, key_shape):
            if len(shape) != 3:
                raise ValueError(
                    f"GroupQueryAttention '{self.name}' expects arrays of shape "
                    f"(batch, steps, features); received shape {tuple(shape)}."
                )
        self._query_dense = self._projection("query", query_shape, 1, queries)
        self._key_dense = self._projection("key", key_shape, 1, keys)
        if self.use_gate:
            self._gate_dense = self._projection(
                "gate", query_shape, 1, queries, activation="sigmoid"
            )
        self._value_dense = self._projection("value", value_shape, 1, keys)
        self._build_dropout()
        self._output_dense = self._projection(
            "attention_output", (*query_shape[:-1], *queries), 2, query_shape[-1:]
        )

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "head_dim": self.head_dim,
            "num_query_heads": self.num_query_heads,
            "num_key_value_heads": self.num_key_value_heads,
        }
