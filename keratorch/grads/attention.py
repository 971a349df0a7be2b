"""Attention as one operation."""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.grads.fused import Fused
from keratorch.grads.neural import SoftmaxGrad
from keratorch.kernels.attention import Heads, attend, attend_gradients, lowest
from keratorch.modes import current_mode


class AttentionGrad(Fused):
    """out = p @ value with p = softmax(scale * query @ key.T), over the last two axes.

    Where `allowed` is False a query does not see a key; `kept` multiplies p, as dropout
    does.  Hence dL/dvalue = p.T @ dL/dout, and with s = p * (dL/dout @ value.T -
    sum(dL/dout * out)), dL/dquery = scale * s @ key and dL/dkey = scale * s.T @ query.
    Equals `MatMulGrad`, `WhereGrad`, `SoftmaxGrad`, `MulGrad` and `MatMulGrad`, in one
    node, which computes a few heads at a time.  What it cannot compute so, as other
    dtypes or leading axes that broadcast, it leaves to these.

    Source: Vaswani et al. (2017), Attention Is All You Need; the softmax computed again
    in place of keeping it follows Dao et al. (2022), FlashAttention.
    """

    def __init__(self, query, key, value, allowed=None, kept=None, scale=1.0):
        super().__init__(query, key, value)
        kept = _as_factor(kept, query.dtype)
        self.params = {"allowed": allowed, "kept": kept, "scale": scale}

    @classmethod
    def apply(cls, query, key, value, **params):
        arrays = map(graph.value, (query, key, value))
        kinds = {(x.dtype, x.shape[:-2]) for x in arrays}
        if len(kinds) == 1 and query.dtype in ("f4", "f8"):
            return super().apply(query, key, value, **params)
        return cls.textbook(query, key, value, **params)

    @staticmethod
    def textbook(query, key, value, allowed=None, kept=None, scale=1.0):
        p = attention_weights((query * scale) @ np.swapaxes(key, -1, -2), allowed)
        return (p if kept is None else p * _as_factor(kept, p.dtype)) @ value

    def forward(self, query, key, value):
        heads = Heads(query, key, value, **self.params)
        keeps = current_mode.get().records and any(map(self.needs, range(3)))
        out, self.softmax = attend(heads, keeps)
        return out

    def gradients(self, grad):
        heads = Heads(*self.inputs, **self.params)
        needs = tuple(map(self.needs, range(3)))
        return attend_gradients(grad, heads, self.output, self.softmax, needs)


def attention_weights(fit, allowed=None):
    """Return softmax(fit) over the keys that a query may see."""
    if allowed is not None:
        fit = np.where(allowed, fit, lowest(fit.dtype))
    return SoftmaxGrad.apply(fit)


def _as_factor(kept, dtype):
    return None if kept is None else np.asarray(graph.value(kept), dtype)
