"""Samples of the operations in `keratorch.grads.pooling`."""

import numpy as np

from keratorch.grads import pooling
from keratorch.kernels.windows import Windows

from .sample import Sample, distinct, fortran, normal, strided

CASES = [
    # shape of x, pool_size, strides, padding
    ((2, 5, 2), 2, None, "valid"),
    ((1, 5, 2), 3, 1, "same"),
    ((1, 6, 1), 2, 3, "same"),
    ((2, 4, 3, 1), 2, None, "same"),
    ((1, 4, 5, 1), (3, 2), (1, 2), "valid"),
    ((1, 3, 3, 2), (2, 1), 1, "same"),
    ((1, 2, 3, 2, 2), 2, 1, "same"),
    ((0, 4, 2), 2, None, "valid"),
]
GRIDS = [
    # shape of x, output_size
    ((2, 5, 2), (2,)),
    ((1, 4, 3, 2), (2, 2)),
    ((1, 2, 3, 1), (3, 1)),
    ((1, 2, 3, 2, 1), (2, 2, 1)),
    ((0, 4, 1), (2,)),
]


def windows_of(shape, *args):
    """The slices of each window of an input, by its place in the output."""
    windows = Windows.of(shape[1:-1], args[0], args[1] or args[0], args[2])
    found = {}
    for place in np.ndindex(*windows.counts(shape[1:-1])):
        ranges = [
            (i * stride - before, i * stride - before + size)
            for i, stride, (before, _), size in zip(
                place, windows.strides, windows.padding, windows.size, strict=True
            )
        ]
        found[place] = tuple(slice(max(0, a), b) for a, b in ranges)
    return found


def cells_of(shape, output_size):
    """The slices of each cell of a grid over an input, by its place in the output."""
    found = {}
    for place in np.ndindex(*output_size):
        each = list(zip(place, shape[1:-1], output_size, strict=True))
        starts = [int(np.floor(i * n / count)) for i, n, count in each]
        stops = [int(np.ceil((i + 1) * n / count)) for i, n, count in each]
        found[place] = tuple(map(slice, starts, stops))
    return found


def pooled(x, found, reduce):
    """What `reduce` makes of each window."""
    axes = tuple(range(1, x.ndim - 1))
    sizes = np.max(list(found), axis=0) + 1
    out = np.zeros((len(x), *sizes, x.shape[-1]))
    for place, window in found.items():
        out[(slice(None), *place)] = reduce(x[(slice(None), *window)], axis=axes)
    return out


def unpooled(y, found, shape):
    """Each element of y, in equal shares, over its window."""
    out = np.zeros(shape)
    for place, window in found.items():
        part = out[(slice(None), *window)]
        share = y[(slice(None), *place)] / max(part[:1, ..., 0].size, 1)
        part += share.reshape(len(y), *[1] * (y.ndim - 2), y.shape[-1])
    return out


def pools(grad, values, reduce):
    samples = []
    for shape, *args in CASES:
        found = windows_of(shape, *args)
        samples.append(
            Sample(
                lambda x, args=args: grad.apply(x, *args),
                values(*shape),
                reference=lambda x, found=found: pooled(x, found, reduce),
            )
        )
    for x in (strided(values(2, 3, 2)), fortran(values(2, 3, 2))):
        found = windows_of(x.shape, 2, 1, "valid")
        samples.append(
            Sample(
                lambda x: grad.apply(x, 2, strides=1),
                x,
                reference=lambda x, found=found: pooled(x, found, reduce),
            )
        )
    return samples


def grids(grad, values, reduce):
    samples = []
    for shape, output_size in GRIDS:
        found = cells_of(shape, output_size)
        samples.append(
            Sample(
                lambda x, size=output_size: grad.apply(x, size),
                values(*shape),
                reference=lambda x, found=found: pooled(x, found, reduce),
            )
        )
    return samples


def max_unpools():
    samples = []
    for shape, *args in CASES:
        windows = Windows.of(shape[1:-1], args[0], args[1] or args[0], args[2])
        found, x = windows_of(shape, *args), distinct(*shape)
        a = x, pooled(x, found, np.max), windows
        samples.append(
            Sample(
                lambda y, a=a: pooling.MaxUnpoolGrad.apply(y, *a),
                normal(shape[0], *windows.counts(shape[1:-1]), shape[-1]),
                reference=lambda y, x=x, found=found: put_at_maxima(y, x, found),
            )
        )
    return samples


def put_at_maxima(y, x, found):
    """Each element of y, added where the maximum of its window stands."""
    out = np.zeros(x.shape)
    for place, window in found.items():
        inside = (slice(None), *window)
        axes = tuple(range(1, x.ndim - 1))
        chosen = x[inside] == x[inside].max(axes, keepdims=True)
        each = y[(slice(None), *place)]
        out[inside] += chosen * each.reshape(len(y), *[1] * len(axes), y.shape[-1])
    return out


def global_max_pools():
    apply = pooling.GlobalMaxPoolGrad.apply
    samples = []
    for shape in [(2, 5, 2), (1, 3, 4, 2), (2, 2, 1, 3, 1), (0, 3, 2)]:
        axes = tuple(range(1, len(shape) - 1))
        for keepdims in (False, True):
            samples.append(
                Sample(
                    lambda x, keepdims=keepdims: apply(x, keepdims=keepdims),
                    distinct(*shape),
                    reference=lambda x, axes=axes, keepdims=keepdims: x.max(
                        axes, keepdims=keepdims
                    ),
                )
            )
    for x in (strided(distinct(2, 3, 2)), fortran(distinct(2, 3, 2))):
        samples.append(Sample(apply, x, reference=lambda x: x.max(1)))
    return samples


def average_unpools():
    samples = []
    for shape, *args in CASES:
        windows = Windows.of(shape[1:-1], args[0], args[1] or args[0], args[2])
        found = windows_of(shape, *args)
        samples.append(
            Sample(
                lambda y, a=(windows, shape): pooling.AverageUnpoolGrad.apply(y, *a),
                normal(shape[0], *windows.counts(shape[1:-1]), shape[-1]),
                reference=lambda y, a=(found, shape): unpooled(y, *a),
            )
        )
    return samples


def adaptive_average_unpools():
    samples = []
    for shape, output_size in GRIDS:
        found = cells_of(shape, output_size)
        samples.append(
            Sample(
                lambda y, shape=shape: pooling.AdaptiveAverageUnpoolGrad.apply(
                    y, shape
                ),
                normal(shape[0], *output_size, shape[-1]),
                reference=lambda y, a=(found, shape): unpooled(y, *a),
            )
        )
    return samples


SAMPLES = {
    pooling.MaxPoolGrad: pools(pooling.MaxPoolGrad, distinct, np.max),
    pooling.GlobalMaxPoolGrad: global_max_pools(),
    pooling.MaxUnpoolGrad: max_unpools(),
    pooling.AveragePoolGrad: pools(pooling.AveragePoolGrad, normal, np.mean),
    pooling.AverageUnpoolGrad: average_unpools(),
    pooling.AdaptiveMaxPoolGrad: grids(pooling.AdaptiveMaxPoolGrad, distinct, np.max),
    pooling.AdaptiveAveragePoolGrad: grids(
        pooling.AdaptiveAveragePoolGrad, normal, np.mean
    ),
    pooling.AdaptiveAverageUnpoolGrad: adaptive_average_unpools(),
}
