"""Convolutions by tiles equal those by columns, wherever tiles may lie."""

import numpy as np
import pytest

from keratorch.kernels import convolution, products, winograd
from keratorch.kernels.parts import added, chunks
from keratorch.kernels.windows import Windows

CASES = [
    # shape of x, filters, padding
    ((2, 7, 3), 4, "valid"),
    ((2, 6, 3), 2, "same"),
    ((3, 5, 6, 2), 3, "same"),
    ((2, 3, 3, 2), 3, "valid"),
    ((2, 1, 2, 4), 1, "same"),
    ((2, 7, 5, 1), 2, [(2, 0), (0, 3)]),
    ((1, 8, 9, 2), 2, [(-1, 2), (3, -2)]),
    ((2, 4, 3, 5, 2), 3, "same"),
]
each_case = pytest.mark.parametrize("shape, filters, padding", CASES)


def drawn(shape, filters, padding, dtype=float):
    rng = np.random.default_rng(0)
    rank = len(shape) - 2
    windows = Windows.of(shape[1:-1], (3,) * rank, 1, padding)
    x = rng.normal(size=shape).astype(dtype)
    kernel = rng.normal(size=(*(3,) * rank, shape[-1], filters)).astype(dtype)
    counts = windows.counts(shape[1:-1])
    grad = rng.normal(size=(shape[0], *counts, filters)).astype(dtype)
    return x, kernel, grad, windows


def computed(plan, kernel_plan, x, grad):
    out = np.empty_like(grad)
    for some in chunks(slice(0, len(x)), plan.step):
        plan(x[some], out[some])
    each = chunks(slice(0, len(x)), kernel_plan.step)
    return out, kernel_plan.kernel(added(kernel_plan.of(x[i], grad[i]) for i in each))


def both_ways(x, kernel, grad, windows):
    lengths, channels = x.shape[1:-1], x.shape[-1]
    tiles = (
        winograd.Winograd(kernel, windows, lengths),
        winograd.WinogradKernel(kernel.shape, windows, lengths),
    )
    columns = (
        products.ByColumns(kernel, windows, lengths, channels),
        products.KernelByColumns(kernel.shape, windows, lengths, channels),
    )
    return computed(*tiles, x, grad), computed(*columns, x, grad)


@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 1e-5), (np.float64, 1e-13)])
@each_case
def test_tiles_equal_columns(shape, filters, padding, dtype, tolerance):
    given = drawn(shape, filters, padding, dtype)
    for one, other in zip(*both_ways(*given), strict=True):
        assert one.dtype == dtype
        scale = tolerance * np.abs(other).max()
        np.testing.assert_allclose(one, other, rtol=0, atol=scale)


@each_case
def test_images_may_be_cut_into_lines_of_tiles(shape, filters, padding, monkeypatch):
    monkeypatch.setattr(winograd, "CHUNK", 1)
    monkeypatch.setattr(winograd, "_ROWS", 1)
    for one, other in zip(*both_ways(*drawn(shape, filters, padding)), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(
    "kernel, strides, dilation, channels",
    [((3, 3), 2, 1, 64), ((3, 3), 1, 2, 64), ((5, 5), 1, 1, 64), ((3, 3), 1, 1, 128)],
)
def test_other_windows_and_groups_have_no_tiles(kernel, strides, dilation, channels):
    windows = Windows.of((16, 16), kernel, strides, "same", dilation)
    cost = winograd.cost((*kernel, 64, 64), windows, (8, 16, 16, channels))
    assert cost == float("inf")


def test_tiles_are_chosen_for_volumes_where_channels_are_many():
    windows = Windows.of((8, 8, 8), 3, 1, "same")
    many = products.product(np.ones((3, 3, 3, 64, 64)), windows, (8, 8, 8, 8, 64))
    few = products.product(np.ones((3, 3, 3, 1, 16)), windows, (8, 8, 8, 8, 1))
    assert type(many) is winograd.Winograd
    assert type(few) is products.ByColumns


def test_whole_convolution_by_tiles_is_the_derivative_of_one_sum():
    x, kernel, grad, windows = drawn((2, 6, 5, 6, 40), 48, "same")
    assert type(products.product(kernel, windows, x.shape)) is winograd.Winograd
    out = convolution.conv(x, kernel, windows)
    by_x, by_kernel, by_bias = convolution.gradients(x, kernel, grad, windows)
    total = (out * grad).sum()
    assert (by_x * x).sum() == pytest.approx(total)
    assert (by_kernel * kernel).sum() == pytest.approx(total)
    np.testing.assert_allclose(by_bias, grad.sum((0, 1, 2, 3)))
