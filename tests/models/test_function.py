import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray
from keratorch.models.function import Function


def test_a_function_computes_what_was_written_down_and_gradients_flow():
    a, b = keras.Input((2,), name="a"), keras.Input((2,), name="b")
    function = Function({"first": a, "second": [b]}, {"product": a * b})
    x = GradArray(np.array([[1.0, 2.0]]))
    found = function({"first": x, "second": [np.array([[3.0, 4.0]])]})["product"]
    np.testing.assert_array_equal(found.numpy(), [[3.0, 8.0]])
    found.sum().backward()
    np.testing.assert_array_equal(x.grad, [[3.0, 4.0]])


def test_layers_are_steps_and_a_function_is_a_step_of_another():
    x = keras.Input((3,))
    dense = keras.layers.Dense(2)
    function = Function(x, dense(x))
    y = keras.Input((3,))
    outer = Function(y, function(y) * 2)
    values = np.ones((4, 3), np.float32)
    np.testing.assert_allclose(
        outer(values).numpy(), 2 * dense(values).numpy(), rtol=1e-6
    )
    assert outer.compute_output_shape((None, 3)) == (None, 2)
    assert (outer.inputs, len(outer.outputs)) == ([y], 1)


def test_other_structures_and_missing_inputs_are_refused():
    a, b = keras.Input((2,)), keras.Input((2,))
    with pytest.raises(ValueError, match="the structures differ: one is a list of 2"):
        Function([a, b], a + b)([np.ones((1, 2))])
    with pytest.raises(ValueError, match="input"):
        Function(a, a + b)
