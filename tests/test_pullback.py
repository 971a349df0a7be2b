"""The walk back from several outputs: what it adds up, where it ends."""

import copy

import numpy as np
import pytest

from keratorch import GradArray, gradients, graph
from keratorch.pullback import pulled_back


@pytest.mark.parametrize("twin", [lambda y: y, copy.copy], ids=["itself", "a wrapper"])
@pytest.mark.parametrize("value", [3.0, [3.0, 5.0]], ids=["number", "vector"])
def test_gradients_of_an_output_that_is_given_twice_add_up(value, twin):
    x = GradArray(value)
    y = x * x
    seeds = [np.full(y.shape, 2.0), np.full(y.shape, 10.0)]
    found = gradients([y, twin(y)], x, seeds)
    assert type(found) is np.ndarray
    np.testing.assert_array_equal(found, 12 * 2 * x.numpy())


def test_leaf_among_the_outputs_gets_its_own_gradient_and_that_of_others():
    x = GradArray([1.0, 2.0])
    seen = []
    x.register_hook(seen.append)
    found = gradients([x, (x * 3).sum()], x, [np.array([10.0, 20.0]), None])
    np.testing.assert_array_equal(found, [13.0, 23.0])
    np.testing.assert_array_equal(seen, [[13.0, 23.0]])
    gradients(x, x, np.ones(2))
    np.testing.assert_array_equal(seen[1], [1.0, 1.0])


def test_operations_that_are_not_given_are_not_gone_through():
    x = GradArray([1.0, 2.0], name="x")
    y = np.exp(x)
    z = y * 3
    operations = graph.newest_first([z], since=y.grad_op._number)
    found = pulled_back([z], [np.ones(2)], operations, [y], create_graph=False)
    assert list(found) == [y._node]
    np.testing.assert_array_equal(found[y._node], [3.0, 3.0])


@pytest.mark.parametrize("create_graph", [False, True])
def test_complex_gradient_that_is_given_is_the_one_that_users_see(create_graph):
    z = GradArray(np.array([1 + 2j]))
    given = np.array([3 - 1j])
    found = gradients(z * 1j, z, given, create_graph=create_graph)
    np.testing.assert_array_equal(graph.value(found), given * np.conj(1j))
