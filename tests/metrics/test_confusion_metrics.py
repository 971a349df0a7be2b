import numpy as np
import pytest

from keratorch import metrics

TRUE = np.array([0, 1, 1, 0, 1])
PRED = np.array([0.8, 0.3, 0.9, 0.1, 0.6], np.float32)
COUNTS = {"TruePositives": 2, "FalsePositives": 1}
COUNTS |= {"TrueNegatives": 1, "FalseNegatives": 1}
ALL = [*COUNTS, "Precision", "Recall"]


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_each_sample_is_counted_once(name, count):
    metric = getattr(metrics, name)()
    metric.update_state(TRUE, PRED)
    assert metric.result() == count
    assert isinstance(metric.result(), np.float32)
    metric.update_state(TRUE, PRED, sample_weight=2.0)
    assert metric.result() == 3 * count
    metric.reset_state()
    assert metric.result() == 0


@pytest.mark.parametrize("name", ALL)
def test_lists_columns_and_bools_are_taken(name):
    expected = getattr(metrics, name)()(TRUE, PRED)
    for true, pred in [
        (TRUE.tolist(), PRED.tolist()),
        (TRUE, PRED[:, None]),
        (TRUE[:, None].astype(bool), PRED),
        (TRUE * 7.0, PRED.astype(np.float64)),
    ]:
        assert getattr(metrics, name)()(true, pred) == expected


@pytest.mark.parametrize("name", ALL)
def test_several_thresholds_give_a_result_each(name):
    several = getattr(metrics, name)(thresholds=[0.7, 0.2])
    found = several(TRUE, PRED)
    assert found.dtype == np.float32
    alone = [getattr(metrics, name)(thresholds=t)(TRUE, PRED) for t in (0.7, 0.2)]
    assert found.tolist() == alone
    assert several.variables[0].shape == (2,)


@pytest.mark.parametrize("name", ALL)
def test_mistakes_are_named(name):
    cls = getattr(metrics, name)
    with pytest.raises(ValueError, match=r"thresholds must be .*received 1\.5"):
        cls(thresholds=[0.5, 1.5])
    with pytest.raises(ValueError, match=r"one shape; received y_true of shape \(3,\)"):
        cls().update_state(TRUE[:3], PRED)
    with pytest.raises(ValueError, match=r"sample_weight of shape \(3,\).*\(5,\)"):
        cls().update_state(TRUE, PRED, np.ones(3))
    with pytest.raises(TypeError, match="metrics need numbers"):
        cls().update_state(["a", "b"], [0.1, 0.2])


def test_precision_and_recall_of_nothing_are_zero():
    for metric in (metrics.Precision(), metrics.Recall()):
        assert metric.result() == 0
        assert metric([0, 0], [0.1, 0.2]) == 0


def test_only_the_best_classes_count():
    true = np.array([[0, 1, 0], [1, 0, 0]])
    pred = np.array([[0.3, 0.2, 0.1], [0.4, 0.9, 0.4]], np.float32)
    assert metrics.Precision(top_k=1)(true, pred) == 0
    assert metrics.Precision(top_k=2)(true, pred) == 0.5  # the first of equal scores
    assert metrics.Recall(top_k=2)(true, pred) == 1
    assert metrics.Precision(top_k=2)([0, 0, 1, 1], [1, 1, 1, 1]) == 0


def test_only_one_class_counts():
    true, pred = np.array([[0, 1], [1, 1]]), np.array([[0.9, 0.8], [0.7, 0.1]])
    assert metrics.Precision(class_id=0)(true, pred) == 0.5
    assert metrics.Recall(class_id=1)(true, pred) == 0.5
    assert metrics.Recall(class_id=-1)(true, pred, [3.0, 1.0]) == 0.75


def test_classes_that_there_are_not_are_named():
    pred = np.ones((2, 3))
    with pytest.raises(ValueError, match=r"class_id=3 needs y_pred .*\(2, 3\)"):
        metrics.Precision(class_id=3)(pred, pred)
    with pytest.raises(ValueError, match=r"class_id=0 needs y_pred .*\(5,\)"):
        metrics.Recall(class_id=0)(TRUE, PRED)
    with pytest.raises(ValueError, match=r"top_k=4 .*\(2, 3\)"):
        metrics.Recall(top_k=4)(pred, pred)


def test_weights_of_samples_go_to_all_their_steps():
    true, pred = np.ones((2, 3, 2)), np.full((2, 3, 2), 0.9)
    assert metrics.TruePositives()(true, pred, [1.0, 2.0]) == 18
    assert metrics.TruePositives()(true, pred, np.ones((2, 3)) * 2) == 24


def test_counts_go_on_beyond_the_precision_of_float32():
    metric = metrics.TruePositives()
    metric.update_state([1], [0.9], [2.0**24])
    metric.update_state([1], [0.9])
    assert metric.accumulator.numpy() == [2**24 + 1]


def test_variables_are_named_as_in_keras():
    names = [v.name for v in metrics.Precision().variables]
    assert names == ["true_positives", "false_positives"]
    metric = metrics.Recall()
    metric.update_state(TRUE, PRED)
    assert metric.true_positives.numpy() == [2]
    assert metric.false_negatives.numpy() == [1]
