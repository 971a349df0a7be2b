"""Samples of the operations in `keratorch.grads.normalization`."""

import numpy as np

from keratorch.grads import normalization

from .sample import Sample, fortran, normal, positive, strided


def standardized(x, axis=-1, epsilon=0.0):
    deviation = x - x.mean(axis, keepdims=True)
    return deviation / np.sqrt(x.var(axis, keepdims=True) + epsilon)


def over_root_mean_square(x, axis=-1, epsilon=0.0):
    return x / np.sqrt((x**2).mean(axis, keepdims=True) + epsilon)


def samples(grad, formula):
    found = [
        Sample(grad.apply, normal(2, 3), reference=formula),
        Sample(grad.apply, normal(0, 3), reference=formula),
        Sample(grad.apply, strided(normal(2, 3)), reference=formula),
    ]
    for axis, epsilon, x in [
        (0, 0.1, normal(3)),
        ((0, 2), 1e-3, normal(2, 2, 3)),
        ((1, 2), 0.0, fortran(normal(2, 2, 2))),
        (-2, 0.5, normal(2, 3)),
        (-1, 1.0, normal(3, 1)),
    ]:
        arguments = {"axis": axis, "epsilon": epsilon}
        found.append(
            Sample(
                lambda x, arguments=arguments: grad.apply(x, **arguments),
                x,
                reference=lambda x, arguments=arguments: formula(x, **arguments),
            )
        )
    return found


def lying(vector, axes, ndim):
    """Return a vector or a block so that it broadcasts along axes."""
    if np.ndim(vector) == 0:
        return vector
    shape, lengths = [1] * ndim, iter(np.shape(vector))
    for axis in sorted(axis % ndim for axis in axes):
        shape[axis] = next(lengths)
    return np.reshape(vector, shape)


def rows(x, gamma=1.0, beta=0.0, axis=(-1,), epsilon=0.0, centered=True):
    formula = standardized if centered else over_root_mean_square
    out = formula(x, tuple(axis), epsilon)
    return out * lying(gamma, axis, x.ndim) + lying(beta, axis, x.ndim)


def channels(
    x, gamma=1.0, beta=0.0, axis=-1, groups=None, together=True, epsilon=0.0, **known
):
    channels_last = np.moveaxis(x, axis, -1)
    groups = groups or x.shape[axis]
    parts = channels_last.reshape(*channels_last.shape[:-1], groups, -1)
    first = 0 if together else 1
    out = standardized(parts, (*range(first, x.ndim - 1), x.ndim), epsilon)
    out = out.reshape(channels_last.shape) * gamma + beta
    return np.moveaxis(out, -1, axis)


def sample(grad, formula, *inputs, **params):
    return Sample(
        lambda *arrays: grad.apply(*arrays, **params),
        *inputs,
        reference=lambda *arrays: formula(*arrays, **params),
    )


def shifted(grad, formula, *inputs):
    """Return a sample without gamma."""
    return Sample(
        lambda x, beta: grad.apply(x, 1.0, beta, epsilon=0.1),
        *inputs,
        reference=lambda x, beta: formula(x, 1.0, beta, epsilon=0.1),
    )


def samples_of_rows():
    grad = normalization.NormalizeRowsGrad
    return [
        sample(grad, rows, *inputs, **params, epsilon=epsilon, centered=centered)
        for inputs, params in [
            ((normal(2, 3),), {}),
            ((normal(2, 3), positive(3)), {}),
            ((normal(2, 3), positive(3), normal(3)), {}),
            ((strided(normal(2, 2, 3)), strided(positive(3)), normal(3)), {}),
            ((fortran(normal(3, 2, 2)), positive(3), normal(3)), {"axis": (0,)}),
            ((normal(2, 3, 2), positive(3), normal(3)), {"axis": (-2,)}),
            ((normal(2, 3, 2), positive(3, 2), normal(3, 2)), {"axis": (1, 2)}),
            ((normal(3, 2, 2), positive(3, 2), normal(3, 2)), {"axis": (0, 2)}),
            ((normal(4), positive(4), normal(4)), {}),
        ]
        for epsilon, centered in [(1e-3, True), (0.1, False)]
    ] + [shifted(grad, rows, normal(2, 3), normal(3))]


def samples_of_channels():
    grad = normalization.NormalizeChannelsGrad
    return [
        sample(grad, channels, *inputs, **params, epsilon=0.1)
        for inputs, params in [
            ((normal(4, 3),), {}),
            ((normal(4, 3), positive(3)), {}),
            ((normal(4, 3), positive(3), normal(3)), {}),
            ((normal(1, 3), positive(3), normal(3)), {}),
            ((strided(normal(2, 2, 2, 3)), positive(3), normal(3)), {}),
            ((normal(3, 2, 2), positive(2), normal(2)), {"axis": 1}),
            ((fortran(normal(3, 2, 2)), positive(3), normal(3)), {"axis": 0}),
            ((normal(2, 2, 3, 2), positive(3), normal(3)), {"axis": 2}),
            ((normal(2, 3, 4), positive(4), normal(4)), {"groups": 2}),
            ((normal(2, 3, 2), positive(2)), {"together": False}),
            (
                (normal(2, 3, 4), positive(4), normal(4)),
                {"groups": 2, "together": False},
            ),
            (
                (normal(2, 4, 3), positive(4), normal(4)),
                {"groups": 2, "together": False, "axis": 1},
            ),
            (
                (normal(2, 2, 4, 2), positive(4), normal(4)),
                {"groups": 2, "together": False, "axis": -2},
            ),
        ]
    ] + [shifted(grad, channels, normal(4, 3), normal(3))]


def scaled(x, mean, factor, offset=0.0, axis=-1):
    last = np.moveaxis(x, axis, -1)
    return np.moveaxis((last - mean) * factor + offset, -1, axis)


def samples_of_scales():
    grad = normalization.ScaleChannelsGrad
    return [
        sample(grad, scaled, x, *(normal(x.shape[axis]) for _ in range(n)), axis=axis)
        for x, axis, n in [
            (normal(4, 3), -1, 3),
            (normal(4, 3), -1, 2),
            (strided(normal(2, 2, 3)), 2, 3),
            (fortran(normal(2, 3, 2)), 1, 3),
            (normal(3, 2), 0, 3),
            (normal(3), 0, 2),
        ]
    ]


SAMPLES = {
    normalization.ScaleChannelsGrad: samples_of_scales(),
    normalization.StandardizeGrad: samples(normalization.StandardizeGrad, standardized),
    normalization.RmsNormalizeGrad: samples(
        normalization.RmsNormalizeGrad, over_root_mean_square
    ),
    normalization.NormalizeRowsGrad: samples_of_rows(),
    normalization.NormalizeChannelsGrad: samples_of_channels(),
}
