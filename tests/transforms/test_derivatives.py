"""grad, value_and_grad, vjp, jvp: derivatives of functions, as functions."""

import collections
import math

import numpy as np
import pytest

import keratorch
from keratorch import (
    GradArray,
    elementwise_grad,
    grad,
    gradients,
    jvp,
    no_grad,
    value_and_grad,
    vjp,
)
from keratorch.errors import GradContractError
from keratorch.transforms.tracing import Trace


def cubes(x):
    return (x**3).sum()


def test_plain_values_in_give_plain_values_out():
    value, slope = value_and_grad(cubes)(np.array([1.0, 2.0]))
    assert value == 9.0
    assert type(slope) is np.ndarray
    np.testing.assert_array_equal(slope, [3.0, 12.0])
    number = grad(lambda x: x * x)(3.0)
    assert isinstance(number, float)
    assert number == 6.0
    assert grad(lambda x: x * x)(3) == 6.0
    assert grad(lambda x: x * x)(np.float32(3)).dtype == np.float32
    assert type(grad(lambda x: x * x)(np.array(3.0))) is np.ndarray


def test_gradients_stack_to_any_order():
    f = np.tanh
    for expected in (
        lambda t: 1 - t**2,
        lambda t: -2 * t * (1 - t**2),
        lambda t: (6 * t**2 - 2) * (1 - t**2),
        lambda t: (16 * t - 24 * t**3) * (1 - t**2),
    ):
        f = grad(f)
        np.testing.assert_allclose(f(0.3), expected(math.tanh(0.3)), rtol=1e-12)


def test_derivative_of_what_is_linear_stacks_to_zero():
    assert grad(grad(lambda x: 3 * x))(2.0) == 0.0
    assert grad(lambda x: 5.0)(2.0) == 0.0
    np.testing.assert_array_equal(grad(lambda x, y: y)(np.ones(2), 3.0), [0.0, 0.0])


def test_inner_variable_is_not_confused_with_the_outer_one():
    # d/dx of x * d/dy (x + y) at y = 1 is 1, not 2
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0) == 1.0
    # d/dx of d/dy (x * y**2) at y = 3 is 6
    assert grad(lambda x: grad(lambda y: x * y * y)(3.0))(2.0) == 6.0


def test_constants_given_to_an_inner_transform_leave_plain_values():
    def f(x, y):
        return np.sin(x * y)

    for inner in (
        lambda x: grad(f, 1)(x, 0.5),
        lambda x: vjp(f, x, 0.5)[1](1.0)[1],
        lambda x: jvp(lambda y: f(x, y), (0.5,), (1.0,))[1],
    ):
        expected = np.cos(0.5 * 2.0) - 0.5 * 2.0 * np.sin(0.5 * 2.0)
        value, slope = value_and_grad(inner)(2.0)
        _, along = jvp(inner, (2.0,), (1.0,))
        for result in (value, slope, along, vjp(inner, 2.0)[0]):
            assert isinstance(result, float)
        np.testing.assert_allclose([slope, along], expected)


def test_inner_gradient_stays_within_its_own_part_of_the_graph():
    visited = []

    def slope(x):
        inner = Trace(np.tanh, (x,), {}, [0])
        visited.append(len(inner.operations))
        return inner.pull(inner.outputs, [np.array(1.0)])[0]

    def walked(x):
        for _ in range(10):
            x = x - 0.1 * slope(x)
        return x

    found = grad(walked)(0.5)
    assert visited == [2] * 10  # a copy of x, and tanh
    step = 1e-6
    expected = (walked(0.5 + step) - walked(0.5 - step)) / (2 * step)
    np.testing.assert_allclose(found, expected, rtol=1e-8)


