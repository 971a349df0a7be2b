"""Cross entropies: sparse and dense, any axis, and what does not fit."""

import numpy as np
import pytest

from keratorch import GradArray, ops

LABELS = np.array([2, 0])
P = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])


@pytest.mark.parametrize("from_logits", [False, True])
def test_sparse_cross_entropy_equals_the_one_with_one_hot_targets(from_logits):
    sparse = ops.sparse_categorical_crossentropy(LABELS, P, from_logits)
    dense = ops.categorical_crossentropy(np.eye(3)[LABELS], P, from_logits)
    np.testing.assert_allclose(sparse.numpy(), dense.numpy())
    column = ops.sparse_categorical_crossentropy(LABELS[:, None], P, from_logits)
    np.testing.assert_array_equal(sparse.numpy(), column.numpy())


@pytest.mark.parametrize("from_logits", [False, True])
def test_classes_may_lie_on_any_axis(from_logits):
    p = np.random.default_rng(0).dirichlet(np.ones(3), (2, 4))
    labels = np.random.default_rng(0).integers(0, 3, (2, 4))
    turned = np.moveaxis(p, -1, 1)
    last = ops.sparse_categorical_crossentropy(labels, p, from_logits)
    first = ops.sparse_categorical_crossentropy(labels, turned, from_logits, axis=1)
    dense = ops.categorical_crossentropy(
        ops.one_hot(labels, 3, axis=1), turned, from_logits, axis=1
    )
    np.testing.assert_allclose(first.numpy(), last.numpy())
    np.testing.assert_allclose(dense.numpy(), last.numpy())


def test_binary_cross_entropy_is_of_each_element():
    found = ops.binary_crossentropy(np.eye(2), P[:, :2])
    expected = -np.log([[0.2, 0.7], [0.4, 0.3]])
    np.testing.assert_allclose(found.numpy(), expected)


@pytest.mark.parametrize(
    "function", [ops.binary_crossentropy, ops.categorical_crossentropy]
)
def test_other_shapes_are_refused(function):
    with pytest.raises(ValueError, match=r"target of shape \(2,\).*\(2, 3\)"):
        function([0.0, 1.0], P)


@pytest.mark.parametrize("labels", [[0, 3], [-1, 0]])
@pytest.mark.parametrize("from_logits", [False, True])
def test_labels_of_no_class_are_refused(labels, from_logits):
    with pytest.raises(ValueError, match=r"from 0 to 2.*1-based\?"):
        ops.sparse_categorical_crossentropy(labels, P, from_logits)


def test_labels_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"shape \(2,\); received target of shape"):
        ops.sparse_categorical_crossentropy([0, 1, 2], P)


def test_target_may_want_a_gradient():
    target = GradArray(np.eye(3)[LABELS])
    ops.categorical_crossentropy(target, P).sum().backward()
    np.testing.assert_allclose(target.grad, -np.log(P))
