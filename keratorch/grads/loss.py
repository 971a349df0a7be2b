"""Losses: each a value per sample in one node, and their weighted mean.

A training step passes through two of these, so they make few passes over the data.
"""

from __future__ import annotations

import numpy as np

from keratorch import config
from keratorch.core import Grad


class MeanSquaredErrorGrad(Grad):
    """out = mean((p - target) ** 2) over the last axis.

    Hence dL/dp = dL/dout * 2 / n * (p - target) and dL/dtarget = -dL/dp.  Equals
    `SubtractGrad` followed by `SquareGrad` and `MeanGrad`, in one node.
    """

    def __init__(self, predictions, target):
        super().__init__(predictions, target)

    def forward(self, p, target):
        error = p - target
        return np.add.reduce(error * error, axis=-1) / p.dtype.type(p.shape[-1])

    def backward(self, grad):
        p, target = self.inputs
        dp = (grad * (2 / p.shape[-1]))[..., None] * (p - target)
        return dp, -dp if self.needs(1) else None


class BinaryCrossEntropyGrad(Grad):
    """out = -target * log(c) - (1 - target) * log(1 - c), with c = p clipped.

    c keeps a distance of `epsilon` from 0 and 1, where log is infinite; a p that was
    clipped gets no gradient.  Else dL/dp = dL/dout * (c - target) / (c * (1 - c)), and
    dL/dtarget = dL/dout * (log(1 - c) - log(c)).
    """

    def __init__(self, probabilities, target):
        super().__init__(probabilities, target)
        self.epsilon = config.epsilon()

    def clip(self, p):
        """Return p between epsilon and 1 - epsilon."""
        return np.minimum(np.maximum(p, self.epsilon), 1 - self.epsilon)

    def forward(self, p, target):
        c = self.clip(p)
        return (target - 1) * np.log1p(-c) - target * np.log(c)

    def backward(self, grad):
        p, target = self.inputs
        c = self.clip(p)
        rest = 1 - c
        return (
            grad * (c == p) * ((c - target) / (c * rest)),
            grad * (np.log(rest) - np.log(c)) if self.needs(1) else None,
        )


class CategoricalCrossEntropyGrad(Grad):
    """out = -sum(target * log(q)) over the last axis, with q = p / sum(p) clipped.

    q keeps a distance of `epsilon` from 0 and 1, where log is infinite; a target whose
    q was clipped gives p no gradient.  With k = target where q was not clipped, else 0,
    dL/dp = dL/dout * (sum(k) / sum(p) - k / p) and dL/dtarget = -dL/dout * log(q).
    """

    def __init__(self, probabilities, target):
        super().__init__(probabilities, target)
        self.epsilon = config.epsilon()

    def clip(self, q):
        """Return q between epsilon and 1 - epsilon."""
        return np.minimum(np.maximum(q, self.epsilon), 1 - self.epsilon)

    def forward(self, p, target):
        q = self.clip(p / np.add.reduce(p, axis=-1, keepdims=True))
        return -np.add.reduce(target * np.log(q), axis=-1)

    def backward(self, grad):
        p, target = self.inputs
        grad = grad[..., None]
        total = p.sum(axis=-1, keepdims=True)
        q = p / total
        c = self.clip(q)
        inside = q == c
        kept = target * inside
        share = kept.sum(axis=-1, keepdims=True) / total
        return (
            grad * (share - kept / np.where(inside, p, 1)),
            -grad * np.log(c) if self.needs(1) else None,
        )


class SparseCategoricalCrossEntropyGrad(Grad):
    """out = -log(q[label]) over the last axis, with q = p / sum(p) clipped.

    q keeps a distance of `epsilon` from 0 and 1, where log is infinite; where it was
    clipped, p gets no gradient.  Else dL/dp = dL/dout / sum(p), less dL/dout / p at
    the label.  Equals `CategoricalCrossEntropyGrad` with a one-hot target.
    """

    def __init__(self, probabilities, labels):
        super().__init__(probabilities)
        self.labels = np.asarray(labels)
        self.epsilon = config.epsilon()

    def own(self, p):
        """Return the probabilities of the labels."""
        labels = self.labels
        if labels.ndim == 1:
            return p[np.arange(len(labels)), labels]
        return p[(*np.indices(labels.shape, sparse=True), labels)]

    def forward(self, p):
        q = self.own(p) / np.add.reduce(p, axis=-1)
        return -np.log(np.minimum(np.maximum(q, self.epsilon), 1 - self.epsilon))

    def backward(self, grad):
        (p,) = self.inputs
        own, total = self.own(p), p.sum(axis=-1)
        q = own / total
        inside = (q >= self.epsilon) & (q <= 1 - self.epsilon)
        grad = grad * inside
        hit = np.arange(p.shape[-1]) == self.labels[..., None]
        at_label = grad / np.where(inside, own, 1)
        return (grad / total)[..., None] - hit * at_label[..., None]


class WeightedMeanGrad(Grad):
    """out = sum(x * weights) / divisor, for weights of the shape of x, by default 1.

    Hence dL/dx = dL/dout * weights / divisor and dL/dweights = dL/dout * x / divisor.
    Equals `MulGrad` followed by `SumGrad` and `DivideGrad`, in one node.
    """

    def __init__(self, x, weights=None, divisor=1):
        inputs = (x,) if weights is None else (x, weights)
        super().__init__(*inputs)
        self.divisor = divisor

    def forward(self, x, weights=None):
        if weights is not None:
            x = x * weights
        return np.add.reduce(x, axis=None) / x.dtype.type(self.divisor)

    def backward(self, grad):
        grad = grad / self.divisor
        if len(self.inputs) == 1:
            (x,) = self.inputs
            return grad * np.ones(x.shape, x.dtype)
        x, weights = self.inputs
        return grad * weights, grad * x if self.needs(1) else None
