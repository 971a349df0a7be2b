"""Ties, kinks and refusals of the functions that choose, limit or convert.

Where PyTorch has the function, the gradients are those of PyTorch 2.13.
"""

import numpy as np
import pytest

from keratorch import GradArray, gradients

from .test_special_points import INF, assert_answer

NAN = float("nan")


def test_equal_arguments_of_fmax_and_fmin_give_the_gradient_to_the_first():
    a, b = [1.0, NAN, 2.0, 3.0], [1.0, 2.0, NAN, 4.0]
    first, second = [1, 0, 1, 0], [0, 1, 0, 1]
    assert_answer(np.fmax, [a, b], [1, 2, 2, 4], first, second)
    assert_answer(np.fmin, [a, b], [1, 2, 2, 3], [1, 0, 1, 1], [0, 1, 0, 0])


def test_nan_in_maximum_and_minimum_gets_a_gradient():
    a, b = [NAN, 1.0, NAN], [1.0, NAN, NAN]
    for function in (np.maximum, np.minimum):
        assert_answer(function, [a, b], [NAN] * 3, [1, 1, 1], [1, 1, 1])


def test_copysign_at_zero_has_slope_zero():
    a, b = [0.0, -1.0, 1.0], [1.0, -0.0, -2.0]
    assert_answer(np.copysign, [a, b], [0, -1, -1], [0, 1, -1], [0, 0, 0])


def test_heaviside_passes_the_gradient_to_its_value_at_zero():
    x, h = [-1.0, 0.0, 2.0], [0.5, 0.5, 0.5]
    assert_answer(np.heaviside, [x, h], [0, 0.5, 1], [0, 0, 0], [0, 1, 0])


def test_sign_gives_no_gradient_but_belongs_to_the_graph():
    assert_answer(np.sign, [[1.0, 0.0, -2.0]], [1, 0, -1], [0, 0, 0])


@pytest.mark.skipif(np.sign(1j) == 1, reason="NumPy 1 gives 1 and -1 alone")
def test_sign_of_complex_zero_has_slope_zero():
    z = GradArray([0j, 3 + 4j])
    np.sign(z).real.sum().backward()
    np.testing.assert_allclose(z.grad, [0, 0.128 - 0.096j])


@pytest.mark.parametrize(
    "function", [np.isneginf, np.isposinf, np.isreal, np.iscomplex, np.spacing]
)
def test_questions_about_elements_are_constant(function):
    x = np.array([1.0, -INF, INF])
    with np.errstate(invalid="ignore"):  # infinity has no next number
        answer = function(GradArray(x))
        assert type(answer) is np.ndarray
        np.testing.assert_array_equal(answer, function(x))


def test_next_number_has_no_derivative():
    with pytest.raises(TypeError, match=r"np\.nextafter has no derivative"):
        np.nextafter(GradArray([1.0]), 2.0)


def test_nan_to_num_passes_no_gradient_where_it_put_a_number():
    x = [NAN, INF, -INF, 1.5]
    replace = lambda x: np.nan_to_num(x, nan=9.0, posinf=2.0, neginf=-2.0)  # noqa: E731
    assert_answer(replace, [x], [9, 2, -2, 1.5], [0, 0, 0, 1])


def test_nan_to_num_refuses_to_write_into_its_argument():
    with pytest.raises(ValueError, match="copy=False would write into x"):
        np.nan_to_num(GradArray([1.0]), copy=False)


def test_abs_of_a_complex_number_points_away_from_zero():
    z = GradArray([3 + 4j, 0j, -2j])
    size = abs(z)
    size.sum().backward()
    np.testing.assert_allclose(size.numpy(), [5, 0, 2])
    np.testing.assert_allclose(z.grad, [0.6 + 0.8j, 0, -1j])


def test_clip_takes_its_limits_under_both_names():
    x = GradArray([-1.0, 0.5, 2.0])
    clips = [np.clip(x, 0, 1), np.clip(x, a_min=0, a_max=1), x.clip(0, 1)]
    clips += [x.clip(min=0, max=1)]
    if np.lib.NumpyVersion(np.__version__) >= "2.1.0":
        clips += [np.clip(x, min=0, max=1)]
    for clipped in clips:
        np.testing.assert_array_equal(clipped.numpy(), [0, 0.5, 1])
        np.testing.assert_array_equal(gradients(clipped.sum(), x), [0, 1, 0])


