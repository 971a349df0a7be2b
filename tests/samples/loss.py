"""Samples of the operations in `keratorch.grads.loss`."""

import numpy as np

from keratorch.grads import loss

from .sample import Sample, fractions, normal, pairs, positive, sparse, strided


def categorical(p, target):
    return -(target * np.log(p / p.sum(axis=-1, keepdims=True))).sum(axis=-1)


def binary_from_probabilities(p, target):
    return -target * np.log(p) - (1 - target) * np.log(1 - p)


def squared_error(p, target):
    return ((p - target) ** 2).mean(axis=-1)


SAMPLES = {
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