def test_directions_can_be_differentiated():
    def tangent(v):
        return jvp(np.sin, (0.5,), (v,))[1] ** 2

    _, pullback = vjp(np.sin, 0.5)
    for squared in (tangent, lambda v: pullback(v)[0] ** 2):
        np.testing.assert_allclose(grad(squared)(3.0), 6 * np.cos(0.5) ** 2)
    with no_grad():
        assert isinstance(pullback(GradArray(3.0))[0], float)


def test_what_is_closed_over_can_be_differentiated():
    w = GradArray(2.0)
    slope = grad(lambda x: w * x * x)(3.0)
    assert isinstance(slope, GradArray)
    slope.backward()
    assert w.grad == 6.0
    with no_grad():
        assert isinstance(grad(lambda x: w * x * x)(3.0), float)


def test_grad_of_a_recorded_array_is_recorded():
    x = GradArray([1.0, 2.0])
    slope = grad(cubes)(x)
    np.testing.assert_array_equal(gradients(slope.sum(), x), [6.0, 12.0])
    constant = GradArray([1.0, 2.0], requires_grad=False)
    assert type(grad(cubes)(constant)) is np.ndarray


Layer = collections.namedtuple("Layer", "w b")


def test_arguments_may_be_nested_containers():
    parameters = {
        "layers": [Layer(np.ones((2, 2)), np.zeros(2)), Layer(np.ones((2, 1)), 0.5)],
        "scale": (2.0,),
        "name": "mlp",
    }

    def loss(p, x):
        for layer in p["layers"]:
            x = np.tanh(x @ layer.w + layer.b)
        return (x * p["scale"][0]).sum()

    found = grad(loss)(parameters, np.ones((1, 2)))
    assert found["name"] is None
    assert isinstance(found["layers"][0], Layer)
    assert found["layers"][1].w.shape == (2, 1)
    step = 1e-6
    for sign in (1,):
        moved = {**parameters, "scale": (2.0 + sign * step,)}
        slope = (
            loss(moved, np.ones((1, 2))) - loss(parameters, np.ones((1, 2)))
        ) / step
        np.testing.assert_allclose(found["scale"][0], slope, rtol=1e-6)


def test_argnums_and_keywords():
    def f(a, b, *, power):
        return (a * b**power).sum()

    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    np.testing.assert_array_equal(grad(f, 1)(a, b, power=2), 2 * a * b)
    first, second = grad(f, argnums=(0, -1))(a, b, power=2)
    np.testing.assert_array_equal(first, b**2)
    np.testing.assert_array_equal(second, 2 * a * b)


@pytest.mark.parametrize(
    "transform", [grad, keratorch.value_and_grad, keratorch.jacobian, keratorch.hessian]
)
def test_argnum_is_autograds_name_of_argnums(transform):
    wanted, found = (
        transform(np.multiply, **{name: 1})(2.0, 3.0) for name in ("argnums", "argnum")
    )
    assert found == wanted
    with pytest.raises(TypeError, match="two names of one argument"):
        transform(np.multiply, 0, argnum=1)


def test_aux_is_handed_on_as_plain_values():
    def f(x):
        y = x * x
        return y.sum(), {"y": y, "note": "kept"}

    (value, aux), slope = value_and_grad(f, has_aux=True)(np.array([1.0, 2.0]))
    assert value == 5.0
    assert type(aux["y"]) is np.ndarray
    assert aux["note"] == "kept"
    np.testing.assert_array_equal(slope, [2.0, 4.0])
    slope, aux = grad(f, has_aux=True)(np.array([1.0, 2.0]))
    np.testing.assert_array_equal(slope, [2.0, 4.0])
    with pytest.raises(TypeError, match=r"has_aux=True.*\(value, aux\)"):
        grad(cubes, has_aux=True)(np.ones(2))


def test_function_keeps_its_arguments_and_the_mode():
    x = np.array([1.0, 2.0])
    with no_grad():
        np.testing.assert_array_equal(grad(cubes)(x), [3.0, 12.0])
    with pytest.raises(ZeroDivisionError):
        grad(lambda x: 1 / 0)(x)
    assert (GradArray([1.0]) * 2).requires_grad
    assert float(GradArray([1.0])) == 1.0


