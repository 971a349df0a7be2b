"""Samples of the operations in `keratorch.grads.trigonometric`."""

import numpy as np

from keratorch.grads import trigonometric
from keratorch.grads.trigonometric import SincDerivativeGrad

from .sample import Sample, binary, distinct, fractions, normal, positive, unary


def inside(*size):
    """Numbers between -1 and 1."""
    return 1.8 * fractions(*size) - 0.9


def beyond_one(*size):
    return positive(*size) + 0.6


def complex_inside(*size):
    return inside(*size) + 1j * inside(*size)


def holomorphic(function, values):
    """Samples of a function of each element, real or complex."""
    return [*unary(function, values), Sample(function, complex_inside(3))]


def slope_of_sinc(x):
    return (np.cos(np.pi * x) - np.sinc(x)) / x


def curvature_of_sinc(x):
    return -(np.pi**2) * np.sinc(x) - 2 * slope_of_sinc(x) / x


def points(*size):
    """Numbers away from 0, as the quadrants need."""
    return distinct(*size) * 2


SAMPLES = {
    trigonometric.SinGrad: holomorphic(np.sin, normal),
    trigonometric.CosGrad: holomorphic(np.cos, normal),
    trigonometric.TanGrad: holomorphic(np.tan, inside),
    trigonometric.ArcsinGrad: holomorphic(np.arcsin, inside),
    trigonometric.ArccosGrad: holomorphic(np.arccos, inside),
    trigonometric.ArctanGrad: holomorphic(np.arctan, normal),
    trigonometric.SinhGrad: holomorphic(np.sinh, normal),
    trigonometric.CoshGrad: holomorphic(np.cosh, normal),
    trigonometric.TanhGrad: holomorphic(np.tanh, normal),
    trigonometric.ArcsinhGrad: holomorphic(np.arcsinh, normal),
    trigonometric.ArccoshGrad: holomorphic(np.arccosh, beyond_one),
    trigonometric.ArctanhGrad: holomorphic(np.arctanh, inside),
    trigonometric.Arctan2Grad: binary(np.arctan2, points),
    trigonometric.HypotGrad: binary(np.hypot, points),
    trigonometric.DegreesGrad: unary(np.degrees, normal),
    trigonometric.Rad2DegGrad: unary(np.rad2deg, normal),
    trigonometric.RadiansGrad: unary(np.radians, normal),
    trigonometric.Deg2RadGrad: unary(np.deg2rad, normal),
    trigonometric.SincGrad: [
        *unary(np.sinc, normal),
        Sample(np.sinc, np.array([0.0, 1e-4, -0.3, 1.0, 2.5])),
    ],
    SincDerivativeGrad: [
        *unary(SincDerivativeGrad.apply, distinct, reference=slope_of_sinc),
        Sample(
            lambda x: SincDerivativeGrad.apply(x, order=2),
            distinct(2, 3),
            reference=curvature_of_sinc,
        ),
    ],
}
