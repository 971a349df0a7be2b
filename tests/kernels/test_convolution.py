"""The three products of a convolution agree with each other on every path."""

import numpy as np
import pytest

from keratorch import threads
from keratorch.kernels import columns, convolution, parts, planes, spreading
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
    ((3, 5, 6, 9), (3, 3, 9, 18), (1, "same", 2)),  # by taps
    ((2, 7, 6, 2), (3, 2, 2, 9), ((3, 2), 1, (2, 1))),  # to channels by planes
    ((2, 7, 6, 9), (3, 2, 9, 2), ((1, 2), 1, (2, 1))),  # to filters by planes
    ((2, 7, 8, 9), (3, 2, 9, 2), ((2, 4), "same")),  # by grids, of which some are empty
    ((8, 8, 8, 48), (3, 3, 48, 48), (1, "same")),  # by tiles
    ((0, 6, 6, 3), (3, 3, 3, 4), (1, "same")),
    ((0, 6, 6, 3), (3, 3, 3, 1), (1, "same")),
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
    monkeypatch.setattr(parts, "CHUNK", 1)
    monkeypatch.setattr(columns, "_ROWS", 1)
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


def rows_of(x, *arguments):
    windows = Windows.of(x.shape[1:-1], *arguments)
    plan = columns.Columns(windows, x.shape[1:-1], x.shape[-1], 1, 1)
    ((lines, rows),) = plan.blocks(x)
    assert lines == slice(0, *windows.counts(x.shape[1:-1])[:1])
    return rows[0]


def test_columns_are_the_windows():
    x = np.arange(24.0).reshape(1, 4, 3, 2)
    expected = [x[0, i : i + 2, j : j + 2].ravel() for i in range(3) for j in range(2)]
    np.testing.assert_array_equal(rows_of(x, 2), expected)


@pytest.mark.parametrize(
    "shape, order", [((2, 9, 9, 16), "C"), ((2, 9, 9, 1), "F"), ((2, 9, 9, 2), "F")]
)
def test_columns_are_copied_in_the_order_that_runs_longer(shape, order):
    assert rows_of(np.ones(shape), 3).flags[f"{order}_CONTIGUOUS"]


def test_columns_of_single_elements_are_no_copy():
    x = np.ones((2, 3, 4, 5))
    assert np.shares_memory(x, rows_of(x, 1))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@each_shape
def test_dtype_is_kept(shape, kernel_shape, arguments, dtype):
    *arrays, windows = drawn(shape, kernel_shape, arguments)
    for product in products(*(a.astype(dtype) for a in arrays), windows):
        assert product.dtype == dtype


@pytest.mark.parametrize(
    "shape, kernel_shape, arguments, plan",
    [
        ((8, 9, 9, 16), (3, 3, 16, 64), (1, "same", 2), spreading.Taps),
        ((8, 9, 9, 32), (3, 3, 32, 1), (1, "same"), spreading.Grids),
        ((8, 9, 9, 3), (3, 3, 3, 16), (2, "same"), planes.Planes),
        ((8, 9, 9, 16), (1, 1, 16, 64), (), spreading.Grids),
        ((8, 9, 9, 4), (3, 3, 1, 8), (), spreading.SpreadDepthwise),
    ],
)
def test_shapes_choose_how_to_spread(shape, kernel_shape, arguments, plan):
    windows = Windows.of(shape[1:-1], kernel_shape[:-2], *arguments)
    assert type(spreading.spreading(np.ones(kernel_shape), windows, shape)) is plan


@each_shape
def test_gradients_in_one_pass_equal_the_single_ones(shape, kernel_shape, arguments):
    x, kernel, grad, windows = drawn(shape, kernel_shape, arguments)
    out = np.where(np.cos(9 * grad) > 0, 1, 0)
    masked = grad * out
    expected = (
        *products(x, kernel, masked, windows)[1:],
        masked.sum((*range(x.ndim - 1),)),
    )
    found = convolution.gradients(x, kernel, grad, windows, out=out)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-11)


@each_shape
def test_transposed_gradients_equal_the_single_ones(shape, kernel_shape, arguments):
    grad, kernel, y, windows = drawn(shape, kernel_shape, arguments)
    out = np.where(np.cos(9 * grad) > 0, 1, 0)
    masked = grad * out
    by_y, _, by_kernel = products(masked, kernel, y, windows)
    expected = by_y, by_kernel, masked.sum((*range(grad.ndim - 1),))
    found = convolution.transposed_gradients(y, kernel, grad, windows, out=out)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-11)


@each_shape
def test_bias_and_relu_are_computed_with_it(shape, kernel_shape, arguments):
    x, kernel, grad, windows = drawn(shape, kernel_shape, arguments)
    plain, spread, _ = products(x, kernel, grad, windows)
    for out, like in ((plain, x), (spread, grad)):
        bias = np.cos(np.arange(out.shape[-1]))
        finish = convolution.Finish(bias, relu=True)
        if like is x:
            found = convolution.conv(x, kernel, windows, finish)
        else:
            found = convolution.input_gradient(grad, kernel, windows, x.shape, finish)
        np.testing.assert_allclose(found, np.maximum(out + bias, 0), atol=1e-12)


@pytest.fixture
def with_threads():
    yield threads.set_num_threads
    threads.set_num_threads(None)


@pytest.mark.parametrize(
    "shape, kernel_shape, arguments",
    [
        ((9, 24, 24, 16), (3, 3, 16, 24), ()),
        ((7, 20, 20, 32), (3, 3, 32, 32), (1, "same")),
        ((9, 40, 40, 8), (3, 3, 1, 8), (1, "same")),
        ((9, 31, 31, 8), (5, 5, 8, 16), (2, "same")),
    ],
)
def test_bits_do_not_depend_on_the_number_of_threads(
    shape, kernel_shape, arguments, with_threads
):
    *arrays, windows = drawn(shape, kernel_shape, arguments)
    x, kernel, grad = (array.astype(np.float32) for array in arrays)
    finish = convolution.Finish(np.ones(grad.shape[-1], np.float32), relu=True)
    results = []
    for count in (1, 2, 5):
        with_threads(count)
        out = convolution.conv(x, kernel, windows, finish)
        found = convolution.gradients(x, kernel, grad, windows, out=out)
        results.append([array.tobytes() for array in (out, *found)])
    assert results[0] == results[1] == results[2]
