"""`gradcheck` finds wrong derivatives of any function, and knows kinks."""

import numpy as np
import pytest

from keratorch import Grad, GradArray
from keratorch.testing import gradcheck, numeric

from .wrong_grads import WRONG


def normal(*shape):
    return np.random.default_rng(4).normal(size=shape)


@pytest.mark.parametrize(
    "function, arrays",
    [
        (lambda x: x**3, [normal(2, 3)]),
        (lambda x: (x * x).sum(), [normal(3)]),
        (lambda x, w: np.tanh(x @ w), [normal(2, 3), normal(3, 2)]),
        (lambda x: np.exp(x) / np.exp(x).sum(), [normal(4)]),
        (lambda x: (x.sum(), x * 2), [normal(2, 2)]),
        (lambda x: np.maximum(x, 0), [normal(5)]),
        (lambda x: x[1:] * x[:-1], [normal(4)]),
        (lambda x, n: x**n, [np.array([1.5, 2.5]), np.array([2, 3])]),
        (lambda x: x * 2, [1.0]),
        (lambda x: x * x, [[1, 2]]),
        (lambda x: x.sum() * 0 + 1, [normal(3)]),
    ],
)
def test_right_derivatives_pass(function, arrays):
    report = gradcheck(function, *arrays)
    assert report.ok
    assert report
    assert report.kinks == report.unclear == 0


def test_float32_is_checked_in_float64():
    assert gradcheck(lambda x: np.exp(x), normal(3).astype(np.float32))


def test_wrong_first_derivative_lists_input_index_and_numbers():
    cls = WRONG["square_without_two"][0]
    with pytest.raises(AssertionError) as caught:
        gradcheck(lambda w, x: w * cls.apply(x), normal(2), normal(2))
    text = str(caught.value)
    assert "2 of 4 numbers differ" in text
    assert "derivative  input  index  analytic" in text
    report = gradcheck(cls.apply, np.array([1.0, 3.0]), raise_exception=False)
    assert not report.ok
    row = report.mismatches[1]
    assert (row.order, row.input, row.index) == (1, 0, (1,))
    assert row.numeric == pytest.approx(2 * row.analytic)


def test_wrong_second_derivative_is_said_to_be_one():
    cls = WRONG["saved_by_forward"][0]
    assert gradcheck(cls.apply, normal(3), order=1)
    report = gradcheck(cls.apply, normal(3), raise_exception=False)
    assert {row.order for row in report.mismatches} == {2}
    assert "leaves the graph" in str(report)


def test_any_slope_between_left_and_right_is_right_at_a_kink():
    report = gradcheck(np.abs, np.array([0.0, 1.0]), order=1)
    assert report.kinks == 1
    assert "kink" in str(report)

    class SteepGrad(Grad):
        def forward(self, x):
            return np.abs(x)

        def backward(self, grad):
            (x,) = self.inputs
            return grad * np.where(x == 0, 3.0, np.sign(x))

    report = gradcheck(SteepGrad.apply, [0.0, 1.0], order=1, raise_exception=False)
    assert [row.index for row in report.mismatches] == [(0,)]
    assert report.mismatches[0].kink


def test_edge_of_the_domain_is_unclear_and_not_wrong():
    report = gradcheck(np.sqrt, np.array([0.0, 1.0]), order=1)
    assert report.unclear == 1


def test_directions_spare_elements_and_find_mistakes():
    report = gradcheck(lambda x: np.sin(x) * x, normal(50, 40), directions=3)
    assert report.compared == 9
    cls = WRONG["cube_without_three"][0]
    report = gradcheck(cls.apply, normal(50), directions=2, raise_exception=False)
    assert [row.index for row in report.mismatches] == ["direction 0", "direction 1"]


def test_complex_step_is_exact_where_the_function_is_analytic():
    points = [np.array([0.7])]
    exact = numeric.complex_slope(lambda x: np.sin(x) ** 3, points, 0, (0,))
    true = 3 * np.sin(0.7) ** 2 * np.cos(0.7)
    assert exact[0] == pytest.approx(true, rel=1e-15)
    assert numeric.complex_slope(lambda x: np.arctan2(x, 1), points, 0, (0,)) is None


@pytest.mark.parametrize("x", [1e-8, 1e-3, 1.0, 1e3, 1e8])
def test_slopes_are_measured_at_every_scale(x):
    found = numeric.slope(np.arctan, [np.array(x)], 0, ())
    assert found.value == pytest.approx(1 / (1 + x * x), rel=1e-6, abs=1e-12)
    assert not found.kink


@pytest.mark.parametrize("function", [np.abs, np.heaviside, np.fmax])
def test_kinks_and_jumps_are_seen(function):
    other = () if function is np.abs else (0.0,)
    found = numeric.slope(lambda x: function(x, *other), [np.array(0.0)], 0, ())
    assert found.kink


def test_complex_arrays_are_checked_in_both_parts():
    z = normal(2) + 1j * normal(2)
    report = gradcheck(lambda z: z * z, z, order=1)
    assert report.compared == 4


def test_eps_is_the_step():
    assert gradcheck(lambda x: x**3, normal(3), eps=1e-4, rtol=1e-4)


def test_misuse_is_explained():
    with pytest.raises(ValueError, match="order must be 1 or 2"):
        gradcheck(np.exp, normal(2), order=3)
    with pytest.raises(TypeError, match="array of floats"):
        gradcheck(lambda x: x, np.array([True]).astype(object))
    with pytest.raises(TypeError, match="returns a GradArray"):
        gradcheck(lambda x: x.numpy(), normal(2))


def test_a_gradarray_may_be_given():
    assert gradcheck(lambda x: x * x, GradArray([1.0, 2.0]))


def symmetric():
    a = np.random.default_rng(0).normal(size=(3, 3))
    return a @ a.T + 3 * np.eye(3)


@pytest.mark.parametrize("directions", [None, 3])
@pytest.mark.parametrize(
    "function",
    [np.linalg.cholesky, np.linalg.eigvalsh, lambda x: np.linalg.eigh(x)[1]],
    ids=["cholesky", "eigvalsh", "eigh"],
)
def test_function_of_one_triangle_is_compared_along_symmetric_changes(
    function, directions
):
    assert gradcheck(function, symmetric(), directions=directions).compared
    assert gradcheck(function, np.stack([symmetric(), 2 * symmetric()]), order=1)


def test_nothing_measured_is_not_ok():
    report = gradcheck(lambda x: x * np.nan, np.ones(3), raise_exception=False)
    assert not report.ok
    assert "could be measured" in str(report)


def test_random_function_is_refused():
    random = np.random.default_rng(0)
    with pytest.raises(ValueError, match="random"):
        gradcheck(lambda x: x * random.normal(), np.ones(3))


def test_plain_zeros_are_a_gradient():
    class StepGrad(Grad):
        def forward(self, x):
            return np.sign(x)

        def backward(self, grad):
            return np.zeros_like(grad)

    assert gradcheck(lambda x: StepGrad.apply(x) * x, np.array([1.0, -2.0]))
