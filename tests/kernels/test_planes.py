"""Convolutions by planes equal those by columns, wherever the windows lie."""

import numpy as np
import pytest

from keratorch.kernels import planes, products
from keratorch.kernels.parts import added, chunks
from keratorch.kernels.windows import Windows

CASES = [
    # x, kernel, arguments of Windows.of
    ((3, 7, 5), (3, 5, 2), (1, "same")),
    ((5, 6, 7, 4), (3, 3, 4, 1), (1, "same")),
    ((4, 6, 5, 9), (3, 2, 9, 2), (2, "same")),
    ((2, 7, 6, 4), (2, 2, 4, 3), (1, 1, (2, 3))),
    ((2, 5, 6, 3), (2, 3, 3, 1), (1, [(-1, 2), (0, -2)])),
    ((2, 3, 4, 5, 4), (2, 2, 3, 4, 2), (1, "same")),
]
each_case = pytest.mark.parametrize("shape, kernel_shape, arguments", CASES)
each_dtype = pytest.mark.parametrize(
    "dtype, tolerance", [(np.float32, 1e-5), (np.float64, 1e-13)]
)


def drawn(shape, kernel_shape, arguments, dtype):
    rng = np.random.default_rng(0)
    windows = Windows.of(shape[1:-1], kernel_shape[:-2], *arguments)
    x = rng.normal(size=shape).astype(dtype)
    kernel = rng.normal(size=kernel_shape).astype(dtype)
    counts = windows.counts(shape[1:-1])
    grad = rng.normal(size=(shape[0], *counts, kernel_shape[-1])).astype(dtype)
    return x, kernel, grad, windows


@each_dtype
@each_case
def test_planes_equal_columns(shape, kernel_shape, arguments, dtype, tolerance):
    x, kernel, grad, windows = drawn(shape, kernel_shape, arguments, dtype)
    results = []
    for plan in (
        planes.to_filters(kernel, windows, shape[1:-1]),
        products.ByColumns(kernel, windows, shape[1:-1], shape[-1]),
    ):
        out = np.empty_like(grad)
        for some in chunks(slice(0, len(x)), plan.step):
            plan(x[some], out[some])
        results.append(out)
    np.testing.assert_allclose(*results, rtol=tolerance, atol=10 * tolerance)


@each_dtype
@each_case
def test_gradients_of_kernels_by_planes_equal_those_by_columns(
    shape, kernel_shape, arguments, dtype, tolerance
):
    x, kernel, grad, windows = drawn(shape, kernel_shape, arguments, dtype)
    results = []
    for plan in (
        planes.KernelByPlanes(kernel.shape, windows, shape[1:-1]),
        products.KernelByColumns(kernel.shape, windows, shape[1:-1], shape[-1]),
    ):
        total = added(plan.of(x[i : i + 1], grad[i : i + 1]) for i in range(len(x)))
        results.append(plan.kernel(total))
    np.testing.assert_allclose(*results, rtol=tolerance, atol=10 * tolerance)
    assert results[0].dtype == dtype


@pytest.mark.parametrize(
    "shape, kernel_shape, is_chosen",
    [
        ((8, 28, 28, 32), (3, 3, 32, 1), True),
        ((8, 28, 28, 32), (5, 5, 32, 3), True),
        ((8, 28, 28, 32), (3, 3, 32, 32), False),
        ((8, 28, 28, 1), (3, 3, 1, 4), False),
        ((8, 28, 28, 4), (3, 3, 2, 2), False),
    ],
)
def test_few_filters_of_many_channels_are_computed_by_planes(
    shape, kernel_shape, is_chosen
):
    windows = Windows.of(shape[1:-1], kernel_shape[:-2], 1, "same")
    plan = products.product(np.ones(kernel_shape), windows, shape)
    kernel_plan = products.kernel_product(kernel_shape, windows, shape)
    assert isinstance(plan, planes.Planes) == is_chosen
    assert isinstance(kernel_plan, planes.KernelByPlanes) == is_chosen
