"""Operations of neural networks: activations, cross entropies, dense layers.

NumPy has no function for these; `keratorch.ops` gives them their names.
"""

from __future__ import annotations

import numpy as np

from keratorch.core import Grad
from keratorch.grads.choice import kept
from keratorch.grads.fused import Fused
from keratorch.kernels.dense import dense, dense_gradients
from keratorch.kernels.squashes import SQUASHES, rectify


class ReluGrad(Grad):
    """out = max(x, 0), hence dL/dx = dL/dout where x > 0, else 0."""

    def forward(self, x):
        if type(x) is not np.ndarray or x.dtype.kind != "f":
            return np.maximum(x, 0)
        out = np.empty_like(x)
        rectify(x, out)  # the same numbers, sooner
        return out

    def backward(self, grad):
        return kept(grad, self.output > 0)


class SigmoidGrad(Grad):
    """out = 1 / (1 + exp(-x)), hence dL/dx = dL/dout * out * (1 - out)."""

    def forward(self, x):
        e = np.exp(-np.abs(x))  # exp of a negative number cannot overflow
        # exp(min(x, 0)) is 1 or e: where() takes much longer to choose between them
        return np.exp(np.minimum(x, 0)) / (1 + e)

    def backward(self, grad):
        out = self.output
        return grad * (out * (1 - out))


class SoftmaxGrad(Grad):
    """out = exp(x) / sum(exp(x)) along an axis.

    Hence dL/dx = out * (dL/dout - sum(dL/dout * out)).
    """

    def __init__(self, x, axis=-1):
        super().__init__(x)
        self.axis = axis

    def forward(self, x):
        # subtract the max: exp would overflow
        out = x - np.maximum.reduce(x, axis=self.axis, keepdims=True)
        np.exp(out, out=out)
        out /= np.add.reduce(out, axis=self.axis, keepdims=True)
        return out

    def backward(self, grad):
        out = self.output
        return out * (grad - np.add.reduce(grad * out, axis=self.axis, keepdims=True))


class LogSoftmaxGrad(Grad):
    """out = x - log(sum(exp(x))) along an axis.

    Hence dL/dx = dL/dout - softmax(x) * sum(dL/dout).
    """

    def __init__(self, x, axis=-1):
        super().__init__(x)
        self.axis = axis

    def forward(self, x):
        return _log_softmax(x, self.axis)

    def backward(self, grad):
        total = grad.sum(axis=self.axis, keepdims=True)
        return grad - np.exp(self.output) * total


class SoftmaxCrossEntropyGrad(Fused):
    """out = -sum(target * log_softmax(logits)) over the last axis.

    Hence dL/dlogits = dL/dout * (softmax(logits) * sum(target) - target) and
    dL/dtarget = -dL/dout * log_softmax(logits).  Equals `LogSoftmaxGrad` followed by
    `MulGrad` and `SumGrad`, in one node.
    """

    def __init__(self, logits, target):
        super().__init__(logits, target)

    @staticmethod
    def textbook(logits, target):
        return -np.sum(target * LogSoftmaxGrad.apply(logits), axis=-1)

    def forward(self, logits, target):
        self._shifted, self._exps, self._sum = _exponents(logits)
        log_p = self._shifted - np.log(self._sum)
        return -np.add.reduce(target * log_p, axis=-1)

    def gradients(self, grad):
        target = self.inputs[1]
        grad = grad[..., None]
        mass = np.add.reduce(target, axis=-1, keepdims=True)
        # no result in place: either input may have been broadcast
        by_logits = grad * (self._exps * (mass / self._sum) - target)
        if not self.needs(1):
            return by_logits, None
        return by_logits, grad * (np.log(self._sum) - self._shifted)


class SparseSoftmaxCrossEntropyGrad(Fused):
    """out = -log_softmax(logits)[label] over the last axis, for integer labels.

    Hence dL/dlogits = dL/dout * (softmax(logits) - one_hot(label)).  Equals
    `LogSoftmaxGrad` followed by `GetItemGrad`, in one node.
    """

    def __init__(self, logits, labels):
        super().__init__(logits)
        self.labels = np.asarray(labels)
        self.params = {"labels": self.labels}

    @staticmethod
    def textbook(logits, labels):
        return -LogSoftmaxGrad.apply(logits)[at_labels(labels)]

    def forward(self, logits):
        self._own = at_labels(self.labels)
        shifted, self._exps, self._sum = _exponents(logits)
        return np.log(self._sum[..., 0]) - shifted[self._own]

    def gradients(self, grad):
        by_logits = self._exps * (grad[..., None] / self._sum)
        by_logits[self._own] -= grad
        return by_logits


