"""Gradients are checked, scaled and clipped, and never changed in place."""

import numpy as np
import pytest

from keratorch import GradArray, Variable
from keratorch.optimizers.gradients import (
    check_gradient,
    clip_by_value,
    global_norm_factor,
    norm,
    norm_factor,
    scale,
)


@pytest.fixture
def gradients():
    rng = np.random.default_rng(3)
    return [rng.normal(size=s).astype("float32") for s in ((3, 4), (5,), ())]


def test_a_fitting_gradient_is_taken_as_it_is():
    gradient = np.ones(2, "float32")
    assert check_gradient(gradient, Variable([1.0, 2.0]), 0) is gradient


@pytest.mark.parametrize("gradient", [[1, 2], np.array([1, 2]), GradArray([1.0, 2.0])])
def test_a_gradient_takes_the_dtype_of_its_variable(gradient):
    found = check_gradient(gradient, Variable([0.0, 0.0]), 0)
    assert type(found) is np.ndarray
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, [1, 2])


def test_a_gradient_of_another_shape_is_refused_by_the_variables_name():
    kernel = Variable(np.ones((2, 3)), name="kernel")
    with pytest.raises(ValueError, match=r"'kernel'.*\(2, 3\).*\(3, 2\)"):
        check_gradient(np.ones((3, 2)), kernel, 0)


@pytest.mark.parametrize("gradient", [np.array([1j, 0]), np.array(["a", "b"])])
def test_a_gradient_holds_real_numbers(gradient):
    with pytest.raises(TypeError, match="must hold real numbers"):
        check_gradient(gradient, Variable([1.0, 2.0]), 0)


def test_a_read_only_weight_is_refused():
    array = np.ones(2)
    array.flags.writeable = False
    with pytest.raises(ValueError, match="'variable_7' is read-only"):
        check_gradient(np.ones(2), GradArray(array), 7)


def test_scaling_keeps_the_dtype(gradients):
    found = scale(gradients, 0.1)
    for x, y in zip(gradients, found, strict=True):
        assert y.dtype == np.float32
        np.testing.assert_array_equal(y, x * np.float32(0.1))


def test_clipping_by_value_limits_each_element(gradients):
    before = [x.copy() for x in gradients]
    found = clip_by_value(gradients, 0.5)
    for x, y, z in zip(gradients, before, found, strict=True):
        np.testing.assert_array_equal(x, y)
        np.testing.assert_array_equal(z, np.clip(x, -0.5, 0.5))
        assert z.dtype == np.float32
        assert z.shape == x.shape


@pytest.mark.parametrize("factor_of", [norm_factor, global_norm_factor])
def test_gradients_times_their_factor_have_the_limit_as_norm(factor_of, gradients):
    factor = factor_of(gradients, 0.1)
    np.testing.assert_allclose(norm(scale(gradients, factor)), 0.1, rtol=1e-5)
    np.testing.assert_allclose(factor, 0.1 / norm(gradients))


@pytest.mark.parametrize("factor_of", [norm_factor, global_norm_factor])
def test_gradients_within_the_limit_stay_as_they_are(factor_of, gradients):
    assert factor_of(gradients, 1000.0) == 1.0
    assert factor_of([np.zeros(3, "float32")], 1.0) == 1.0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_norm_that_is_no_number_makes_all_gradients_nan_as_in_keras(bad):
    assert np.isnan(global_norm_factor([np.array([bad]), np.array([1.0])], 1.0))


def test_an_infinite_gradient_is_multiplied_by_zero_as_in_keras():
    assert norm_factor([np.array([np.inf])], 1.0) == 0.0


def test_the_norm_of_half_precision_does_not_overflow():
    assert norm([np.array([300.0, 400.0], "float16")]) == 500.0


@pytest.mark.parametrize("shape", [(), (0,), (7, 5), (300, 700)])
def test_the_norm_of_any_shape_is_that_of_the_textbook(shape):
    x = np.random.default_rng(4).normal(size=shape)
    for array in (x, x.T, x.astype("float32")):
        np.testing.assert_allclose(norm([array]), np.sqrt((x * x).sum()), rtol=1e-6)


def test_the_norm_does_not_depend_on_the_threads_of_blas():
    limits = pytest.importorskip("threadpoolctl").threadpool_limits
    x = np.random.default_rng(6).normal(size=100_001).astype("float32")
    found = set()
    for count in (1, 2):
        with limits(count, user_api="blas"):
            found.add(norm([x, x[:5000]]))
    assert len(found) == 1
