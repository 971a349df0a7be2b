"""Cells of adaptive pooling, and the first maximum of each."""

import numpy as np
import pytest

from keratorch.kernels import adaptive_pooling


@pytest.mark.parametrize("length", [1, 4, 5, 7])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_cells_cover_an_axis_with_nearly_equal_lengths(length, count):
    cells = adaptive_pooling.cells(length, count)
    assert len(cells) == count
    assert {i for cell in cells for i in range(length)[cell]} == set(range(length))
    widths = {cell.stop - cell.start for cell in cells}
    assert max(widths) - min(widths) <= 1


def test_adaptive_maximum_is_the_first_in_the_order_of_memory():
    x = np.zeros((1, 4, 4, 1))
    x[0, 1, 0, 0] = x[0, 0, 3, 0] = x[0, 0, 2, 0] = 1
    out, places = adaptive_pooling.adaptive_max_pool(x, (2, 2))
    assert out.ravel().tolist() == [1, 1, 0, 0]
    assert places.ravel().tolist() == [4, 2, 8, 10]
