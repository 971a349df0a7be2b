"""Recurrent networks: what their arguments do, and what does not fit."""

import inspect
from functools import partial

import numpy as np
import pytest

from keratorch import GradArray, gradients, ops

BATCH, TIME, FEATURES, UNITS = 2, 5, 3, 4
X = np.random.default_rng(0).normal(size=(BATCH, TIME, FEATURES))
MASK = np.array([[1, 1, 0, 1, 0], [0, 1, 1, 0, 0]], bool)


def of(function, gates, states=1, biases=(), **arguments):
    """Return a function of inputs and keywords, with states and weights at hand."""
    rng = np.random.default_rng(1)
    width = gates * UNITS
    firsts = list(rng.normal(size=(states, BATCH, UNITS)))
    weights = [
        rng.normal(size=(FEATURES, width)),
        rng.normal(size=(UNITS, width)),
        rng.normal(size=(*biases, width)),
    ]

    def run(x=X, states=firsts, weights=weights, **more):
        return function(x, *states, *weights, **arguments, **more)

    run.states, run.weights = firsts, weights
    run.step = partial(getattr(ops, f"{function.__name__}_step"), **arguments)
    return run


RUNS = {
    "simple_rnn": of(ops.simple_rnn, 1),
    "lstm": of(ops.lstm, 4, 2),
    "gru": of(ops.gru, 3, biases=(2,)),
    "gru, reset before": of(ops.gru, 3, reset_after=False),
}
each_run = pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))


def assert_same(found, expected, **tolerance):
    """Both are (last_output, outputs, states)."""
    pairs = zip([*found[:2], *found[2]], [*expected[:2], *expected[2]], strict=True)
    for one, other in pairs:
        np.testing.assert_allclose(
            one.numpy(), other.numpy(), **{"rtol": 1e-12, "atol": 1e-14, **tolerance}
        )


@each_run
def test_results_are_the_last_output_all_outputs_and_the_states(run):
    last, outputs, states = run()
    assert outputs.shape == (BATCH, TIME, UNITS)
    assert len(states) == len(run.states)
    np.testing.assert_array_equal(last.numpy(), outputs.numpy()[:, -1])
    np.testing.assert_array_equal(states[0].numpy(), outputs.numpy()[:, -1])


@each_run
def test_one_time_is_one_step(run):
    expected = run.step(X[:, 0], *run.states, *run.weights)
    expected = expected if isinstance(expected, tuple) else [expected]
    _, _, states = run(X[:, :1])
    for one, other in zip(states, expected, strict=True):
        np.testing.assert_allclose(one.numpy(), getattr(other, "_array", other))


@each_run
def test_sequence_in_two_parts_is_the_whole_one(run):
    _, first, states = run(X[:, :2])
    last, second, states = run(X[:, 2:], states)
    outputs = np.concatenate([first, second], axis=1)
    assert_same((last, outputs, states), run())


@each_run
def test_going_backwards_is_going_through_the_flipped_sequence(run):
    backwards = run(go_backwards=True, mask=MASK)
    assert_same(backwards, run(X[:, ::-1], mask=MASK[:, ::-1]))
    x = GradArray(X)
    by_x = gradients((run(x, go_backwards=True)[1] ** 2).sum(), x)
    flipped = GradArray(X[:, ::-1])
    expected = gradients((run(flipped)[1] ** 2).sum(), flipped)
    np.testing.assert_allclose(by_x, expected[:, ::-1])


@each_run
def test_masked_steps_are_as_if_they_were_not_there(run):
    last, outputs, states = run(mask=MASK)
    for row, keeps in enumerate(MASK):
        short = run(
            X[[row]][:, keeps],
            [state[[row]] for state in run.states],
        )
        np.testing.assert_allclose(outputs.numpy()[[row]][:, keeps], short[1].numpy())
        np.testing.assert_allclose(last.numpy()[[row]], short[0].numpy())
        for one, other in zip(states, short[2], strict=True):
            np.testing.assert_allclose(one.numpy()[[row]], other.numpy())


@each_run
def test_masked_steps_repeat_the_output_before(run):
    outputs = run(mask=MASK)[1].numpy()
    np.testing.assert_array_equal(outputs[0, 2], outputs[0, 1])
    np.testing.assert_array_equal(outputs[1, 3:], outputs[1, [2, 2]])
    np.testing.assert_array_equal(outputs[1, 0], run.states[0][1])


@each_run
def test_masked_outputs_can_be_zero_while_the_state_stays(run):
    last, outputs, states = run(mask=MASK, zero_output_for_mask=True)
    other_last, others, other_states = run(mask=MASK)
    np.testing.assert_array_equal(outputs.numpy(), others.numpy() * MASK[..., None])
    np.testing.assert_array_equal(last.numpy(), other_last.numpy() * MASK[:, -1:])
    for one, other in zip(states, other_states, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())


@each_run
def test_what_is_not_given_is_zero(run):
    kernel, recurrent_kernel, bias = run.weights
    nothing = [None] * len(run.states)
    zeros = [np.zeros((BATCH, UNITS))] * len(run.states)
    assert_same(
        run(X, nothing, [kernel, recurrent_kernel, None]),
        run(X, zeros, [kernel, recurrent_kernel, np.zeros_like(bias)]),
    )


