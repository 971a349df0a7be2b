"""The graph as a whole: a million operations, copies of it, and the memory it holds."""

import copy
import gc
import pickle
import sys
import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from keratorch import Grad, GradArray, gradients, graph


class ScaleGrad(Grad):
    """out = x * factor + offset: an operation with attributes of its own."""

    def __init__(self, x, factor, offset=None):
        super().__init__(x)
        self.factor, self.offset = factor, offset

    def forward(self, x):
        return x * self.factor

    def backward(self, grad):
        return grad * self.factor


class TaggedArray(GradArray):
    """A GradArray with an attribute of its own."""

    def __init__(self, value, tag, **options):
        super().__init__(value, **options)
        self.tag = tag


def by_pickle(x):
    return pickle.loads(pickle.dumps(x))


def by_old_pickle(x):
    return pickle.loads(pickle.dumps(x, protocol=2))


copying = pytest.mark.parametrize("copied", [copy.deepcopy, by_pickle, by_old_pickle])


# A million operations


def chain(x, length):
    y = x
    for _ in range(length):
        y = y + 1.0
    return y


def live(kind):
    return sum(isinstance(x, kind) for x in gc.get_objects())


def test_million_operations_forward_backward_copy_and_deletion():
    assert sys.getrecursionlimit() < 10_000
    x = GradArray(0.0, name="x")
    y = chain(x, 1_000_000)
    assert y.item() == 1_000_000
    y.backward()
    assert x.grad == 1.0
    assert len(y.name) <= 60
    twin = copy.copy(y)
    assert twin.grad_op is y.grad_op
    del y
    gone = weakref.ref(twin.grad_op)
    del twin
    assert gone() is None


@copying
def test_thirty_thousand_operations_are_copied_without_recursion(copied):
    x = GradArray([0.0], name="x")
    y = chain(x, 30_000)
    z = copied(y)
    assert z.item() == 30_000
    z.backward()
    assert y.grad is None
    assert x.grad is None
    first = graph.newest_first([z])[-1]
    assert first._inputs[0].name == "x"
    assert first._inputs[0].grad == 1.0


def test_wide_graph_is_walked_and_copied():
    parts = [GradArray([float(i)]) * 2 for i in range(5_000)]
    y = np.concatenate(parts).sum()
    z = by_pickle(y)
    z.backward()
    assert z.item() == y.item()
    assert parts[0].grad is None


# Copies


def test_shallow_copy_is_the_same_node():
    x = GradArray([1.0, 2.0], name="x")
    y = x * x
    twin = copy.copy(y)
    assert twin is not y
    assert twin.numpy() is y.numpy()
    twin.sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])
    leaf = copy.copy(x)
    assert leaf.name == "x"
    assert leaf.numpy() is x.numpy()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, by_pickle])
def test_copied_leaf_is_a_node_of_its_own(copied):
    x = GradArray([2.0, 3.0])
    leaf = copied(x)
    (x * x * leaf).sum().backward()
    np.testing.assert_array_equal(x.grad, [8.0, 18.0])
    np.testing.assert_array_equal(leaf.grad, [4.0, 9.0])


def test_values_of_inputs_are_pickled_once():
    x = GradArray(np.ones(10_000))
    assert len(pickle.dumps(np.log(x))) < 2.5 * x.nbytes


@copying
def test_copied_leaf_has_memory_name_gradient_and_flag_of_its_own(copied):
    x = GradArray(np.array([1.0, 2.0], np.float32), name="x")
    (x * 3).sum().backward()
    y = copied(x)
    np.testing.assert_array_equal(y.numpy(), x.numpy())
    np.testing.assert_array_equal(y.grad, x.grad)
    assert (y.name, y.dtype, y.requires_grad, y.grad_op) == ("x", "float32", True, None)
    assert not np.shares_memory(y.numpy(), x.numpy())
    assert not np.shares_memory(y.grad, x.grad)
    assert not copied(x.detach()).requires_grad
    assert copied(GradArray(np.array([1, 2]))).dtype == x.astype(int).dtype


@copying
def test_copied_result_has_the_same_graph_and_leaves_the_original_alone(copied):
    x = GradArray([1.0, 2.0], name="x")
    w = GradArray([3.0, 4.0], name="w", requires_grad=False)
    h = x * w
    h.name = "h"
    y = (h * h + x).sum()
    y.backward(retain_graph=True)
    z = copied(y)
    assert repr(z) == repr(y)
    assert z.grad_op is not y.grad_op
    nodes = graph.newest_first([z])
    assert [type(op) for op in nodes] == [type(op) for op in graph.newest_first([y])]
    leaves = {v.name: v for op in nodes for v in op._inputs if isinstance(v, GradArray)}
    np.testing.assert_array_equal(leaves["x"].grad, x.grad)
    np.testing.assert_array_equal(leaves["h"].grad, h.grad)
    assert leaves["w"].grad is None
    z.backward()
    np.testing.assert_array_equal(leaves["x"].grad, 2 * x.grad)
    np.testing.assert_array_equal(x.grad, [19.0, 65.0])


@copying
def test_leaf_shared_by_several_objects_stays_shared(copied):
    x = GradArray([1.0, 2.0], name="x")
    shared = {"leaf": x, "square": (x * x).sum(), "again": [x, (x * 3).sum()]}
    twin = copied(shared)
    assert twin["again"][0] is twin["leaf"]
    np.testing.assert_array_equal(gradients(twin["square"], twin["leaf"]), [2.0, 4.0])
    np.testing.assert_array_equal(gradients(twin["again"][1], twin["leaf"]), [3.0, 3.0])
    assert x.grad is None


