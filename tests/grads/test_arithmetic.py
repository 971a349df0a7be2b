"""Edges of powers and reciprocals: the answers of PyTorch 2.13."""

import numpy as np

from keratorch import GradArray, gradients

from .test_special_points import INF, answer, assert_answer


def test_reciprocal_of_zero_has_an_infinite_slope():
    with np.errstate(divide="ignore"):
        assert_answer(np.reciprocal, [[0.0, 2.0]], [INF, 0.5], [-INF, -0.25])


def test_float_power_computes_in_double_and_gives_the_gradient_back_in_single():
    value, da, db = answer(np.float_power, [2.0, 0.0], [3.0, 0.0], dtype=np.float32)
    assert (value.dtype, da.dtype, db.dtype) == (np.float64, np.float32, np.float32)
    np.testing.assert_allclose(da, [12, 0])
    np.testing.assert_allclose(db, [8 * np.log(2), 0], rtol=1e-6)


def test_third_power_is_that_of_numpy():
    x = np.random.default_rng(0).normal(size=100) * 1e3
    for kind in (float, np.float32, int, complex):
        values = x.astype(kind)
        for exponent in (3, 3.0):
            found = (GradArray(values) ** exponent).numpy()
            expected = values**exponent
            assert found.dtype == expected.dtype
            np.testing.assert_allclose(found, expected, rtol=3e-7)


def test_power_of_a_negative_number_to_a_complex_one():
    a, b = GradArray([-2.0]), GradArray([1 + 0.5j])
    y = np.power(a, b)
    grads = gradients(np.real(y).sum(), [a, b])
    slope = y.numpy() * b.numpy() / a.numpy()
    np.testing.assert_allclose(grads[0], slope.real, rtol=1e-13)
    log = np.log(2) + 1j * np.pi
    np.testing.assert_allclose(grads[1], np.conj(y.numpy() * log), rtol=1e-13)


def test_exponent_of_zero_gets_no_gradient_even_where_the_power_is_infinite():
    a, b = GradArray([0.0, 0.0, 1.0, 2.0]), GradArray([2.0, -1.0, 3.0, 1.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        found = gradients((a**b).sum(), b)
    np.testing.assert_allclose(found, [0.0, 0.0, 0.0, 2 * np.log(2)])