def test_elementwise_grad_is_the_derivative_at_each_element():
    x = np.linspace(-1, 1, 5)
    np.testing.assert_allclose(elementwise_grad(np.tanh)(x), 1 - np.tanh(x) ** 2)
    twice = elementwise_grad(elementwise_grad(np.tanh))(x)
    np.testing.assert_allclose(twice, -2 * np.tanh(x) * (1 - np.tanh(x) ** 2))


def test_vjp_and_jvp_are_the_two_sides_of_the_jacobian():
    rng = np.random.default_rng(0)
    a, x = rng.normal(size=(3, 4)), rng.normal(size=4)
    v, u = rng.normal(size=4), rng.normal(size=3)
    value, pullback = vjp(lambda x: np.tanh(a @ x), x)
    same, forward = jvp(lambda x: np.tanh(a @ x), (x,), (v,))
    jacobian = (1 - np.tanh(a @ x) ** 2)[:, None] * a
    np.testing.assert_allclose(value, np.tanh(a @ x))
    np.testing.assert_array_equal(same, value)
    np.testing.assert_allclose(pullback(u)[0], u @ jacobian)
    np.testing.assert_allclose(pullback(2 * u)[0], 2 * u @ jacobian)
    np.testing.assert_allclose(forward, jacobian @ v)


def test_vjp_and_jvp_take_containers_on_both_sides():
    def f(p, y):
        return {"sum": p["x"] + y, "product": [p["x"] * y, 7.0]}

    value, pullback = vjp(f, {"x": 2.0}, 3.0)
    assert value == {"sum": 5.0, "product": [6.0, 7.0]}
    assert pullback({"sum": 1.0, "product": [10.0, 0.0]}) == ({"x": 31.0}, 21.0)
    _, tangent = jvp(f, ({"x": 2.0}, 3.0), ({"x": 1.0}, 0.0))
    assert tangent == {"sum": 1.0, "product": [3.0, 0.0]}


def test_jvp_of_what_does_not_depend_on_the_arguments_is_zero():
    value, tangent = jvp(lambda x: np.ones(2), (1.0,), (1.0,))
    np.testing.assert_array_equal(tangent, [0.0, 0.0])
    np.testing.assert_array_equal(value, [1.0, 1.0])


def test_jvp_and_vjp_compose_with_grad():
    slope = grad(lambda x: jvp(lambda y: y**3, (x,), (2.0,))[1])(1.5)
    np.testing.assert_allclose(slope, 2 * 6 * 1.5)
    slope = grad(lambda x: vjp(lambda y: y**3, x)[1](2.0)[0])(1.5)
    np.testing.assert_allclose(slope, 2 * 6 * 1.5)
    _, second = jvp(grad(lambda x: x**3), (1.5,), (1.0,))
    np.testing.assert_allclose(second, 6 * 1.5)


