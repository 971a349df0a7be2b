"""Activations: their formulas, kinks, types and mistakes."""

import math
import warnings

import numpy as np
import pytest

from keratorch import GradArray, gradients, ops

X = np.array([-7.3, -2.2, -1.4, -0.7, -0.2, 0.3, 0.9, 1.6, 2.8, 6.4])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


FORMULAS = {
    ops.relu: lambda x: np.maximum(x, 0),
    ops.relu6: lambda x: np.clip(x, 0, 6),
    ops.leaky_relu: lambda x: np.where(x > 0, x, 0.2 * x),
    ops.elu: lambda x: np.where(x > 0, x, np.exp(x) - 1),
    ops.selu: lambda x: (
        1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(x) - 1))
    ),
    ops.celu: lambda x: np.where(x > 0, x, np.exp(x) - 1),
    ops.sigmoid: sigmoid,
    ops.log_sigmoid: lambda x: np.log(sigmoid(x)),
    ops.hard_sigmoid: lambda x: np.clip(x / 6 + 0.5, 0, 1),
    ops.sparse_sigmoid: lambda x: np.clip((x + 1) / 2, 0, 1),
    ops.silu: lambda x: x * sigmoid(x),
    ops.hard_silu: lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
    ops.gelu: lambda x: (
        x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    ),
    ops.erf: np.vectorize(math.erf),
    ops.hard_tanh: lambda x: np.clip(x, -1, 1),
    ops.tanh_shrink: lambda x: x - np.tanh(x),
    ops.hard_shrink: lambda x: x * (np.abs(x) > 0.5),
    ops.soft_shrink: lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0),
    ops.softplus: lambda x: np.log(1 + np.exp(x)),
    ops.squareplus: lambda x: (x + np.sqrt(x**2 + 4)) / 2,
    ops.sparse_plus: lambda x: np.where(
        x > 1, x, np.where(x > -1, (x + 1) ** 2 / 4, 0)
    ),
    ops.softsign: lambda x: x / (1 + np.abs(x)),
    ops.softmax: lambda x: np.exp(x) / np.exp(x).sum(),
    ops.log_softmax: lambda x: np.log(np.exp(x) / np.exp(x).sum()),
}
each_function = pytest.mark.parametrize(
    "function, formula", FORMULAS.items(), ids=[f.__name__ for f in FORMULAS]
)


@each_function
def test_value_is_that_of_the_formula(function, formula):
    np.testing.assert_allclose(function(X).numpy(), formula(X), rtol=1e-9, atol=1e-12)


@each_function
def test_gradient_equals_central_differences_to_second_order(function, formula):
    x = GradArray(X)
    slope = gradients(function(x).sum(), x, create_graph=True)
    if function in (ops.softmax, ops.log_softmax):
        slope = gradients((function(x) * X).sum(), x, create_graph=True)
        assert np.isfinite(slope.numpy()).all()
        return  # their Grads are checked in test_every_grad.py
    step = 1e-5
    expected = (formula(X + step) - formula(X - step)) / (2 * step)
    np.testing.assert_allclose(slope.numpy(), expected, rtol=1e-6, atol=1e-8)
    if slope.requires_grad:
        above, below = (
            gradients(function(y).sum(), y)
            for y in (GradArray(X + step), GradArray(X - step))
        )
        second = gradients(slope.sum(), x)
        second = np.zeros_like(X) if second is None else second
        np.testing.assert_allclose(second, (above - below) / (2 * step), atol=1e-6)


@each_function
def test_float32_stays_float32(function, formula):
    x = GradArray(X.astype(np.float32), requires_grad=True)
    y = function(x)
    y.backward(np.ones_like(X))
    assert y.dtype == x.grad.dtype == np.float32


@each_function
def test_lists_are_taken_and_values_have_no_graph(function, formula):
    y = function([0.5, 1.5])
    assert y.dtype == np.float32
    assert not y.requires_grad