def test_clip_refuses_a_limit_under_both_its_names():
    x = GradArray([1.0])
    assert x.clip(0, max=0.5).item() == 0.5
    with pytest.raises(ValueError, match="give max= or a_max, not both"):
        x.clip(0, 1, max=2)


@pytest.mark.parametrize("function", [np.clip, np.ndarray.clip])
def test_clip_refuses_an_array_to_write_into(function):
    x = GradArray([1.0])
    clip = (
        x.clip if function is np.ndarray.clip else lambda *a, **k: np.clip(x, *a, **k)
    )
    with pytest.raises(TypeError, match="out= cannot be recorded"):
        clip(0, 1, out=np.zeros(1))


def test_clip_of_integers_on_one_side_keeps_all_on_the_other():
    x = np.array([-(2**40), 1, 2**40])
    np.testing.assert_array_equal(GradArray(x).clip(0).numpy(), [0, 1, 2**40])
    np.testing.assert_array_equal(GradArray(x).clip(max=0).numpy(), [-(2**40), 0, 0])


def test_clip_of_a_list_takes_a_recorded_limit():
    low = GradArray(1.5)
    np.clip([1, 2, 0], low, None).sum().backward()
    assert low.grad == 2


def test_where_of_a_recorded_condition_alone_finds_indices():
    x = GradArray([0.0, 2.0, 3.0])
    (index,) = np.where(x)
    np.testing.assert_array_equal(index, [1, 2])


def test_where_needs_both_choices():
    x = GradArray([0.0, 2.0])
    with pytest.raises(TypeError, match="np.where is not differentiable with these"):
        np.where(x > 1, x)


def test_where_stops_even_an_infinite_gradient():
    a, b = GradArray([1.0, 2.0]), GradArray([3.0, 4.0])
    np.where([True, False], a, b).backward([INF, INF])
    np.testing.assert_array_equal(a.grad, [INF, 0])
    np.testing.assert_array_equal(b.grad, [0, INF])


def test_astype_between_real_and_complex_keeps_the_real_part():
    x = GradArray([1.0, 2.0])
    (x.astype(complex) * (3 + 4j)).real.sum().backward()
    np.testing.assert_array_equal(x.grad, [3, 3])
    z = GradArray([1 + 2j])
    with pytest.warns(Warning, match="discards the imaginary part"):
        (z.astype(float) * 5).sum().backward()
    np.testing.assert_array_equal(z.grad, [5 + 0j])


def test_astype_to_integers_ends_the_graph():
    assert GradArray([1.5]).astype(int).grad_op is None


@pytest.mark.skipif(not hasattr(np, "astype"), reason="np.astype is younger")
def test_astype_copies_as_told():
    x = GradArray([1.5])
    for copy in (True, False):
        y = np.astype(x, x.dtype, copy=copy)
        assert np.shares_memory(x.numpy(), y.numpy()) is not copy


def test_astype_refuses_a_cast_as_numpy_does():
    with pytest.raises(TypeError, match="Cannot cast array data"):
        GradArray([1.5]).astype(np.float32, casting="safe")


def test_where_remembers_the_condition_as_it_was():
    condition, x = np.array([True, False]), GradArray([1.0, 2.0])
    y = np.where(condition, x, 0.0)
    condition[:] = False
    np.testing.assert_array_equal(gradients(y.sum(), x), [1, 0])


def test_methods_of_plain_arrays_clip_by_limits_that_want_gradients():
    limit = GradArray(1.5)
    y = np.array([1.0, 2.0, 3.0]).clip(0, limit)
    np.testing.assert_array_equal(y.numpy(), [1, 1.5, 1.5])
    assert gradients(y.sum(), limit) == 2


def test_masked_ufunc_shows_where():
    with pytest.raises(TypeError, match=r"np\.where\(mask, np\.exp\(\.\.\.\), 0\)"):
        np.exp(GradArray([1.0, 2.0]), where=np.array([True, False]))
