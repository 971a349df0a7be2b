import numpy as np
import pytest

from keratorch import losses, metrics

SIGNS = np.array([[-1.0], [1.0], [1.0]])
SCORES = np.array([[0.5], [2.0], [-1.0]], np.float32)


@pytest.mark.parametrize(
    ("name", "plain", "weighted"),
    # by hand: the margins are missed by 1.5, 0 and 2
    [("Hinge", 3.5 / 3, 8.5 / 6), ("SquaredHinge", 6.25 / 3, 14.75 / 6)],
)
def test_bits_and_signs_vectors_and_columns_mean_the_same(name, plain, weighted):
    cls = getattr(metrics, name)
    bits = (SIGNS + 1) / 2
    for true, pred in [
        (SIGNS, SCORES),
        (bits, SCORES),
        (bits[:, 0].astype(bool), SCORES),
        (SIGNS.tolist(), SCORES.tolist()),
    ]:
        assert cls()(true, pred) == pytest.approx(plain)
        assert cls()(true, pred, [3.0, 1.0, 2.0]) == pytest.approx(weighted)


@pytest.mark.parametrize("name", ["Hinge", "SquaredHinge", "CategoricalHinge"])
def test_shapes_that_would_broadcast_are_refused(name):
    with pytest.raises(
        ValueError, match=r"one shape; received y_true of shape \(3, 1\)"
    ):
        getattr(metrics, name)()(SIGNS, np.ones((3, 4)))


@pytest.mark.parametrize(
    "name",
    [
        "hinge",
        "squared_hinge",
        "categorical_hinge",
        "kl_divergence",
        "poisson",
        "huber",
        "binary_focal_crossentropy",
        "categorical_focal_crossentropy",
    ],
)
def test_metric_functions_equal_the_loss_functions(name):
    rng = np.random.default_rng(7)
    true, pred = rng.random((5, 4)), rng.uniform(0.1, 0.9, (5, 4))
    found = getattr(metrics, name)(true, pred)
    assert isinstance(found, np.ndarray)
    expected = getattr(losses, name)(true, pred).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_loss_function_serves_as_a_metric():
    metric = metrics.MeanMetricWrapper(losses.hinge)
    assert metric._direction == "down"
    assert metric(SIGNS, SCORES) == metrics.Hinge()(SIGNS, SCORES)
