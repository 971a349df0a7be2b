"""Where the gradient of a pooling goes at ties, borders, overlaps and infinities."""

import numpy as np
import pytest

from keratorch import GradArray, config, gradients
from keratorch.grads.pooling import (
    AdaptiveMaxPoolGrad,
    AveragePoolGrad,
    GlobalMaxPoolGrad,
    MaxPoolGrad,
)


def sequence(*values):
    return GradArray(np.array(values, float).reshape(1, -1, 1))


def test_first_of_equal_maxima_gets_the_gradient():
    x = sequence(1, 7, 7, 5, 5, 5)
    MaxPoolGrad.apply(x, 3).backward(np.array([[[2.0], [3.0]]]))
    assert x.grad.ravel().tolist() == [0, 2, 0, 3, 0, 0]


def test_maximum_of_several_windows_gets_the_gradient_of_all():
    x = sequence(1, 9, 2, 3)
    MaxPoolGrad.apply(x, 3, 1, "same").backward(np.arange(1.0, 5).reshape(1, 4, 1))
    assert x.grad.ravel().tolist() == [0, 1 + 2 + 3, 0, 4]


def test_infinite_gradient_reaches_the_maximum_alone():
    x = sequence(1, 2, 4, 3)
    MaxPoolGrad.apply(x, 2).backward(np.array([[[np.inf], [1.0]]]))
    assert x.grad.ravel().tolist() == [0, np.inf, 1, 0]


def test_gradient_of_a_window_with_a_nan_stays_in_the_window():
    x = sequence(np.nan, 2, 4, 3)
    MaxPoolGrad.apply(x, 2).backward(np.array([[[5.0], [1.0]]]))
    assert x.grad.ravel().tolist() == [5, 0, 1, 0]


def test_adaptive_maximum_of_overlapping_cells_gets_the_gradient_of_both():
    x = sequence(1, 2, 9, 4, 5)
    AdaptiveMaxPoolGrad.apply(x, (2,)).backward(np.array([[[2.0], [3.0]]]))
    assert x.grad.ravel().tolist() == [0, 0, 5, 0, 0]


def test_mean_at_the_border_shares_its_gradient_among_the_elements_inside():
    x = sequence(1, 2, 3)
    AveragePoolGrad.apply(x, 2, padding="same").backward(np.full((1, 2, 1), 6.0))
    assert x.grad.ravel().tolist() == [3, 3, 6]


@pytest.mark.parametrize("apply", [MaxPoolGrad.apply, AveragePoolGrad.apply])
def test_window_of_no_elements_is_an_error(apply):
    with pytest.raises(ValueError, match="pool_size"):
        apply(sequence(1, 2, 3), 0)


@pytest.mark.parametrize("apply", [MaxPoolGrad.apply, AveragePoolGrad.apply])
def test_elements_that_no_window_has_get_zero(apply):
    x = sequence(1, 2, 3, 4, 5)
    apply(x, 2).sum().backward()
    assert x.grad.ravel()[-1] == 0


def test_second_derivative_flows_through_the_choice_of_a_maximum():
    x = sequence(1, 3, 5, 4)
    (first,) = gradients((MaxPoolGrad.apply(x, 2) ** 3).sum(), [x], create_graph=True)
    (second,) = gradients(first.sum(), [x])
    assert second.ravel().tolist() == [0, 6 * 3, 6 * 5, 0]


@pytest.mark.parametrize("values", [[1, 3, 3, 2], [np.nan, 1, np.nan, 5], [0, 0, 0, 0]])
def test_ties_of_a_global_maximum_share_its_gradient_as_those_of_max_do(values):
    x, other = sequence(*values), sequence(*values)
    GlobalMaxPoolGrad.apply(x).backward(np.array([[6.0]]))
    np.max(other, axis=1).backward(np.array([[6.0]]))
    np.testing.assert_array_equal(x.grad, other.grad)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_bits_of_a_large_pooling_do_not_depend_on_the_threads(count):
    x = GradArray(np.random.default_rng(0).normal(size=(40, 32, 32, 16)))
    results = []
    try:
        for threads in (None, count):
            config.set_num_threads(threads)
            x.grad = None
            pools = MaxPoolGrad.apply(x, 3, 2), AveragePoolGrad.apply(x, 3, 2, "same")
            sum((out * np.cos(out)).sum() for out in pools).backward()
            results.append([out.numpy() for out in pools] + [x.grad])
    finally:
        config.set_num_threads(None)
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)
