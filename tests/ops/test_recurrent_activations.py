"""Activations that the fused recurrences know are those of the textbook loop."""

import itertools

import numpy as np
import pytest

from keratorch import GradArray, gradients, ops
from keratorch.grads.recurrent_steps import ACTIVATIONS
from keratorch.testing import gradcheck

NAMES = sorted(ACTIVATIONS)
BATCH, TIME, FEATURES, UNITS = 2, 4, 3, 2
MASK = np.array([[1, 1, 0, 1], [0, 1, 1, 0]], bool)
GATES = {"simple_rnn": 1, "lstm": 4, "gru": 3}
PAIRS = list(itertools.product(NAMES, NAMES))


def leaves_of(name):
    rng = np.random.default_rng(5)
    width = GATES[name] * UNITS
    shapes = [(BATCH, TIME, FEATURES), *[(BATCH, UNITS)] * (2 if name == "lstm" else 1)]
    shapes += [(FEATURES, width), (UNITS, width)]
    shapes += [(2, width) if name == "gru" else (width,)]
    return [GradArray(rng.normal(scale=1.5, size=shape)) for shape in shapes]


def assert_same_as_loop(name, **functions):
    """The results and gradients of a fused function and of its textbook loop."""
    loop = {key: plain(ACTIVATIONS[value]) for key, value in functions.items()}
    found, leaves = [], leaves_of(name)
    for arguments in (functions, loop):
        _, outputs, states = getattr(ops, name)(*leaves, mask=MASK, **arguments)
        results = [outputs, *states]
        rng = np.random.default_rng(6)
        upstream = [rng.normal(size=x.shape) for x in results]
        values = [x.numpy() for x in results]
        found.append([*values, *gradients(results, leaves, upstream)])
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def plain(function):
    """A function that no table knows."""
    return lambda x: function(x)


@pytest.mark.parametrize("activation", NAMES)
def test_simple_rnn_with_each_activation_is_the_textbook_loop(activation):
    assert_same_as_loop("simple_rnn", activation=activation)


@pytest.mark.parametrize("activation, of_gates", PAIRS)
@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_gates_with_each_activation_are_the_textbook_loop(name, activation, of_gates):
    names = {"activation": activation, "recurrent_activation": of_gates}
    assert_same_as_loop(name, **names)


@pytest.mark.parametrize("name", GATES)
def test_second_derivatives_with_another_activation_are_right(name):
    leaves = leaves_of(name)

    def function(*arrays):
        return getattr(ops, name)(*arrays, activation="sigmoid")[0]

    assert gradcheck(function, *[leaf.numpy() for leaf in leaves]).ok


@pytest.mark.parametrize("name", ["hard_sigmoid", "relu", "sigmoid"])
def test_functions_of_the_library_are_fused_as_their_names_are(name, monkeypatch):
    leaves = leaves_of("simple_rnn")
    named = ops.simple_rnn(*leaves, activation=name)[0]
    monkeypatch.setattr("keratorch.grads.recurrent.unrolled", None)
    given = ops.simple_rnn(*leaves, activation=getattr(ops, name))[0]
    np.testing.assert_array_equal(given.numpy(), named.numpy())


@pytest.mark.parametrize("reset_after", [True, False])
@pytest.mark.parametrize("name", GATES)
def test_drops_of_the_fused_function_are_those_of_the_textbook_loop(name, reset_after):
    rng = np.random.default_rng(7)
    drops = 2.0 * (rng.random((GATES[name], BATCH, UNITS)) < 0.5)
    leaves, arguments, found = leaves_of(name), {}, []
    if name == "gru":
        arguments["reset_after"] = reset_after
        leaves[-1] = leaves[-1] if reset_after else GradArray(leaves[-1].numpy()[0])
    for activation in ("tanh", plain(np.tanh)):
        _, outputs, states = getattr(ops, name)(
            *leaves, activation=activation, mask=MASK, drops=drops, **arguments
        )
        results = [outputs, *states]
        upstream = [np.cos(x.numpy()) for x in results]
        values = [x.numpy() for x in results]
        found.append([*values, *gradients(results, leaves, upstream)])
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)
    without = getattr(ops, name)(*leaves, mask=MASK, **arguments)[1].numpy()
    assert np.abs(without - found[0][0]).max() > 0.01


def test_drops_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"\(gates, batch, units\) = \(4, 2, 2\)"):
        ops.lstm(*leaves_of("lstm"), drops=np.ones((3, 2, 2)))


def test_second_derivatives_with_drops_are_right():
    leaves = leaves_of("gru")
    drops = 2.0 * (np.random.default_rng(7).random((3, BATCH, UNITS)) < 0.5)
    assert gradcheck(
        lambda *arrays: ops.gru(*arrays, drops=drops)[0],
        *[leaf.numpy() for leaf in leaves],
    ).ok
