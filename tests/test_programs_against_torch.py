"""Small programs of NumPy functions have PyTorch's values and gradients."""

import numpy as np
import pytest

import keratorch as keras

from .references import each, load

REFERENCES = load("programs")
ARRAYS = {name: np.array(values) for name, values in REFERENCES["inputs"].items()}
GROUPS = sorted({case["group"] for case in REFERENCES["cases"]})


def leaves(dtype):
    """The programs' inputs: floats want a gradient, indices and masks do not."""
    return {
        name: keras.GradArray(array.astype(dtype), requires_grad=True)
        if array.dtype.kind == "f"
        else array
        for name, array in ARRAYS.items()
    }


def run(case, dtype):
    """Value of the program, and the gradients of its inputs by name."""
    inputs = leaves(dtype)
    value = eval(case["program"], {"np": np, **inputs})
    value.backward(np.asarray(case["upstream"], dtype=dtype))
    gradients = {
        name: leaf.grad
        for name, leaf in inputs.items()
        if isinstance(leaf, keras.GradArray) and leaf.grad is not None
    }
    return value, gradients


def assert_agrees(case, dtype, rtol, atol):
    value, gradients = run(case, dtype)
    value = value.numpy() if value.grad_op is None else value.detach().numpy()
    stored = np.array(case["value"])
    assert value.dtype == dtype
    assert value.shape == stored.shape
    np.testing.assert_allclose(value, stored, rtol=rtol, atol=atol)
    assert gradients.keys() == case["gradients"].keys()
    for name, gradient in gradients.items():
        gradient = np.asarray(gradient)
        assert gradient.dtype == dtype, name
        assert gradient.shape == ARRAYS[name].shape, name
        np.testing.assert_allclose(
            gradient, case["gradients"][name], rtol=rtol, atol=atol, err_msg=name
        )


@each(REFERENCES["cases"], "program")
def test_program_has_the_value_and_gradients_of_torch(case):
    assert_agrees(case, np.float64, rtol=1e-10, atol=1e-11)


@each(REFERENCES["cases"], "program")
def test_program_in_float32_stays_in_float32(case):
    assert_agrees(case, np.float32, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("group", GROUPS)
def test_programs_accumulate_gradients_over_shared_inputs(group):
    cases = [case for case in REFERENCES["cases"] if case["group"] == group]
    inputs = leaves(np.float64)
    expected = {}
    for case in cases:
        value = eval(case["program"], {"np": np, **inputs})
        value.backward(np.asarray(case["upstream"], dtype=np.float64))
        for name, gradient in case["gradients"].items():
            expected[name] = expected.get(name, 0) + np.array(gradient)
    for name, total in expected.items():
        np.testing.assert_allclose(inputs[name].grad, total, rtol=1e-9, atol=1e-9)
