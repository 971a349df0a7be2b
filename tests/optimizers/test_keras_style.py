"""Optimizers written in Keras's way."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import Variable
from keratorch.optimizers import SGD, Optimizer


class Momentum(Optimizer):
    """SGD with momentum, as a user of Keras writes it."""

    def __init__(self, learning_rate=0.1, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)

    def build(self, variables):
        super().build(variables)
        self.velocities = [
            self.add_variable_from_reference(reference_variable=v, name="velocity")
            for v in variables
        ]

    def update_step(self, gradient, variable, learning_rate):
        velocity = self.velocities[self._get_variable_index(variable)]
        self.assign(velocity, velocity * 0.9 - gradient * learning_rate)
        self.assign_add(variable, velocity)


def test_it_takes_the_path_of_the_same_formula_in_place():
    gradients = np.random.default_rng(0).normal(size=(10, 3, 2)).astype("float32")
    own, other = Variable(np.ones((3, 2))), Variable(np.ones((3, 2)))
    one = Momentum(weight_decay=0.1, clipnorm=1.0, use_ema=True)
    two = SGD(0.1, momentum=0.9, weight_decay=0.1, clipnorm=1.0, use_ema=True)
    for gradient in gradients:
        one.apply([gradient], [own])
        two.apply([gradient], [other])
    np.testing.assert_allclose(own.numpy(), other.numpy(), rtol=1e-6)
    assert len(one.variables) == len(two.variables)


def test_a_model_trains_with_it():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(Momentum(0.05), loss="mse")
    losses = model.fit(np.ones((8, 2)), np.ones(8), epochs=30, verbose=0).history[
        "loss"
    ]
    assert losses[-1] < 0.1 * losses[0]


def test_arrays_are_added_one_by_one_and_by_several_names():
    weights = [Variable(np.ones((2, 3)), path="a/kernel")]
    optimizer = SGD(name="mine")
    one = optimizer.add_variable((2,), "ones", name="count")
    (first,) = optimizer.add_optimizer_variables(weights, "first")
    (second,), (third,) = optimizer.add_optimizer_variables(
        weights, ["second", "third"], initializer=["ones", "zeros"]
    )
    assert one.numpy().tolist() == [1, 1]
    assert [x.path for x in (one, first, second)] == [
        "mine/count",
        "mine/a_kernel_first",
        "mine/a_kernel_second",
    ]
    assert first.shape == (2, 3)
    assert (second.numpy() - third.numpy()).tolist() == np.ones((2, 3)).tolist()
    assert optimizer.variables[-4:] == [one, first, second, third]
    with pytest.raises(ValueError, match="initializer must be one for all names"):
        optimizer.add_optimizer_variables(weights, ["a", "b"], initializer=["ones"])


def test_assignments_change_in_place():
    weight, optimizer = Variable([1.0, 2.0]), SGD()
    optimizer.assign_sub(weight, [0.5, 0.5])
    optimizer.assign_add(weight, Variable([1.0, 1.0]))
    assert weight.numpy().tolist() == [1.5, 2.5]


def test_a_subclass_without_a_formula_is_refused():
    class Nothing(Optimizer):
        pass

    with pytest.raises(TypeError, match="Nothing must define its formula, in update"):
        Nothing(0.1)
