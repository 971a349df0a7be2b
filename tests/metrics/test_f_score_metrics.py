import numpy as np
import pytest

from keratorch import metrics

TRUE = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]])
PRED = np.array([[0.9, 0, 0.1], [0.2, 0.6, 0.2], [0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])


def test_scores_follow_from_precision_and_recall():
    found = metrics.FBetaScore(beta=2.0)(TRUE, PRED)
    precision, recall = np.array([0.5, 1, 1]), np.array([1, 0.5, 1])
    expected = 5 * precision * recall / (4 * precision + recall)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert found.dtype == np.float32
    averages = {"macro": expected.mean(), "weighted": expected @ [0.25, 0.5, 0.25]}
    for average, value in averages.items():
        score = metrics.FBetaScore(average, 2.0)(TRUE, PRED)
        assert score == pytest.approx(value, rel=1e-6)
    assert metrics.F1Score("micro")(TRUE, PRED) == pytest.approx(0.75, rel=1e-6)


def test_weights_count_samples_several_times():
    weighted = metrics.F1Score()(TRUE, PRED, [1, 2, 1, 3])
    again = metrics.F1Score()
    for rows in ([0, 1, 1, 2], [3, 3, 3]):
        again.update_state(TRUE[rows], PRED[rows])
    np.testing.assert_allclose(weighted, again.result(), rtol=1e-6)
    column = metrics.F1Score()(TRUE, PRED, np.array([[1], [2], [1], [3]]))
    np.testing.assert_array_equal(column, weighted)


def test_one_class_may_be_a_vector():
    metric = metrics.F1Score(threshold=0.5, average="micro")
    assert metric([1, 0, 1], np.array([[0.9], [0.8], [0.1]])) == pytest.approx(0.5)


def test_result_before_any_batch_is_zero():
    metric = metrics.F1Score()
    assert metric.result() == 0
    metric.update_state(TRUE, PRED)
    metric.reset_state()
    assert metric.result().tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"average": "mean"}, "average must be one of .*received 'mean'"),
        ({"beta": 0}, "beta must be a number > 0; received 0"),
        ({"threshold": 0}, "threshold must be above 0 and at most 1, or None"),
        ({"threshold": 1.5}, "received 1.5"),
        ({"beta": None}, "beta must be a number > 0; received None"),
        ({"beta": "1"}, "beta must be a number > 0; received '1'"),
        ({"beta": True}, "beta must be a number > 0; received True"),
        ({"threshold": "0.5"}, "at most 1, or None; received '0.5'"),
    ],
)
def test_mistakes_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        metrics.FBetaScore(**arguments)


def test_shapes_that_are_no_table_are_named():
    with pytest.raises(ValueError, match=r"\(batch, classes\); received shape \(3,\)"):
        metrics.F1Score()([1, 0, 2], [1, 0, 2])
    with pytest.raises(ValueError, match=r"one shape; received y_true of shape \(4,\)"):
        metrics.F1Score()([0, 1, 1, 2], PRED)
    with pytest.raises(ValueError, match=r"each of 4 samples; received shape \(2,\)"):
        metrics.F1Score()(TRUE, PRED, [1, 2])
