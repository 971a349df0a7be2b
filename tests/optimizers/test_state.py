"""The arrays of an optimizer have Keras's names and order."""

import numpy as np
import pytest

from keratorch import GradArray, Variable
from keratorch.optimizers.state import State


@pytest.fixture
def state():
    variables = [
        Variable(np.ones((2, 3)), name="kernel", path="dense/kernel"),
        GradArray(np.ones(3), name="bias"),
        GradArray(1.0),
    ]
    state = State("adam")
    state.add("momentum", variables)
    state.add("velocity", variables)
    return state


def test_arrays_are_zeros_of_the_variables_shape_and_dtype(state):
    kernel, bias, scalar = state.arrays["momentum"]
    assert (kernel.shape, bias.shape, scalar.shape) == ((2, 3), (3,), ())
    assert (kernel.dtype, bias.dtype) == ("float32", "float64")
    assert not kernel.numpy().any()
    assert not kernel.requires_grad


def test_arrays_are_named_after_their_variable(state):
    assert [x.path for x in state.arrays["velocity"]] == [
        "adam/dense_kernel_velocity",
        "adam/bias_velocity",
        "adam/variable_2_velocity",
    ]


def test_a_group_is_listed_weight_by_weight(state):
    names = [x.name for x in state.listed([("momentum", "velocity")])]
    assert names[:3] == [
        "dense_kernel_momentum",
        "dense_kernel_velocity",
        "bias_momentum",
    ]


def test_groups_are_listed_one_after_the_other(state):
    names = [x.name for x in state.listed([("velocity",), ("momentum",)])]
    assert [name.endswith("velocity") for name in names] == [True] * 3 + [False] * 3
