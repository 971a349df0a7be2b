"""Kernels of normalization: odd shapes, any number of threads, far-off data."""

import numpy as np
import pytest

from keratorch import GradArray, config, gradients, layers, threads
from keratorch.grads.normalization import (
    NormalizeChannelsGrad,
    NormalizeRowsGrad,
    ScaleChannelsGrad,
)
from keratorch.kernels import normalization

RNG = np.random.default_rng(3)

CHANNELS = [
    ((2, 50, 30, 32), {}),
    ((3, 1021, 7), {}),
    ((3, 1021, 7), {"axis": 1}),
    ((6, 40, 41, 3), {"axis": 1, "together": False}),
    ((5, 70, 80, 4), {"together": False, "groups": 2}),
    ((300, 7, 7, 16), {"together": False, "groups": 4}),
    ((4, 6, 50, 60), {"axis": 1, "together": False, "groups": 3}),
    ((7, 20001), {}),
    ((20001, 1), {}),
    ((33, 512), {}),
]
ROWS = [
    ((20, 50, 32), {}),
    ((1021, 7), {}),
    ((3, 20001), {}),
    ((20001, 1), {}),
    ((5, 30, 7, 9), {"axis": (1, 3)}),
    ((70, 30, 8), {"axis": (0,), "centered": False}),
    ((700, 33), {"centered": False}),
]
CASES = [
    *((NormalizeChannelsGrad, 2, *case) for case in CHANNELS),
    *((NormalizeRowsGrad, 2, *case) for case in ROWS),
    (ScaleChannelsGrad, 3, (2, 50, 30, 32), {}),
    (ScaleChannelsGrad, 3, (3, 1021, 7), {"axis": 1}),
]


def made(grad, count, shape, params, dtype, seed=0):
    """Return inputs, and what the operation and its derivative make of them."""
    rng = np.random.default_rng(seed)
    axes = params.get("axis", -1)
    lengths = [shape[i] for i in (axes if isinstance(axes, tuple) else (axes,))]
    x = rng.normal(1, 2, size=shape)
    vectors = [rng.normal(1, 1, size=lengths) for _ in range(count)]
    inputs = [GradArray(v.astype(dtype)) for v in (x, *vectors)]
    if grad is not ScaleChannelsGrad:
        params = {**params, "epsilon": 1e-3}
    out = grad.apply(*inputs, **params)
    upstream = rng.normal(size=shape).astype(dtype)
    return [out.numpy(), *gradients(out, inputs, upstream)]


@pytest.mark.parametrize("chunk", [2**8, 2**12, normalization._CHUNK])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("grad", "count", "shape", "params"), CASES)
def test_odd_shapes_equal_the_textbook(
    grad, count, shape, params, dtype, chunk, monkeypatch
):
    monkeypatch.setattr(normalization, "_CHUNK", chunk)
    found = made(grad, count, shape, params, dtype)
    config.set_fast(False)
    try:
        expected = made(grad, count, shape, params, np.float64)
    finally:
        config.set_fast(True)
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == dtype
        rounding = 3e-6 if dtype == np.float32 else 1e-13
        scale = max(np.abs(other).max(), np.sqrt(found[0].size / other.size))
        np.testing.assert_allclose(one, other, rtol=rounding, atol=rounding * scale)


@pytest.mark.parametrize(("grad", "count", "shape", "params"), CASES)
def test_any_number_of_threads_gives_the_same_bits(grad, count, shape, params):
    results = []
    try:
        for number in (1, 2, 5):
            threads.set_num_threads(number)
            results.append(made(grad, count, shape, params, np.float32))
    finally:
        threads.set_num_threads(None)
    for other in results[1:]:
        for one, two in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(one, two)


def test_variance_of_data_far_from_zero_is_no_difference_of_squares():
    x = RNG.normal(1000, 1, size=(40000, 8)).astype(np.float32)
    cells = normalization.Channels(x[None], groups=8, together=True)
    mean, variance = cells.moments()
    np.testing.assert_allclose(mean[0], x.mean(axis=0, dtype=float), rtol=1e-6)
    np.testing.assert_allclose(variance[0], x.var(axis=0, dtype=float), rtol=1e-5)
    rows = normalization.Rows(np.ascontiguousarray(x.T))
    _, mean, inverse = rows.normalized(None, None, 0.0)
    np.testing.assert_allclose(mean[:, 0], x.mean(axis=0, dtype=float), rtol=1e-6)
    np.testing.assert_allclose(1 / inverse[:, 0], x.std(axis=0, dtype=float), rtol=1e-5)


def test_one_row_is_its_own_mean():
    x = GradArray(RNG.normal(size=(1, 5)).astype(np.float32))
    out = NormalizeChannelsGrad.apply(x, epsilon=1e-3)
    np.testing.assert_array_equal(out.numpy(), 0)
    out.backward(RNG.normal(size=(1, 5)).astype(np.float32))
    np.testing.assert_allclose(x.grad, 0, atol=1e-5)


@pytest.mark.parametrize("axis", [-1, 1])
def test_averages_move_as_the_textbook_moves_them(axis):
    x = RNG.normal(3, 2, size=(20, 6, 30, 6)).astype(np.float32)
    moved = []
    try:
        for fast in (True, False):
            config.set_fast(fast)
            layer = layers.BatchNormalization(axis=axis, momentum=0.5)
            layer(x, training=True)
            moved.append(layer.get_weights())
    finally:
        config.set_fast(True)
    for one, other in zip(*moved, strict=True):
        np.testing.assert_allclose(one, other, rtol=5e-6)


def test_frozen_gamma_and_beta_get_no_gradient():
    x = GradArray(RNG.normal(size=(4, 3)).astype(np.float32))
    layer = layers.BatchNormalization(trainable=False)
    out = layer(x, training=True)
    out.backward(np.ones((4, 3), np.float32))
    assert layer.gamma.grad is None
    np.testing.assert_allclose(x.grad, 1 / np.sqrt(1 + 1e-3), rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float16, np.complex128])
def test_other_dtypes_go_by_the_textbook(dtype):
    x = GradArray(RNG.normal(size=(4, 3)).astype(dtype))
    out = NormalizeRowsGrad.apply(x, epsilon=0.1)
    assert out.dtype == dtype
    assert not isinstance(out.grad_op, NormalizeRowsGrad)
