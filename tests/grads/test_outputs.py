"""Operations with several results: each may be used, or not, and they add up."""

import copy
import pickle

import numpy as np
import pytest

from keratorch import GradArray, gradients
from keratorch.grads.outputs import SeveralOutputs

RNG = np.random.default_rng(4)


class HalvesGrad(SeveralOutputs):
    """out = the first row of x, and the others doubled."""

    def compute(self, x):
        return x[0], 2 * x[1:]

    def derivative(self, first, others):
        return np.concatenate([first[None], 2 * others])


def test_result_that_is_not_used_gives_a_gradient_of_zeros():
    x = GradArray(RNG.normal(size=(3, 2)))
    first, others = HalvesGrad.apply(x)
    np.testing.assert_array_equal(gradients(first.sum(), x), [[1, 1], [0, 0], [0, 0]])
    np.testing.assert_array_equal(gradients(others.sum(), x), [[0, 0], [2, 2], [2, 2]])


def test_all_results_add_up_and_come_from_one_operation():
    x = GradArray(RNG.normal(size=(3, 2)))
    first, others = HalvesGrad.apply(x)
    (first.sum() + others.sum()).backward()
    np.testing.assert_array_equal(x.grad, [[1, 1], [2, 2], [2, 2]])
    packed = HalvesGrad.packed(x)
    assert type(packed.grad_op) is HalvesGrad
    np.testing.assert_array_equal(packed.numpy()[:2], first.numpy())


def test_results_of_values_carry_no_graph():
    assert all(not part.requires_grad for part in HalvesGrad.apply(np.ones((2, 2))))


@pytest.mark.parametrize(
    "twin", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_graph_through_several_results_is_copied_whole(twin):
    x = GradArray(RNG.normal(size=(3, 3)))
    q, r = np.linalg.qr(x)
    loss = (q * r).sum()
    expected = gradients(loss, x)
    copied = twin(loss)
    copied.backward()
    leaf = copied
    while leaf.grad_op is not None:
        leaf = leaf.grad_op._inputs[0]
    np.testing.assert_array_equal(leaf.grad, expected)
