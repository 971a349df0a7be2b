"""Losses: each a value per sample in one node, and their weighted mean.

A training step passes through two of these, so they make few passes over the data.
"""

from __future__ import annotations

import numpy as np

from keratorch import config
from keratorch.core import Grad
from keratorch.grads.fused import Fused
from keratorch.grads.neural import at_labels


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

    def forward(self, p, target):
        c = _between(p, self.epsilon)
        return (target - 1) * np.log1p(-c) - target * np.log(c)

    def backward(self, grad):
        p, target = self.inputs
        c = _between(p, self.epsilon)
        rest = 1 - c
        return (
            grad * (c == p) * ((c - target) / (c * rest)),
            grad * (np.log(rest) - np.log(c)) if self.needs(1) else None,
        )


class CategoricalCrossEntropyGrad(Fused):
    """out = -sum(target * log(q)) over the last axis, with q = p / sum(p) clipped.

    q keeps a distance of `epsilon` from 0 and 1, where log is infinite; a target whose
    q was clipped gives p no gradient.  With k = target where q was not clipped, else 0,
    dL/dp = dL/dout * (sum(k) / sum(p) - k / p) and dL/dtarget = -dL/dout * log(q).
    Equals the division, `ClipGrad`, `LogGrad`, `MulGrad` and `SumGrad` in one node.
    """

    def __init__(self, probabilities, target, epsilon=None):
        super().__init__(probabilities, target)
        self.epsilon = config.epsilon() if epsilon is None else epsilon
        self.params = {"epsilon": self.epsilon}

    @staticmethod
    def textbook(probabilities, target, epsilon=None):
        q = probabilities / np.sum(probabilities, axis=-1, keepdims=True)
        return -np.sum(target * np.log(_clipped(q, epsilon)), axis=-1)

    def forward(self, p, target):
        self._sum = np.add.reduce(p, axis=-1, keepdims=True)
        self._q = p / self._sum
        self._clipped = _between(self._q, self.epsilon)
        self._log = np.log(self._clipped)
        return -np.add.reduce(target * self._log, axis=-1)

    def gradients(self, grad):
        grad = grad[..., None]
        kept = self.inputs[1] * (self._q == self._clipped)
        share = np.add.reduce(kept, axis=-1, keepdims=True) / self._sum
        kept /= self._clipped * self._sum  # which is p where there is a gradient
        np.subtract(share, kept, out=kept)
        kept *= grad
        return kept, -grad * self._log if self.needs(1) else None


class SparseCategoricalCrossEntropyGrad(Fused):
    """out = -log(q[label]) over the last axis, with q = p / sum(p) clipped.

    q keeps a distance of `epsilon` from 0 and 1, where log is infinite; where it was
    clipped, p gets no gradient.  Else dL/dp = dL/dout / sum(p), less dL/dout / p at
    the label.  Equals the division, `ClipGrad` and `LogGrad` after `GetItemGrad`, or
    `CategoricalCrossEntropyGrad` with a one-hot target.
    """

    def __init__(self, probabilities, labels, epsilon=None):
        super().__init__(probabilities)
        self.labels = labels
        self.epsilon = config.epsilon() if epsilon is None else epsilon
        self.params = {"labels": labels, "epsilon": self.epsilon}

    @staticmethod
    def textbook(probabilities, labels, epsilon=None):
        own = probabilities[at_labels(labels)]
        return -np.log(_clipped(own / np.sum(probabilities, axis=-1), epsilon))

    def forward(self, p):
        self._own = at_labels(self.labels)
        self._sum = np.add.reduce(p, axis=-1)
        self._q = p[self._own] / self._sum
        self._clipped = _between(self._q, self.epsilon)
        return -np.log(self._clipped)

    def gradients(self, grad):
        (p,) = self.inputs
        grad = grad * (self._q == self._clipped) / self._sum
        by_p = np.empty_like(p)
        by_p[...] = grad[..., None]
        by_p[self._own] = grad - grad / self._clipped
        return by_p


class WeightedMeanGrad(Fused):
    """out = sum(x * weights) / divisor, for weights of the shape of x, by default 1.

    Hence dL/dx = dL/dout * weights / divisor and dL/dweights = dL/dout * x / divisor.
    Equals `MulGrad` followed by `SumGrad` and `DivideGrad`, in one node.
    """

    def __init__(self, x, weights=None, divisor=1):
        inputs = (x,) if weights is None else (x, weights)
        super().__init__(*inputs)
        self.divisor = divisor
        self.params = {"divisor": divisor}

    @staticmethod
    def textbook(x, weights=None, divisor=1):
        return np.sum(x if weights is None else x * weights) / divisor

    def forward(self, x, weights=None):
        if weights is not None:
            x = x * weights
        return np.add.reduce(x, axis=None) / x.dtype.type(self.divisor)

    def gradients(self, grad):
        x, *weights = self.inputs
        grad = grad / self.divisor
        if not weights:
            by_x = np.empty_like(x)
            by_x.fill(grad)
            return by_x
        return grad * weights[0], grad * x if self.needs(1) else None


def _between(q, epsilon):
    """Return an ndarray clipped to epsilon and 1 - epsilon."""
    return np.minimum(np.maximum(q, epsilon), 1 - epsilon)


def _clipped(q, epsilon):
    epsilon = config.epsilon() if epsilon is None else epsilon
    return np.clip(q, epsilon, 1 - epsilon)
