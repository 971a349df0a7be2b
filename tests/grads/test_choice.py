"""Gradients that go to some elements: the others get 0, also of what is infinite."""

import numpy as np
import pytest

from keratorch import GradArray, ops
from keratorch.grads.choice import kept, split
from keratorch.testing import gradcheck

MASK = np.array([True, False, True])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex128"])
@pytest.mark.parametrize("value", [2.0, 1e4, 1e30, np.inf, np.nan])
def test_masked_gradients_are_those_of_where(dtype, value):
    with np.errstate(over="ignore"):
        grad = np.array([1, value, 3]).astype(dtype)
    zeros = np.zeros(3, dtype)
    np.testing.assert_array_equal(kept(grad, MASK), np.where(MASK, grad, zeros))
    first, second = split(grad, MASK)
    np.testing.assert_array_equal(first, np.where(MASK, grad, zeros))
    np.testing.assert_array_equal(second, np.where(MASK, zeros, grad))
    assert {kept(grad, MASK).dtype, first.dtype, second.dtype} == {grad.dtype}


@pytest.mark.parametrize(
    "rooted",
    [
        lambda x: np.maximum(x, 0),
        lambda x: np.maximum(x, np.zeros(3)),
        lambda x: np.fmax(x, 0),
        lambda x: -np.minimum(-x, 0),
        lambda x: -np.fmin(-x, 0),
        lambda x: np.clip(x, 0, 9),
        lambda x: np.where([False, True, True], x, 0),
        lambda x: np.max(np.stack([x, np.zeros(3)]), axis=0),
        lambda x: np.max(np.stack([x, np.zeros(3)]), axis=0, initial=0),
        ops.relu,
        ops.relu6,
    ],
)
def test_infinite_slope_of_a_root_at_zero_reaches_only_what_was_chosen(rooted):
    x = GradArray([-1.0, 1.0, 4.0])
    with np.errstate(divide="ignore"):
        np.sqrt(rooted(x)).sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 0.5, 0.25])


def test_extremum_with_nan_and_ties_elsewhere_is_shared_among_both():
    x = GradArray([[np.nan, 2.0, 1.0], [0.0, 2.0, 3.0]])
    np.max(x, axis=0).sum().backward()
    np.testing.assert_array_equal(x.grad, [[1.0, 0.5, 0.0], [0.0, 0.5, 1.0]])


def test_derivatives_of_choices_of_any_order():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 3, 4))
    gradcheck(lambda a, b: np.where(a > b, a**2 * b, b**3), a, b)
    gradcheck(lambda a, b: np.maximum(a * b, b) ** 2, a, b)
    gradcheck(lambda a: np.max(a**2, axis=1), a)
