"""checkpoint gives the same values and derivatives, and keeps less."""

import gc
import tracemalloc

import numpy as np
import pytest

from keratorch import (
    GradArray,
    checkpoint,
    grad,
    gradients,
    no_grad,
    value_and_grad,
)
from keratorch.errors import GraphError


def block(x):
    return np.tanh(x * x) * x.sum()


def deepest(x):
    for _ in range(3):
        x = checkpoint(block)(x)
    return x.sum()


def plain(x):
    for _ in range(3):
        x = block(x)
    return x.sum()


def test_values_and_derivatives_of_any_order_are_the_same():
    x = np.array([0.3, -0.2])
    for f, g in [(deepest, plain), (grad(deepest), grad(plain))]:
        np.testing.assert_allclose(f(x), g(x), rtol=1e-14)
    second = grad(lambda x: grad(deepest)(x).sum())(x)
    np.testing.assert_allclose(second, grad(lambda x: grad(plain)(x).sum())(x))


def test_weights_taken_from_outside_get_their_gradient():
    w, x = GradArray([2.0, 3.0]), GradArray([1.0, -1.0])
    scaled = w * 2
    y = checkpoint(lambda x: (x * scaled + w) ** 2)(x)
    y.sum().backward()
    z = GradArray([2.0, 3.0])
    u = GradArray([1.0, -1.0])
    ((u * (z * 2) + z) ** 2).sum().backward()
    np.testing.assert_allclose(w.grad, z.grad)
    np.testing.assert_allclose(x.grad, u.grad)
    np.testing.assert_allclose(scaled.grad, 2 * (x * scaled + w).numpy() * x.numpy())


def test_hook_of_an_outside_weight_runs_once_with_the_whole_gradient():
    w, seen = GradArray(2.0), []
    w.register_hook(lambda grad: seen.append(float(grad)))
    (checkpoint(lambda x: w * x)(GradArray(3.0)) + w).backward()
    assert seen == [4.0]


def test_containers_and_keywords_go_through():
    @checkpoint
    def f(pair, *, scale):
        a, b = pair["both"]
        return {"sum": (a + b) * scale, "same": a, "note": "kept"}

    a, b, scale = GradArray([1.0, 2.0]), GradArray(3.0), GradArray(2.0)
    result = f({"both": [a, b]}, scale=scale)
    assert result["note"] == "kept"
    found = gradients((result["sum"] * result["same"]).sum(), [a, b, scale])
    np.testing.assert_array_equal(found[0], [(1 + 3) * 2 + 2, (2 + 3) * 2 + 4])
    assert found[1] == 2 * 3.0
    assert found[2] == 1 * 4 + 2 * 5


def test_complex_numbers_go_through():
    z = np.array([1 + 2j, 3 - 1j])
    found = grad(lambda z: checkpoint(lambda z: z * z)(z).real.sum())(z)
    np.testing.assert_array_equal(found, 2 * z.conj())


def test_inner_gradients_are_computed_again():
    def slope(y):
        return grad(lambda z: np.sin(z * y))(y)

    inside = grad(lambda x: x * checkpoint(lambda c: c * slope(x))(0.5))
    expected = grad(lambda x: x * 0.5 * slope(x))
    np.testing.assert_allclose(inside(0.7), expected(0.7))
    w = GradArray(2.0)
    value, _ = value_and_grad(lambda x: w * checkpoint(lambda c: slope(x))(0.5))(0.7)
    value.backward()
    np.testing.assert_allclose(w.grad, slope(0.7))


def test_only_the_ends_are_kept():
    def deep(x):
        for _ in range(50):
            x = np.tanh(x)
        return x

    x = GradArray(np.ones(10_000))
    held = {}
    for name, f in [("plain", deep), ("checkpointed", checkpoint(deep))]:
        gc.collect()
        tracemalloc.start()
        y = f(x)
        held[name] = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        del y
    assert held["checkpointed"] < held["plain"] / 20


def test_backward_can_be_repeated_and_needs_no_collector():
    x = GradArray([1.0, 2.0])
    y = checkpoint(block)(x).sum()
    first = gradients(y, x)
    np.testing.assert_array_equal(gradients(y, x), first)


def test_nothing_is_recorded_where_nothing_wants_a_gradient():
    with no_grad():
        assert checkpoint(block)(GradArray([1.0])).grad_op is None
    assert checkpoint(block)(GradArray([1.0], requires_grad=False)).grad_op is None
    np.testing.assert_array_equal(checkpoint(np.tanh)(np.zeros(2)), [0, 0])


def test_function_that_computes_another_shape_the_second_time_is_named():
    sizes = iter([2, 3])

    def changing(x):
        return x * np.ones(next(sizes))

    y = checkpoint(changing)(GradArray(1.0))
    with pytest.raises(GraphError, match="other shapes"):
        y.sum().backward()


def test_results_of_two_dtypes_are_refused():
    def two(x):
        return x, x.astype(np.float32)

    with pytest.raises(TypeError, match="one dtype; received float64, float32"):
        checkpoint(two)(GradArray([1.0]))
