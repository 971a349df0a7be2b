"""Cells whose inputs, outputs and states are structures, as in TensorFlow's guide."""

from collections import namedtuple

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import RNN, GRUCell, Layer
from keratorch.nested import flatten

RNG = np.random.default_rng(0)
A = RNG.normal(size=(4, 5, 3)).astype("float32")
B = RNG.normal(size=(4, 5, 2, 3)).astype("float32")
Pair = namedtuple("Pair", ["rows", "tables"])


class Shape(tuple):
    """A shape of its own class, as `tf.TensorShape` is."""


class Halves(Layer):
    """A cell that outputs half of its two inputs, and adds them up."""

    state_size = Pair(3, Shape([2, 3]))
    output_size = (3, Shape([2, 3]))

    def build(self, input_shapes):
        assert input_shapes.rows[1:] == (3,) and input_shapes.tables[1:] == (2, 3)
        self.half = self.add_weight((), keras.initializers.Constant(0.5))

    def call(self, inputs, states):
        rows, tables = states
        output = (inputs.rows * self.half, inputs.tables * self.half)
        return output, Pair(rows + inputs.rows, tables + inputs.tables)


class Deep(Layer):
    """A cell with states in a list in a dict in a list."""

    state_size = [3, {"sum": 3, "both": [Shape([3]), 1]}]
    output_size = 3

    def call(self, inputs, states):
        x, (last, kept) = inputs["x"], states
        counted = [kept["both"][0] + last, kept["both"][1] + 1]
        return x + last, [x, {"sum": kept["sum"] + x, "both": counted}]


def model_of(layer, batch_size=None):
    inputs = [keras.Input(x.shape[1:], batch_size) for x in (A, B)]
    return keras.Model(inputs, layer(Pair(*inputs)))


def test_cell_gets_and_gives_structures_at_each_time():
    model = model_of(RNN(Halves(), return_sequences=True))
    assert [x.shape for x in model.outputs] == [(None, 5, 3), (None, 5, 2, 3)]
    rows, tables = model.predict([A, B], verbose=0)
    np.testing.assert_allclose(rows, A / 2)
    np.testing.assert_allclose(tables, B / 2)
    model.compile("sgd", "mse")
    before = model.get_weights()[0]
    model.fit([A, B], [A, B], verbose=0)
    assert model.get_weights()[0] != before


def test_states_follow_the_outputs():
    (rows, tables), *sums = RNN(Halves(), return_state=True)(Pair(A, B))
    np.testing.assert_allclose(rows.numpy(), A[:, -1] / 2)
    np.testing.assert_allclose(tables.numpy(), B[:, -1] / 2)
    for total, x in zip(sums, (A, B), strict=True):
        np.testing.assert_allclose(total.numpy(), x.sum(axis=1), rtol=1e-5, atol=1e-6)


def test_outputs_of_a_cell_that_lists_them_come_apart():
    class Listing(Halves):
        def call(self, inputs, states):
            output, states = super().call(inputs, states)
            return list(output), states

    model = model_of(RNN(Listing(), return_state=True))
    assert [x.shape for x in model.outputs] == [(None, 3), (None, 2, 3)] * 2
    assert len(model.predict([A, B], verbose=0)) == 4


def test_nested_states_of_a_stateful_layer_go_on():
    layer = RNN(Halves(), stateful=True, return_state=True)
    model = model_of(layer, batch_size=4)
    model.predict([A, B], batch_size=4, verbose=0)
    _, rows, tables = model.predict([A, B], batch_size=4, verbose=0)
    np.testing.assert_allclose(rows, 2 * A.sum(axis=1), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(tables, 2 * B.sum(axis=1), rtol=1e-5, atol=1e-6)
    layer.reset_state()
    assert not np.any(layer.states[1].numpy())


def test_masked_steps_keep_nested_states_and_outputs():
    mask = np.array([[1, 1, 0, 1, 0], [1, 0, 1, 1, 1]] * 2, bool)
    layer = RNN(Deep(), return_sequences=True, return_state=True)
    outputs, last, kept = layer({"x": A}, mask=mask)
    assert np.all(outputs.numpy()[0, 2] == outputs.numpy()[0, 1])
    np.testing.assert_array_equal(last.numpy()[1], A[1, 4])
    expected = np.where(mask[..., None], A, 0).sum(axis=1)
    np.testing.assert_allclose(kept["sum"].numpy(), expected, rtol=1e-5, atol=1e-6)
    assert kept["both"][1].numpy().ravel().tolist() == [3, 4, 3, 4]
    halves = RNN(Halves(), return_sequences=True, zero_output_for_mask=True)
    rows, tables = halves(Pair(A, B), mask=mask)
    np.testing.assert_allclose(rows.numpy(), A * mask[..., None] / 2)
    np.testing.assert_allclose(tables.numpy(), B * mask[..., None, None] / 2)


def test_first_states_may_be_nested_or_flat():
    layer = RNN(Deep(), return_state=True)
    first = [A[:, 0], {"sum": A[:, 1], "both": [A[:, 2], A[:, 3, :1]]}]
    nested = layer({"x": A}, initial_state=first)
    flat = layer({"x": A}, initial_state=flatten(first))
    for one, other in zip(flatten(nested), flatten(flat), strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
    expected = A.sum(axis=1) + A[:, 1]
    np.testing.assert_allclose(nested[2]["sum"].numpy(), expected, rtol=1e-5)
    with pytest.raises(ValueError, match=r"initial_state of shapes .*received"):
        layer({"x": A}, initial_state=first[:1])


def test_cell_of_structures_may_be_the_lowest_of_a_stack():
    layer = RNN([Deep(), GRUCell(2)])
    assert layer({"x": A}).shape == (4, 2)
    assert layer.compute_output_shape({"x": (None, 5, 3)}) == (None, 2)


def test_inputs_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"one number of times; .*\(4, 4, 2, 3\)"):
        RNN(Halves())(Pair(A, B[:, :4]))
