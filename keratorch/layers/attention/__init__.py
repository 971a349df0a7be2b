"""Layers that look at other places of a sequence, by how well these fit."""

from keratorch.layers.attention.additive_attention import AdditiveAttention
from keratorch.layers.attention.attention import Attention
from keratorch.layers.attention.group_query_attention import GroupQueryAttention
from keratorch.layers.attention.multi_head_attention import MultiHeadAttention

__all__ = [
    "AdditiveAttention",
    "Attention",
    "GroupQueryAttention",
    "MultiHeadAttention",
]
