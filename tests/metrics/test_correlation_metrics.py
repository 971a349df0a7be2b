import numpy as np
import pytest

from keratorch import metrics

RNG = np.random.default_rng(6)
TRUE, PRED = RNG.normal(size=(4, 9)), RNG.normal(size=(4, 9))


def test_pearson_is_that_of_numpy():
    expected = [np.corrcoef(t, p)[0, 1] for t, p in zip(TRUE, PRED, strict=True)]
    np.testing.assert_allclose(metrics.pearson_correlation(TRUE, PRED), expected)
    assert metrics.PearsonCorrelation()(TRUE, PRED) == pytest.approx(np.mean(expected))
    moved = metrics.pearson_correlation(TRUE.T, PRED.T, axis=0)
    np.testing.assert_allclose(moved, expected)


def test_concordance_punishes_shift_and_scale():
    assert metrics.concordance_correlation(TRUE, TRUE) == pytest.approx(1, abs=1e-6)
    shifted = metrics.ConcordanceCorrelation()(TRUE, TRUE + 1)
    scaled = metrics.ConcordanceCorrelation()(TRUE, TRUE * 2)
    assert 0 < shifted < 1
    assert 0 < scaled < 1
    assert metrics.PearsonCorrelation()(TRUE, TRUE * 2 + 1) == pytest.approx(1)


def test_constants_have_no_correlation():
    assert np.isnan(metrics.PearsonCorrelation()(TRUE, np.ones((4, 9))))
    assert metrics.ConcordanceCorrelation()(TRUE, np.ones((4, 9))) == 0
