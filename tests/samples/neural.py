"""Samples of the operations in `keratorch.grads.neural`."""

import numpy as np

from keratorch.grads import neural

from .sample import (
    Sample,
    along_axes,
    distinct,
    fortran,
    normal,
    pairs,
    positive,
    sparse,
    strided,
    unary,
)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x, axis=-1):
    return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


def log_softmax(x, axis=-1):
    return np.log(softmax(x, axis))


def cross_entropy(logits, target):
    return -(target * np.log(softmax(logits))).sum(axis=-1)


def binary_cross_entropy(x, target):
    return -target * np.log(sigmoid(x)) - (1 - target) * np.log(1 - sigmoid(x))


def dense(x, kernel, bias=0.0):
    return x @ kernel + bias


_SOFT = neural.SoftmaxCrossEntropyGrad.apply


_BINARY = neural.SigmoidCrossEntropyGrad.apply


SAMPLES = {
    neural.ReluGrad: unary(
        neural.ReluGrad.apply, distinct, reference=lambda x: np.maximum(x, 0)
    ),
    neural.SigmoidGrad: unary(neural.SigmoidGrad.apply, normal, reference=sigmoid),
    neural.SoftmaxGrad: along_axes(neural.SoftmaxGrad, softmax),
    neural.LogSoftmaxGrad: along_axes(neural.LogSoftmaxGrad, log_softmax),
    neural.SoftmaxCrossEntropyGrad: [
        *pairs(neural.SoftmaxCrossEntropyGrad, normal, positive, cross_entropy),
        Sample(_SOFT, normal(2, 3), np.eye(3)[:2], reference=cross_entropy),
    ],
    neural.SparseSoftmaxCrossEntropyGrad: sparse(
        neural.SparseSoftmaxCrossEntropyGrad, normal, cross_entropy
    ),
    neural.SigmoidCrossEntropyGrad: [
        Sample(_BINARY, normal(2, 3), positive(2, 3), reference=binary_cross_entropy),
        Sample(_BINARY, normal(), positive(), reference=binary_cross_entropy),
        Sample(_BINARY, normal(2, 3), positive(3), reference=binary_cross_entropy),
        Sample(_BINARY, normal(2, 1), positive(2, 3), reference=binary_cross_entropy),
        Sample(_BINARY, normal(0, 3), positive(3), reference=binary_cross_entropy),
        Sample(
            lambda x: _BINARY(x, x),
            strided(positive(2, 3)),
            reference=lambda x: binary_cross_entropy(x, x),
        ),
    ],
    neural.DenseGrad: [
        Sample(
            neural.DenseGrad.apply, normal(*x), normal(*k), normal(*b), reference=dense
        )
        for x, k, b in [
            ((4, 3), (3, 2), (2,)),
            ((3,), (3, 2), (2,)),
            ((2, 4, 3), (3, 2), (2,)),
            ((0, 3), (3, 2), (2,)),
            ((4, 3), (3, 1), (1,)),
        ]
    ]
    + [
        Sample(neural.DenseGrad.apply, normal(4, 3), normal(3, 2), reference=dense),
        Sample(
            neural.DenseGrad.apply,
            strided(normal(4, 3)),
            fortran(normal(3, 2)),
            normal(2),
            reference=dense,
        ),
    ]
    + [
        Sample(
            lambda *x, name=name: neural.DenseGrad.apply(*x, activation=name),
            *inputs,
            reference=lambda *x, of=of: of(dense(*x)),
        )
        for name, of in [("relu", lambda z: np.maximum(z, 0)), ("tanh", np.tanh)]
        for inputs in [
            (normal(4, 3), normal(3, 2), normal(2)),
            (normal(2, 2, 3), normal(3, 4)),
        ]
    ],
}
