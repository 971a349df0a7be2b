import numpy as np
import pytest

from keratorch import metrics

LABELS = np.array([2, 0, 1])
ONE_HOT = np.eye(3, dtype=np.float32)[LABELS]
SCORES = np.array([[0.2, 0.3, 0.5], [0.4, 0.35, 0.25], [0.6, 0.3, 0.1]], np.float32)
BITS = np.array([[1], [0], [1]], np.float32)
CHANCES = np.array([[0.7], [0.6], [0.2]], np.float32)
WEIGHT = np.array([1.0, 0.5, 2.0], np.float32)


@pytest.mark.parametrize(
    ("name", "arguments", "y_true", "y_pred", "plain", "weighted"),
    # Keras 3.15 on torch: result() without and with WEIGHT
    [
        ("SparseCategoricalAccuracy", {}, LABELS, SCORES, 2 / 3, 3 / 7),
        ("SparseCategoricalAccuracy", {}, LABELS[:, None], SCORES, 2 / 3, 3 / 7),
        ("CategoricalAccuracy", {}, ONE_HOT, SCORES, 2 / 3, 3 / 7),
        ("TopKCategoricalAccuracy", {"k": 2}, ONE_HOT, SCORES, 1, 1),
        ("SparseTopKCategoricalAccuracy", {"k": 2}, LABELS, SCORES, 1, 1),
        ("SparseTopKCategoricalAccuracy", {"k": 1}, LABELS, SCORES, 2 / 3, 3 / 7),
        ("BinaryAccuracy", {}, BITS, CHANCES, 1 / 3, 2 / 7),
        ("BinaryAccuracy", {}, BITS[:, 0], CHANCES, 1 / 3, 2 / 7),
        ("BinaryAccuracy", {"threshold": 0.65}, BITS, CHANCES, 2 / 3, 3 / 7),
        ("Accuracy", {}, LABELS, [2, 1, 1], 2 / 3, 6 / 7),
    ],
)
def test_results_are_those_of_keras(name, arguments, y_true, y_pred, plain, weighted):
    for weight, expected in ((None, plain), (WEIGHT, weighted)):
        metric = getattr(metrics, name)(**arguments)
        metric.update_state(y_true, y_pred, sample_weight=weight)
        assert metric.result() == pytest.approx(expected, rel=1e-6)
        lists = getattr(metrics, name)(**arguments)
        lists.update_state(np.asarray(y_true).tolist(), np.asarray(y_pred).tolist())
        assert lists.result() == pytest.approx(plain, rel=1e-6)


def test_sequences_have_one_label_per_step():
    rng = np.random.default_rng(1)
    labels, scores = rng.integers(0, 4, (3, 5)), rng.uniform(size=(3, 5, 4))
    expected = np.mean(labels == scores.argmax(-1))
    for y_true in (labels, labels[..., None]):
        metric = metrics.SparseCategoricalAccuracy()
        metric.update_state(y_true, scores)
        assert metric.result() == pytest.approx(expected)
    weight = rng.integers(0, 2, (3, 5)).astype(float)
    metric.reset_state()
    metric.update_state(labels, scores, weight)
    hits = (labels == scores.argmax(-1)) * weight
    assert metric.result() == pytest.approx(hits.sum() / weight.sum())
    top = metrics.SparseTopKCategoricalAccuracy(k=4)
    top.update_state(labels, scores)
    assert top.result() == 1


def test_labels_of_any_dtype_compare():
    for labels in (LABELS.astype(np.float32), LABELS.astype(np.uint8), LABELS == 1):
        values = metrics.sparse_categorical_accuracy(labels, SCORES)
        expected = SCORES.argmax(-1) == labels
        np.testing.assert_array_equal(values, expected)
        assert values.dtype == np.float32


def test_scores_equal_to_the_last_of_the_best_are_in():
    scores = [[0.3, 0.3, 0.3, 0.1]]
    for label, hit in ((0, 1), (2, 1), (3, 0)):
        found = metrics.sparse_top_k_categorical_accuracy([label], scores, k=1)
        np.testing.assert_array_equal(found, [hit])


def test_more_than_all_classes_are_all_classes():
    values = metrics.top_k_categorical_accuracy(ONE_HOT, SCORES, k=5)
    np.testing.assert_array_equal(values, [1, 1, 1])


def test_sorted_ids_are_looked_up():
    metric = metrics.SparseTopKCategoricalAccuracy(k=2, from_sorted_ids=True)
    metric.update_state([1, 2], [[1, 0, 2], [0, 1, 2]])
    assert metric.result() == 0.5
    assert metric.get_config()["from_sorted_ids"] is True


@pytest.mark.parametrize(
    ("name", "y_true", "message"),
    [
        ("SparseCategoricalAccuracy", ONE_HOT, "looks one-hot"),
        ("SparseCategoricalAccuracy", LABELS[:2], r"labels of shape \(3,\)"),
        ("CategoricalAccuracy", LABELS, "'sparse' in its name"),
        ("CategoricalAccuracy", ONE_HOT[:, :2], "must be one-hot"),
        ("TopKCategoricalAccuracy", LABELS, "'sparse' in its name"),
        ("SparseTopKCategoricalAccuracy", ONE_HOT, "looks one-hot"),
        ("BinaryAccuracy", LABELS[:, None], "must have one shape"),
        ("SparseTopKCategoricalAccuracy", [0, 3, 1], r"received 3 at y_true\[1\]"),
        ("SparseTopKCategoricalAccuracy", [0, 1, -1], r"received -1 at y_true\[2\]"),
        ("SparseTopKCategoricalAccuracy", [0.5, 1, 1], r"received 0.5 at y_true\[0\]"),
    ],
)
def test_labels_of_another_kind_are_explained(name, y_true, message):
    with pytest.raises(ValueError, match=message) as caught:
        getattr(metrics, name)().update_state(y_true, SCORES)
    assert len(str(caught.value)) < 600


def test_no_best_classes_are_refused():
    with pytest.raises(ValueError, match="k must be an int > 0"):
        metrics.top_k_categorical_accuracy(ONE_HOT, SCORES, k=0)
