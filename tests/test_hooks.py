"""A hook sees, and may replace, the gradient of an array."""

import copy
import pickle

import numpy as np
import pytest

from keratorch import Grad, GradArray, gradients
from keratorch.errors import GraphError


def test_hook_of_a_leaf_runs_once_with_the_whole_gradient():
    x, seen = GradArray([1.0, 2.0]), []
    x.register_hook(lambda grad: seen.append(grad.copy()))
    (x * 3 + x).sum().backward()
    np.testing.assert_array_equal(seen, [[4.0, 4.0]])
    np.testing.assert_array_equal(x.grad, [4.0, 4.0])


def test_hook_of_a_result_changes_what_flows_on_and_what_is_kept():
    x = GradArray([1.0, 2.0])
    y = x * 2
    y.register_hook(lambda grad: grad * 10)
    y.sum().backward()
    np.testing.assert_array_equal(y.grad, [10.0, 10.0])
    np.testing.assert_array_equal(x.grad, [20.0, 20.0])


def test_hooks_run_in_order_and_also_in_gradients():
    x = GradArray(1.0)
    x.register_hook(lambda grad: grad + 1)
    x.register_hook(lambda grad: grad * 10)
    assert gradients(x * 3, x) == 40.0
    assert gradients(x * 3, x, create_graph=True).item() == 40.0


def test_removed_hook_runs_no_more():
    x = GradArray(1.0)
    handle = x.register_hook(lambda grad: grad * 2)
    assert gradients(x * 3, x) == 6.0
    handle.remove()
    handle.remove()
    assert gradients(x * 3, x) == 3.0
    with x.register_hook(lambda grad: grad * 2):
        assert gradients(x * 3, x) == 6.0
    assert gradients(x * 3, x) == 3.0


def test_hook_may_remove_itself():
    x = GradArray(1.0)
    handle = x.register_hook(lambda grad: handle.remove())
    x.register_hook(lambda grad: grad * 2)
    assert gradients(x * 3, x) == gradients(x * 3, x) == 6.0


def test_hook_of_a_complex_array_sees_what_grad_shows():
    z, seen = GradArray(np.array(1 + 2j)), []
    z.register_hook(seen.append)
    (z * z).backward(1.0)
    assert seen[0] == z.grad == 2 - 4j


@pytest.mark.parametrize("of_leaf", [True, False])
def test_hook_cannot_write_into_the_gradient(of_leaf):
    x = GradArray([1.0])
    y = x * 2

    def hook(grad):
        grad *= 2

    (x if of_leaf else y).register_hook(hook)
    with pytest.raises(ValueError, match="read-only"):
        y.sum().backward()


@pytest.mark.parametrize("wrong", [np.ones(3), "text", np.ones(2, int), 1.0])
def test_hook_that_returns_no_gradient_is_named(wrong):
    x = GradArray([1.0, 2.0])

    def wrong_hook(grad):
        return wrong

    x.register_hook(wrong_hook)
    with pytest.raises(GraphError, match=r"wrong_hook.*test_hooks.py.*shape \(2,\)"):
        x.sum().backward()
    assert x.grad is None


def test_hook_needs_a_function_and_an_array_with_gradient():
    with pytest.raises(TypeError, match="hook must be a function"):
        GradArray(1.0).register_hook(3)
    with pytest.raises(GraphError, match="does not require a gradient"):
        GradArray(1.0, requires_grad=False).register_hook(print)


@pytest.mark.parametrize(
    "twin_of", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_copies_and_pickles_go_without_hooks(twin_of):
    x = GradArray(1.0)
    y = x * 2
    x.register_hook(lambda grad: grad * 10)
    y.register_hook(lambda grad: grad * 10)
    twin = twin_of([x, y * 3])
    assert gradients(twin[1], twin[0]) == 6.0


def test_hooks_and_grads_of_ones_own_record_nothing_on_the_way_back():
    seen = []

    def look(*_):
        seen.append((GradArray(2.0) * 3).requires_grad)

    class LookingGrad(Grad):
        def forward(self, x):
            return x * 1

        def backward(self, grad):
            look()
            return grad

    x = GradArray([1.0, 2.0])
    y = np.exp(x)
    y.register_hook(look)
    y.sum().backward()
    LookingGrad.apply(x).sum().backward()
    x.register_hook(look)
    (x * 2).sum().backward()
    assert seen == [False] * 3
    assert (x * 2).requires_grad
