"""Gradients are checked, scaled and clipped, and never changed in place."""

import numpy as np
import pytest

from keratorch import GradArray, Variable
from keratorch.optimizers.gradients import (
    check_gradient,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    norm,
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


@pytest.mark.parametrize("clip", [clip_by_value, clip_by_norm, clip_by_global_norm])
def test_clipping_leaves_the_gradients_as_they_were(clip, gradients):
    before = [x.copy() for x in gradients]
    found = clip(gradients, 0.1)
    for x, y, z in zip(gradients, before, found, strict=True):
        np.testing.assert_array_equal(x, y)
        assert z.dtype == np.float32
        assert z.shape == x.shape


def test_clipping_by_value_limits_each_element(gradients):
    for x, y in zip(gradients, clip_by_value(gradients, 0.5), strict=True):
        np.testing.assert_array_equal(y, np.clip(x, -0.5, 0.5))


def test_clipping_by_norm_limits_each_gradient_and_keeps_its_direction(gradients):
    for x, y in zip(gradients, clip_by_norm(gradients, 0.1), strict=True):
        np.testing.assert_allclose(norm([y]), 0.1, rtol=1e-5)
        np.testing.assert_allclose(y / 0.1, x / norm([x]), rtol=1e-5)


def test_clipping_by_global_norm_scales_all_gradients_alike(gradients):
    found = clip_by_global_norm(gradients, 0.1)
    np.testing.assert_allclose(norm(found), 0.1, rtol=1e-5)
    for x, y in zip(gradients, found, strict=True):
        np.testing.assert_allclose(y, x * 0.1 / norm(gradients), rtol=1e-5)


@pytest.mark.parametrize("clip", [clip_by_norm, clip_by_global_norm])
def test_gradients_within_the_limit_are_not_copied(clip, gradients):
    found = clip(gradients, 1000.0)
    assert all(x is y for x, y in zip(gradients, found, strict=True))


def test_a_gradient_of_zeros_stays_zero():
    (found,) = clip_by_norm([np.zeros(3, "float32")], 1.0)
    np.testing.assert_array_equal(found, 0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_norm_that_is_no_number_makes_all_gradients_nan_as_in_keras(bad):
    found = clip_by_global_norm([np.array([bad]), np.array([1.0])], 1.0)
    assert np.isnan(np.concatenate(found)).all()


def test_the_norm_of_half_precision_does_not_overflow():
    assert norm([np.array([300.0, 400.0], "float16")]) == 500.0