@each_run
def test_activation_given_as_a_function_is_the_textbook_loop(run):
    for mask in (None, MASK):
        expected = run(mask=mask)
        found = run(mask=mask, activation=lambda x: np.tanh(x))
        assert_same(found, expected, rtol=1e-10)


@each_run
def test_each_activation_has_a_place(run):
    outputs = run(activation="relu")[1].numpy()
    assert np.abs(outputs - run()[1].numpy()).max() > 0.1
    np.testing.assert_array_equal(run(activation=ops.relu)[1].numpy(), outputs)
    linear = run(activation=None)[1].numpy()
    np.testing.assert_array_equal(linear, run(activation="linear")[1].numpy())
    assert np.abs(linear - outputs).max() > 0.1


@pytest.mark.parametrize("name", ["lstm", "gru", "gru, reset before"])
def test_gates_may_have_another_activation(name):
    run = RUNS[name]
    outputs = run(recurrent_activation="hard_sigmoid")[1].numpy()
    given = run(recurrent_activation=ops.hard_sigmoid)[1].numpy()
    np.testing.assert_array_equal(outputs, given)
    assert np.abs(outputs - run()[1].numpy()).max() > 1e-3


@each_run
def test_dtype_is_that_of_the_arrays(run):
    def single(arrays):
        return [np.float32(array) for array in arrays]

    last, outputs, states = run(np.float32(X), single(run.states), single(run.weights))
    assert {x.dtype for x in (last, outputs, *states)} == {np.dtype(np.float32)}
    np.testing.assert_allclose(outputs.numpy(), run()[1].numpy(), rtol=1e-4, atol=1e-5)


def test_lists_are_floats():
    last, _, _ = ops.simple_rnn([[[1], [2]]], None, [[1]], [[1]], activation=None)
    assert last.dtype == np.float32
    assert last.numpy().tolist() == [[3]]


@each_run
def test_batch_may_be_empty(run):
    kernel = GradArray(run.weights[0])
    weights = [kernel, *run.weights[1:]]
    states = [state[:0] for state in run.states]
    _, outputs, _ = run(X[:0], states, weights)
    assert outputs.shape == (0, TIME, UNITS)
    assert not gradients(outputs.sum(), kernel).any()


def call(name, position, value):
    """Call a run with one of its positional arguments replaced."""
    run = RUNS[name]
    arguments = [X, *run.states, *run.weights]
    arguments[position] = np.ones(value)
    count = len(run.states)
    return run(arguments[0], arguments[1 : 1 + count], arguments[1 + count :])


@pytest.mark.parametrize(
    "name, position, shape, message",
    [
        ("lstm", 0, (2, 3), r"\(batch, time, features\).*received shape \(2, 3\)"),
        ("lstm", 0, (2, 0, 3), r"one time or more; received shape \(2, 0, 3\)"),
        ("lstm", 2, (3, 4), r"initial_state_c .*\(batch, units\) = \(2, 4\).*\(3, 4\)"),
        ("lstm", 3, (2, 16), r"kernel .*\(features, 4 \* units\) = \(3, 16\)"),
        ("lstm", 4, (4, 12), r"recurrent_kernel .*\(units, 4 \* units\) = \(4, 16\)"),
        ("lstm", 4, (), r"recurrent_kernel .*received shape \(\)"),
        ("lstm", 5, (12,), r"bias of shape \(4 \* units\) = \(16,\).*\(12,\)"),
        ("gru", 4, (12,), r"bias of shape \(2, 3 \* units\) = \(2, 12\).*\(12,\)"),
        ("gru, reset before", 4, (2, 12), r"bias .*= \(12,\).*\(2, 12\)"),
        ("simple_rnn", 1, (2, 3), r"initial_state .*= \(2, 4\).*\(2, 3\)"),
        ("simple_rnn", 2, (3, 5), r"kernel of shape \(features, units\) = \(3, 4\)"),
    ],
)
def test_shape_that_does_not_fit_is_named(name, position, shape, message):
    with pytest.raises(ValueError, match=f"(?s){name.split(',')[0]} .*{message}"):
        call(name, position, shape)


@each_run
@pytest.mark.parametrize("mask", [MASK[:, :2], MASK[0], [["a"] * TIME] * BATCH])
def test_mask_must_be_booleans_of_batch_and_time(run, mask):
    with pytest.raises(ValueError, match=r"mask .*\(batch, time\) = \(2, 5\)"):
        run(mask=mask)


@each_run
def test_unknown_activation_lists_those_that_there_are(run):
    with pytest.raises(ValueError, match=r"'tahn'. Did you mean 'tanh'\? Known: .*"):
        run(activation="tahn")


def test_order_of_arguments_is_one_for_all():
    names = [
        [*inspect.signature(function).parameters]
        for function in (ops.simple_rnn, ops.lstm, ops.gru)
    ]
    last = ["mask", "go_backwards", "zero_output_for_mask", "drops", "return_sequences"]
    assert all(found[0] == "inputs" and found[-5:] == last for found in names)


@each_run
@pytest.mark.parametrize("mask", [None, MASK], ids=["all", "masked"])
def test_outputs_are_left_out_without_return_sequences(run, mask):
    arguments = {"mask": mask, "zero_output_for_mask": True}
    last, outputs, states = run(**arguments)
    short, none, own = run(**arguments, return_sequences=False)
    assert outputs is not None and none is None
    np.testing.assert_array_equal(short.numpy(), last.numpy())
    for one, other in zip(own, states, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