@each_function
def test_huge_numbers_warn_of_nothing(function, formula):
    x = GradArray(np.float32([-1e4, -100, 0, 100, 1e4]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        y = function(x)
        y.backward(np.ones(5))
    assert np.isfinite(y.numpy()).all()
    assert np.isfinite(x.grad).all()


def test_celu_is_elu_of_another_scale():
    expected = np.where(X > 0, X, 0.5 * (np.exp(X / 0.5) - 1))
    np.testing.assert_allclose(ops.celu(X, alpha=0.5).numpy(), expected)


def test_the_alpha_of_elu_may_be_learned():
    alpha = GradArray(np.array(0.5), requires_grad=True)
    x = GradArray(X, requires_grad=True)
    out = ops.elu(x, alpha)
    np.testing.assert_allclose(out.numpy(), ops.elu(X, 0.5).numpy())
    out.sum().backward()
    np.testing.assert_allclose(alpha.grad, np.expm1(X[X < 0]).sum())
    np.testing.assert_allclose(x.grad, np.where(X > 0, 1, 0.5 * np.exp(X)))


def test_exact_gelu_is_x_times_the_normal_distribution():
    expected = [x / 2 * (1 + math.erf(x / math.sqrt(2))) for x in X]
    np.testing.assert_allclose(ops.gelu(X, approximate=False).numpy(), expected)


def test_threshold_replaces_what_is_not_above():
    assert ops.threshold([0.0, 1.0, 2.0], 1.0, 9.0).tolist() == [9, 9, 2]


@pytest.mark.parametrize("axis", [0, 1, -1, (0, 1), None])
def test_softmax_sums_to_one_along_its_axis(axis):
    y = ops.softmax(np.arange(6.0).reshape(2, 3), axis=axis).numpy()
    np.testing.assert_allclose(y.sum(axis=axis), 1)
    again = ops.log_softmax(np.arange(6.0).reshape(2, 3), axis=axis).numpy()
    np.testing.assert_allclose(np.exp(again), y)


@pytest.mark.parametrize("axis", [0, 1])
def test_sparsemax_is_the_nearest_distribution(axis):
    x = np.random.default_rng(0).normal(size=(5, 5))
    y = ops.sparsemax(x, axis=axis).numpy()
    np.testing.assert_allclose(y.sum(axis=axis), 1)
    assert (y >= 0).all()
    # no point of a fine net of distributions is nearer
    others = np.random.default_rng(1).dirichlet(np.full(5, 0.3), 2000)
    rows = np.moveaxis(y, axis, -1), np.moveaxis(x, axis, -1)
    for ours, vector in zip(*rows, strict=True):
        nearest = ((others - vector) ** 2).sum(axis=1).min()
        assert ((ours - vector) ** 2).sum() <= nearest


def test_sparsemax_of_equal_numbers_is_uniform():
    assert ops.sparsemax([7.0, 7.0]).tolist() == [0.5, 0.5]


def test_gradient_of_sparsemax_is_that_of_the_numbers_kept():
    x = GradArray([1.5, 1.0, -1.0])
    ops.sparsemax(x).backward([1.0, 0.0, 5.0])
    assert x.grad.tolist() == [0.5, -0.5, 0]


@pytest.mark.parametrize("axis", [1, -2])
def test_softmax_along_one_number_warns_that_it_is_one(axis):
    with pytest.warns(UserWarning, match=r"shape \(3, 1, 2\) has length 1.*sigmoid"):
        y = ops.softmax(np.arange(6.0).reshape(3, 1, 2), axis=axis)
    assert (y.numpy() == 1).all()
    with pytest.warns(UserWarning, match="length 1"):
        assert ops.softmax(-3.0).numpy() == 1


@pytest.mark.parametrize("axis", [0, -1])
def test_glu_gates_one_half_by_the_other(axis):
    x = np.random.default_rng(0).normal(size=(4, 6))
    a, b = np.split(x, 2, axis)
    np.testing.assert_allclose(ops.glu(x, axis=axis).numpy(), a * sigmoid(b))


def test_glu_of_an_odd_axis_is_refused():
    with pytest.raises(ValueError, match=r"axis -1 .* shape \(2, 3\).* 3 is odd"):
        ops.glu(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"axis -1 is out of range for shape \(\)"):
        ops.glu(1.0)


def test_mish_is_its_formula_and_the_activation_of_that_name():
    from keratorch import activations, ops

    x = np.array([-3.0, 0.0, 2.0])
    expected = x * np.tanh(np.log1p(np.exp(x)))
    np.testing.assert_allclose(ops.mish(x).numpy(), expected, rtol=1e-12)
    assert activations.mish is ops.mish
