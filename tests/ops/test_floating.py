import numpy as np
import pytest

from keratorch import GradArray, Input, Model, config, ops

ONE = ["arctan", "cbrt", "cos", "exp", "log", "log2", "reciprocal", "sqrt", "tanh"]
TWO = ["arctan2", "divide", "hypot", "logaddexp", "true_divide"]


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int32", "int64", "bool"])
@pytest.mark.parametrize("name", ONE + TWO)
def test_integers_are_floats_of_keras(name, dtype):
    x = np.array([1, 2, 3]).astype(dtype)
    args = [x] if name in ONE else [x, x]
    found = getattr(ops, name)(*args)
    floats = [arg.astype("float64") for arg in args]
    assert found.dtype == config.floatx()
    np.testing.assert_allclose(found, getattr(np, name)(*floats), rtol=3e-7, atol=3e-7)


def test_numbers_and_lists_are_floats_too():
    np.testing.assert_allclose(ops.reciprocal([2, 4]), [0.5, 0.25])
    assert ops.reciprocal(2) == 0.5
    assert ops.divide([1, 2], 2).dtype == "float32"


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_stay_what_they_are(dtype):
    assert ops.sqrt(np.ones(2, dtype)).dtype == dtype
    assert ops.divide(np.ones(2, dtype), 2).dtype == dtype


def test_gradients_and_symbols_pass():
    x = GradArray([4.0, 9.0])
    ops.sqrt(x).sum().backward()
    np.testing.assert_allclose(x.grad, [0.25, 1 / 6])
    inputs = Input((2,), dtype="int32")
    model = Model(inputs, ops.sqrt(inputs))
    found = model.predict(np.array([[4, 9]]), verbose=0)
    assert found.dtype == "float32"
    np.testing.assert_allclose(found, [[2.0, 3.0]])
