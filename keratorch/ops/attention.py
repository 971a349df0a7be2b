"""Attention: a mean of values, weighted by how well their keys fit a query."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch.core import Grad
from keratorch.grads.neural import SoftmaxGrad
from keratorch.modes import current_mode
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
        out = AttentionGrad.apply(query * scale, key, value, allowed)
    else:
        bias = cast(bias, dtype)
        _check_broadcasts("bias", bias.shape, shape)
        fit = (query * scale) @ np.swapaxes(key, -1, -2) + bias
        out = _weights(fit, allowed) @ value
    return np.swapaxes(out, 1, 2)


class AttentionGrad(Grad):
    """out = p @ value with p = softmax(query @ key.T), over the last two axes.

    Hence dL/dvalue = p.T @ dL/dout, and with s = p * (dL/dout @ value.T - sum(dL/dout *
    out)), dL/dquery = s @ key and dL/dkey = s.T @ query. Equals `MatMulGrad`,
    `WhereGrad`, `SoftmaxGrad` and `MatMulGrad`, in one node that keeps p alone.
    """

    def __init__(self, query, key, value, allowed=None):
        super().__init__(query, key, value)
        self.allowed = allowed

    def forward(self, query, key, value):
        p = query @ np.swapaxes(key, -1, -2)
        if self.allowed is not None:
            np.copyto(p, _lowest(p.dtype), where=~self.allowed)
        p -= p.max(axis=-1, keepdims=True)  # exp would overflow
        np.exp(p, out=p)
        p /= p.sum(axis=-1, keepdims=True)
        self.weights = p  # for first derivatives; higher ones compute it again
        return p @ value

    def backward(self, grad):
        query, key, value = self.inputs
        total = (grad * self.output).sum(axis=-1, keepdims=True)
        s = grad @ np.swapaxes(value, -1, -2)
        if current_mode.get().twice:
            p = _weights(query @ np.swapaxes(key, -1, -2), self.allowed)
            s = p * (s - total)
        else:
            p = self.weights
            s -= total
            s *= p
        if self.allowed is not None and not self.allowed.any(axis=-1).all():
            s = s * self.allowed  # who sees nothing gets the mean, whatever the fit
        return (
            s @ key if self.needs(0) else None,
            np.swapaxes(s, -1, -2) @ query if self.needs(1) else None,
            np.swapaxes(p, -1, -2) @ grad if self.needs(2) else None,
        )


def attend(
    query: Any,
    key: Any,
    value: Any,
    axes: Sequence[int] = (1,),
    allowed: np.ndarray | None = None,
    groups: int = 1,
    drop: Callable[[Any], Any] | None = None,
    wants_weights: bool = False,
) -> tuple[Any, Any]:
    """Return softmax(query @ key.T / sqrt(size)) @ value, and the softmax or None.

    Parameters
    ----------
    query, key, value : (batch, ..., heads, size), with places along `axes`.
    allowed : booleans (batch, queries, keys), or with axes for batch and heads before;
        False keeps a query from a key.
    groups : int, the heads of the query that each head of key and value serves.
    drop : function applied to the softmax before the values are weighted.
    wants_weights : bool, whether the softmax is returned too, else None. As in Keras,
        a query that may see no key then gets 0, and else the mean of all values.
    """
    if groups > 1:
        key, value = (np.repeat(x, groups, axis=-2) for x in (key, value))
    to_heads, back = _orders(query.ndim, axes)
    queries, keys = ([x.shape[axis] for axis in axes] for x in (query, key))
    query, key, value = (
        _merged(np.transpose(x, to_heads), len(axes)) for x in (query, key, value)
    )
    query = query * (1 / math.sqrt(query.shape[-1]))
    if allowed is not None:
        allowed = _with_heads(allowed, query.ndim, queries, keys)
    if len(axes) == 1 and drop is None and not wants_weights:
        return np.transpose(AttentionGrad.apply(query, key, value, allowed), back), None
    weights = _weights(query @ np.swapaxes(key, -1, -2), allowed)
    if wants_weights and allowed is not None:
        sees = np.any(allowed, axis=-1, keepdims=True)
        weights = weights if sees.all() else weights * sees
    out = (weights if drop is None else drop(weights)) @ value
    first = weights.shape[:-2]
    out = out.reshape(*first, *queries, value.shape[-1])
    if len(axes) > 1:
        weights = weights.reshape(*first, *queries, *keys)
    return np.transpose(out, back), weights


def _weights(fit: Any, allowed: np.ndarray | None) -> Any:
    """Return softmax(fit) over the keys that a query may see."""
    if allowed is not None:
        fit = np.where(allowed, fit, _lowest(fit.dtype))
    return SoftmaxGrad.apply(fit)


def _lowest(dtype: Any) -> float:
    """Return what stands for minus infinity, with room to subtract a maximum."""
    return 0.7 * float(np.finfo(dtype).min)


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
