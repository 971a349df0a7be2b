"""jacobian, hessian, hvp: whole matrices of derivatives, and products with them."""

import numpy as np
import pytest

from keratorch import GradArray, grad, gradients, hessian, hvp, jacobian


def rosenbrock(x):
    return ((1 - x[:-1]) ** 2 + 100 * (x[1:] - x[:-1] ** 2) ** 2).sum()


def test_jacobian_has_the_axes_of_the_output_then_those_of_the_input():
    rng = np.random.default_rng(0)
    a, x = rng.normal(size=(2, 3)), rng.normal(size=(3, 4))
    found = jacobian(lambda x: a @ x)(x)
    assert found.shape == (2, 4, 3, 4)
    np.testing.assert_allclose(found, np.einsum("ik,jl->ijkl", a, np.eye(4)))


@pytest.mark.parametrize("shape", [(), (1,), (2, 3), (0,), (0, 2)])
@pytest.mark.parametrize("out", [(), (2,), (0,)])
def test_jacobian_at_every_shape(shape, out):
    found = jacobian(lambda x: np.full(out, 3.0) * x.sum())(np.ones(shape))
    assert np.shape(found) == (*out, *shape)
    np.testing.assert_array_equal(found, np.full((*out, *shape), 3.0))


def test_jacobian_of_containers_has_a_block_for_each_pair():
    blocks = jacobian(lambda p: [p["a"] * p["b"], p["a"].sum()])(
        {"a": np.array([1.0, 2.0]), "b": 3.0}
    )
    np.testing.assert_array_equal(blocks[0]["a"], 3 * np.eye(2))
    np.testing.assert_array_equal(blocks[0]["b"], [1.0, 2.0])
    np.testing.assert_array_equal(blocks[1]["a"], [1.0, 1.0])
    assert blocks[1]["b"] == 0.0
    first, second = jacobian(lambda a, b: a * b, argnums=(0, 1))(np.ones(2), 5.0)
    np.testing.assert_array_equal(first, 5 * np.eye(2))
    np.testing.assert_array_equal(second, np.ones(2))


def test_hessian_of_rosenbrock():
    found = hessian(rosenbrock)(np.array([1.0, 2.0, -1.0]))
    expected = [
        [1200 - 800 + 2, -400.0, 0.0],
        [-400.0, 200 + 1200 * 4 + 400 + 2, -800.0],
        [0.0, -800.0, 200.0],
    ]
    np.testing.assert_allclose(found, expected)


def test_hvp_is_the_hessian_times_the_tangent():
    rng = np.random.default_rng(1)
    x, v = rng.normal(size=5), rng.normal(size=5)
    (slope,), (product,) = hvp(rosenbrock, (x,), (v,))
    np.testing.assert_allclose(slope, grad(rosenbrock)(x))
    np.testing.assert_allclose(product, hessian(rosenbrock)(x) @ v)


def test_hvp_of_several_arguments_mixes_them():
    slopes, products = hvp(lambda a, b: (a * a * b).sum(), (2.0, 3.0), (1.0, 10.0))
    assert slopes == (12.0, 4.0)
    assert products == (2 * 3.0 + 2 * 2.0 * 10, 2 * 2.0)


def test_third_derivatives_by_stacking():
    found = jacobian(hessian(lambda x: (x**4).sum()))(np.array([1.0, 2.0]))
    expected = np.zeros((2, 2, 2))
    expected[0, 0, 0], expected[1, 1, 1] = 24.0, 48.0
    np.testing.assert_allclose(found, expected)


def test_jacobian_of_a_recorded_array_is_recorded():
    x = GradArray([1.0, 2.0])
    trace = jacobian(lambda x: x**3)(x).sum()
    np.testing.assert_allclose(gradients(trace, x), [6.0, 12.0])


def test_hessian_of_several_outputs_has_one_matrix_for_each():
    points = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]])
    found = hessian(lambda w: np.exp(points @ w))(np.array([0.1, 0.2]))
    growth = np.exp(points @ [0.1, 0.2])
    np.testing.assert_allclose(
        found, np.einsum("i,ij,ik->ijk", growth, points, points), rtol=1e-12
    )


def test_counting_has_no_hessian():
    with pytest.raises(TypeError, match="counted"):
        hessian(lambda x: (x > 0).sum())(np.ones(2))
    with pytest.raises(TypeError, match="counted"):
        jacobian(lambda x: x[0] > 0)(np.ones(2))


def test_constant_integers_have_zeros_for_a_jacobian():
    metric = np.array([[-1, 0], [0, 1]])
    assert not jacobian(lambda x: metric)(np.ones(2)).any()
    assert jacobian(lambda x: 3)(np.ones(2)).shape == (2,)
