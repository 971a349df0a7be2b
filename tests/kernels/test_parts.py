"""Work is cut by its shapes alone, and nothing of it is lost."""

import numpy as np
import pytest

from keratorch.kernels import parts, products
from keratorch.kernels.parts import blocks_of, in_blocks
from keratorch.kernels.windows import Windows


def test_blocks_are_equal_and_have_rows_enough():
    assert blocks_of(0, 100) == blocks_of(5, 100) == 1
    assert blocks_of(128, 64 * 256) == 4
    assert blocks_of(120, 16_000) == 2
    assert blocks_of(129, 16_000) == 3
    assert blocks_of(127, 64 * 256) == 1  # a prime number
    assert blocks_of(128, 2**30) == 1


def test_blocks_are_views_of_rows_one_after_the_other():
    rows = np.arange(24).reshape(2, 4, 3)
    blocks = in_blocks(rows.swapaxes(1, 2)[:, :, :2], 3)
    assert blocks.shape == (2, 3, 1, 2)
    assert np.shares_memory(blocks, rows)
    assert in_blocks(None, 3) is None


@pytest.mark.parametrize("groups", [1, 2])
def test_convolution_by_columns_is_that_of_its_blocks(groups, monkeypatch):
    rng = np.random.default_rng(0)
    windows = Windows.of((6, 6), 3, 1, "same")
    x, grad = rng.normal(size=(4, 6, 6, 4)), rng.normal(size=(4, 6, 6, 8))
    kernel = rng.normal(size=(3, 3, 4 // groups, 8))
    found = []
    for few, fewest in [(10**6, 32), (100, 1)]:
        monkeypatch.setattr(parts, "_SMALL", few)
        monkeypatch.setattr(parts, "_FEWEST", fewest)
        out = np.empty_like(grad)
        products.ByColumns(kernel, windows, (6, 6), 4)(x, out)
        plan = products.KernelByColumns(kernel.shape, windows, (6, 6), 4)
        found.append((out, plan.kernel(plan.of(x, grad))))
    for whole, apart in zip(*found, strict=True):
        np.testing.assert_allclose(whole, apart, rtol=1e-12, atol=1e-12)
