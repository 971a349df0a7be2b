"""Activations by their names, with Keras's arguments."""

import numpy as np
import pytest

from keratorch import Grad, GradArray, activations, custom_objects, ops
from keratorch.activations import ACTIVATIONS

X = np.array([-3.0, -1.0, -0.5, 0.5, 2.0, 7.0])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_name_resolves_and_comes_back_from_its_configuration(name):
    function = activations.get(name)
    assert getattr(activations, name) is function
    described = activations.serialize(function)
    assert activations.get(described) is function
    assert activations.deserialize(described) is function


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_each_is_differentiable_in_float32(name):
    x = GradArray(X.astype(np.float32), requires_grad=True)
    arguments = (1.0, 0.0) if name == "threshold" else ()
    (1 * ACTIVATIONS[name](x, *arguments)).sum().backward()
    assert x.grad.dtype == np.float32
    assert np.isfinite(x.grad).all()


def test_none_is_linear_and_a_function_is_itself():
    def mine(x):
        return x

    assert activations.get(None) is activations.linear
    assert activations.get(mine) is mine
    assert activations.linear(X) is X


@pytest.mark.parametrize(
    "name, suggestion", [("rleu", "'relu'"), ("Softmax", "'softmax'"), ("", "relu")]
)
def test_unknown_name_lists_the_nearest_and_all(name, suggestion, monkeypatch):
    monkeypatch.setattr(custom_objects, "_registered", {})  # by other tests
    with pytest.raises(ValueError, match=f"unknown activation .*{suggestion}.*tanh"):
        activations.get(name)


@pytest.mark.parametrize("identifier", [3, ["relu"]])
def test_what_is_no_function_is_refused(identifier):
    with pytest.raises(ValueError, match="must be a name or a function; received a"):
        activations.get(identifier)


def test_class_in_place_of_a_function_is_refused():
    class CubeGrad(Grad):
        def forward(self, x):
            return x**3

        def backward(self, grad):
            return grad * 3 * self.inputs[0] ** 2

    with pytest.raises(ValueError, match=r"CubeGrad\.apply"):
        activations.get(CubeGrad)
    assert activations.get(CubeGrad.apply)([2.0]).item() == 8


def test_function_of_ones_own_is_described_by_its_name():
    def mine(x):
        return x

    described = activations.serialize(mine)
    assert described["class_name"] == "function"
    assert activations.deserialize(described, {"mine": mine}) is mine
    with pytest.raises(ValueError, match="unknown activation 'mine'"):
        activations.deserialize(described)


def test_object_is_described_by_its_configuration():
    class Steep:
        def __call__(self, x):
            return 2 * x

        def get_config(self):
            return {"slope": 2}

    described = activations.serialize(Steep())
    assert described["class_name"] == "Steep"
    assert described["config"] == {"slope": 2}


def test_object_without_name_or_configuration_cannot_be_described():
    class Steep:
        def __call__(self, x):
            return 2 * x

    with pytest.raises(ValueError, match="Steep has neither a name nor"):
        activations.serialize(Steep())


def test_configuration_of_what_is_no_activation_is_refused():
    with pytest.raises(ValueError, match="unknown activation 'Dense'"):
        activations.get({"class_name": "Dense", "config": {}})


# The arguments of relu


def test_plain_relu_is_one_operation():
    x = GradArray(X)
    assert type(activations.relu(x).grad_op).__name__ == "ReluGrad"


def test_negative_slope_continues_below_the_threshold():
    found = activations.relu(X, negative_slope=0.1, threshold=1.0).numpy()
    np.testing.assert_allclose(found, np.where(X > 1, X, 0.1 * (X - 1)))


def test_max_value_limits_what_is_above_the_threshold():
    found = activations.relu(X, max_value=4, threshold=1.0).numpy()
    np.testing.assert_allclose(found, np.where(X > 1, np.minimum(X, 4), 0))


def test_relu_with_a_negative_threshold():
    found = activations.relu(X, threshold=-0.75).numpy()
    np.testing.assert_allclose(found, np.where(X > -0.75, X, 0))


def test_gelu_is_exact_by_default_here_and_approximate_in_ops():
    exact = ops.gelu(X, approximate=False).numpy()
    np.testing.assert_array_equal(activations.gelu(X).numpy(), exact)
    np.testing.assert_array_equal(
        activations.gelu(X, approximate=True).numpy(), ops.gelu(X).numpy()
    )
    assert np.abs(exact - ops.gelu(X).numpy()).max() > 1e-5


def test_mish_is_x_times_tanh_of_softplus():
    expected = X * np.tanh(np.log(1 + np.exp(X)))
    np.testing.assert_allclose(activations.mish(X).numpy(), expected)