def test_gradient_of_a_complex_argument_is_pytorchs():
    z = np.array([1 + 2j, 3 - 1j])
    found = grad(lambda z: (z * z).real.sum())(z)
    np.testing.assert_array_equal(found, 2 * z.conj())


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: grad(lambda x: x * 2)(np.ones(2)), r"returns one number.*\(2,\)"),
        (lambda: grad(lambda x: (x, x))(1.0), "returns one number.*tuple of 2"),
        (lambda: grad(cubes)(np.ones(2, int)), r"int64.*astype\(float\)"),
        (lambda: grad(print)(1.0), "print returned None.*return"),
        (lambda: keratorch.hvp(cubes, np.ones(2), np.ones(2)), r"hvp\(f, \(x,\)"),
        (lambda: grad(cubes)("text"), "argument 0 must hold floats.*argnums"),
        (lambda: grad(cubes, 1)(np.ones(2)), "argnums=1 names no positional"),
        (lambda: grad(lambda z: z * z)(1j), "real number"),
        (lambda: grad(lambda x: np.allclose(x, 1.0))(1.0), "real number.*compared"),
        (lambda: jvp(cubes, np.ones(2), np.ones(2)), r"jvp\(f, \(x,\), \(v,\)\)"),
    ],
)
def test_what_cannot_be_differentiated_says_what_to_do(call, message):
    with pytest.raises(TypeError, match=message):
        call()


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: jvp(cubes, (np.ones(2),), (np.ones(3),)), r"tangents.*\(2,\).*\(3,\)"),
        (lambda: jvp(cubes, (np.ones(2),), ()), "tangents must have the structure"),
        (lambda: vjp(np.tanh, np.ones(2))[1](1.0), r"gradient.*\(2,\).*\(\)"),
    ],
)
def test_directions_must_fit(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_math_functions_inside_are_an_error_not_a_zero_gradient():
    with pytest.raises(GradContractError, match=r"float\(\).*np\.exp"):
        grad(lambda x: math.exp(x))(1.0)
    assert grad(lambda x: x * x if x.item() > 0 else -x)(2.0) == 4.0


def test_new_functions_are_named_after_the_old_one():
    assert grad(cubes).__name__ == "gradient_of_cubes"
    assert "gradient of cubes" in grad(cubes).__doc__


def test_names_are_those_of_the_package():
    for name in ("grad", "value_and_grad", "vjp", "jvp", "jacobian", "hessian"):
        assert getattr(keratorch, name) is getattr(keratorch.transforms, name)


@pytest.mark.parametrize(
    "call, error, message",
    [
        (
            lambda: grad(np.multiply, (0, 0))(1.0, 2.0),
            ValueError,
            "names an argument twice",
        ),
        (lambda: grad(np.multiply, "a")(1.0, 2.0), TypeError, "argnums must be an int"),
        (lambda: grad(np.argmax)(np.ones(2)), TypeError, "compared or counted"),
        (lambda: grad(lambda x: (y for y in x))(np.ones(2)), TypeError, "a generator"),
        (lambda: grad(cubes)(np.ma.masked_array([1.0], [1])), TypeError, "mask"),
        (lambda: grad(cubes)(np.ma.masked_array([1.0], [1])), TypeError, "where=mask"),
        (
            lambda: keratorch.jacobian(lambda x: np.exp(1j * x))(np.ones(2)),
            TypeError,
            r"real and imaginary parts.*jvp",
        ),
    ],
)
def test_what_would_be_silently_wrong_is_an_error(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    "transform",
    [grad, value_and_grad, elementwise_grad, keratorch.jacobian, keratorch.hessian],
)
def test_value_in_place_of_a_function_is_an_error_at_once(transform):
    with pytest.raises(TypeError, match=r"grad\(f\)\(x\), not grad\(f\(x\)\)"):
        transform(np.ones(2).sum())


def written(x):
    out = np.zeros(3)
    out[0] = x[1] ** 2
    return out.sum()


def test_writing_into_a_plain_array_shows_what_to_write():
    with pytest.raises(ValueError, match=r"x\.at\[i\]\.set\(y\)") as caught:
        grad(written)(np.ones(3))
    assert type(caught.value) is GradContractError
    assert any(entry.name == "written" for entry in caught.traceback)
    with pytest.raises(ValueError, match="own"):

        def f(x):
            raise ValueError("own")

        grad(f)(1.0)


def test_matrices_and_masked_constants_are_refused():
    x = GradArray(np.ones((2, 2)))
    with pytest.warns(PendingDeprecationWarning):
        matrix = np.matrix(np.eye(2))
    with pytest.raises(TypeError, match=r"matrix.*np\.asarray"):
        x * matrix
    with pytest.raises(TypeError, match=r"MaskedArray.*filled"):
        x * np.ma.masked_array(np.eye(2), np.eye(2) > 0)
