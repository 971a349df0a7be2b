"""Ties, kinks, poles and huge numbers: the answers of PyTorch 2.13, written in.

Central differences mean nothing at these points, so `test_every_grad.py` avoids them.
"""

import numpy as np
import pytest

from keratorch import GradArray, gradients
from keratorch.grads import activation, neural

INF = float("inf")


def answer(function, *inputs, dtype=float):
    """Return the value of a function and the gradients of the sum of it."""
    arrays = [GradArray(np.array(x, dtype)) for x in inputs]
    result = function(*arrays)
    result.sum().backward()
    return result.numpy(), *[x.grad for x in arrays]


def assert_answer(function, inputs, value, *grads, dtype=float, rtol=1e-13):
    found = answer(function, *inputs, dtype=dtype)
    for one, other in zip(found, (value, *grads), strict=True):
        np.testing.assert_allclose(one, other, rtol=rtol, atol=0)
        assert one.dtype == dtype


# Powers


@pytest.mark.parametrize(
    "exponent, value, slope, second",
    [(3, 0, 0, 0), (2, 0, 0, 2), (1, 0, 1, 0), (0, 1, 0, 0)],
)
@pytest.mark.parametrize("kind", [int, float, np.array])
def test_power_at_zero(exponent, value, slope, second, kind):
    x = GradArray([0.0])
    y = x ** kind(exponent)
    first = gradients(y, x, create_graph=True)
    assert (y.item(), first.item()) == (value, slope)
    assert gradients(first.sum(), x).item() == second


def test_root_at_zero_has_an_infinite_slope():
    with np.errstate(divide="ignore"):
        assert_answer(lambda x: x**0.5, [[0.0, 4.0]], [0, 2], [INF, 0.25])
        assert_answer(np.sqrt, [[0.0, 4.0]], [0, 2], [INF, 0.25])


def test_power_of_arrays_at_base_zero():
    a, b = [0.0, 0.0, 0.0, 1.0, 2.0], [3.0, 1.0, 0.0, 0.0, 0.0]
    da, db = [0, 1, 0, 0, 0], [0, 0, 0, 0, np.log(2)]
    assert_answer(np.power, [a, b], [0, 0, 1, 1, 1], da, db)


def test_negative_base_with_whole_exponents():
    exponents = np.array([2.0, 3.0, -1.0])
    program = lambda x: x**exponents  # noqa: E731
    assert_answer(program, [[-2.0, -2.0, -2.0]], [4, -8, -0.5], [-4, 12, -0.25])


# Ties


def test_equal_arguments_of_maximum_and_minimum_share_the_gradient():
    a, b = [1.0, 2.0, 3.0], [1.0, 3.0, 2.0]
    assert_answer(np.maximum, [a, b], [1, 3, 3], [0.5, 0, 1], [0.5, 1, 0])
    assert_answer(np.minimum, [a, b], [1, 2, 2], [0.5, 1, 0], [0.5, 0, 1])


def test_equal_largest_elements_share_the_gradient():
    third = 1 / 3
    assert_answer(np.max, [[3.0, 1.0, 3.0, 3.0]], 3, [third, 0, third, third])
    rows = [[1.0, 1.0], [1.0, 2.0]]
    by_row = lambda x: x.max(axis=1)  # noqa: E731
    by_column = lambda x: x.min(axis=0, keepdims=True)  # noqa: E731
    assert_answer(by_row, [rows], [1, 2], [[0.5, 0.5], [0, 1]])
    assert_answer(by_column, [rows], [[1, 1]], [[0.5, 1], [0.5, 0]])


def test_repeated_index_adds_up():
    index, weights = np.array([0, 0, 2]), np.array([1.0, 10.0, 100.0])
    program = lambda x: x[index] * weights  # noqa: E731
    assert_answer(program, [[1.0, 2.0, 3.0]], [1, 10, 300], [11, 0, 100])


# Kinks


def test_abs_and_relu_have_slope_zero_at_zero():
    assert_answer(np.abs, [[0.0, -0.0, -1.0]], [0, 0, 1], [0, 0, -1])
    assert_answer(neural.ReluGrad.apply, [[-1.0, 0.0, 1.0]], [0, 0, 1], [0, 0, 1])


def test_clip_passes_the_gradient_on_its_bounds():
    values, slopes = [0, 0, 0.5, 1, 1], [0, 1, 1, 1, 0]
    clip = lambda x: np.clip(x, 0, 1)  # noqa: E731
    assert_answer(clip, [[-1.0, 0.0, 0.5, 1.0, 2.0]], values, slopes)


def test_clip_between_arrays_gives_the_gradient_to_what_the_result_equals():
    x, low, high = [-1.0, 0, 0.5, 1, 2, 5], [0.0] * 5 + [1.0], [1.0] * 5 + [0.0]
    assert_answer(
        np.clip,
        [x, low, high],
        [0, 0, 0.5, 1, 1, 0],
        [0, 1, 1, 1, 0, 0],
        [1, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 1, 1],
    )


def test_deviation_of_equal_values_has_slope_zero():
    assert_answer(np.std, [[2.0, 2.0, 2.0]], 0, [0, 0, 0])
    assert_answer(np.var, [[2.0, 2.0, 2.0]], 0, [0, 0, 0])
    by_row = lambda x: x.std(axis=1)  # noqa: E731
    assert_answer(by_row, [[[2.0, 2.0], [1.0, 3.0]]], [0, 1], [[0, 0], [-0.5, 0.5]])


