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


def shares(p):
    return p / p.sum(axis=-1, keepdims=True)


def focal(y, p):
    return -(0.25 * (1 - p) ** 2 * y * np.log(p)).sum(axis=-1)


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
    losses.hinge: lambda y, p: (1 - y * p).mean(-1),
    losses.squared_hinge: lambda y, p: ((1 - y * p) ** 2).mean(-1),
    losses.categorical_hinge: lambda y, p: np.maximum(
        ((1 - y) * p).max(-1) - (y * p).sum(-1) + 1, 0
    ),
    losses.kl_divergence: lambda y, p: (y * np.log(y / p)).sum(-1),
    losses.poisson: lambda y, p: (p - y * np.log(p + 1e-7)).mean(-1),
    losses.binary_focal_crossentropy: lambda y, p: (
        (1 - y * p - (1 - y) * (1 - p)) ** 2
        * -(y * np.log(p) + (1 - y) * np.log(1 - p))
    ).mean(-1),
    losses.categorical_focal_crossentropy: lambda y, p: focal(y, shares(p)),
    losses.dice: lambda y, p: 1 - 2 * (y * p).sum() / (y + p + 1e-7 / 12).sum(),
    losses.tversky: lambda y, p: 1 - (y * p).sum() / (0.5 * (y + p).sum() + 1e-7),
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


@pytest.mark.parametrize("function", [losses.kl_divergence, losses.poisson])
def test_a_number_is_the_target_of_every_prediction(function):
    y_pred = GradArray([0.2, 0.3, 0.7], requires_grad=True)
    value = function(0.4, y_pred)
    rows = function([0.4, 0.4, 0.4], y_pred)
    np.testing.assert_allclose(value.numpy(), rows.numpy(), rtol=1e-6)
    value.backward()
    assert (y_pred.grad != 0).all()


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


def test_hinge_reads_bits_as_signs_only_where_all_are_bits():
    scores = [[0.5, -2.0]]
    for targets in ([[0, 1]], [[-1, 1]], np.array([[False, True]])):
        assert losses.hinge(targets, scores).tolist() == [2.25]
    assert losses.hinge([[0, 2]], scores).tolist() == [3]


def test_regions_may_be_summed_over_any_axes():
    y, p = np.stack([Y, Y > 0.5]), np.stack([P, P])
    per_sample = losses.dice(y, p, axis=(1, 2))
    assert per_sample.shape == (2,)
    expected = [losses.dice(y[i], p[i]).item() for i in range(2)]
    np.testing.assert_allclose(per_sample.numpy(), expected)
    again = losses.Dice.from_config(losses.Dice(axis=[1, 2]).get_config())
    assert again(y, p).item() == pytest.approx(np.mean(expected))


def test_dice_is_tversky_of_halves():
    assert losses.tversky(Y, P).item() == pytest.approx(losses.dice(Y, P).item())
    added = losses.tversky(Y, P, alpha=0.0, beta=1.0).item()
    assert added == pytest.approx(1 - (Y * P).sum() / P.sum())


def test_focal_loss_without_focus_is_the_crossentropy():
    np.testing.assert_allclose(
        losses.binary_focal_crossentropy(Y, P, gamma=0.0).numpy(),
        losses.binary_crossentropy(Y, P).numpy(),
    )
    np.testing.assert_allclose(
        losses.categorical_focal_crossentropy(Y, P, gamma=0, alpha=1.0).numpy(),
        losses.categorical_crossentropy(Y, P).numpy(),
    )


def test_generalized_crossentropy_lies_between_two_losses():
    own = P[np.arange(4), LABELS]
    for labels in (LABELS, LABELS[:, None]):
        near_zero = losses.categorical_generalized_cross_entropy(labels, P, 1e-6)
        near_one = losses.categorical_generalized_cross_entropy(labels, P, 1 - 1e-6)
        np.testing.assert_allclose(near_zero.numpy(), -np.log(own), rtol=1e-4)
        np.testing.assert_allclose(near_one.numpy(), 1 - own, rtol=1e-4)
    for q in (0, 1, float("nan")):
        with pytest.raises(ValueError, match="q must be between 0 and 1; received"):
            losses.CategoricalGeneralizedCrossEntropy(q=q)


def test_circle_costs_nothing_without_a_pair():
    vectors = GradArray(unit(RNG.normal(size=(3, 2))))
    found = losses.circle([0, 1, 2], vectors)  # no two of a class
    found.sum().backward()
    assert found.tolist() == [0, 0, 0]
    assert vectors.grad.tolist() == [[0, 0]] * 3
    assert losses.Circle()([0, 1, 2], vectors).item() == 0


def test_circle_is_a_mean_over_the_vectors_that_cost_something():
    vectors = unit(RNG.normal(size=(5, 3)))
    labels = [0, 0, 1, 1, 2]
    each = losses.circle(labels, vectors, gamma=2.0).numpy()
    assert (each > 0).tolist() == [True, True, True, True, False]
    loss = losses.Circle(gamma=2.0, dtype="float64")
    assert loss(labels, vectors).item() == pytest.approx(each[:4].mean())


def test_circle_compares_with_the_references_that_it_is_given():
    vectors = unit(RNG.normal(size=(5, 3)))
    labels = np.array([0, 0, 1, 1, 2])
    itself = losses.circle(labels, vectors, gamma=2.0)
    given = losses.circle(labels, vectors, labels[:, None], vectors, gamma=2.0)
    np.testing.assert_array_equal(given.numpy(), itself.numpy())
    fewer = losses.circle(labels, vectors, labels[:2], vectors[:2])
    assert fewer.shape == (5,)


def test_ctc_of_rows_filled_up_is_that_of_the_short_rows():
    logits = RNG.normal(size=(2, 5, 4))
    both = losses.ctc([[1, 2, 0], [3, 0, 0]], logits)
    alone = [
        losses.ctc(row, logits[[i]]).item() for i, row in enumerate([[[1, 2]], [[3]]])
    ]
    np.testing.assert_allclose(both.numpy(), alone)


@pytest.mark.parametrize(
    "cls", [losses.BinaryFocalCrossentropy, losses.CategoricalFocalCrossentropy]
)
def test_focal_label_smoothing_is_a_share(cls):
    with pytest.raises(ValueError, match="label_smoothing must be a share"):
        cls(label_smoothing=1.5)
