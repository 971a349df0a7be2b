"""Reading from places, and writing to them into a new array."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, ops


def test_scatter_adds_what_meets():
    values = GradArray([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    out = ops.scatter([[0], [2], [0]], values, (3, 2))
    assert out.tolist() == [[6, 8], [0, 0], [3, 4]]
    out.backward([[1.0, 2.0], [0, 0], [3.0, 4.0]])
    assert values.grad.tolist() == [[1, 2], [3, 4], [1, 2]]


@pytest.mark.parametrize(
    "reduction, expected",
    [(None, [1, 7, 5]), ("add", [1, 14, 8]), ("mul", [1, 70, 15]), ("max", [1, 7, 5]),
     ("min", [1, 2, 3])],
)  # fmt: skip
def test_scatter_update_combines(reduction, expected):
    places = [[2], [1]] if reduction in (None,) else [[2], [1], [1]]
    updates = [5, 7] if reduction is None else [5, 7, 5]
    out = ops.scatter_update(np.array([1, 2, 3]), places, updates, reduction)
    assert out.tolist() == expected
    assert out.dtype == np.array([1]).dtype


def test_block_is_read_and_written():
    x = GradArray(np.arange(12.0).reshape(3, 4))
    block = ops.slice(x, [1, 2], [2, 2])
    assert block.tolist() == [[6, 7], [10, 11]]
    out = ops.slice_update(x, [0, 0], block)
    out.sum().backward()
    assert x.grad.tolist() == [[0, 0, 1, 1], [0, 0, 2, 2], [1, 1, 2, 2]]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: ops.slice(np.ones((2, 2)), (1, 0), (2, 2)), "does not lie in"),
        (lambda: ops.slice(np.ones((2, 2)), (0,), (2,)), "does not lie in"),
        (lambda: ops.slice_update(np.ones(2), (-1,), [1.0]), "does not lie in"),
        (lambda: ops.scatter_update(np.ones(2), [[0]], [1.0], "sum"), "None, 'add'"),
        (lambda: ops.scatter_update(np.ones(2), [[0, 1]], [1.0]), "at most one"),
        (lambda: ops.scatter([[0.5]], [1.0], (2,)), "indices must be integers"),
    ],
)
def test_place_that_is_not_there_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_block_of_length_minus_one_reaches_to_the_end():
    x = np.arange(12).reshape(3, 4)
    np.testing.assert_array_equal(ops.slice(x, (1, 2), (-1, -1)), x[1:, 2:])
    assert ops.slice(keras.Input((4, 3)), (0, 1, 0), (-1, -1, 2)).shape == (None, 3, 2)
    with pytest.raises(ValueError, match="does not lie"):
        ops.slice(x, (1, 2), (-2, 1))


def test_no_parts_along_an_axis_that_there_is_not():
    with pytest.raises(ValueError, match="axis 2 is out of bounds"):
        ops.unstack(np.eye(2), axis=2)
