"""The largest numbers, and the different ones."""

import numpy as np
import pytest

from keratorch import GradArray, ops


def test_of_equal_numbers_the_first_comes_first():
    values, places = ops.top_k([1.0, 3.0, 3.0, 2.0], 3)
    assert values.tolist() == [3, 3, 2]
    assert places.tolist() == [1, 2, 3]


def test_gradient_of_top_k_goes_to_what_was_taken():
    x = GradArray([[1.0, 3.0, 2.0]])
    ops.top_k(x, 2)[0].backward([[5.0, 7.0]])
    assert x.grad.tolist() == [[0, 5, 7]]


def test_target_that_ties_is_among_the_largest():
    assert ops.in_top_k([0, 1], [[1.0, 1.0, 0.0], [2.0, 0.0, 1.0]], 1).tolist() == [
        True,
        False,
    ]


@pytest.mark.parametrize("k", [0, 4])
def test_k_must_be_there(k):
    with pytest.raises(ValueError, match=f"received k={k}"):
        ops.top_k([1.0, 2.0, 3.0], k)


def test_unique_numbers_fill_a_length():
    values, index, counts = ops.unique(
        [3, 1, 3], return_index=True, return_counts=True, size=4, fill_value=-1
    )
    assert values.tolist() == [1, 3, -1, -1]
    assert index.tolist() == [1, 0, 1, 1]
    assert counts.tolist() == [1, 2, 0, 0]
    assert ops.unique([3, 1, 2], size=2).tolist() == [1, 2]
    assert ops.unique([[1, 0], [1, 0]], axis=0, size=2).tolist() == [[1, 0], [0, 0]]


def test_a_row_without_numbers_has_its_largest_nowhere():
    x = np.array([[np.nan, 1.0, 2.0], [np.nan] * 3])
    assert ops.nanargmax(x, axis=1).tolist() == [2, -1]
    assert ops.nanargmin(x, axis=1, keepdims=True).tolist() == [[1], [-1]]
    assert int(ops.nanargmax(x)) == 2
    assert int(ops.nanargmin(x[1])) == -1
    assert ops.nanargmax([3, 1]).dtype == "int32"
