import numpy as np
import pytest

from keratorch import metrics

Y_TRUE = np.array([[0.5, -1.0], [2.0, 0.25], [1.5, 3.0]], np.float32)
Y_PRED = np.array([[0.25, 0.5], [1.0, 0.75], [2.5, 2.0]], np.float32)
WEIGHT = np.array([1.0, 0.5, 2.0], np.float32)

# Keras 3.15 on torch: result() without and with WEIGHT.
KERAS = [
    ("MeanSquaredError", 0.92708331, 0.9910714),
    ("RootMeanSquaredError", 0.96285164, 0.99552572),
    ("MeanAbsoluteError", 0.875, 0.9285714),
    ("MeanAbsolutePercentageError", 91.666664, 75),
    ("MeanSquaredLogarithmicError", 0.11187217, 0.1040571),
    ("LogCoshError", 0.38463783, 0.41406301),
    ("CosineSimilarity", 0.39206752, 0.47144011),
]
NAMES = [name for name, _, _ in KERAS]


@pytest.mark.parametrize(("name", "plain", "weighted"), KERAS)
def test_results_are_those_of_keras(name, plain, weighted):
    for weight, expected in ((None, plain), (WEIGHT, weighted)):
        metric = getattr(metrics, name)()
        metric.update_state(Y_TRUE, Y_PRED, sample_weight=weight)
        assert metric.result() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_column_and_a_vector_are_aligned(name):
    aligned, given = getattr(metrics, name)(), getattr(metrics, name)()
    aligned.update_state(Y_TRUE[:, :1], Y_PRED[:, :1], WEIGHT)
    given.update_state(Y_TRUE[:, 0], Y_PRED[:, :1], WEIGHT[:, None])
    assert given.result() == aligned.result()
    given.reset_state()
    given.update_state(Y_TRUE[:, :1], Y_PRED[:, 0], WEIGHT)
    assert given.result() == aligned.result()


@pytest.mark.parametrize("name", NAMES)
def test_lists_are_taken(name):
    metric = getattr(metrics, name)()
    metric.update_state(Y_TRUE.tolist(), Y_PRED.tolist(), WEIGHT.tolist())
    expected = {row[0]: row[2] for row in KERAS}[name]
    assert metric.result() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shapes", [((4, 1), (4, 3)), ((4,), (4, 3)), ((3, 2), (4, 2))])
def test_shapes_that_would_broadcast_are_refused(name, shapes):
    y_true, y_pred = map(np.zeros, shapes)
    with pytest.raises(ValueError, match=r"one shape; received y_true of shape \("):
        getattr(metrics, name)().update_state(y_true, y_pred)


def test_unsigned_integers_do_not_wrap():
    y_true, y_pred = np.array([[0], [3]], np.uint8), np.array([[1], [1]], np.uint8)
    np.testing.assert_array_equal(metrics.mean_squared_error(y_true, y_pred), [1, 4])


def test_float32_stays_float32_whatever_the_targets_are():
    for targets in (Y_TRUE.astype(np.float64), Y_TRUE.astype(np.int64)):
        assert metrics.mean_squared_error(targets, Y_PRED).dtype == np.float32


def test_log_cosh_of_large_errors_does_not_overflow():
    values = metrics.log_cosh([[0.0], [0.0]], [[1e5], [-1e5]])
    np.testing.assert_allclose(values, 1e5, rtol=1e-5)


def test_float16_errors_are_averaged_without_overflow():
    zeros, large = np.zeros((1, 1000), np.float16), np.full((1, 1000), 200, np.float16)
    np.testing.assert_array_equal(metrics.mean_squared_error(zeros, large), [40000])


def test_cosine_along_another_axis_is_kept_in_the_configuration():
    metric = metrics.CosineSimilarity(axis=0)
    metric.update_state([[1.0, 0.0], [0.0, 0.0]], [[2.0, 0.0], [0.0, 0.0]])
    assert metric.result() == 0.5
    assert metric.get_config()["axis"] == 0
    again = metrics.CosineSimilarity.from_config(metric.get_config())
    assert again.get_config() == metric.get_config()
