import numpy as np
import pytest

from keratorch import metrics

RNG = np.random.default_rng(5)
TRUE = RNG.normal([0, 3], size=(20, 2))
PRED = TRUE + RNG.normal(size=(20, 2)) * [0.1, 0.7]


def by_hand(true, pred):
    return 1 - ((true - pred) ** 2).sum(0) / ((true - true.mean(0)) ** 2).sum(0)


def test_score_is_the_share_of_variance_explained():
    found = metrics.R2Score(class_aggregation=None)(TRUE, PRED)
    np.testing.assert_allclose(found, by_hand(TRUE, PRED), rtol=1e-5)
    assert metrics.R2Score()(TRUE, PRED) == pytest.approx(by_hand(TRUE, PRED).mean())
    weighted = metrics.R2Score("variance_weighted_average")(TRUE, PRED)
    expected = np.average(by_hand(TRUE, PRED), weights=TRUE.var(0))
    assert weighted == pytest.approx(expected, rel=1e-5)


def test_batches_and_weights_add_up():
    metric = metrics.R2Score()
    metric.update_state(TRUE[:12], PRED[:12])
    metric.update_state(TRUE[12:], PRED[12:])
    assert metric.result() == pytest.approx(metrics.R2Score()(TRUE, PRED))
    doubled = metrics.R2Score()(np.repeat(TRUE, 2, 0), np.repeat(PRED, 2, 0))
    assert metrics.R2Score()(TRUE, PRED, np.full(20, 2.0)) == pytest.approx(doubled)
    metric.reset_state()
    metric.update_state(TRUE, TRUE)
    assert metric.result() == 1


def test_mean_of_large_targets_is_not_lost():
    # float32 sums of squares would leave nothing of the variance
    found = metrics.R2Score(dtype="float64")(TRUE + 1e5, PRED + 1e5)
    assert found == pytest.approx(by_hand(TRUE, PRED).mean(), rel=1e-4)


def test_more_regressors_than_samples_warn():
    metric = metrics.R2Score(num_regressors=50)
    with pytest.warns(UserWarning, match="50 regressors need more than 40 samples"):
        assert metric(TRUE, PRED) == metrics.R2Score()(TRUE, PRED)


def test_constant_targets_score_zero_or_nan():
    assert metrics.R2Score()([[2.0], [2.0]], [[1.0], [2.0]]) == 0
    assert np.isnan(metrics.R2Score()([[2.0], [2.0]], [[2.0], [2.0]]))


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="class_aggregation must be one of .*'mean'"):
        metrics.R2Score(class_aggregation="mean")
    with pytest.raises(ValueError, match="num_regressors must be an int >= 0"):
        metrics.R2Score(num_regressors=-1)
    with pytest.raises(ValueError, match=r"\(batch, outputs\); received shape \(3,\)"):
        metrics.R2Score()([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"sample_weight of shape \(3,\)"):
        metrics.R2Score()(TRUE, PRED, [1, 2, 3])
