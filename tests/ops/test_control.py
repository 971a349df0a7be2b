"""Loops and branches as functions: gradients flow through each step."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, grad, ops


def test_branches_are_chosen_by_value():
    x = GradArray(2.0)
    ops.cond(x > 1, lambda: x * x, lambda: x).backward()
    assert x.grad == 4
    branches = [lambda x: x, lambda x: -x]
    assert [ops.switch(i, branches, 3) for i in (-5, 0, 1, 7)] == [3, 3, -3, -3]


def test_while_loop_ends_by_its_condition_or_by_its_limit():
    x = GradArray(1.5)
    (y,) = ops.while_loop(lambda y: y < 20, lambda y: y * x, (x,))
    y.backward()
    np.testing.assert_allclose(x.grad, 8 * 1.5**7)
    assert ops.while_loop(lambda i: True, lambda i: i + 1, 0, 5) == 5


def test_scan_is_a_recurrence_with_nested_parts():
    x = GradArray(np.arange(1.0, 4.0))
    init = {"product": np.array(1.0)}

    def step(carry, part):
        product = carry["product"] * part[0]
        return {"product": product}, (product, -part[0])

    last, (products, negatives) = ops.scan(step, init, [x])
    assert products.numpy().tolist() == [1, 2, 6]
    assert negatives.numpy().tolist() == [-1, -2, -3]
    last["product"].backward()
    assert x.grad.tolist() == [6, 3, 2]


def test_reverse_scan_begins_at_the_end_and_keeps_the_order():
    _, sums = ops.scan(lambda s, x: (s + x, s + x), 0, np.arange(4), reverse=True)
    assert sums.tolist() == [6, 6, 5, 3]


def test_scan_without_elements_counts():
    last, ys = ops.scan(lambda c, _: (c * 2, None), 1, length=5)
    assert (last, ys) == (32, None)


@pytest.mark.parametrize("length", range(1, 9))
@pytest.mark.parametrize("reverse", [False, True])
def test_associative_scan_is_the_accumulation(length, reverse):
    x = np.random.default_rng(length).normal(size=(2, length, 2, 2))

    def f(a, b):
        return a @ b  # associative, but the order matters

    found = ops.associative_scan(f, x, reverse, axis=1)
    rows = x[:, ::-1] if reverse else x
    expected = [rows[:, 0]]
    for i in range(1, length):
        expected.append(expected[-1] @ rows[:, i])
    expected = np.stack(expected[::-1] if reverse else expected, axis=1)
    np.testing.assert_allclose(found, expected)


def test_map_stacks_nested_results():
    twice, sums = ops.map(lambda x: [x * 2, x.sum()], np.ones((3, 2)))
    assert twice.tolist() == [[2, 2]] * 3
    assert sums.tolist() == [2, 2, 2]


def test_mistakes_are_named():
    with pytest.raises(ValueError, match=r"lengths \[\]"):
        ops.scan(lambda c, x: (c, x), 0)
    with pytest.raises(ValueError, match=r"lengths \[2, 3\]"):
        ops.scan(lambda c, x: (c, None), 0, [np.ones(2), np.ones(3)])
    with pytest.raises(TypeError, match="f must be a function"):
        ops.scan(3, 0, np.ones(2))
    with pytest.raises(TypeError, match="f must be a function"):
        ops.associative_scan(None, np.ones(2))
    with pytest.raises(ValueError, match="has 2 parts; received num=3"):
        ops.unstack(np.ones((2, 3)), num=3)


@ops.custom_gradient
def log1pexp(x):
    e = np.exp(x)

    def gradient(*args, upstream=None):
        if upstream is None:
            (upstream,) = args
        return upstream * (1 - 1 / (1 + e))

    return np.log(1 + e), gradient


def test_custom_gradient_in_keras_own_manner():
    assert grad(log1pexp)(100.0) == 1
    s = 1 / (1 + np.exp(-0.3))
    np.testing.assert_allclose(grad(grad(log1pexp))(0.3), s * (1 - s))


def test_custom_gradient_must_return_a_pair():
    with pytest.raises(TypeError, match="must return a pair"):
        ops.custom_gradient(np.exp)(GradArray(1.0))


def test_custom_gradient_of_the_wrong_shape_is_named():
    f = ops.custom_gradient(lambda x: (x * 2, lambda upstream: upstream[:1]))
    with pytest.raises(TypeError, match="CustomGrad.backward"):
        f(GradArray(np.ones(3))).sum().backward()


def test_jvp_hands_on_what_is_auxiliary():
    value, slope, aux = ops.jvp(lambda x: (x * x, "aux"), (3.0,), (1.0,), has_aux=True)
    assert (float(value), float(slope), aux) == (9, 6, "aux")


def test_a_branch_of_a_symbolic_condition_is_taken_for_each_batch():
    x = keras.Input((3,))
    doubled = ops.cond(ops.sum(x) > 1, lambda: x * 2, lambda: -x)
    model = keras.Model(x, doubled)
    assert doubled.shape == (None, 3)
    np.testing.assert_array_equal(model(np.ones((2, 3))), np.full((2, 3), 2.0))
    np.testing.assert_array_equal(model(-np.ones((2, 3))), np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"same shapes; received .*3.* and .*2"):
        ops.cond(ops.sum(x) > 1, lambda: x, lambda: x[:, :2])
    with pytest.raises(ValueError, match=r"one bool; .* shape \(None, 3\).*where"):
        ops.cond(x > 1, lambda: x, lambda: x)


def test_a_loop_over_symbols_runs_as_often_as_the_data_say():
    x = keras.Input((3,))
    count, grown = ops.while_loop(
        lambda i, y: ops.sum(y) < 40, lambda i, y: (i + 1, y * 2), (0, x)
    )
    model = keras.Model(x, [count, grown])
    steps, values = model(np.ones((2, 3)))
    assert int(steps) == 3
    np.testing.assert_array_equal(values, np.full((2, 3), 8.0))
    never = ops.while_loop(lambda y: True, lambda y: y, x)  # is not run to find out
    assert never.shape == (None, 3)


def test_a_function_that_uses_a_symbol_from_outside_is_refused():
    x, y = keras.Input((3,)), keras.Input((3,))
    for use in (
        lambda: ops.fori_loop(0, 2, lambda i, e: e + y, x),
        lambda: ops.scan(lambda c, e: (c + y, e), x, np.arange(3.0)),
        lambda: ops.vectorized_map(lambda e: e + y[0], x),
    ):
        with pytest.raises(ValueError, match="uses another from outside"):
            use()


@pytest.mark.parametrize("unroll", [-1, 0, 1.5, "two"])
def test_steps_at_once_are_a_positive_number(unroll):
    with pytest.raises(ValueError, match="unroll must be True, False or an int > 0"):
        ops.scan(lambda c, x: (c, x), 0, np.arange(3), unroll=unroll)
