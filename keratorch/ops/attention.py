"""Attention: a mean of values, weighted by how well their keys fit a query."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch.grads.attention import AttentionGrad, attention_weights
from keratorch.ops.arrays import as_floats, cast


def dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    scale: float | None = None,
    is_causal: bool = False,
    flash_attention: bool | None = None,
    attn_logits_soft_cap: float | None = None,
) -> Any:
    """softmax(scale * query @ key.T + bias) @ value, for each head.

    Parameters
    ----------
    query : (batch, queries, heads, size).
    key, value : (batch, keys, key heads, size). Where there are fewer of these heads
        than of the query's, each serves as many neighbours of them.
    bias : broadcast to (batch, heads, queries, keys), or None.
    mask : of booleans, broadcast likewise, or None: False keeps a query from a key. A
        query that may see no key sees the mean of all values.
    scale : float, by default 1 / sqrt(size).
    is_causal : bool, whether query i is kept from the keys after i.
    flash_attention : None or False; there is one way to compute it here.
    attn_logits_soft_cap : None; Keras has it on TPUs only.

    Returns
    -------
    out : (batch, queries, heads, size of the values).

    Raises
    ------
    ValueError : shapes that do not fit, or one of the last two arguments.

    Source: Vaswani et al. (2017), Attention Is All You Need.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import ops
    >>> query = np.ones((1, 2, 1, 1), "float32")
    >>> value = np.float32([2, 4]).reshape(1, 2, 1, 1)
    >>> ops.dot_product_attention(query, query, value).numpy().ravel()
    array([3., 3.], dtype=float32)
    >>> causal = ops.dot_product_attention(query, query, value, is_causal=True)
    >>> causal.numpy().ravel()
    array([2., 3.], dtype=float32)
    """
    if flash_attention:
        raise ValueError(
            "dot_product_attention: flash_attention=True is for GPUs. Leave it out; "
            "the result is the same."
        )
    if attn_logits_soft_cap is not None:
        raise ValueError(
            "dot_product_attention: attn_logits_soft_cap is for TPUs, in Keras too. "
            "Leave it out."
        )
    query, key, value = as_floats(query), as_floats(key), as_floats(value)
    _check_shapes(query.shape, key.shape, value.shape)
    dtype = np.result_type(query.dtype, key.dtype, value.dtype)
    query, key, value = (_by_head(cast(x, dtype)) for x in (query, key, value))
    heads, groups = query.shape[1], query.shape[1] // key.shape[1]
    if groups > 1:
        key, value = np.repeat(key, groups, axis=1), np.repeat(value, groups, axis=1)
    scale = 1 / math.sqrt(key.shape[-1]) if scale is None else scale
    shape = (query.shape[0], heads, query.shape[2], key.shape[2])
    allowed = _allowed(mask, is_causal, shape)
    if bias is None:
        out = AttentionGrad.apply(query, key, value, allowed=allowed, scale=scale)
    else:
        bias = cast(bias, dtype)
        _check_broadcasts("bias", bias.shape, shape)
        fit = (query * scale) @ np.swapaxes(key, -1, -2) + bias
        out = attention_weights(fit, allowed) @ value
    return np.swapaxes(out, 1, 2)


def attend(
    query: Any,
    key: Any,
    value: Any,
    axes: Sequence[int] = (1,),
    allowed: np.ndarray | None = None,
    groups: int = 1,
    drop: Callable[[Any], Any] | None = None,
    blind_give_zero: bool = False,
    wants_weights: bool = False,
) -> tuple[Any, Any]:
    """Return softmax(query @ key.T / sqrt(size)) @ value, and the softmax or None.

    Parameters
    ----------
    query, key, value : (batch, ..., heads, size), with places along `axes`.
    allowed : booleans (batch, queries, keys), or with axes for batch and heads before;
        False keeps a query from a key.
    groups : int, the heads of the query that each head of key and value serves.
    drop : function applied to the softmax before the values are weighted; it must be
        a product with random numbers.
    blind_give_zero : bool, whether a query that may see no key gets 0, not the mean of
        all values.
    wants_weights : bool, whether the softmax is returned too, else None.
    """
    if groups > 1:
        key, value = (np.repeat(x, groups, axis=-2) for x in (key, value))
    to_heads, back = _orders(query.ndim, axes)
    queries, keys = ([x.shape[axis] for axis in axes] for x in (query, key))
    query, key, value = (
        _merged(np.transpose(x, to_heads), len(axes)) for x in (query, key, value)
    )
    scale = 1 / math.sqrt(query.shape[-1])
    shape = (*query.shape[:-1], key.shape[-2])
    sees = None
    if allowed is not None:
        allowed = _with_heads(allowed, query.ndim, queries, keys)
        sees = np.any(allowed, axis=-1, keepdims=True) if blind_give_zero else None
    kept = None if drop is None else drop(np.ones(shape, query.dtype))
    weights = None
    if wants_weights:
        weights = attention_weights((query * scale) @ np.swapaxes(key, -1, -2), allowed)
        weights = _product(weights, sees)
        out = _product(weights, kept) @ value
        weights = weights.reshape(*shape[:-2], *queries, *keys)
    else:
        if sees is not None and not sees.all():
            kept = _product(sees.astype(query.dtype), kept)
        out = AttentionGrad.apply(
            query, key, value, allowed=allowed, kept=kept, scale=scale
        )
    out = out.reshape(*shape[:-2], *queries, value.shape[-1])
    return np.transpose(out, back), weights


def _product(x: Any, factor: Any) -> Any:
    return x if factor is None else x * factor


def _orders(rank: int, axes: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the permutation that brings the axes of places behind the heads, and back.

    (batch, ..., heads, size) becomes (batch, heads, ..., size).
    """
    first = [i for i in range(rank - 1) if i not in axes]
    order = [*first, *axes, rank - 1]
    return order, [order.index(i) for i in range(rank)]


