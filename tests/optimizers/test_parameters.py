"""What may be optimized, and how errors name it."""

import numpy as np
import pytest

from keratorch import GradArray, Variable
from keratorch.optimizers.parameters import check_variables, label, positions_of


@pytest.fixture
def variables():
    return [Variable([float(i)], name=f"weight_{i}") for i in range(3)]


def test_leaves_of_floats_pass(variables):
    check_variables([*variables, GradArray(np.ones(2))], "SGD")


def test_a_variable_that_comes_twice_is_named(variables):
    first, second, _ = variables
    with pytest.raises(ValueError, match="'weight_0' twice, at positions 0 and 2"):
        check_variables([first, second, first], "SGD")


@pytest.mark.parametrize("thing", [np.ones(2), 1.0, "w", ("name", 2)])
def test_what_is_no_gradarray_is_refused(thing):
    with pytest.raises(TypeError, match=f"received {type(thing).__name__} at position"):
        check_variables([thing], "SGD")


def test_parameter_groups_are_refused_with_a_way_out(variables):
    with pytest.raises(TypeError, match="one optimizer for each learning rate"):
        check_variables([{"params": variables}], "SGD")


def test_integers_are_refused():
    with pytest.raises(TypeError, match="'counts' holds int64"):
        check_variables([GradArray(np.array([1, 2]), name="counts")], "SGD")


def test_results_of_operations_are_refused(variables):
    with pytest.raises(ValueError, match="the result of an operation"):
        check_variables([variables[0] * 2], "SGD")


def test_a_label_is_the_path_or_the_name_or_the_position(variables):
    variables[0].path = "dense/kernel"
    assert label(variables[0], 5) == "dense/kernel"
    assert label(GradArray([1.0], name="w"), 5) == "w"
    assert label(GradArray([1.0]), 5) == "variable_5"


def test_positions_follow_the_order_in_which_variables_are_given(variables):
    first, second, third = variables
    assert list(positions_of(variables, variables)) == [0, 1, 2]
    assert list(positions_of([third, first], variables)) == [2, 0]
    assert list(positions_of([second], variables)) == [1]


def test_positions_are_found_by_identity_not_by_value(variables):
    twin = Variable(variables[0].numpy(), name="twin")
    with pytest.raises(ValueError, match="Unknown variable 'twin'"):
        positions_of([twin], variables)


def test_a_variable_given_twice_has_no_position(variables):
    with pytest.raises(ValueError, match="'weight_1' comes twice"):
        positions_of([variables[1], variables[1]], variables)