@copying
def test_result_used_twice_stays_one_node(copied):
    x = GradArray([1.0, 2.0])
    h = np.exp(x)
    z = copied((h * h).sum())
    product = z.grad_op._inputs[0].grad_op
    assert product._inputs[0].grad_op is product._inputs[1].grad_op
    assert len(graph.newest_first([z])) == 3


@copying
def test_attributes_of_operations_are_kept_also_those_that_are_results(copied):
    x, offset = GradArray([1.0, 2.0]), GradArray([5.0, 6.0], name="offset")
    h = offset * 2
    y = ScaleGrad.apply(x, 3.0, offset=h) + h
    z = copied(y)
    op = z.grad_op._inputs[0].grad_op
    assert op.factor == 3.0
    assert op.offset.grad_op is z.grad_op._inputs[1].grad_op
    z.backward([1.0, 1.0])
    np.testing.assert_array_equal(op._inputs[0].grad, [3.0, 3.0])
    column = copied(GradArray(np.ones((2, 3))).sum(axis=1, keepdims=True))
    assert (column.grad_op.axis, column.grad_op.keepdims) == (1, True)


@copying
def test_attributes_of_a_subclass_are_kept(copied):
    leaf = copied(TaggedArray([1.0], tag="mine", name="x"))
    assert type(leaf) is TaggedArray
    assert leaf.tag == "mine"
    x = GradArray([1.0])
    h = x * 2
    result = copied(TaggedArray([4.0], tag="root", grad_op=ScaleGrad(h, 2.0)))
    assert (type(result), result.tag) == (TaggedArray, "root")
    assert type(result.grad_op._inputs[0]) is GradArray


@copying
def test_spent_graph_stays_spent(copied):
    x = GradArray([1.0])
    y = x * 2
    y.backward()
    with pytest.raises(ValueError, match="retain_graph"):
        copied(y).backward()


@copying
def test_copied_graph_is_differentiated_twice(copied):
    x = GradArray([2.0], name="x")
    z = copied((np.exp(x) * x).sum())
    leaf = graph.newest_first([z])[-1]._inputs[0]
    first = gradients(z, leaf, create_graph=True)
    np.testing.assert_allclose(gradients(first.sum(), leaf), 4 * np.exp([2.0]))


@copying
def test_gradient_kept_with_its_graph_is_copied_as_a_value(copied):
    x = GradArray([1.0, 2.0])
    (x**3).sum().backward(create_graph=True)
    assert type(copied(x).grad) is np.ndarray
    np.testing.assert_array_equal(copied(x).grad, [3.0, 12.0])
    x.grad = None


@copying
def test_operations_on_a_copy_are_younger_than_the_copy(copied):
    x = GradArray([1.0])
    z = copied(x * 2)
    np.testing.assert_array_equal(gradients(z * z + z, z), [5.0])


# Memory


def train(steps):
    w, x, y = GradArray([0.5, -0.5]), np.ones((3, 2)), np.arange(3.0)
    for step in range(steps):
        loss = ((x @ w - y) ** 2).mean()
        loss.backward()
        w._array -= 0.1 * w.grad
        w.grad = None
        if step in (10, steps - 1):
            yield live((GradArray, Grad))


def test_training_leaves_no_arrays_behind_without_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        before = live((GradArray, Grad))
        early, late = train(10_000)
        assert early == late
        assert live((GradArray, Grad)) == before
    finally:
        gc.enable()


def use_everything():
    x = GradArray([1.0, 2.0], name="x")
    y = (x * x).sum()
    y.backward(retain_graph=True)
    gradients(y, x, create_graph=True)
    copy.deepcopy(y)
    by_pickle(y)
    repr(y)
    with pytest.raises(ValueError):
        (x * 2).backward()


def test_garbage_collector_finds_no_array_in_a_cycle():
    use_everything()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        use_everything()
        gc.collect()
        stuck = [x for x in gc.garbage if isinstance(x, (GradArray, Grad))]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert stuck == []


def test_graph_dies_with_its_root():
    x = GradArray([1.0])
    y = x * 2
    middle = weakref.ref(y.grad_op)
    z = y * 3
    del y
    assert middle() is not None
    del z
    assert middle() is None


def test_gradients_with_create_graph_leave_nothing_behind():
    gc.disable()
    try:
        x = GradArray([1.0, 2.0])
        y = (x**3).sum()
        first = gradients(y, x, create_graph=True)
        root, derivative = weakref.ref(y.grad_op), weakref.ref(first.grad_op)
        del y
        assert root() is None
        del first
        assert derivative() is None
    finally:
        gc.enable()


# Order


@dataclass
class AffineGrad(Grad):
    """out = x * factor, written as a dataclass: two of them compare equal."""

    x: Any
    factor: float

    def __post_init__(self):
        super().__init__(self.x)

    def forward(self, x):
        return x * self.factor

    def backward(self, grad):
        return grad * self.factor


def test_operations_are_told_apart_by_identity():
    x = GradArray([1.0, 2.0])
    a, b = AffineGrad.apply(x, 3.0), AffineGrad.apply(x, 3.0)
    (a * b).sum().backward()
    np.testing.assert_array_equal(x.grad, [18.0, 36.0])
    z = by_pickle((a * b).sum())
    assert len(graph.newest_first([z])) == 4


def test_operations_are_listed_consumers_first():
    x = GradArray([1.0])
    a = x * 2
    b = a + x
    c = b * a
    nodes = graph.newest_first([c])
    assert nodes == [c.grad_op, b.grad_op, a.grad_op]


def test_plain_strips_graphs_from_nested_structures():
    x = GradArray([1.0])
    nested = graph.plain({"a": [x, (x, 3)], "b": slice(None)})
    assert nested["a"][0] is x.numpy()
    assert type(nested["a"][1]) is tuple
    assert nested["a"][1][1] == 3
