"""What a sample is, and how the families make theirs.

The function of a `Sample` takes arrays and applies the operation; it is called with
GradArrays, and with ndarrays for NumPy's own answer, unless the sample has a
`reference` of its own.  Stay away from ties and kinks, where central differences mean
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


@dataclass
class Sample:
    """One use of an operation: ``function(*inputs)``."""

    function: Callable
    inputs: tuple
    reference: Callable | None = None  # the same on ndarrays, if `function` cannot
    keeps_dtype: bool = True  # float32 in, float32 out
    like: Callable | None = None  # a sample of other shapes, given hypothesis's draw

    def __init__(self, function, *inputs, reference=None, keeps_dtype=True, like=None):
        self.function, self.inputs = function, inputs
        self.reference = reference or function
        self.keeps_dtype = keeps_dtype
        self.like = like


_rng = np.random.default_rng(7)


def reseed(seed):
    """Let the generators below start anew."""
    global _rng
    _rng = np.random.default_rng(seed)


SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)
FILLED = hnp.array_shapes(min_dims=0, max_dims=4, min_side=1, max_side=3)
PAIRS = hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3)


def normal(*size):
    return _rng.normal(size=size)


def complex_normal(*size):
    return normal(*size) + 1j * normal(*size)


def positive(*size):
    return _rng.uniform(0.5, 2.0, size)


def fractions(*size):
    return _rng.uniform(0.1, 0.9, size)


def distinct(*size):
    """Numbers at least 0.25 apart, of both signs and none near 0."""
    count = int(np.prod(size))
    return ((_rng.permutation(count) - count / 2 + 0.3) / 4).reshape(size)


def between(*size):
    """Numbers that are none of those of `distinct`."""
    return distinct(*size) + 0.1


def strided(values):
    """The values with gaps between them, and walked backwards, in memory."""
    wide = np.zeros((*values.shape[:-1], values.shape[-1] * 2), values.dtype)
    wide[..., ::2] = values
    return wide[..., ::2][..., ::-1]


def fortran(values):
    return np.asfortranarray(values)


def zero_d(value):
    return np.array(float(value))


def binary(function, values, others=None):
    """Samples of a function of two arrays, of every way to broadcast."""
    others = others or values

    def like(draw):
        one, two = draw(PAIRS).input_shapes
        return Sample(function, values(*one), others(*two))

    return [
        Sample(function, values(2, 3), others(2, 3), like=like),
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

    def like(draw):
        return Sample(function, values(*draw(SHAPES)), reference=reference)

    return [
        Sample(function, values(2, 3), reference=reference, like=like),
        Sample(function, values(), reference=reference),
        Sample(function, values(0, 2), reference=reference),
        Sample(function, strided(values(2, 2, 2)), reference=reference),
        Sample(function, fortran(values(3, 2)), reference=reference),
    ]


def reductions(function, values):
    """Samples of a reduction along every kind of axis."""

    def like(draw):
        x, keepdims = values(*draw(FILLED)), draw(st.booleans())
        axis = draw(hnp.valid_tuple_axes(x.ndim) | st.none())
        return Sample(lambda x: function(x, axis=axis, keepdims=keepdims), x)

    return [
        Sample(function, values(2, 3), like=like),
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
