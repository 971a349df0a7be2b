"""Sample inputs for each Grad class, which `test_every_grad.py` checks.

Add a class: give it two or three samples, a `Sample(function, *inputs)` each.  The
function takes arrays and applies the operation; it is called with GradArrays, and with
ndarrays for NumPy's own answer, unless the sample has a `reference` of its own.  Stay
away from ties and kinks, where central differences mean nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from keratorch.grads import (
    activation,
    arithmetic,
    elementwise,
    indexing,
    loss,
    neural,
    reduction,
    shape,
)


@dataclass
class Sample:
    """One use of an operation: ``function(*inputs)``."""

    function: Callable
    inputs: tuple
    reference: Callable | None = None  # the same on ndarrays, if `function` cannot
    keeps_dtype: bool = True  # float32 in, float32 out

    def __init__(self, function, *inputs, reference=None, keeps_dtype=True):
        self.function, self.inputs = function, inputs
        self.reference = reference or function
        self.keeps_dtype = keeps_dtype


_rng = np.random.default_rng(7)


def normal(*size):
    return _rng.normal(size=size)


def positive(*size):
    return _rng.uniform(0.5, 2.0, size)


def distinct(*size):
    """Numbers at least 0.25 apart, of both signs and none near 0."""
    count = int(np.prod(size))
    return ((_rng.permutation(count) - count / 2 + 0.3) / 4).reshape(size)


def between(*size):
    """Numbers that are none of those of `distinct`."""
    return distinct(*size) + 0.1


def strided(values):
    """The values with gaps between them, and walked backwards, in memory."""
    wide = np.zeros((*values.shape[:-1], values.shape[-1] * 2))
    wide[..., ::2] = values
    return wide[..., ::2][..., ::-1]


def fortran(values):
    return np.asfortranarray(values)


def zero_d(value):
    return np.array(float(value))


def binary(function, values, others=None):
    """Samples of a function of two arrays, of every way to broadcast."""
    others = others or values
    return [
        Sample(function, values(2, 3), others(2, 3)),
        Sample(function, values(2, 3), others(3)),
        Sample(function, values(2, 1), others(4, 1, 3)),
        Sample(function, values(3), others(2, 2, 1)),
        Sample(function, values(2, 3), others()),
        Sample(function, values(), others(2)),
        Sample(function, values(), others()),
        Sample(function, values(1, 1), others(2, 3)),
        Sample(function, values(0, 3), others(3)),
        Sample(function, values(0, 1), others(1, 3)),
        Sample(function, strided(values(2, 3)), fortran(others(2, 3))),
        Sample(lambda x: function(x, x), values(2, 3)),
        Sample(lambda x: function(x, x.T), values(3, 3)),
        Sample(lambda x: function(x, 1.5), values(2, 3)),
        Sample(lambda x: function(1.5, x), values()),
    ]


def unary(function, values, reference=None):
    """Samples of a function of each element."""
    return [
        Sample(function, values(2, 3), reference=reference),
        Sample(function, values(), reference=reference),
        Sample(function, values(0, 2), reference=reference),
        Sample(function, strided(values(2, 2, 2)), reference=reference),
        Sample(function, fortran(values(3, 2)), reference=reference),
    ]


def reductions(function, values):
    """Samples of a reduction along every kind of axis."""
    return [
        Sample(function, values(2, 3)),
        Sample(function, values()),
        Sample(lambda x: function(x, axis=0), values(3)),
        Sample(lambda x: function(x, axis=0), values(2, 3)),
        Sample(lambda x: function(x, -1), values(2, 3)),
        Sample(lambda x: function(x, axis=1, keepdims=True), values(2, 3, 2)),
        Sample(lambda x: function(x, axis=(0, -1)), values(2, 3, 2)),
        Sample(lambda x: function(x, axis=(2, 0), keepdims=True), values(2, 3, 2)),
        Sample(lambda x: function(x, keepdims=True), values(2, 3)),
        Sample(lambda x: function(x, axis=np.int64(1)), strided(values(2, 3))),
        Sample(lambda x: function(x, axis=()), values(2, 2)),
        Sample(lambda x: function(x, axis=1), values(0, 3)),
        Sample(lambda x: function(x, axis=-2), fortran(values(2, 3))),
        Sample(lambda x: function(x), values(1, 1)),
    ]


def matmuls():
    """Samples of matmul at every rank that NumPy allows."""
    shapes = [
        ((3,), (3,)),
        ((3,), (3, 2)),
        ((2, 3), (3,)),
        ((2, 3), (3, 4)),
        ((5, 2, 3), (3,)),
        ((3,), (5, 3, 2)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((5, 2, 3), (5, 3, 4)),
        ((5, 1, 2, 3), (4, 3, 2)),
        ((1, 2, 3), (5, 3, 1)),
        ((1, 1), (1, 1)),
        ((0, 3), (3, 2)),
        ((2, 0), (0, 3)),
        ((0, 2, 3), (3, 1)),
        ((3,), (0, 3, 2)),
    ]
    return [
        *[Sample(np.matmul, normal(*a), normal(*b)) for a, b in shapes],
        Sample(np.matmul, fortran(normal(2, 3)), strided(normal(3, 2))),
        Sample(lambda x: x @ x, normal(3, 3)),
        Sample(lambda x: x @ x.T, normal(2, 3)),
        Sample(lambda x: x @ x, normal(3)),
    ]


def powers():
    """Samples of powers with exponents of every kind."""
    constant = [2, 3, 1, 0, -1, -2, 0.5, 2.5, -0.5]
    return [
        *binary(np.power, positive),
        *[Sample(lambda x, b=b: x**b, positive(2, 2)) for b in constant],
        Sample(lambda x: x**2, distinct(2, 3)),
        Sample(lambda x: x**3, distinct()),
        Sample(lambda x: x**-1.0, distinct(2)),
        Sample(
            lambda x: x ** np.array([0, 1, 2, 3]), distinct(2, 4), keeps_dtype=False
        ),
        Sample(lambda x: 2**x, normal(2, 3)),
        Sample(lambda x: np.array([2, 3]) ** x, normal(2, 2), keeps_dtype=False),
    ]


INDICES = {
    "int": 1,
    "negative": -1,
    "numpy int": np.int64(1),
    "all": slice(None),
    "slice": slice(1, 3),
    "step": slice(None, None, -2),
    "nothing": slice(2, 2),
    "ellipsis": (..., 1),
    "newaxis": (None, 0, None, ..., None),
    "empty tuple": (),
    "element": (1, 2, 0),
    "ints and slices": (slice(None), 1, slice(0, 2)),
    "list": [0, 2],
    "repeated": [0, 0, 2, 0],
    "array": np.array([[0, 3], [3, 3]]),
    "empty array": np.array([], int),
    "pairs": (np.array([0, 1, 1]), np.array([2, 2, 2])),
    "broadcast": (np.array([[0], [3]]), np.array([1, 2])),
    "array and slice": (np.array([1, 1]), slice(None), 0),
    "slice between": (np.array([1, 1]), slice(None), np.array([0, 1])),
    "mask": np.arange(24).reshape(4, 3, 2) % 5 == 0,
    "mask of an axis": np.array([True, False, True, True]),
    "mask in a tuple": (slice(None), np.array([True, False, True])),
    "mask beside an array": (np.array([True, False, True, False]), np.array([0, 0])),
    "list of booleans": [True, False, False, True],
    "empty mask": np.zeros(4, bool),
    "True": True,
}


def indexed():
    """Samples of every form of indexing."""
    return [
        *[Sample(lambda x, i=i: x[i], normal(4, 3, 2)) for i in INDICES.values()],
        Sample(lambda x: x[()], normal()),
        Sample(lambda x: x[...], normal()),
        Sample(lambda x: x[None], normal()),
        Sample(lambda x: x[1:], normal(0, 2)),
        Sample(lambda x: x[::-1], strided(normal(2, 3))),
    ]


def scatter(x, index, size):
    out = np.zeros(size, x.dtype)
    np.add.at(out, index, x)
    return out


def scattered():
    """Samples of adding at an index, repeated places included."""
    samples = []
    for size, index in [
        ((4,), slice(1, 3)),
        ((4,), 2),
        ((4,), [0, 0, 3]),
        ((3, 2), (np.array([0, 0, 1]), np.array([1, 1, 0]))),
        ((3, 2), np.array([True, False, True])),
        ((3, 2), (slice(None), [1, 1])),
        ((), ()),
    ]:
        samples.append(
            Sample(
                lambda x, i=index, s=size: indexing.ScatterAddGrad.apply(x, i, s),
                normal(*np.zeros(size)[index].shape),
                reference=lambda x, i=index, s=size: scatter(x, i, s),
            )
        )
    return samples


def clipped():
    """Samples of clip with limits that are numbers, arrays, one of them, or none."""
    return [
        Sample(lambda x: np.clip(x, -0.3, 0.4), distinct(2, 4)),
        Sample(lambda x: np.clip(x, -0.3, None), distinct(2, 4)),
        Sample(lambda x: np.clip(x, None, 0.4), distinct(2, 4)),
        Sample(lambda x: x.clip(max=0.4), distinct()),
        Sample(np.clip, distinct(4), np.array([-0.4, 0.1, -1, 0.6]), np.full(4, 0.7)),
        Sample(np.clip, distinct(2, 3), zero_d(-0.1), np.array([0.1, 0.2, 0.3])),
        Sample(np.clip, distinct(3), zero_d(0.4), zero_d(-0.4)),
        Sample(lambda x: np.clip(x, -1, 1), normal(0, 2)),
        Sample(lambda x: np.clip(x, x - 1, x * 2), positive(3)),
        Sample(lambda x: np.clip(x, 0, 1), strided(distinct(2, 4))),
    ]


def chosen():
    """Samples of where, with conditions that broadcast."""
    mask = np.array([True, False, True])
    column = np.array([[True], [False]])
    return [
        Sample(lambda a, b: np.where(mask, a, b), normal(2, 3), normal(2, 3)),
        Sample(lambda a, b: np.where(column, a, b), normal(3), normal(2, 1)),
        Sample(lambda a, b: np.where(mask, a, b), normal(), normal(1)),
        Sample(lambda a, b: np.where(np.True_, a, b), normal(), normal()),
        Sample(lambda a: np.where(mask, a, 0.0), normal(2, 3)),
        Sample(lambda a: np.where(mask, 1, a), normal(3)),
        Sample(lambda a: np.where(a > 0, a, a * 2), distinct(2, 3)),
        Sample(lambda a: np.where(mask[:0], a, 0.0), normal(2, 0)),
        Sample(
            lambda a, b: np.where([0, 1, 2], a, b), normal(3), strided(normal(2, 3))
        ),
    ]


def joined(function, extra):
    """Samples of concatenate or stack."""
    pair = [Sample(lambda a, b: function([a, b]), normal(2, 3), normal(2, 3))]
    for axis in (0, 1, -1, -2, *extra):
        pair.append(
            Sample(
                lambda a, b, axis=axis: function((a, b), axis=axis),
                normal(2, 3),
                strided(normal(2, 3)),
            )
        )
    return [
        *pair,
        Sample(lambda a: function([a, a]), normal(2)),
        Sample(lambda a: function([a]), normal(1, 2)),
        Sample(lambda a: function([a, [[1.0, 2.0]]]), normal(1, 2), keeps_dtype=False),
        Sample(lambda a: function(a), normal(2, 3)),
        Sample(lambda a, b: function([a, b], 1), normal(2, 0), normal(2, 0)),
    ]


# What NumPy lacks, in the plainest words


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


def categorical(p, target):
    return -(target * np.log(p / p.sum(axis=-1, keepdims=True))).sum(axis=-1)


def binary_from_probabilities(p, target):
    return -target * np.log(p) - (1 - target) * np.log(1 - p)


def squared_error(p, target):
    return ((p - target) ** 2).mean(axis=-1)


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def erf(x):
    return np.vectorize(math.erf, otypes=[float])(x)


def dense(x, kernel, bias=0.0):
    return x @ kernel + bias


def along_axes(grad, reference):
    """Samples of a function along one axis of any rank."""
    samples = [
        Sample(grad.apply, normal(2, 3), reference=reference),
        Sample(grad.apply, normal(4), reference=reference),
        Sample(grad.apply, normal(0, 3), reference=reference),
        Sample(grad.apply, strided(normal(2, 3)), reference=reference),
        Sample(grad.apply, normal(2, 1), reference=reference),
    ]
    for axis in (0, 1, -2):
        samples.append(
            Sample(
                lambda x, axis=axis: grad.apply(x, axis=axis),
                normal(3, 2, 2),
                reference=lambda x, axis=axis: reference(x, axis),
            )
        )
    return samples


def sparse(grad, values, reference):
    """Samples of a cross entropy with integer labels."""
    samples = []
    for size, labels in [
        ((3,), 2),
        ((2, 3), [0, 2]),
        ((2, 2, 3), np.array([[0, 1], [2, 2]], np.uint8)),
        ((0, 3), np.zeros(0, int)),
        ((2, 3), np.array([1, 1], np.int32)),
    ]:
        labels = np.asarray(labels)
        samples.append(
            Sample(
                lambda x, y=labels: grad.apply(x, y),
                values(*size),
                reference=lambda x, y=labels: reference(x, np.eye(3)[y]),
            )
        )
    return samples


def pairs(grad, values, others, reference):
    """Samples of a loss of predictions and targets, one value a row."""
    return [
        Sample(grad.apply, values(2, 3), others(2, 3), reference=reference),
        Sample(grad.apply, values(3), others(3), reference=reference),
        Sample(grad.apply, values(2, 2, 3), others(2, 2, 3), reference=reference),
        Sample(grad.apply, values(0, 3), others(0, 3), reference=reference),
        Sample(
            grad.apply,
            strided(values(2, 3)),
            fortran(others(2, 3)),
            reference=reference,
        ),
        Sample(
            lambda x: grad.apply(x, x),
            values(2, 3),
            reference=lambda x: reference(x, x),
        ),
    ]


def fractions(*size):
    return _rng.uniform(0.1, 0.9, size)


_SOFT = neural.SoftmaxCrossEntropyGrad.apply
_BINARY = neural.SigmoidCrossEntropyGrad.apply

SAMPLES: dict[Any, list[Sample]] = {
    arithmetic.AddGrad: binary(np.add, normal),
    arithmetic.SubtractGrad: binary(np.subtract, normal),
    arithmetic.MulGrad: binary(np.multiply, normal),
    arithmetic.DivideGrad: [
        *binary(np.true_divide, positive),
        Sample(np.true_divide, normal(2, 3), -positive(3)),
    ],
    arithmetic.NegativeGrad: unary(np.negative, normal),
    arithmetic.PositiveGrad: unary(np.positive, normal),
    arithmetic.PowerGrad: powers(),
    arithmetic.MatMulGrad: matmuls(),
    elementwise.ExpGrad: unary(np.exp, normal),
    elementwise.LogGrad: unary(np.log, positive),
    elementwise.SqrtGrad: unary(np.sqrt, positive),
    elementwise.SquareGrad: unary(np.square, normal),
    elementwise.AbsGrad: unary(np.absolute, distinct),
    elementwise.TanhGrad: unary(np.tanh, normal),
    elementwise.MaximumGrad: binary(np.maximum, distinct, between)[:11],
    elementwise.MinimumGrad: binary(np.minimum, distinct, between)[:11],
    elementwise.ClipGrad: clipped(),
    elementwise.WhereGrad: chosen(),
    elementwise.AstypeGrad: [
        Sample(lambda x: x.astype(np.float64), normal(2, 3), keeps_dtype=False),
        Sample(lambda x: x.astype("float64"), normal(), keeps_dtype=False),
        Sample(lambda x: x.astype(x.dtype), normal(0, 2)),
    ],
    elementwise.CopyGrad: [
        *unary(lambda x: x.copy(), normal),
        Sample(lambda x: x.copy("F"), normal(2, 3)),
    ],
    reduction.SumGrad: [*reductions(np.sum, normal), Sample(np.sum, normal(0))],
    reduction.MeanGrad: reductions(np.mean, normal),
    reduction.MaxGrad: reductions(np.max, distinct),
    reduction.MinGrad: reductions(np.min, distinct),
    reduction.VarGrad: [
        *reductions(np.var, normal),
        Sample(lambda x: np.var(x, axis=0, ddof=1), normal(3, 2)),
        Sample(lambda x: x.var(ddof=1, keepdims=True), normal(3, 2)),
    ],
    reduction.StdGrad: [
        *[s for s in reductions(np.std, normal) if s.inputs[0].ndim > 1][:9],
        Sample(lambda x: np.std(x, axis=-1, ddof=1), normal(2, 3)),
    ],
    shape.ReshapeGrad: [
        Sample(lambda x: np.reshape(x, (3, 2)), normal(2, 3)),
        Sample(lambda x: np.reshape(x, -1), strided(normal(2, 3))),
        Sample(lambda x: x.reshape(3, -1, order="F"), normal(2, 3)),
        Sample(lambda x: x.reshape(1, 1), normal()),
        Sample(lambda x: x.reshape(()), normal(1)),
        Sample(lambda x: x.reshape(3, 0), normal(0, 2)),
    ],
    shape.TransposeGrad: [
        Sample(np.transpose, normal(2, 3)),
        Sample(lambda x: x.T, normal(2, 3, 4)),
        Sample(lambda x: x.transpose(1, 2, 0), normal(2, 3, 4)),
        Sample(lambda x: np.transpose(x, (-1, 0, 1)), strided(normal(2, 3, 4))),
        Sample(lambda x: x.T, normal()),
        Sample(lambda x: x.transpose([1, 0]), normal(0, 2)),
    ],
    shape.SwapaxesGrad: [
        Sample(lambda x: np.swapaxes(x, 0, 2), normal(2, 3, 4)),
        Sample(lambda x: x.swapaxes(-1, 1), strided(normal(2, 3, 4))),
        Sample(lambda x: x.swapaxes(0, 0), normal(2)),
    ],
    shape.ExpandDimsGrad: [
        Sample(lambda x: np.expand_dims(x, 0), normal()),
        Sample(lambda x: np.expand_dims(x, -1), normal(2, 3)),
        Sample(lambda x: np.expand_dims(x, (0, 2)), normal(2, 3)),
        Sample(lambda x: np.expand_dims(x, 1), normal(0, 2)),
    ],
    shape.SqueezeGrad: [
        Sample(np.squeeze, normal(2, 1, 3, 1)),
        Sample(lambda x: np.squeeze(x, 1), normal(2, 1, 3, 1)),
        Sample(lambda x: x.squeeze(axis=(1, -1)), normal(2, 1, 3, 1)),
        Sample(np.squeeze, normal(1, 1)),
        Sample(np.squeeze, normal()),
        Sample(np.squeeze, normal(0, 1)),
    ],
    shape.BroadcastToGrad: [
        Sample(lambda x: np.broadcast_to(x, (2, 3)), normal(3)),
        Sample(lambda x: np.broadcast_to(x, (4, 2, 3)), normal(2, 1)),
        Sample(lambda x: np.broadcast_to(x, 3), normal()),
        Sample(lambda x: np.broadcast_to(x, (2, 3)), normal(2, 3)),
        Sample(lambda x: np.broadcast_to(x, (0, 3)), normal(1, 3)),
    ],
    shape.ConcatenateGrad: [
        *joined(np.concatenate, (None,)),
        Sample(
            lambda a, b, c: np.concatenate([a, b, c], 1),
            normal(2, 1),
            normal(2, 0),
            normal(2, 3),
        ),
        Sample(lambda a, b: np.concatenate([a, b], None), normal(2, 3), normal(4)),
    ],
    shape.StackGrad: [
        *joined(np.stack, (2, -3)),
        Sample(lambda a, b: np.stack([a, b]), normal(), normal()),
    ],
    indexing.GetItemGrad: indexed(),
    indexing.ScatterAddGrad: scattered(),
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
    ],
    activation.EluGrad: [
        *unary(activation.EluGrad.apply, distinct, reference=elu),
        Sample(
            lambda x: activation.EluGrad.apply(x, alpha=0.3),
            distinct(2, 4),
            reference=lambda x: elu(x, 0.3),
        ),
    ],
    activation.SoftplusGrad: unary(
        activation.SoftplusGrad.apply,
        normal,
        reference=lambda x: np.log(1 + np.exp(x)),
    ),
    activation.ErfGrad: unary(activation.ErfGrad.apply, normal, reference=erf),
    loss.MeanSquaredErrorGrad: pairs(
        loss.MeanSquaredErrorGrad, normal, normal, squared_error
    ),
    loss.BinaryCrossEntropyGrad: [
        *pairs(
            loss.BinaryCrossEntropyGrad,
            fractions,
            fractions,
            binary_from_probabilities,
        ),
        Sample(
            loss.BinaryCrossEntropyGrad.apply,
            fractions(2, 2),
            np.eye(2),
            reference=binary_from_probabilities,
        ),
    ],
    loss.CategoricalCrossEntropyGrad: pairs(
        loss.CategoricalCrossEntropyGrad, positive, positive, categorical
    ),
    loss.SparseCategoricalCrossEntropyGrad: sparse(
        loss.SparseCategoricalCrossEntropyGrad, positive, categorical
    ),
    loss.WeightedMeanGrad: [
        Sample(loss.WeightedMeanGrad.apply, normal(2, 3), reference=np.sum),
        Sample(
            lambda x: loss.WeightedMeanGrad.apply(x, divisor=6),
            strided(normal(2, 3)),
            reference=np.mean,
        ),
        Sample(
            lambda x, w: loss.WeightedMeanGrad.apply(x, w, 4.0),
            normal(2, 3),
            positive(2, 3),
            reference=lambda x, w: (x * w).sum() / 4,
        ),
        Sample(
            lambda x: loss.WeightedMeanGrad.apply(x, x, 2),
            normal(3),
            reference=lambda x: (x * x).sum() / 2,
        ),
        Sample(loss.WeightedMeanGrad.apply, normal(), reference=np.sum),
        Sample(loss.WeightedMeanGrad.apply, normal(0, 2), reference=np.sum),
    ],
}
