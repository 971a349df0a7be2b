import numpy as np
import pytest

from keratorch import metrics

LABELS = np.array([2, 0, 1])
ONE_HOT = np.eye(3, dtype=np.float32)[LABELS]
SCORES = np.array([[0.2, 0.3, 0.5], [0.4, 0.35, 0.25], [0.6, 0.3, 0.1]], np.float32)
BITS = np.array([[1], [0], [1]], np.float32)
CHANCES = np.array([[0.7], [0.6], [0.2]], np.float32)
WEIGHT = np.array([1.0, 0.5, 2.0], np.float32)

DATA = {
    "BinaryCrossentropy": (BITS, CHANCES),
    "CategoricalCrossentropy": (ONE_HOT, SCORES),
    "SparseCategoricalCrossentropy": (LABELS, SCORES),
}


@pytest.mark.parametrize(
    ("name", "arguments", "plain", "weighted"),
    # Keras 3.15 on torch: result() without and with WEIGHT
    [
        ("BinaryCrossentropy", {}, 0.96080118, 1.1524847),
        ("BinaryCrossentropy", {"label_smoothing": 0.2}, 0.92931914, 1.091684),
        ("BinaryCrossentropy", {"from_logits": True}, 0.67960429, 0.60520226),
        ("CategoricalCrossentropy", {}, 0.93780357, 1.0169252),
        ("CategoricalCrossentropy", {"label_smoothing": 0.1}, 0.96487159, 1.0411139),
        ("CategoricalCrossentropy", {"from_logits": True}, 1.0423304, 1.0752403),
        ("SparseCategoricalCrossentropy", {}, 0.93780357, 1.0169252),
        ("SparseCategoricalCrossentropy", {"from_logits": True}, 1.0423304, 1.0752403),
        ("SparseCategoricalCrossentropy", {"ignore_class": 0}, 0.63237333, 1.0336976),
    ],
)
def test_results_are_those_of_keras(name, arguments, plain, weighted):
    for weight in (None, WEIGHT, WEIGHT[:, None]):
        expected = plain if weight is None else weighted
        metric = getattr(metrics, name)(**arguments)
        metric.update_state(*DATA[name], sample_weight=weight)
        assert metric.result() == pytest.approx(expected, rel=1e-6)
    again = type(metric).from_config(metric.get_config())
    assert again.get_config() == metric.get_config()


def test_huge_logits_stay_finite():
    logits = np.array([[1e4, -1e4, 0.0]], np.float32)
    for values, expected in [
        (metrics.sparse_categorical_crossentropy([0], logits, from_logits=True), 0),
        (metrics.sparse_categorical_crossentropy([2], logits, from_logits=True), 1e4),
        (metrics.binary_crossentropy([[1.0]], [[-1e4]], from_logits=True), 1e4),
    ]:
        np.testing.assert_allclose(values, [expected])


def test_certain_predictions_stay_finite():
    wrong = metrics.binary_crossentropy([[1.0], [0.0]], [[0.0], [1.0]])
    # -log(epsilon), and -log of float32's distance from 1 - epsilon to 1
    np.testing.assert_allclose(wrong, [-np.log(1e-7), -np.log(2**-23)], rtol=1e-5)


def test_classes_may_lie_on_another_axis():
    moved = np.moveaxis(SCORES[None], -1, 1)
    values = metrics.sparse_categorical_crossentropy(LABELS[None], moved, axis=1)
    np.testing.assert_allclose(
        values, [metrics.sparse_categorical_crossentropy(LABELS, SCORES)], rtol=1e-6
    )


def test_an_ignored_class_may_be_no_class_at_all():
    function = metrics.sparse_categorical_crossentropy
    values = function([2, -1, 1], SCORES, ignore_class=-1)
    assert values[1] == 0
    np.testing.assert_allclose(values[[0, 2]], -np.log([0.5, 0.3]), rtol=1e-6)


def test_labels_out_of_range_are_named():
    with pytest.raises(ValueError, match=r"received 3 at y_true\[1\].*1-based"):
        metrics.sparse_categorical_crossentropy([1, 3, 2], SCORES)


def test_divergence_of_equal_distributions_is_zero():
    assert metrics.KLDivergence()(SCORES, SCORES) == 0
    certain = metrics.kl_divergence([[1.0, 0.0]], [[0.0, 1.0]])
    np.testing.assert_allclose(certain, [-np.log(1e-7)], rtol=1e-4)  # stays finite


def test_expected_numbers_below_zero_give_nan_without_a_warning():
    assert np.isnan(metrics.Poisson()([[1.0]], [[-0.5]]))


def test_focal_crossentropy_of_logits_is_that_of_probabilities():
    logits = np.array([[2.0, -1.0, 50.0], [0.5, -60.0, 0.0]])
    true = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    np.testing.assert_allclose(
        metrics.binary_focal_crossentropy(true, logits, from_logits=True),
        metrics.binary_focal_crossentropy(true, 1 / (1 + np.exp(-logits))),
    )
    shares = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    np.testing.assert_allclose(
        metrics.categorical_focal_crossentropy(true, logits, from_logits=True),
        metrics.categorical_focal_crossentropy(true, shares),
    )
