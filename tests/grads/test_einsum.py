"""Einstein's summation: what it refuses, and the cost of its gradient."""

import numpy as np
import pytest

from keratorch import GradArray, gradients
from keratorch.grads.einsum import _explicit, _matrix_product


@pytest.mark.parametrize(
    "subscripts, ranks, terms, output",
    [
        ("ij,jk", [2, 2], ["ij", "jk"], "ik"),
        ("ba", [2], ["ba"], "ab"),
        ("bA", [2], ["bA"], "Ab"),
        ("ii", [2], ["ii"], ""),
        ("...i,...i", [3, 2], ["abi", "bi"], "ab"),
        ("c...,...c->...", [1, 3], ["c", "abc"], "ab"),
        (" i j -> j ", [2], ["ij"], "j"),
    ],
)
def test_subscripts_are_made_explicit(subscripts, ranks, terms, output):
    assert _explicit(subscripts, tuple(ranks)) == (tuple(terms), output)


def test_path_is_no_result_with_a_gradient():
    a = GradArray(np.ones((2, 3)))
    path, report = np.einsum_path("ij,jk->ik", a, np.ones((3, 2)))
    assert path == ["einsum_path", (0, 1)]
    assert "ij,jk->ik" in report


def test_errors_in_the_subscripts_are_those_of_numpy():
    a = GradArray(np.ones((2, 3)))
    with pytest.raises(ValueError, match="too many subscripts"):
        np.einsum("ijk->i", a)
    with pytest.raises(ValueError, match=r"no '\.\.\.' ellipsis"):
        np.einsum("...i->i", a)
    with pytest.raises(ValueError, match="collapsing index"):
        np.einsum("ii", a)


def test_sublists_out_of_range_are_refused():
    a = GradArray(np.ones((2, 3)))
    with pytest.raises(ValueError, match="index -1 is not from 0 to 51"):
        np.einsum(a, [0, -1])
    with pytest.raises(ValueError, match="needs subscripts"):
        np.einsum(a)


@pytest.mark.parametrize("given", [{"dtype": np.float32}, {"casting": "safe"}])
def test_arguments_that_have_no_derivative_are_named(given):
    with pytest.raises(TypeError, match=f"'{next(iter(given))}'.*operands, optimize"):
        np.einsum("ij->j", GradArray(np.ones((2, 3))), **given)


def test_out_is_refused():
    with pytest.raises(TypeError, match="out= cannot be recorded"):
        np.einsum("ij->j", GradArray(np.ones((2, 3))), out=np.ones(3))


def test_third_derivative_of_a_cubic_form():
    x, c = GradArray([1.0, 2.0]), np.arange(8.0).reshape(2, 2, 2)
    first = gradients(np.einsum("ijk,i,j,k", c, x, x, x), x, create_graph=True)
    second = gradients(first[0], x, create_graph=True)
    third = gradients(second[1], x)
    ways = ["ijk", "ikj", "jik", "jki", "kij", "kji"]
    symmetric = sum(np.einsum(f"ijk->{way}", c) for way in ways)
    np.testing.assert_allclose(third, symmetric[0, 1])


@pytest.mark.parametrize(
    "subscripts, a_shape, b_shape",
    [
        ("ij,jk->ik", (2, 3), (3, 4)),
        ("ij,kj->ki", (2, 3), (4, 3)),
        ("bij,bkj->kbi", (5, 2, 3), (5, 4, 3)),
        ("ibhd,jbhd->bijh", (2, 5, 3, 4), (6, 5, 3, 4)),
        ("abcd,cdef->abef", (2, 3, 4, 5), (4, 5, 6, 7)),
        ("bij,bjk->bik", (1, 2, 3), (5, 3, 4)),
        ("bij,bjk->bik", (5, 2, 3), (1, 3, 4)),
        ("ij,kj->ik", (2, 3), (4, 1)),
        ("...ij,jk->...ik", (5, 2, 3), (3, 4)),
        ("ij,jk->ik", (0, 3), (3, 4)),
        ("ij,jk->ik", (2, 0), (0, 4)),
    ],
)
def test_gradients_by_products_of_matrices_are_the_sums(subscripts, a_shape, b_shape):
    rng = np.random.default_rng(0)
    a, b = GradArray(rng.normal(size=a_shape)), GradArray(rng.normal(size=b_shape))
    out = np.einsum(subscripts, a, b)
    upstream = rng.normal(size=out.shape)
    out.backward(upstream)
    for x, place in ((a, 0), (b, 1)):
        inputs = [a.numpy(), b.numpy()]
        expected = np.zeros(x.shape)
        for index in np.ndindex(x.shape):
            one = np.zeros(x.shape)
            one[index] = 1
            inputs[place] = one
            expected[index] = (np.einsum(subscripts, *inputs) * upstream).sum()
        np.testing.assert_allclose(x.grad, expected, atol=1e-12)


@pytest.mark.parametrize(
    "terms",
    [
        ("i", "j", "ij"),  # nothing is summed
        ("ij", "ij", "ij"),  # nothing is summed, no rows
        ("ij", "j", "i"),  # no columns
        ("ii", "ij", "j"),  # a diagonal
        ("iik", "kj", "ij"),
        ("ijl", "jk", "ik"),  # summed over one operand alone
    ],
)
def test_other_sums_are_no_products_of_matrices(terms):
    assert _matrix_product(*terms) is None


@pytest.mark.parametrize(
    "terms, plan",
    [
        (("ik", "jk", "ij"), ((0, 1), (1, 0), (1, 1), (0, 1))),
        (("bik", "bjk", "jbi"), ((0, 1, 2), (0, 2, 1), (1, 1), (2, 0, 1))),
        (("ikl", "jlk", "ij"), ((0, 1, 2), (2, 1, 0), (1, 2), (0, 1))),
    ],
)
def test_plan_of_a_product_of_matrices(terms, plan):
    _matrix_product.cache_clear()
    assert _matrix_product(*terms) == plan