class SigmoidCrossEntropyGrad(Fused):
    """out = -target * log(s) - (1 - target) * log(1 - s) with s = sigmoid(logits).

    Hence dL/dlogits = dL/dout * (s - target) and dL/dtarget = -dL/dout * logits.
    Computed as max(x, 0) - x * target + log(1 + exp(-abs(x))), which cannot overflow.
    Equals two `LogAddExpGrad` between arithmetic operations, in one node.
    """

    def __init__(self, logits, target):
        super().__init__(logits, target)

    @staticmethod
    def textbook(logits, target):
        if_not = np.logaddexp(0, logits)  # -log(1 - s)
        return target * np.logaddexp(0, -logits) + (1 - target) * if_not

    def forward(self, logits, target):
        self._exp = np.exp(-np.abs(logits))
        return np.maximum(logits, 0) - logits * target + np.log1p(self._exp)

    def gradients(self, grad):
        logits, target = self.inputs
        s = np.exp(np.minimum(logits, 0))
        s = s / (self._exp + 1)
        return grad * (s - target), -grad * logits if self.needs(1) else None


class DenseGrad(Fused):
    """out = activation(x @ kernel + bias) over the last axis of x.

    With dz = dL/dout * activation'(z), dL/dx = dz @ kernel.T, dL/dkernel = x.T @ dz and
    dL/dbias = the sum of dz over all but the last axis.  Equals `MatMulGrad` followed
    by `AddGrad` and `ReluGrad` or `TanhGrad`, in one node and with the leading axes of
    x flattened to one matrix.

    Parameters
    ----------
    x : (..., features)
    kernel : (features, units)
    bias : (units,), or None
    activation : 'relu', 'tanh', or None for none
    """

    def __init__(self, x, kernel, bias=None, activation=None):
        inputs = (x, kernel) if bias is None else (x, kernel, bias)
        super().__init__(*inputs)
        self.params = {"activation": activation}
        self._squash = SQUASHES[activation] if activation else None

    @staticmethod
    def textbook(x, kernel, bias=None, activation=None):
        out = np.matmul(x, kernel)
        if bias is not None:
            out = out + bias
        return _ACTIVATIONS[activation](out) if activation else out

    def forward(self, x, kernel, bias=None):
        if x.ndim == 2:
            return dense(x, kernel, bias, self._squash)
        out = dense(x.reshape(-1, x.shape[-1]), kernel, bias, self._squash)
        return out.reshape(*x.shape[:-1], kernel.shape[1])

    def gradients(self, grad):
        x, kernel = self.inputs[:2]
        if self._squash:
            dz = np.empty_like(grad)
            self._squash.slope(self.output, dz)
            grad = np.multiply(dz, grad, out=dz)
        wants = self.needs(0), self.needs(1), len(self._inputs) == 3 and self.needs(2)
        if x.ndim == 2:
            found = dense_gradients(grad, x, kernel, wants)
            return found[: len(self._inputs)]
        features, units = kernel.shape
        by_x, *others = dense_gradients(
            grad.reshape(-1, units), x.reshape(-1, features), kernel, wants
        )
        if by_x is not None:
            by_x = by_x.reshape(x.shape)
        return (by_x, *others)[: len(self._inputs)]


_ACTIVATIONS = {"relu": ReluGrad.apply, "tanh": np.tanh}


def at_labels(labels):
    """Return the index of the entry of each label, along the last axis."""
    labels = np.asarray(labels)
    if labels.ndim == 1:
        return np.arange(len(labels)), labels
    return (*np.indices(labels.shape, sparse=True), labels)


def _log_softmax(x, axis):
    """Return log(softmax(x)) of an ndarray."""
    shifted, _, total = _exponents(x, axis)
    return shifted - np.log(total)


def _exponents(x, axis=-1):
    """Return an ndarray less its maximum, exp of that, and the sum of the latter."""
    shifted = x - np.maximum.reduce(x, axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return shifted, exps, np.add.reduce(exps, axis=axis, keepdims=True)
