"""Rows added up by number: pairs of floats, odd rows, indices from the end."""

import numpy as np
import pytest

from keratorch import GradArray, gradients
from keratorch.grads.embedding import EmbeddingGrad, SegmentSumGrad

SHAPES = [(7, 4), (7, 3), (7, 1), (7,), (7, 2, 6), (7, 2, 3), (7, 0)]


def added(shape, indices, rows):
    out = np.zeros(shape)
    np.add.at(out, indices, rows)
    return out


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_gradient_of_a_table_is_the_sum_of_its_rows(shape, dtype):
    rng = np.random.default_rng(0)
    table = GradArray(rng.normal(size=shape).astype(dtype))
    for indices in (
        rng.integers(0, 7, (5, 9)),
        rng.integers(-7, 7, 30),
        np.zeros((2, 0), int),
        np.array(3),
    ):
        upstream = rng.normal(size=(*indices.shape, *shape[1:])).astype(dtype)
        out = EmbeddingGrad.apply(table, indices)
        found = gradients(out, table, upstream)
        assert found.dtype == dtype
        expected = added(shape, indices, upstream)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
        recorded = gradients(
            EmbeddingGrad.apply(table, indices), table, upstream, create_graph=True
        )
        np.testing.assert_allclose(recorded.numpy(), expected, rtol=1e-5, atol=1e-6)


def test_pairs_add_up_to_the_same_bits():
    rng = np.random.default_rng(0)
    ids, rows = rng.integers(0, 20, 500), rng.normal(size=(500, 6)).astype("float32")
    even = SegmentSumGrad.apply(rows, ids, 20).numpy()
    odd = SegmentSumGrad.apply(rows[:, :5], ids, 20).numpy()
    np.testing.assert_array_equal(even[:, :5], odd)


def test_rows_that_are_not_finite_stay_where_they_are():
    table = GradArray(np.ones((3, 4)))
    upstream = np.ones((3, 4))
    upstream[0, 0], upstream[1, 3] = np.nan, np.inf
    with np.errstate(all="raise"):
        found = gradients(EmbeddingGrad.apply(table, [0, 2, 2]), table, upstream)
    np.testing.assert_array_equal(found[0], [np.nan, 1, 1, 1])
    np.testing.assert_array_equal(found[2], [2, 2, 2, np.inf])


def test_upstream_gradient_may_lie_in_memory_in_any_order():
    table = GradArray(np.zeros((3, 4)))
    upstream = np.asfortranarray(np.arange(8.0).reshape(2, 4))
    found = gradients(EmbeddingGrad.apply(table, [1, 1]), table, upstream)
    np.testing.assert_array_equal(found[1], [4, 6, 8, 10])


def test_lookups_in_one_table_are_added_up_in_one_array():
    table = GradArray(np.zeros((4, 2)))
    loss = sum((EmbeddingGrad.apply(table, [k, 0]) * (k + 1)).sum() for k in range(4))
    np.testing.assert_array_equal(gradients(loss, table)[:, 0], [11, 2, 3, 4])
