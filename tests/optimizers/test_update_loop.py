"""The loop gives the formula of a subclass what it needs."""

import numpy as np
import pytest

from keratorch import Variable
from keratorch.optimizers import SGD, Optimizer
from keratorch.optimizers.pieces import PIECE
from keratorch.optimizers.update_loop import constrain


class Recorder(Optimizer):
    slots = ("total",)
    elementwise = True

    def __init__(self, **kwargs):
        super().__init__(0.5, **kwargs)
        self.calls = []

    def update(self, weight, gradient, total, *, rate, step, scratch):
        total += gradient
        self.calls.append((weight, gradient, total, rate, step, scratch))


def test_the_formula_receives_arrays_of_one_shape_and_dtype():
    recorder, w = Recorder(), Variable(np.ones((2, 3)))
    recorder.apply([np.ones((2, 3))], [w])
    (weight, gradient, total, rate, step, scratch) = recorder.calls[0]
    assert weight is w._array
    for array in (gradient, total, scratch):
        assert (array.shape, array.dtype) == ((2, 3), np.float32)
    assert (rate, step) == (0.5, 1)
    assert not any(np.shares_memory(scratch, x) for x in (weight, gradient, total))


def test_slots_keep_what_the_formula_wrote():
    recorder, w = Recorder(), Variable(np.ones(2))
    for _ in range(3):
        recorder.apply([np.ones(2)], [w])
    np.testing.assert_array_equal(recorder.variables[-1].numpy(), [3.0, 3.0])
    assert [call[4] for call in recorder.calls] == [1, 2, 3]


def test_a_large_weight_arrives_in_pieces():
    recorder, w = Recorder(), Variable(np.ones(3 * PIECE))
    recorder.apply([np.ones(3 * PIECE)], [w])
    assert [call[0].shape for call in recorder.calls] == [(PIECE,)] * 3
    assert (recorder.variables[-1].numpy() == 1).all()


def test_while_gradients_accumulate_the_formula_rests():
    recorder, w = Recorder(gradient_accumulation_steps=3), Variable(np.ones(2))
    for value in (1.0, 2.0, 6.0):
        recorder.apply([np.full(2, value)], [w])
    ((_, gradient, _, _, step, _),) = recorder.calls
    np.testing.assert_array_equal(gradient, [3.0, 3.0])
    assert step == 1


def test_a_formula_that_forgets_an_argument_is_told_its_name():
    class Forgetful(Optimizer):
        def update(self, weight, gradient, *, rate):
            weight -= rate * gradient

    with pytest.raises(TypeError, match="step"):
        Forgetful(0.1).apply([np.ones(2)], [Variable(np.ones(2))])


def test_a_constraint_is_not_recorded():
    w = Variable([-1.0, 2.0])
    w.constraint = lambda x: np.maximum(x, 0.0)
    constrain(w)
    np.testing.assert_array_equal(w.numpy(), [0.0, 2.0])
    assert w.grad_op is None


def test_updates_leave_no_graph_and_no_gradient_behind():
    w = Variable([1.0])
    SGD(learning_rate=0.5).apply([np.ones(1)], [w])
    assert w.grad is None
    assert w.grad_op is None
    assert w.requires_grad
