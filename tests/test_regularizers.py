"""Regularizers: penalties, their gradients, their configurations and mistakes."""

import numpy as np
import pytest

from keratorch import GradArray, regularizers
from keratorch.regularizers import (
    L1,
    L1L2,
    L2,
    REGULARIZERS,
    OrthogonalRegularizer,
    Regularizer,
)

W = np.array([[1.0, -2.0], [0.0, 3.0]])


@pytest.mark.parametrize(
    "regularizer, penalty, gradient",
    [
        (L1(0.5), 3.0, 0.5 * np.sign(W)),
        (L2(0.5), 7.0, W),
        (L1L2(0.5, 0.5), 10.0, W + 0.5 * np.sign(W)),
        (L1L2(l1=0.5), 3.0, 0.5 * np.sign(W)),
        (L1L2(l2=0.5), 7.0, W),
        (L1L2(), 0.0, np.zeros((2, 2))),
    ],
)
def test_penalty_and_gradient(regularizer, penalty, gradient):
    w = GradArray(W)
    found = regularizer(w)
    assert found.shape == ()
    assert found.item() == penalty
    found.backward()
    np.testing.assert_allclose(w.grad, gradient)


@pytest.mark.parametrize("regularizer", [L1(), L2(), L1L2(0.1, 0.1), L1L2()])
def test_float32_stays_float32(regularizer):
    w = GradArray(W.astype(np.float32), requires_grad=True)
    penalty = regularizer(w)
    penalty.backward()
    assert penalty.dtype == w.grad.dtype == np.float32


def test_penalty_of_plain_values_has_no_graph():
    assert not L2()(W).requires_grad
    assert L2(1.0)([1, 2]).item() == 5


def test_defaults_are_those_of_keras():
    assert (L1().l1, L2().l2, L1L2().l1, L1L2().l2) == (0.01, 0.01, 0, 0)
    assert (L1(None).l1, L2(None).l2, L1L2(None, None).l1) == (0.01, 0.01, 0)


@pytest.mark.parametrize("value", [-0.1, np.inf, np.nan, "0.1", True, [0.1]])
@pytest.mark.parametrize("make, name", [(L1, "l1"), (L2, "l2"), (L1L2, "l1")])
def test_factor_that_is_no_number_of_at_least_0_is_refused(make, name, value):
    with pytest.raises(ValueError, match=f"{name} must be a finite number"):
        make(value)


def test_lower_case_names_are_the_classes():
    assert regularizers.l1 is L1
    assert regularizers.l2 is L2
    assert regularizers.l1_l2 is L1L2


@pytest.mark.parametrize("name", REGULARIZERS)
def test_name_makes_a_regularizer_that_its_configuration_makes_again(name):
    made = regularizers.get(name)
    assert type(made) is REGULARIZERS[name]
    described = regularizers.serialize(made)
    assert described["module"] == "keras.regularizers"
    for again in (regularizers.get(described), regularizers.deserialize(described)):
        assert type(again) is type(made)
        assert again.get_config() == made.get_config()


def test_l1_l2_by_its_name_alone_penalizes():
    assert regularizers.get("l1_l2").get_config() == {"l1": 0.01, "l2": 0.01}


def test_function_class_and_none_are_taken():
    def mine(w):
        return 0.1 * np.abs(w).sum()

    assert regularizers.get(mine) is mine
    assert isinstance(regularizers.get(L2), L2)
    assert regularizers.get(None) is None
    assert regularizers.serialize(None) is None


def test_class_of_ones_own_is_found_among_custom_objects():
    class Largest(Regularizer):
        def __call__(self, x):
            return np.max(np.abs(x))

        def get_config(self):
            return {}

    described = regularizers.serialize(Largest())
    again = regularizers.deserialize(described, {"Largest": Largest})
    assert isinstance(again, Largest)
    w = GradArray(W)
    again(w).backward()
    assert w.grad.tolist() == [[0, 0], [0, 1]]


def test_unknown_name_lists_the_known():
    with pytest.raises(ValueError, match="unknown regularizer 'l3'. .*l1.*l2"):
        regularizers.get("l3")


def test_base_says_what_a_subclass_lacks():
    with pytest.raises(NotImplementedError, match="has no get_config"):
        Regularizer().get_config()


@pytest.mark.parametrize("mode", ["rows", "columns"])
def test_orthogonal_vectors_have_no_penalty_and_equal_ones_have_the_largest(mode):
    regularizer = OrthogonalRegularizer(0.5, mode)
    assert regularizer(3 * np.eye(3)).item() == 0
    assert regularizer(np.ones((3, 3))).item() == pytest.approx(0.5)


def test_one_row_has_nothing_to_be_orthogonal_to():
    assert OrthogonalRegularizer()(np.ones((1, 3))).item() == 0
    assert OrthogonalRegularizer(mode="columns")(np.ones((3, 1))).item() == 0


def test_a_row_of_zeros_has_a_finite_penalty_and_gradient():
    w = GradArray([[0.0, 0.0], [1.0, 2.0]])
    OrthogonalRegularizer()(w).backward()
    assert np.isfinite(w.grad).all()


def test_mistakes_with_the_orthogonal_regularizer_are_named():
    with pytest.raises(ValueError, match="mode must be 'rows' or 'columns'; received"):
        OrthogonalRegularizer(mode="both")
    with pytest.raises(ValueError, match="factor must be a finite number"):
        OrthogonalRegularizer(factor=-1)
    with pytest.raises(ValueError, match=r"matrices; received an array of shape \(3,"):
        OrthogonalRegularizer()(np.ones(3))


def test_the_base_has_no_penalty():
    assert Regularizer()(W) == 0.0
