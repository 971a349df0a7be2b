"""Fused losses equal the textbook operations that they stand for."""

import numpy as np
import pytest

from keratorch import GradArray, config, gradients
from keratorch.grads import loss

RNG = np.random.default_rng(3)
P = RNG.dirichlet(np.ones(4), 6) * 0.9
TARGET = RNG.dirichlet(np.ones(4), 6)
LABELS = RNG.integers(0, 4, 6)
UPSTREAM = RNG.normal(size=6)


def clipped(p):
    return np.clip(p, config.epsilon(), 1 - config.epsilon())


def one_hot(labels):
    return np.eye(4)[labels]


def share(p):
    return clipped(p / p.sum(axis=-1, keepdims=True))


PAIRS = {
    "squared error": (
        lambda p: loss.MeanSquaredErrorGrad.apply(p, TARGET),
        lambda p: np.square(p - TARGET).mean(axis=-1),
    ),
    "binary": (
        lambda p: loss.BinaryCrossEntropyGrad.apply(p, TARGET).sum(axis=-1),
        lambda p: (
            -(TARGET * np.log(clipped(p)) + (1 - TARGET) * np.log(1 - clipped(p)))
        ).sum(axis=-1),
    ),
    "categorical": (
        lambda p: loss.CategoricalCrossEntropyGrad.apply(p, TARGET),
        lambda p: -(TARGET * np.log(share(p))).sum(axis=-1),
    ),
    "sparse": (
        lambda p: loss.SparseCategoricalCrossEntropyGrad.apply(p, LABELS),
        lambda p: -(one_hot(LABELS) * np.log(share(p))).sum(axis=-1),
    ),
    "weighted mean": (
        lambda p: loss.WeightedMeanGrad.apply(p, TARGET, 5) + UPSTREAM * 0,
        lambda p: (p * TARGET).sum() / 5 + UPSTREAM * 0,
    ),
}


@pytest.fixture(params=[True, False], ids=["fast", "textbook"])
def both_forms(request):
    config.set_fast(request.param)
    yield
    config.set_fast(True)


@pytest.mark.usefixtures("both_forms")
@pytest.mark.parametrize("fused, textbook", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("saturated", [False, True])
def test_fused_operation_equals_the_textbook_ones(fused, textbook, saturated):
    values = P.copy()
    if saturated:
        values[:4] = np.eye(4)[[3, 1, 0, 2]]
    x = GradArray(values)
    ours, theirs = fused(x), textbook(x)
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-9, atol=1e-12)
    found, expected = gradients(ours, x, UPSTREAM), gradients(theirs, x, UPSTREAM)
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10)


def test_probability_that_was_clipped_gets_no_gradient():
    p = GradArray([[0.0], [1.0], [0.5]])
    target = np.array([[1.0], [0.0], [1.0]])
    loss.BinaryCrossEntropyGrad.apply(p, target).sum().backward()
    np.testing.assert_allclose(p.grad, [[0], [0], [-2]])


def test_certain_and_right_gets_no_gradient():
    p = GradArray([[1.0, 0.0]])
    loss.SparseCategoricalCrossEntropyGrad.apply(p, np.array([0])).sum().backward()
    np.testing.assert_array_equal(p.grad, [[0, 0]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_certain_and_wrong_costs_minus_the_log_of_epsilon(dtype):
    p = np.array([[1, 0]], dtype)
    found = loss.SparseCategoricalCrossEntropyGrad.apply(p, np.array([1]))
    assert found.item() == pytest.approx(-np.log(1e-7), rel=1e-6)


def test_epsilon_is_that_of_the_time_of_the_call():
    p = GradArray([[1.0, 0.0]])
    before = config.epsilon()
    try:
        config.set_epsilon(0.01)
        found = loss.SparseCategoricalCrossEntropyGrad.apply(p, np.array([1]))
    finally:
        config.set_epsilon(before)
    assert found.item() == pytest.approx(-np.log(0.01))
