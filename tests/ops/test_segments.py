"""Reductions of the rows that belong together."""

import numpy as np
import pytest

from keratorch import GradArray, ops


def test_rows_of_no_segment_count_for_nothing():
    data = GradArray(np.arange(1.0, 6.0))
    ids = [0, -1, 1, 7, 0]
    assert ops.segment_sum(data, ids, 3).tolist() == [6, 3, 0]
    assert ops.segment_max(data, ids, 3).tolist() == [5, 3, -np.inf]
    assert ops.segment_min(data, ids, 3).tolist() == [1, 3, np.inf]
    out = ops.segment_prod(data, ids, 3)
    assert out.tolist() == [5, 3, 1]
    out.sum().backward()
    assert data.grad.tolist() == [5, 0, 1, 0, 1]


def test_integers_stay_integers():
    data = np.array([3, 1, 2])
    for function, expected in [
        (ops.segment_sum, [4, 2]),
        (ops.segment_max, [3, 2]),
        (ops.segment_min, [1, 2]),
        (ops.segment_prod, [3, 2]),
    ]:
        out = function(data, [0, 0, 1])
        assert out.tolist() == expected
        assert out.dtype == data.dtype


def test_equal_largest_rows_share_the_gradient():
    data = GradArray([2.0, 2.0, 1.0])
    ops.segment_max(data, [0, 0, 0]).sum().backward()
    assert data.grad.tolist() == [0.5, 0.5, 0]


def test_one_id_for_each_row_is_needed():
    with pytest.raises(ValueError, match="one integer in segment_ids"):
        ops.segment_sum([1.0, 2.0], [0])
    assert ops.segment_sum(np.zeros((0, 2)), [], 2).tolist() == [[0, 0], [0, 0]]
