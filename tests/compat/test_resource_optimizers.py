"""Optimizers of one's own that define `_resource_apply_dense`, as in TensorFlow 2.0."""

import operator

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import Dense, Input
from keratorch.models import Sequential
from keratorch.optimizers import SGD, Adam, Optimizer
from keratorch.optimizers.schedules import ExponentialDecay, InverseTimeDecay

pytestmark = pytest.mark.usefixtures("installed")
X = np.random.default_rng(0).random((8, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def momentum_class():
    class Momentum(Optimizer):
        def __init__(self, learning_rate=0.01, momentum=0.9, name="Own", **kwargs):
            super().__init__(name, **kwargs)
            self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
            self._set_hyper("decay", self._initial_decay)
            self._set_hyper("momentum", momentum)

        def _create_slots(self, var_list):
            for var in var_list:
                self.add_slot(var, "m")

        def _prepare_local(self, var_device, var_dtype, apply_state):
            super()._prepare_local(var_device, var_dtype, apply_state)
            momentum = self._get_hyper("momentum", var_dtype)
            apply_state[var_device, var_dtype]["momentum"] = momentum

        def _resource_apply_dense(self, grad, var, apply_state=None):
            shared = apply_state[var.device, var.dtype]
            m = self.get_slot(var, "m")
            m.assign(shared["momentum"] * m - shared["lr_t"] * grad, use_locking=False)
            return var.assign_add(m, use_locking=self._use_locking)

        def get_config(self):
            config = super().get_config()
            rate = self._serialize_hyperparameter("learning_rate")
            momentum = self._serialize_hyperparameter("momentum")
            return {**config, "learning_rate": rate, "momentum": momentum}

    return Momentum


def half_as_fast():
    class Half(Adam):
        def _resource_apply_dense(self, grad, var, apply_state=None):
            before = np.array(var)
            super()._resource_apply_dense(grad, var, apply_state)
            var.assign((before + var) / 2)

    return Half(0.1)


def trained(*optimizers):
    """Return the weights of equal models after some steps with each optimizer."""
    models = [Sequential([Input((3,)), Dense(1)]) for _ in optimizers]
    for model, optimizer in zip(models, optimizers, strict=True):
        model.set_weights([np.full((3, 1), 0.5), np.zeros(1)])
        model.compile(optimizer, "mse")
        model.fit(X, Y, epochs=3, batch_size=4, shuffle=False, verbose=0)
    return [np.concatenate([w.ravel() for w in m.get_weights()]) for m in models]


RATES = ExponentialDecay(0.1, decay_steps=2, decay_rate=0.5)


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        ({"learning_rate": 0.1}, 0.1),
        ({"lr": 0.1}, 0.1),
        ({"learning_rate": RATES}, RATES),
        ({"lr": 0.1, "clipnorm": 0.2}, 0.1),
    ],
)
def test_its_steps_are_those_of_the_same_formula_today(given, rate):
    clip = {"clipnorm": given["clipnorm"]} if "clipnorm" in given else {}
    own = momentum_class()(**given)
    assert own.name == "Own"
    a, b = trained(own, SGD(rate, momentum=0.9, **clip))
    np.testing.assert_allclose(a, b, rtol=1e-5)
    assert int(own.iterations) == 6


def test_the_rate_decays():
    modern = SGD(InverseTimeDecay(0.1, 1, 0.5), momentum=0.9)
    a, b = trained(momentum_class()(lr=0.1, decay=0.5), modern)
    np.testing.assert_allclose(a, b, rtol=1e-5)


def test_it_answers_as_its_class_did():
    cls = momentum_class()
    own = cls(0.25, momentum=0.5)
    assert float(own.momentum) == 0.5
    again = cls.from_config(own.get_config())
    assert float(again.learning_rate) == 0.25
    assert float(again.momentum) == 0.5
    with pytest.raises(AttributeError, match="beta"):
        operator.attrgetter("beta")(own)
    own.build([keras.Variable([1.0])])
    with pytest.raises(KeyError, match="add_slot"):
        own.get_slot(own._trainable_variables[0], "v")


def test_a_formula_of_keras_goes_on_within_it():
    a, b, start = trained(half_as_fast(), Adam(0.1), SGD(0.0))
    assert 0 < np.abs(a - start).max() < np.abs(b - start).max()


def test_its_arrays_belong_to_its_state():
    model = Sequential([Input((3,)), Dense(1)])
    model.compile(momentum_class()(0.1), "mse")
    model.fit(X, Y, verbose=0)
    assert len(model.optimizer.variables) == 4


def test_functions_that_write_take_locks():
    from tensorflow.python.ops import state_ops

    v = keras.Variable([1.0])
    assert state_ops.assign(v, [2.0], use_locking=True) is v
    state_ops.assign_add(v, [3.0])
    state_ops.assign_sub(v, [0.5])
    assert v.numpy() == [4.5]


def test_what_its_formula_leaves_out_is_refused():
    with pytest.raises(TypeError, match="weight_decay"):
        momentum_class()(0.1, weight_decay=0.01)
