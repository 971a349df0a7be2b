"""Indexing where samples cannot state it: names, errors, indices that change."""

import copy
import pickle

import numpy as np
import pytest

from keratorch import GradArray, gradients
from keratorch.grads.indexing import ScatterAddGrad, apply_at

NAMES = [
    (lambda x: x[0], "x[0]"),
    (lambda x: x[-1, 2], "x[-1, 2]"),
    (lambda x: x[1:3], "x[1:3]"),
    (lambda x: x[:, ::-2], "x[:, ::-2]"),
    (lambda x: x[np.int64(1) :, None], "x[1:, None]"),
    (lambda x: x[..., 0], "x[..., 0]"),
    (lambda x: x[()], "x[()]"),
    (lambda x: x[True], "x[True]"),
    (lambda x: x[[0, 1]], "x[...]"),
    (lambda x: x[:, np.array([True, False, True])], "x[...]"),
    (lambda x: x[GradArray([0, 1], int)], "x[...]"),
]


@pytest.mark.parametrize("function, name", NAMES, ids=[name for _, name in NAMES])
def test_name_shows_a_short_index_as_it_was_written(function, name):
    assert function(GradArray(np.ones((3, 3)), name="x")).name == name


def test_copies_keep_the_index():
    y = GradArray(np.arange(6.0).reshape(2, 3), name="x")[:, [0, 0]]
    for twin in (copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
        assert twin.name == "x[...]"
        twin.sum().backward()
        (x,) = twin.grad_op._inputs
        np.testing.assert_array_equal(x.grad, [[2, 0, 0], [2, 0, 0]])


def test_index_may_be_overwritten_before_backward():
    x, rows, mask = GradArray([1.0, 2.0, 3.0]), np.array([0, 0]), np.eye(3)[0] > 0
    y = x[rows].sum() + x[mask].sum() + np.take(x, rows).sum()
    rows[:], mask[:] = 2, True
    np.testing.assert_array_equal(gradients(y, x), [5, 0, 0])


@pytest.mark.parametrize("index", [3, -4, [0, 3], (slice(None), 2), np.array([-4])])
def test_index_out_of_bounds_is_the_error_of_numpy(index):
    x = GradArray(np.ones((3, 2)))
    for function in (lambda: x[index], lambda: x.at[index].add(1.0)):
        with pytest.raises(IndexError, match="out of bounds"):
            function()
    with pytest.raises(IndexError, match="out of bounds"):
        ScatterAddGrad.apply(np.ones_like(np.empty((2, 1))), index, (3, 2))


@pytest.mark.parametrize("index", [1.0, [0.5], GradArray([1.0]), "name"])
def test_index_that_is_no_integer_is_the_error_of_numpy(index):
    with pytest.raises(IndexError, match="integer"):
        GradArray([1.0, 2.0])[index]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
def test_scatter_adds_as_numpy_does(dtype):
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 50, (20, 10))
    for index in (rows, rows - 50, (rows, rows % 4), (slice(None), rows % 4)):
        x = rng.normal(size=np.empty((50, 4))[index].shape).astype(dtype)
        expected = np.zeros((50, 4), dtype)
        np.add.at(expected, index, x)
        result = ScatterAddGrad.apply(x, index, (50, 4)).numpy()
        assert result.dtype == dtype
        np.testing.assert_allclose(result, expected, rtol=1e-6)


@pytest.mark.parametrize(
    "shape, index_shape, value_shape, dtype",
    [
        ((5, 4), (4, 4), (4, 4), np.float64),  # a row for each row of the index
        ((5, 2), (3,), (3, 2), np.float32),  # rows of another dtype
        ((5, 3), (3,), (3, 3), np.float64),  # rows that are no pairs
        ((5, 2), (3,), (2,), np.float64),  # one row for all
    ],
)
def test_values_are_added_to_rows_as_numpy_does(shape, index_shape, value_shape, dtype):
    rng = np.random.default_rng(1)
    index = rng.integers(0, 5, index_shape)
    values = rng.normal(size=value_shape).astype(dtype)
    expected, found = np.ones(shape), np.ones(shape)
    np.add.at(expected, index, values)
    apply_at(np.add, found, index, values)
    np.testing.assert_allclose(found, expected, rtol=1e-15)


def test_indices_made_from_arrays_are_plain():
    rows = GradArray([0, 2], int)
    assert all(type(i) is np.ndarray for i in np.ix_(rows, rows))
    assert type(np.ravel_multi_index((rows, rows), (3, 3))) is np.ndarray
    x = GradArray(np.arange(9.0).reshape(3, 3))
    np.testing.assert_array_equal(x[np.ix_(rows, rows)].numpy(), [[0, 2], [6, 8]])
    np.testing.assert_array_equal(x[np.diag_indices_from(x)].numpy(), [0, 4, 8])
