"""Labels become rows of zeros and ones."""

import numpy as np
import pytest

from keratorch import ops


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_one_hot_puts_classes_on_a_new_axis(axis):
    labels = np.array([[0, 2], [1, 2]])
    expected = np.moveaxis(np.eye(3)[labels], -1, axis)
    found = ops.one_hot(labels, 3, axis=axis)
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == np.float32


def test_one_hot_of_no_class_is_zero():
    assert ops.one_hot([-1, 3], 3, dtype=int).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_one_hot_has_no_sparse_form():
    with pytest.raises(ValueError, match="sparse=True is not supported"):
        ops.one_hot([0], 2, sparse=True)


def test_multi_hot_is_the_largest_of_the_one_hot_of_each_label():
    labels = np.array([[0, 2, 2], [1, -1, 1]])
    expected = ops.one_hot(labels, 3).max(axis=1)
    np.testing.assert_array_equal(ops.multi_hot(labels, 3), expected)
    assert ops.multi_hot([2], num_tokens=3).tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({}, "needs num_classes"),
        ({"num_classes": 3, "sparse": True}, "sparse=True is not supported"),
        ({"num_classes": 3, "depth": 3}, "received depth"),
    ],
)
def test_multi_hot_says_what_it_needs(arguments, message):
    with pytest.raises(ValueError, match=message):
        ops.multi_hot([0], **arguments)
