"""Functions of NumPy on Variables, whose dtype is text, as Keras has it."""

import numpy as np
import pytest

from keratorch import GradArray, Variable

VALUES = np.random.default_rng(3).random((4, 3)).astype("float32")

FUNCTIONS = [
    lambda x: np.pad(x, ((1, 0), (2, 1))),
    lambda x: np.pad(x, 1, mode="edge"),
    lambda x: np.gradient(x, axis=0),
    lambda x: np.insert(x, 1, 0.5, axis=1),
    lambda x: np.average(x, axis=0, weights=x),
    lambda x: np.interp(x, [0.0, 1.0], [2.0, 5.0]),
]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_variable_has_the_values_and_the_gradient_of_an_array(function):
    variable = Variable(VALUES)
    array = GradArray(VALUES, requires_grad=True)
    outputs = [function(x) for x in (variable, array)]
    np.testing.assert_array_equal(outputs[0].numpy(), outputs[1].numpy())
    for output in outputs:
        (output * output).sum().backward()
    np.testing.assert_array_equal(variable.grad, array.grad)