def _merged(x: Any, count: int) -> Any:
    """Return an array whose `count` axes before the last are one."""
    if count == 1:
        return x
    places = math.prod(x.shape[-1 - count : -1])
    return x.reshape(*x.shape[: -1 - count], places, x.shape[-1])


def _with_heads(
    allowed: np.ndarray, rank: int, queries: list[int], keys: list[int]
) -> np.ndarray:
    """Return a mask (batch, queries, keys) with axes for heads, places merged."""
    places = (*queries, *keys)
    count = len(places)
    try:
        if count > 2 and allowed.ndim >= count:
            first = allowed.shape[: allowed.ndim - count]
            allowed = np.broadcast_to(allowed, (*first, *places))
            allowed = allowed.reshape(*first, math.prod(queries), math.prod(keys))
        wide = np.expand_dims(allowed, tuple(range(-rank, -allowed.ndim)))
        if allowed.ndim > 2:  # its first axes are those of the batch
            missing = range(allowed.ndim - 2, rank - 2)
            wide = np.expand_dims(allowed, tuple(missing))
        np.broadcast_to(wide[(0,) * (rank - 2)], (math.prod(queries), math.prod(keys)))
    except (ValueError, IndexError):
        raise ValueError(
            "attention_mask must have the shape (batch, queries, keys), with queries "
            f"{queries} and keys {keys}; received shape {allowed.shape}."
        ) from None
    return wide


def _by_head(x: Any) -> Any:
    """Return (batch, heads, places, size) of (batch, places, heads, size)."""
    return np.swapaxes(x, 1, 2)


def _allowed(mask: Any, is_causal: bool, shape: tuple[int, ...]) -> np.ndarray | None:
    """Return which query may see which key, None for all."""
    allowed = None
    if mask is not None:
        allowed = np.asarray(mask).astype(bool)
        _check_broadcasts("mask", allowed.shape, shape)
    if is_causal:
        past = np.tril(np.ones(shape[2:], bool))
        allowed = past if allowed is None else allowed & past
    return allowed


def _check_shapes(query: tuple, key: tuple, value: tuple) -> None:
    fits = len(query) == len(key) == len(value) == 4
    fits = fits and query[0] == key[0] == value[0] and key[1:3] == value[1:3]
    fits = fits and query[3] == key[3] and key[2] > 0 and query[2] % key[2] == 0
    if not fits:
        raise ValueError(
            "dot_product_attention needs query of shape (batch, queries, heads, size), "
            "key and value of shape (batch, keys, key heads, size), with a number of "
            "heads that the key heads divide; received query of shape "
            f"{query}, key of shape {key}, value of shape {value}."
        )


def _check_broadcasts(name: str, shape: tuple, wider: tuple) -> None:
    try:
        fits = np.broadcast_shapes(shape, wider) == wider
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(
            f"dot_product_attention: {name} must broadcast to (batch, heads, queries, "
            f"keys), which is {wider}; received shape {shape}."
        )
