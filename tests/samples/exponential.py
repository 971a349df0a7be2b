"""Samples of the operations in `keratorch.grads.exponential`."""

import numpy as np

from keratorch.grads import exponential

from .sample import Sample, binary, complex_normal, distinct, normal, positive, unary

SAMPLES = {
    exponential.ExpGrad: [
        *unary(np.exp, normal),
        Sample(np.exp, complex_normal(3)),
    ],
    exponential.Exp2Grad: unary(np.exp2, normal),
    exponential.Expm1Grad: unary(np.expm1, normal),
    exponential.LogGrad: [
        *unary(np.log, positive),
        Sample(np.log, complex_normal(3)),
    ],
    exponential.Log2Grad: unary(np.log2, positive),
    exponential.Log10Grad: unary(np.log10, positive),
    exponential.Log1pGrad: unary(np.log1p, positive),
    exponential.LogAddExpGrad: binary(np.logaddexp, normal),
    exponential.LogAddExp2Grad: binary(np.logaddexp2, normal),
    exponential.SquareGrad: [
        *unary(np.square, normal),
        Sample(np.square, complex_normal(3)),
    ],
    exponential.SqrtGrad: [
        *unary(np.sqrt, positive),
        Sample(np.sqrt, positive(3) + 1j * normal(3)),
    ],
    exponential.CbrtGrad: unary(np.cbrt, distinct),
}
