"""The functions: a loss per sample, by the formula, of shapes that are equal."""

import math

import numpy as np
import pytest

from keratorch import GradArray, losses

RNG = np.random.default_rng(5)
Y, P = RNG.uniform(0.1, 0.9, (4, 3)), RNG.uniform(0.1, 0.9, (4, 3))
LABELS = np.array([0, 2, 1, 2])


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


FORMULAS = {
    losses.mean_squared_error: lambda y, p: ((y - p) ** 2).mean(-1),
    losses.mean_absolute_error: lambda y, p: abs(y - p).mean(-1),
    losses.mean_absolute_percentage_error: lambda y, p: (
        100 * (abs(y - p) / abs(y)).mean(-1)
    ),
    losses.mean_squared_logarithmic_error: lambda y, p: (
        (np.log(y + 1) - np.log(p + 1)) ** 2
    ).mean(-1),
    losses.huber: lambda y, p: ((y - p) ** 2 / 2).mean(-1),
    losses.log_cosh: lambda y, p: np.log(np.cosh(y - p)).mean(-1),
    losses.cosine_similarity: lambda y, p: -(unit(y) * unit(p)).sum(-1),
    losses.binary_crossentropy: lambda y, p: (
        -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(-1)
    ),
    losses.categorical_crossentropy: lambda y, p: (
        -(y * np.log(p / p.sum(-1, keepdims=True))).sum(-1)
    ),
}
each_function = pytest.mark.parametrize(
    "function, formula", FORMULAS.items(), ids=[f.__name__ for f in FORMULAS]
)


@each_function
def test_value_is_that_of_the_formula(function, formula):
    found = function(Y, GradArray(P))
    assert found.dtype == np.float64
    np.testing.assert_allclose(found.numpy(), formula(Y, P), rtol=1e-10)


@each_function
def test_gradient_equals_central_differences(function, formula):
    p = GradArray(P)
    function(Y, p).sum().backward()
    slope, step = np.zeros_like(P), 1e-6
    for index in np.ndindex(P.shape):
        moved = np.zeros_like(P)
        moved[index] = step
        change = formula(Y, P + moved) - formula(Y, P - moved)
        slope[index] = change.sum() / (2 * step)
    np.testing.assert_allclose(p.grad, slope, rtol=1e-6, atol=1e-8)


@each_function
def test_lists_are_taken_in_floatx(function, formula):
    found = function(Y.tolist(), P.tolist())
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.numpy(), formula(Y, P), rtol=2e-5)


@each_function
@pytest.mark.parametrize("y_true", [Y[:, 0], Y[:, :1], Y[:3]])
def test_shapes_that_would_broadcast_are_refused(function, formula, y_true):
    with pytest.raises(ValueError, match=r"received y_true of shape .*\(4, 3\)"):
        function(y_true, P)


def test_vector_against_a_column_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"y_true\.reshape\(\(4, 1\)\); a loss object"):
        losses.mean_squared_error(Y[:, 0], P[:, :1])
    assert losses.MeanSquaredError()(Y[:, 0], P[:, :1]).shape == ()


def test_two_numbers_have_no_axis_to_take_a_mean_over():
    with pytest.raises(ValueError, match="received two numbers"):
        losses.mean_squared_error(1.0, 2.0)


def test_sparse_function_takes_labels_and_columns_of_labels():
    expected = -np.log(P / P.sum(-1, keepdims=True))[np.arange(4), LABELS]
    for labels in (LABELS, LABELS[:, None], LABELS.tolist(), LABELS.astype(float)):
        found = losses.sparse_categorical_crossentropy(labels, P)
        np.testing.assert_allclose(found.numpy(), expected)


def test_ignored_samples_cost_nothing_and_get_no_gradient():
    p = GradArray(P)
    labels = np.array([0, -1, 1, -1])
    found = losses.sparse_categorical_crossentropy(labels, p, ignore_class=-1)
    found.sum().backward()
    assert (found.numpy() == 0).tolist() == [False, True, False, True]
    assert (p.grad == 0).all(axis=1).tolist() == [False, True, False, True]


def test_mean_is_over_the_samples_that_are_not_ignored():
    labels = np.array([0, -1, 1, -1])
    loss = losses.SparseCategoricalCrossentropy(ignore_class=-1, dtype="float64")
    expected = losses.sparse_categorical_crossentropy([0, 1], P[[0, 2]]).numpy()
    assert loss(labels, P).item() == pytest.approx(expected.mean())
    assert loss(labels[:, None], P).item() == pytest.approx(expected.mean())


def test_huber_goes_on_as_a_line():
    found = losses.huber([[0.0]], GradArray([[5.0]]), delta=2.0)
    assert found.item() == 2 * 5 - 0.5 * 4
    with pytest.raises(ValueError, match="delta must be positive; received 0"):
        losses.Huber(delta=0)


def test_log_cosh_of_large_errors_does_not_overflow():
    y_pred = GradArray([[1e5], [-1e5]])
    found = losses.log_cosh(np.zeros((2, 1)), y_pred)
    found.sum().backward()
    np.testing.assert_allclose(found.numpy(), 1e5 - math.log(2))
    assert y_pred.grad.tolist() == [[1], [-1]]


def test_cosine_similarity_of_nothing_is_zero():
    y_pred = GradArray(np.zeros((1, 3)))
    found = losses.cosine_similarity(Y[:1], y_pred)
    found.backward([1.0])
    assert found.item() == 0
    assert np.isfinite(y_pred.grad).all()


@pytest.mark.parametrize("smoothing", [-0.1, 1.5, float("nan")])
@pytest.mark.parametrize(
    "cls", [losses.BinaryCrossentropy, losses.CategoricalCrossentropy]
)
def test_label_smoothing_is_a_share(cls, smoothing):
    with pytest.raises(ValueError, match="label_smoothing must be a share"):
        cls(label_smoothing=smoothing)


def test_smoothed_targets_lie_between_theirs_and_the_middle():
    hard = np.array([[1.0, 0.0, 0.0]])
    soft = [[0.8, 0.1, 0.1]]
    np.testing.assert_allclose(
        losses.categorical_crossentropy(hard, P[:1], label_smoothing=0.3).numpy(),
        losses.categorical_crossentropy(soft, P[:1]).numpy(),
    )
    np.testing.assert_allclose(
        losses.binary_crossentropy(hard, P[:1], label_smoothing=0.2).numpy(),
        losses.binary_crossentropy(0.8 * hard + 0.1, P[:1]).numpy(),
    )


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_binary_mean_is_along_its_axis(axis):
    found = losses.binary_crossentropy(Y, P, axis=axis)
    terms = -(Y * np.log(P) + (1 - Y) * np.log(1 - P))
    np.testing.assert_allclose(found.numpy(), terms.mean(axis=axis))
