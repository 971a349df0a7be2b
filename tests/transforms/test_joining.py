"""np.array of GradArrays without like=, inside the functions of transforms."""

import threading

import numpy as np
import pytest

from keratorch import (
    GradArray,
    checkpoint,
    elementwise_grad,
    grad,
    hessian,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
)
from keratorch.testing import gradcheck

PLAIN = {
    name: getattr(np, name)
    for name in ("array", "full", "asarray", "asanyarray", "ascontiguousarray")
}


@pytest.fixture(autouse=True)
def numpy_is_as_before():
    yield
    for name, function in PLAIN.items():
        assert getattr(np, name) is function


def rotated(angle):
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.array([1.0, 2.0, 3.0])


def test_matrix_of_numbers_and_arrays_has_its_jacobian():
    c, s = np.cos(0.3), np.sin(0.3)
    np.testing.assert_allclose(
        jacobian(rotated)(0.3), [-s - 2 * c, c - 2 * s, 0], rtol=1e-14
    )


def test_list_of_rows_is_joined():
    f = jacobian(lambda x: np.array([x, 2 * x, np.ones(2)]))
    eye = np.eye(2)
    np.testing.assert_array_equal(f(np.ones(2)), [eye, 2 * eye, 0 * eye])


def test_every_transform_joins():
    def f(x):
        return np.sum(np.array((x[0] * x[1], x[1] ** 3)))

    x = np.array([2.0, 3.0])
    expected = np.array([3.0, 29.0])
    np.testing.assert_allclose(grad(f)(x), expected)
    np.testing.assert_allclose(value_and_grad(f)(x)[1], expected)
    np.testing.assert_allclose(elementwise_grad(f)(x), expected)
    np.testing.assert_allclose(vjp(f, x)[1](1.0)[0], expected)
    np.testing.assert_allclose(jvp(f, (x,), (np.array([1.0, 0.0]),))[1], 3.0)
    np.testing.assert_allclose(hessian(f)(x), [[0.0, 1.0], [1.0, 18.0]])
    np.testing.assert_allclose(grad(checkpoint(f))(x), expected)


def test_array_itself_is_copied_or_handed_on():
    seen = []

    def f(x):
        seen[:] = [
            np.array(x),
            np.array(x, dtype=np.float32, ndmin=3),
            np.asarray(x),
            np.asanyarray(x),
            np.ascontiguousarray(x.T),
        ]
        assert seen[2] is x and seen[3] is x and seen[0] is not x
        return sum(y.sum() for y in seen)

    np.testing.assert_array_equal(grad(f)(np.ones((2, 3))), np.full((2, 3), 5.0))
    assert seen[1].shape == (1, 2, 3) and seen[1].dtype == np.float32


def test_full_has_a_gradient_by_its_value():
    f = grad(lambda x: np.full((2, 3), x[0]).sum() + np.full(2, fill_value=x[1]).sum())
    np.testing.assert_array_equal(f(np.zeros(2)), [6.0, 2.0])


def test_polynomials_take_what_they_convert():
    p = np.polynomial.Polynomial([1.0, 2.0, 3.0])
    np.testing.assert_allclose(elementwise_grad(p)(np.array([0.5, 2.0])), [5.0, 14.0])


def test_plain_values_are_what_numpy_makes_of_them():
    def f(x):
        assert type(np.array([[1, 2], [3, 4]])) is np.ndarray
        assert np.array([1, 2.5]).dtype == float
        assert np.asarray("text").dtype.kind == "U"
        assert np.full(2, 7).dtype.kind == "i"
        records = np.ones(2).view(np.recarray)
        assert type(np.array(records, subok=True)) is np.recarray
        assert type(np.asanyarray(records)) is np.recarray
        with pytest.raises(ValueError):
            np.array([[1, 2], [3]])
        return x

    assert grad(f)(1.0) == 1.0


def test_like_is_served_as_ever():
    f = grad(lambda x: np.array([x[0], 3.0], like=x).sum())
    np.testing.assert_array_equal(f(np.ones(2)), [1.0, 0.0])


def test_numpy_is_as_before_after_an_error_and_between_nested_transforms():
    def inner(x):
        return np.array([x, x**2]).sum()

    def outer(x):
        slope = grad(inner)(x)
        return np.array([slope, x]).sum()

    assert grad(outer)(3.0) == 3.0
    with pytest.raises(ZeroDivisionError):
        grad(lambda x: 1 / 0)(1.0)
    assert np.array is PLAIN["array"]


def test_what_others_put_in_place_stays(monkeypatch):
    def other(*args, **kwargs):
        return PLAIN["array"](*args, **kwargs)

    def f(x):
        monkeypatch.setattr(np, "array", other)
        return x

    grad(f)(1.0)
    assert np.array is other
    monkeypatch.undo()
    np.array = PLAIN["array"]


def test_threads_share_it():
    started, finish = threading.Event(), threading.Event()

    def slow(x):
        started.set()
        assert finish.wait(10)
        return np.array([x, x]).sum()

    found = []
    thread = threading.Thread(target=lambda: found.append(grad(slow)(1.0)))
    thread.start()
    assert started.wait(10)
    assert grad(lambda x: np.array([x]).sum())(1.0) == 1.0
    finish.set()
    thread.join()
    assert found == [2.0]


def test_outside_of_transforms_numpy_still_refuses():
    x = GradArray([1.0, 2.0])
    with pytest.raises(TypeError, match="like=x"):
        np.array([x[0], 1.0])


def test_lists_among_operands_are_joined():
    found = grad(lambda x: (x * [x[0], 2.0]).sum())(np.array([3.0, 1.0]))
    np.testing.assert_array_equal(found, [6.0, 2.0])
    x = GradArray([3.0, 1.0])
    np.dot(x, [x[1], x[0]]).backward()
    np.testing.assert_array_equal(x.grad, [2.0, 6.0])


def test_gradcheck_joins():
    gradcheck(lambda x: np.array([x[0] * x[1], x[1]]), np.array([2.0, 3.0]))
