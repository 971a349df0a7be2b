"""Functional writing, ``x.at[index].set(value)``, as its users meet it."""

import numpy as np
import pytest

from keratorch import GradArray, no_grad

METHODS = ["set", "add", "subtract", "multiply", "divide", "power", "max", "min"]
RESULTS = [
    ("set", [1, 5, 3]),
    ("add", [1, 7, 3]),
    ("subtract", [1, -3, 3]),
    ("multiply", [1, 10, 3]),
    ("divide", [1, 0.4, 3]),
    ("power", [1, 32, 3]),
    ("max", [1, 5, 3]),
    ("min", [1, 2, 3]),
]


@pytest.mark.parametrize("method, expected", RESULTS)
def test_a_new_array_differs_at_the_index(method, expected):
    x = GradArray([1.0, 2.0, 3.0])
    y = getattr(x.at[1], method)(5.0)
    np.testing.assert_array_equal(y.numpy(), expected)
    np.testing.assert_array_equal(x.numpy(), [1, 2, 3])
    assert y.requires_grad


def test_get_is_the_indexed_array():
    x = GradArray([1.0, 2.0, 3.0], name="x")
    assert x.at[1:].get().name == "x[1:]"
    np.testing.assert_array_equal(x.at[[0, 2]].get().numpy(), [1, 3])


def test_name_shows_what_was_written_where():
    x, v = GradArray([[1.0, 2.0]], name="x"), GradArray(3.0, name="v")
    assert x.at[0, 1:].set(v).name == "x.at[0, 1:].set(v)"
    assert x.at[:, 0].add(1.5).name == "x.at[:, 0].add(1.5)"
    assert x.at[[0]].max(v).name == "x.at[...].max(v)"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("index", [0, slice(1), [0], [0, 0]])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_result_keeps_the_dtype_and_value_gets_a_gradient_of_its_own(
    method, index, dtype
):
    x = GradArray(np.ones(2, dtype))
    value = GradArray(np.array(2.0, np.float64 if dtype == np.float32 else np.float32))
    y = getattr(x.at[index], method)(value)
    assert y.dtype == dtype
    y.sum().backward()
    assert (x.grad.dtype, value.grad.dtype) == (x.dtype, value.dtype)


def test_gradient_reaches_a_value_written_into_a_constant():
    buffer, value = GradArray(np.zeros(3), requires_grad=False), GradArray(2.0)
    buffer.at[1:].set(value).sum().backward()
    assert value.grad == 2
    assert buffer.grad is None


def test_integers_stay_integers():
    x = GradArray([1, 2], int)
    y = x.at[0].add(5).at[1].multiply(3)
    assert y.dtype == int
    np.testing.assert_array_equal(y.numpy(), [6, 6])
    assert x.at[0].set(2.7).numpy().tolist() == [2, 2]  # as x[0] = 2.7 does
    for index in (0, [0, 0]):
        for method in ("add", "subtract", "multiply", "divide", "max"):
            with pytest.raises(TypeError, match=r"int64|casting"):
                getattr(x.at[index], method)(0.5)


def test_gradient_of_a_value_does_not_end_unseen_at_integers():
    x, value = GradArray([1, 2], int), GradArray(1.5)
    with pytest.raises(
        TypeError, match=r"value loses its gradient.*x\.astype\(float\)"
    ):
        x.at[0].set(value)
    with no_grad():
        np.testing.assert_array_equal(x.at[0].set(value).numpy(), [1, 2])


def test_value_that_does_not_fit_is_the_error_of_numpy():
    x = GradArray(np.ones((2, 3)))
    for index in (0, [0, 0]):
        with pytest.raises(ValueError, match="broadcast"):
            x.at[index].set(np.ones(2))


def test_at_asks_for_an_index():
    x = GradArray([1.0, 2.0])
    with pytest.raises(
        AttributeError, match=r"where: write x\.at\[index\]\.set\(...\)"
    ):
        x.at.set(5.0)
    with pytest.raises(AttributeError, match=r"no attribute 'put'"):
        x.at.put(5.0)
    with pytest.raises(TypeError, match=r"x = x\.at\[index\]\.set\(value\)"):
        x.at[0] = 5.0
    assert not hasattr(x.at, "shape")


def test_writing_in_place_shows_at():
    x = GradArray([1.0, 2.0])
    for array, value in ((x, 5.0), (x * 2, 5.0), (x.detach(), x[0])):
        with pytest.raises(ValueError, match=r"x = x\.at\[index\]\.set\(value\)"):
            array[0] = value
