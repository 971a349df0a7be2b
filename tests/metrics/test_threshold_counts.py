"""One histogram counts as many comparisons would."""

import numpy as np
import pytest

from keratorch.metrics.threshold_counts import (
    Thresholds,
    checked_thresholds,
    even_thresholds,
    is_even,
)

RNG = np.random.default_rng(3)
TRUE = RNG.random((40, 3)) < 0.4
PRED = np.round(RNG.random((40, 3)), 2).astype(np.float32)
WEIGHT = RNG.random((40, 3))
THRESHOLDS = {
    "one": [0.5],
    "two": [0.25, 0.75],
    "in any order": [0.9, 0.1, 0.5, 0.1],
    "even": even_thresholds(11),
    "even and beyond": [-1e-7, *even_thresholds(11)[1:-1], 1 + 1e-7],
    "uneven and beyond": [-1e-7, 0.3, 1 + 1e-7],
}
each_list = pytest.mark.parametrize("values", THRESHOLDS.values(), ids=THRESHOLDS)


def compared(values, true, pred, weight, axis=None):
    """The four counts by a comparison with each threshold."""
    counts = []
    for label, above in ((1, 1), (0, 1), (0, 0), (1, 0)):
        rows = [
            ((true == label) & ((pred > np.float32(t)) == above)) * weight
            for t in values
        ]
        counts.append([row.sum(axis=axis) for row in rows])
    return counts


@each_list
@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
@pytest.mark.parametrize("by_label", [False, True])
def test_counts_are_those_of_a_comparison_with_each(values, weight, by_label):
    counts = Thresholds(values, np.float32).count(TRUE, PRED, weight, by_label)
    ones = np.ones_like(WEIGHT) if weight is None else weight
    expected = compared(values, TRUE, PRED, ones, 0 if by_label else None)
    for found, right in zip(counts, expected, strict=True):
        np.testing.assert_allclose(found, right, atol=1e-12)


@each_list
def test_predictions_outside_the_unit_interval_keep_their_order(values):
    pred = np.array([-3.0, 0.0, 1.0, 7.0], np.float32)
    passed = Thresholds(values, np.float32).passed(pred)
    assert passed.tolist() == sorted(passed)
    assert passed[0] < passed[-1]


def test_nan_is_above_no_threshold():
    nan = np.array([np.nan], np.float32)
    for values in ([0.5], [0.25, 0.75], even_thresholds(5)):
        assert Thresholds(values, np.float32).passed(nan) == [0]


def test_nothing_counts_as_nothing():
    empty = np.zeros((0,), np.float32)
    counts = Thresholds([0.2, 0.4], np.float32).count(empty > 0, empty)
    assert [x.tolist() for x in counts] == [[0, 0]] * 4


def test_even_lists_are_known():
    assert is_even(even_thresholds(200))
    assert is_even([0.0, 0.5, 1.0])
    assert not is_even([0.0, 1.0])
    assert not is_even([0.0, 0.4, 1.0])
    assert not is_even([1.0, 0.5, 0.0])


@pytest.mark.parametrize("thresholds", [1.5, -0.1, [0.5, 2], float("nan"), [None]])
def test_thresholds_lie_from_0_to_1(thresholds):
    with pytest.raises(ValueError, match="thresholds must be from 0 to 1; received"):
        checked_thresholds(thresholds, 0.5)
