import numpy as np
import pytest

from keratorch import metrics

RNG = np.random.default_rng(4)
TRUE = RNG.integers(0, 2, 300)
PRED = np.clip(TRUE * 0.3 + RNG.normal(0.4, 0.2, 300), 0, 1).astype(np.float32)


def pairs_in_order(true, pred):
    """The probability that a positive has a higher prediction than a negative."""
    positive, negative = pred[true == 1], pred[true == 0]
    above = (positive[:, None] > negative).mean()
    return above + 0.5 * (positive[:, None] == negative).mean()


def test_area_under_roc_is_the_share_of_pairs_in_order():
    rounded = np.round(PRED, 2)
    found = metrics.AUC(num_thresholds=5001)(TRUE, rounded)
    assert found == pytest.approx(pairs_in_order(TRUE, rounded), abs=1e-6)
    assert isinstance(found, np.float32)


@pytest.mark.parametrize("curve", ["ROC", "PR", "PRGAIN"])
def test_batches_add_up(curve):
    whole, parts = metrics.AUC(curve=curve), metrics.AUC(curve=curve.lower())
    whole.update_state(TRUE, PRED)
    for i in range(0, 300, 70):
        parts.update_state(TRUE[i : i + 70], PRED[i : i + 70, None])
    assert parts.result() == whole.result()
    parts.reset_state()
    assert parts.result() == metrics.AUC(curve=curve).result()


@pytest.mark.parametrize("curve", ["ROC", "PR"])
def test_perfect_and_useless_predictions(curve):
    assert metrics.AUC(curve=curve)(TRUE, TRUE) == pytest.approx(1)
    useless = metrics.AUC(curve=curve)(TRUE, np.full(300, 0.5))
    assert useless == pytest.approx(0.5 if curve == "ROC" else TRUE.mean(), abs=1e-6)


def test_smaller_and_larger_heights_enclose_the_area():
    areas = [
        metrics.AUC(num_thresholds=9, summation_method=method)(TRUE, PRED)
        for method in ("minoring", "interpolation", "majoring")
    ]
    assert areas[0] < areas[1] < areas[2]


def test_labels_have_a_curve_each():
    true, pred = TRUE.reshape(100, 3), PRED.reshape(100, 3)
    weight = RNG.random(100)
    alone = [metrics.AUC()(true[:, i], pred[:, i], weight) for i in range(3)]
    metric = metrics.AUC(multi_label=True)
    assert metric.variables == []
    assert metric(true, pred, weight) == pytest.approx(np.mean(alone), rel=1e-6)
    assert metric.true_positives.shape == (200, 3)
    weighted = metrics.AUC(multi_label=True, label_weights=[1, 0, 3])
    expected = (alone[0] + 3 * alone[2]) / 4
    assert weighted(true, pred, weight) == pytest.approx(expected, rel=1e-6)


def test_logits_are_taken():
    logits = np.log(0.9 * PRED + 0.05) - np.log(0.95 - 0.9 * PRED)
    found = metrics.AUC(from_logits=True)(TRUE, logits)
    assert found == pytest.approx(metrics.AUC()(TRUE, 0.9 * PRED + 0.05), abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"curve": "RCO"}, r"curve must be one of \('ROC', 'PR'.*received 'RCO'"),
        ({"summation_method": "mean"}, "summation_method must be one of .*'mean'"),
        ({"num_thresholds": 1}, "num_thresholds must be an int > 1; received 1"),
        ({"thresholds": [0.5, 1.2]}, "thresholds must be from 0 to 1; received 1.2"),
        ({"num_labels": 3}, "set multi_label=True"),
    ],
)
def test_mistakes_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        metrics.AUC(**arguments)


def test_other_numbers_of_labels_are_named():
    pred = np.ones((2, 3))
    with pytest.raises(ValueError, match=r"\(batch, 2\); received shape \(2, 3\)"):
        metrics.AUC(multi_label=True, num_labels=2)(pred, pred)
    with pytest.raises(ValueError, match=r"\(batch, labels\); received shape \(300,\)"):
        metrics.AUC(multi_label=True)(TRUE, PRED)
    with pytest.raises(ValueError, match=r"label_weights of shape \(2,\)"):
        metrics.AUC(label_weights=[1, 2])(pred, pred)