def test_elu_at_zero_and_far_away():
    elu = activation.EluGrad.apply
    assert_answer(elu, [[0.0, -1000.0, 1000.0]], [0, -1, 1000], [1, 0, 1])


# Huge numbers: no overflow, no NaN, and no warning (warnings are errors here)


def test_sigmoid_of_huge_numbers():
    tiny = 4.248354255291589e-18
    assert_answer(
        neural.SigmoidGrad.apply,
        [[-1000.0, -40.0, 0.0, 40.0, 1000.0]],
        [0, tiny, 0.5, 1, 1],
        [0, tiny, 0.25, 0, 0],
    )


def test_sigmoid_of_huge_numbers_in_float32():
    value, slope = answer(neural.SigmoidGrad.apply, [100, -88, 88], dtype=np.float32)
    np.testing.assert_allclose(value, [1, 6.0546e-39, 1], rtol=1e-3)
    np.testing.assert_allclose(slope, [0, 6.0546e-39, 0], rtol=1e-3)


def test_softplus_of_huge_numbers():
    tiny = 4.248354255291589e-18
    assert_answer(
        activation.SoftplusGrad.apply,
        [[-1000.0, -40.0, 0.0, 40.0, 1000.0]],
        [0, tiny, np.log(2), 40, 1000],
        [0, tiny, 0.5, 1, 1],
    )


def test_tanh_of_huge_numbers():
    assert_answer(np.tanh, [[-1000.0, 0.0, 1000.0]], [-1, 0, 1], [0, 1, 0])


def test_softmax_of_huge_and_of_infinite_logits():
    weighted = lambda x: neural.SoftmaxGrad.apply(x) * np.array([1.0, 2, 3])  # noqa: E731
    assert_answer(weighted, [[1000.0, 1000, -1000]], [0.5, 1, 0], [-0.25, 0.25, 0])
    slope = 0.3932238664829638
    value = [0.26894142136999516, 0, 2.193175735890015]
    assert_answer(weighted, [[1.0, -INF, 2.0]], value, [-slope, 0, slope])


def test_log_softmax_of_huge_logits():
    weights = np.array([1.0, 2.0, 3.0])
    weighted = lambda x: neural.LogSoftmaxGrad.apply(x) * weights  # noqa: E731
    assert_answer(weighted, [[1000.0, 0.0, -1000.0]], [0, -2000, -6000], [-5, 2, 3])


def test_cross_entropy_of_huge_logits():
    logits = [[1000.0, 0.0, -1000.0]] * 2
    sparse = lambda x: neural.SparseSoftmaxCrossEntropyGrad.apply(x, [1, 0])  # noqa: E731
    assert_answer(sparse, [logits], [1000, 0], [[1, -1, 0], [0, 0, 0]])
    assert_answer(
        neural.SoftmaxCrossEntropyGrad.apply,
        [logits[:1], [[0.2, 0.3, 0.5]]],
        [1300],
        [[0.8, -0.3, -0.5]],
        [[0, 1000, 2000]],
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_binary_cross_entropy_of_huge_logits(dtype):
    target = np.array([0, 1, 0, 1, 0.5], dtype)
    program = lambda x: neural.SigmoidCrossEntropyGrad.apply(x, target)  # noqa: E731
    assert_answer(
        program,
        [[1000.0, 1000.0, -1000.0, -1000.0, 0.0]],
        [1000, 0, 0, 1000, np.log(2)],
        [1, 0, 0, -1, 0],
        dtype=dtype,
        rtol=1e-6,
    )


def test_fused_operations_equal_the_textbook_ones_that_they_name():
    rng = np.random.default_rng(0)
    x, k, b = rng.normal(size=(2, 4, 3)), rng.normal(size=(3, 5)), rng.normal(size=5)
    target = np.eye(5)[[[0, 1, 2, 3], [4, 0, 1, 2]]]

    def fused(x, kernel, bias):
        logits = neural.DenseGrad.apply(x, kernel, bias)
        return neural.SoftmaxCrossEntropyGrad.apply(logits, target)

    def sparse(x, kernel, bias):
        logits = neural.DenseGrad.apply(x, kernel, bias)
        labels = target.argmax(axis=-1)
        return neural.SparseSoftmaxCrossEntropyGrad.apply(logits, labels)

    def textbook(x, kernel, bias):
        log_p = neural.LogSoftmaxGrad.apply(x @ kernel + bias)
        return -(log_p * target).sum(axis=-1)

    expected = answer(textbook, x, k, b)
    for program in (fused, sparse):
        for one, other in zip(answer(program, x, k, b), expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)


# What operations refuse


def test_clip_keeps_integers_integers():
    clipped = GradArray(np.array([1, 2, 3])).clip(2, None)
    assert clipped.dtype == np.array([1, 2, 3]).dtype
    np.testing.assert_array_equal(clipped.numpy(), [2, 2, 3])


def test_clip_with_neither_bound_gives_the_array():
    x = GradArray([1.0, -2.0])
    y = np.clip(x, None, None)
    np.testing.assert_array_equal(y.numpy(), x.numpy())


def test_where_of_a_condition_alone_finds_indices():
    x = GradArray([0.0, 2.0])
    for condition in (x > 1, x):
        (index,) = np.where(condition)
        np.testing.assert_array_equal(index, [1])


def test_where_takes_a_recorded_array_as_its_condition():
    x = GradArray([0.0, 2.0])
    y = np.where(x, x, 5.0)
    np.testing.assert_array_equal(y.numpy(), [5.0, 2.0])
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 1.0])
