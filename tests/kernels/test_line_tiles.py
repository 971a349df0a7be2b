"""Convolutions by tiles of lines equal those by columns, wherever tiles may lie."""

import numpy as np
import pytest

from keratorch.kernels import convolution, line_tiles, products
from keratorch.kernels.parts import added, chunks
from keratorch.kernels.windows import Windows

CASES = [
    # shape of x, filters, padding
    ((2, 9, 3), 4, "valid"),
    ((3, 8, 3), 2, "same"),
    ((2, 7, 2), 3, "causal"),
    ((2, 5, 1), 2, [(-1, 4)]),
    ((3, 5, 6, 2), 3, "same"),
    ((2, 8, 7, 3), 2, "same"),
    ((2, 3, 3, 2), 3, "valid"),
    ((2, 6, 9, 2), 3, "valid"),
    ((2, 1, 2, 4), 1, "same"),
    ((2, 7, 5, 1), 2, [(2, 0), (0, 3)]),
    ((2, 7, 5, 1), 2, [(0, 1), (4, 1)]),
    ((1, 8, 9, 2), 2, [(-1, 2), (3, -2)]),
    ((1, 9, 8, 2), 2, [(3, -2), (-2, 1)]),
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
    each = chunks(slice(0, len(x)), plan.step)
    for some in each:
        plan(x[some], out[some])
    each = chunks(slice(0, len(x)), kernel_plan.step)
    return out, kernel_plan.kernel(added(kernel_plan.of(x[i], grad[i]) for i in each))


def by_lines(x, kernel, grad, windows):
    lengths = x.shape[1:-1]
    return computed(
        line_tiles.ByLines(kernel, windows, lengths),
        line_tiles.KernelByLines(kernel.shape, windows, lengths),
        x,
        grad,
    )


def by_columns(x, kernel, grad, windows):
    lengths, channels = x.shape[1:-1], x.shape[-1]
    return computed(
        products.ByColumns(kernel, windows, lengths, channels),
        products.KernelByColumns(kernel.shape, windows, lengths, channels),
        x,
        grad,
    )


@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 1e-5), (np.float64, 1e-13)])
@each_case
def test_tiles_of_lines_equal_columns(shape, filters, padding, dtype, tolerance):
    given = drawn(shape, filters, padding, dtype)
    for one, other in zip(by_lines(*given), by_columns(*given), strict=True):
        assert one.dtype == dtype
        scale = tolerance * np.abs(other).max(initial=0)
        np.testing.assert_allclose(one, other, rtol=0, atol=scale)


@each_case
def test_images_may_be_cut_into_lines_of_tiles(shape, filters, padding, monkeypatch):
    given = drawn(shape, filters, padding)
    monkeypatch.setattr(line_tiles, "fitting", lambda numbers: 1)
    for one, other in zip(by_lines(*given), by_columns(*given), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-11)


def test_half_precision_is_rounded_once():
    x, kernel, grad, windows = drawn((2, 8, 7, 3), 2, "same", np.float16)
    exact = by_columns(*(a.astype(float) for a in (x, kernel, grad)), windows)
    out, of_kernel = by_lines(x, kernel, grad, windows)
    assert out.dtype == np.float16
    np.testing.assert_allclose(out, exact[0], rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(of_kernel, exact[1], rtol=1e-4, atol=1e-4)


def test_kernel_of_more_precision_than_the_images_keeps_it():
    x, kernel, grad, windows = drawn((2, 8, 7, 3), 2, "same")
    exact = by_columns(x.astype(np.float32), kernel, grad, windows)
    found = by_lines(x.astype(np.float32), kernel, grad, windows)
    for one, other in zip(found, exact, strict=True):
        assert one.dtype == np.float64
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)


def test_what_lies_between_lines_is_not_looked_at():
    x, kernel, grad, windows = drawn((2, 6, 6, 2), 3, "valid")
    x[0, :, :3] = np.nan
    out, _ = by_lines(x, kernel, grad, windows)
    expected, _ = by_columns(x, kernel, grad, windows)
    assert np.isnan(expected[0]).any() and not np.isnan(expected[1]).any()
    np.testing.assert_array_equal(np.isnan(out), np.isnan(expected))


@pytest.mark.parametrize(
    "kernel, strides, dilation, channels",
    [((3, 3), 2, 1, 64), ((3, 3), 1, 2, 64), ((5, 5), 1, 1, 64), ((3, 3), 1, 1, 128)],
)
def test_other_windows_and_groups_have_no_tiles(kernel, strides, dilation, channels):
    windows = Windows.of((16, 16), kernel, strides, "same", dilation)
    cost = line_tiles.cost((*kernel, 64, 64), windows, (8, 16, 16, channels))
    assert cost == float("inf")


def test_volumes_have_no_tiles_of_lines():
    windows = Windows.of((8, 8, 8), 3, 1, "same")
    assert line_tiles.cost((3, 3, 3, 8, 8), windows, (2, 8, 8, 8, 8)) == float("inf")


def test_tiles_of_lines_are_chosen_but_for_single_channels_and_small_images():
    chosen = {
        (16, 64, 64): line_tiles.ByLines,
        (32, 3, 32): line_tiles.ByLines,
        (16, 1, 16): products.ByColumns,
        (3, 64, 64): products.ByColumns,
    }
    for (length, channels, filters), plan in chosen.items():
        windows = Windows.of((length, length), 3, 1, "same" if length > 3 else "valid")
        kernel, shape = (3, 3, channels, filters), (8, length, length, channels)
        assert type(products.product(np.ones(kernel), windows, shape)) is plan


@pytest.mark.parametrize("shape", [(8, 9, 8, 40), (8, 50, 40)])
def test_whole_convolution_is_the_derivative_of_one_sum(shape):
    x, kernel, grad, windows = drawn(shape, 48, "same")
    assert type(products.product(kernel, windows, x.shape)) is line_tiles.ByLines
    out = convolution.conv(x, kernel, windows)
    by_x, by_kernel, by_bias = convolution.gradients(x, kernel, grad, windows)
    total = (out * grad).sum()
    assert (by_x * x).sum() == pytest.approx(total)
    assert (by_kernel * kernel).sum() == pytest.approx(total)
    np.testing.assert_allclose(by_bias, grad.sum(tuple(range(grad.ndim - 1))))
