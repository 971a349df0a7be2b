"""Einstein's summation: what it refuses, and the cost of its gradient."""

import numpy as np
import pytest

from keratorch import GradArray, gradients
from keratorch.grads.einsum import _explicit


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
    assert _explicit(subscripts, ranks) == (terms, output)


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
