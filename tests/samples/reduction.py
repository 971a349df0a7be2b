"""Samples of the operations in `keratorch.grads.reduction`."""

import numpy as np

from keratorch.grads import reduction

from .sample import Sample, distinct, normal, reductions

SAMPLES = {
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
}
