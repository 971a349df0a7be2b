"""Special functions: far out, at their ends, and where nothing is divided."""

import math

import numpy as np

from keratorch import GradArray, ops


def test_erfc_keeps_its_precision_far_out():
    x = np.array([-3.0, 0.0, 2.0, 10.0, 25.0])
    expected = [math.erfc(v) for v in x]
    np.testing.assert_allclose(ops.erfc(x).numpy(), expected, rtol=1e-14)


def test_erfinv_undoes_erf():
    x = np.array([-5.0, -1.2, -1e-9, 0.0, 0.3, 3.0])
    np.testing.assert_allclose(ops.erfinv(ops.erf(x)).numpy(), x, rtol=1e-4, atol=1e-15)
    y = np.array([-1 + 1e-12, -0.9, 1e-300, 0.5, 1 - 1e-15])
    found = [math.erf(v) for v in ops.erfinv(y).numpy()]
    np.testing.assert_allclose(found, y, rtol=1e-15)
    ends = ops.erfinv([-1.0, 1.0, 1.5, np.nan]).numpy()
    np.testing.assert_array_equal(ends, [-np.inf, np.inf, np.nan, np.nan])


def test_nothing_divided_by_nothing_is_nothing():
    x, y = GradArray([1.0, 2.0]), GradArray([0.0, 4.0])
    out = ops.divide_no_nan(x, y)
    assert out.tolist() == [0, 0.5]
    out.sum().backward()
    assert x.grad.tolist() == [0, 0.25]
    assert y.grad.tolist() == [0, -0.125]
