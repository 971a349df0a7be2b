"""The three products of a convolution agree with each other on every path."""

import numpy as np
import pytest

from keratorch.kernels import convolution
from keratorch.kernels.windows import Windows

SHAPES = [
    # x, kernel, arguments of Windows.of
    ((3, 7, 2), (3, 2, 4), (1, "same")),
    ((3, 9, 1), (3, 1, 2), (2, "valid")),
    ((4, 6, 5, 3), (3, 2, 3, 4), (2, "same")),
    ((4, 6, 5, 4), (2, 2, 2, 6), (1, 1, 2)),
    ((3, 5, 5, 3), (3, 3, 1, 6), ((1, 2), "same")),
    ((3, 4, 6, 8), (1, 1, 8, 2), ()),
    ((2, 4, 6, 2), (1, 1, 2, 2), (2,)),
    ((2, 3, 4, 5, 2), (2, 2, 3, 2, 3), (1, "same")),
    ((3, 5, 6, 1), (2, 3, 1, 2), (1, [(-1, 2), (0, -2)])),
]
each_shape = pytest.mark.parametrize("shape, kernel_shape, arguments", SHAPES)


def drawn(shape, kernel_shape, arguments):
    rng = np.random.default_rng(0)
    windows = Windows.of(shape[1:-1], kernel_shape[:-2], *arguments)
    counts = windows.counts(shape[1:-1])
    x, kernel = rng.normal(size=shape), rng.normal(size=kernel_shape)
    return x, kernel, rng.normal(size=(shape[0], *counts, kernel_shape[-1])), windows


def products(x, kernel, grad, windows):
    return (
        convolution.conv(x, kernel, windows),
        convolution.input_gradient(grad, kernel, windows, x.shape),
        convolution.kernel_gradient(x, grad, windows, kernel.shape),
    )


@each_shape
def test_each_product_is_the_derivative_of_one_sum(shape, kernel_shape, arguments):
    x, kernel, grad, windows = drawn(shape, kernel_shape, arguments)
    out, by_x, by_kernel = products(x, kernel, grad, windows)
    total = (out * grad).sum()
    assert (by_x * x).sum() == pytest.approx(total)
    assert (by_kernel * kernel).sum() == pytest.approx(total)


@each_shape
def test_batches_may_be_cut_into_chunks(shape, kernel_shape, arguments, monkeypatch):
    given = drawn(shape, kernel_shape, arguments)
    whole = products(*given)
    monkeypatch.setattr(convolution, "_CHUNK", 1)
    for one, other in zip(products(*given), whole, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@each_shape
def test_memory_order_of_the_arrays_does_not_matter(shape, kernel_shape, arguments):
    x, kernel, grad, windows = drawn(shape, kernel_shape, arguments)
    expected = products(x, kernel, grad, windows)
    channels_first = np.moveaxis(np.moveaxis(x, -1, 1).copy(), 1, -1)
    views = channels_first, np.asfortranarray(kernel), grad[::-1].copy()[::-1]
    for one, other in zip(products(*views, windows), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("filters", [1, 3])
def test_depthwise_path_equals_one_convolution_for_each_channel(filters):
    given = drawn((2, 6, 5, 4), (3, 2, 1, 4 * filters), (2, "same"))
    x, kernel, grad, windows = given
    for i in range(4):
        ins, outs = slice(i, i + 1), slice(i * filters, (i + 1) * filters)
        alone = products(x[..., ins], kernel[..., outs], grad[..., outs], windows)
        picks = outs, ins, outs
        for one, other, pick in zip(products(*given), alone, picks, strict=True):
            np.testing.assert_allclose(one[..., pick], other, rtol=1e-12)


def test_columns_are_the_windows():
    x = np.arange(24.0).reshape(1, 4, 3, 2)
    windows = Windows.of((4, 3), 2)
    rows = convolution.columns(x, windows)
    expected = [x[0, i : i + 2, j : j + 2].ravel() for i in range(3) for j in range(2)]
    np.testing.assert_array_equal(rows, expected)


@pytest.mark.parametrize(
    "shape, order", [((2, 9, 9, 16), "C"), ((2, 9, 9, 1), "F"), ((2, 9, 9, 2), "F")]
)
def test_columns_are_copied_in_the_order_that_runs_longer(shape, order):
    rows = convolution.columns(np.ones(shape), Windows.of((9, 9), 3))
    assert rows.flags[f"{order}_CONTIGUOUS"]


def test_columns_of_single_elements_are_no_copy():
    x = np.ones((2, 3, 4, 5))
    assert np.shares_memory(x, convolution.columns(x, Windows.of((3, 4), 1)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@each_shape
def test_dtype_is_kept(shape, kernel_shape, arguments, dtype):
    *arrays, windows = drawn(shape, kernel_shape, arguments)
    for product in products(*(a.astype(dtype) for a in arrays), windows):
        assert product.dtype == dtype
