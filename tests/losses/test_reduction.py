"""Weights, masks and reductions, in the plainest words."""

import numpy as np
import pytest

from keratorch import GradArray
from keratorch.losses import MeanSquaredError, reduce_weighted_values

VALUES = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
WEIGHTS = np.array([[1.0, 0.5], [0.0, 2.0], [3.0, 1.0]])
MASK = np.array([[True, True], [False, True], [False, False]])
SUM = (VALUES * WEIGHTS).sum()


@pytest.mark.parametrize(
    "reduction, expected",
    [
        ("sum_over_batch_size", SUM / 6),
        ("mean", SUM / 6),
        ("sum", SUM),
        ("mean_with_sample_weight", SUM / WEIGHTS.sum()),
    ],
)
def test_reductions_of_weighted_values(reduction, expected):
    values = GradArray(VALUES)
    found = reduce_weighted_values(values, WEIGHTS, None, reduction)
    found.backward()
    assert found.item() == pytest.approx(expected)
    np.testing.assert_allclose(values.grad, WEIGHTS * expected / SUM)


@pytest.mark.parametrize("reduction", ["none", None])
def test_no_reduction_keeps_a_loss_per_sample(reduction):
    values = GradArray(VALUES)
    assert reduce_weighted_values(values, reduction=reduction) is values
    found = reduce_weighted_values(values, WEIGHTS, None, reduction)
    np.testing.assert_array_equal(found.numpy(), VALUES * WEIGHTS)


@pytest.mark.parametrize(
    "reduction, expected",
    [
        ("sum_over_batch_size", (VALUES * MASK).sum() / 3),
        ("mean", (VALUES * MASK).sum() / 3),
        ("sum", (VALUES * MASK).sum()),
        ("mean_with_sample_weight", (VALUES * MASK).sum() / 3),
    ],
)
def test_mean_with_a_mask_is_over_what_counts(reduction, expected):
    found = reduce_weighted_values(GradArray(VALUES), None, MASK, reduction)
    assert found.item() == pytest.approx(expected)


def test_mask_and_weights_multiply():
    found = reduce_weighted_values(GradArray(VALUES), WEIGHTS, MASK, "sum")
    assert found.item() == (VALUES * WEIGHTS * MASK).sum()


@pytest.mark.parametrize(
    "weights, mask", [(np.zeros((3, 2)), None), (None, np.zeros((3, 2), bool))]
)
def test_mean_of_nothing_is_zero(weights, mask):
    values = GradArray(VALUES)
    for reduction in ("mean_with_sample_weight", "sum_over_batch_size"):
        found = reduce_weighted_values(values, weights, mask, reduction)
        found.backward()
        assert found.item() == 0
    np.testing.assert_array_equal(values.grad, 0)


def test_mean_of_no_samples_is_zero():
    assert reduce_weighted_values(GradArray(np.zeros(0))).item() == 0


@pytest.mark.parametrize(
    "values, weights, values_then, weights_then",
    [
        ((3,), (3,), (3,), (3,)),
        ((3,), (3, 1), (3, 1), (3, 1)),
        ((3, 1), (3,), (3, 1), (3, 1)),
        ((3, 2), (3, 2, 1), (3, 2), (3, 2)),
        ((3, 2), (3, 1), (3, 2), (3, 1)),
        ((3, 2), (1, 2), (3, 2), (1, 2)),
        ((3, 2), (), (3, 2), ()),
        ((), (), (), ()),
    ],
)
def test_weights_are_aligned_as_keras_does(values, weights, values_then, weights_then):
    rng = np.random.default_rng(0)
    v, w = rng.normal(size=values), rng.normal(size=weights)
    found = reduce_weighted_values(GradArray(v), w, None, "none")
    expected = v.reshape(values_then) * w.reshape(weights_then)
    np.testing.assert_array_equal(found.numpy(), expected)


@pytest.mark.parametrize(
    "values, weights, fix",
    [
        ((3,), (4,), "one weight for each sample"),
        ((3, 2), (3,), r"sample_weight\[..., None\]"),
        ((3, 3), (3,), r"sample_weight\[..., None\]"),
        ((3, 2, 2), (3,), r"sample_weight\[..., None, None\]"),
        ((1,), (3,), "one weight for each sample"),
        ((3, 2), (3, 2, 2), "one weight for each sample"),
    ],
)
def test_weights_of_another_shape_are_refused(values, weights, fix):
    with pytest.raises(ValueError, match=f"received shape .*{fix}"):
        reduce_weighted_values(GradArray(np.ones(values)), np.ones(weights))


def test_weights_may_be_lists_or_integers():
    loss = MeanSquaredError(reduction="sum")
    for weights in ([1, 2], np.array([1, 2]), GradArray([1.0, 2.0])):
        assert loss([[0.0], [0.0]], [[1.0], [1.0]], weights).item() == 3


@pytest.mark.parametrize("reduction", ["sum", "mean", "mean_with_sample_weight"])
def test_weights_that_want_a_gradient_get_one(reduction):
    weights = GradArray(WEIGHTS)
    reduce_weighted_values(GradArray(VALUES), weights, None, reduction).backward()
    expected = {
        "sum": VALUES,
        "mean": VALUES / 6,
        "mean_with_sample_weight": VALUES / WEIGHTS.sum() - SUM / WEIGHTS.sum() ** 2,
    }
    np.testing.assert_allclose(weights.grad, expected[reduction])


def test_weights_are_left_as_they_are():
    weights = WEIGHTS.copy()
    reduce_weighted_values(GradArray(VALUES), weights, MASK)
    np.testing.assert_array_equal(weights, WEIGHTS)


@pytest.mark.parametrize(
    "reduction, expected",
    # Keras 3.15: Dice has one loss for the batch, each weight is a factor of it
    [("mean", 6), ("sum", 12), ("mean_with_sample_weight", 3), (None, [3, 9])],
)
def test_one_loss_for_the_batch_is_weighted_by_each_weight(reduction, expected):
    found = reduce_weighted_values(GradArray(3.0), [1.0, 3.0], None, reduction)
    assert found.tolist() == expected
