import numpy as np
import pytest

from keratorch import metrics

TRUE = np.array([0, 0, 0, 1, 1])
PRED = np.array([0.0, 0.3, 0.8, 0.3, 0.8])
CLASSES = {
    metrics.SensitivityAtSpecificity: "specificity",
    metrics.SpecificityAtSensitivity: "sensitivity",
    metrics.PrecisionAtRecall: "recall",
    metrics.RecallAtPrecision: "precision",
}


@pytest.mark.parametrize(("cls", "given"), CLASSES.items())
def test_mistakes_are_named(cls, given):
    for value in (-0.1, 1.5, float("nan")):
        with pytest.raises(ValueError, match=f"{given} must be from 0 to 1; received"):
            cls(value)
    with pytest.raises(ValueError, match="num_thresholds must be an int > 0"):
        cls(0.5, num_thresholds=0)


@pytest.mark.parametrize("cls", CLASSES)
def test_the_more_is_asked_the_less_there_is(cls):
    results = [cls(value)(TRUE, PRED) for value in (0, 0.4, 0.7, 1)]
    assert results == sorted(results, reverse=True)


def test_results_follow_by_hand():
    # above 0.3: two of three negatives are left alone, one of two positives is found
    assert metrics.SensitivityAtSpecificity(2 / 3)(TRUE, PRED) == 0.5
    assert metrics.SpecificityAtSensitivity(0.5)(TRUE, PRED) == np.float32(2 / 3)
    assert metrics.PrecisionAtRecall(1.0)(TRUE, PRED) == 0.5
    assert metrics.RecallAtPrecision(0.9)(TRUE, PRED) == 0


def test_weights_do_not_blur_the_ends():
    # Keras's float32 sums give 0: rounding takes a recall of 1 below 1
    rng = np.random.default_rng(0)
    true, pred, weight = rng.integers(0, 2, 500), rng.random(500), rng.random(500)
    metric = metrics.PrecisionAtRecall(1.0)
    for i in range(0, 500, 50):
        part = slice(i, i + 50)
        metric.update_state(true[part], pred[part], weight[part])
    assert metric.result() > 0.3


def test_nothing_gives_zero():
    for cls in CLASSES:
        assert cls(0.5).result() == 0
