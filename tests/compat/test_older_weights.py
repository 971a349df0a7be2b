"""Layers of one's own whose weights are penalized and limited in Keras 1.0's way."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import constraints, regularizers
from keratorch.layers import InputSpec, Layer

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")
X = np.random.default_rng(0).random((8, 3)).astype("float32")


class Product(Layer):
    def __init__(
        self,
        output_dim,
        W_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        **kwargs,
    ):
        self.output_dim = output_dim
        self.W_regularizer = regularizers.get(W_regularizer)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self.W_constraint = constraints.get(W_constraint)
        self.input_spec = [InputSpec(ndim=2)]
        super().__init__(**kwargs)

    def build(self, input_shape):
        init = keras.initializations.get("normal")
        self.W = init((input_shape[1], self.output_dim), name=f"{self.name}_W")
        self.trainable_weights = [self.W]
        self.regularizers = []
        if self.W_regularizer:
            self.W_regularizer.set_param(self.W)
            self.regularizers.append(self.W_regularizer)
        if self.activity_regularizer:
            self.activity_regularizer.set_layer(self)
            self.regularizers.append(self.activity_regularizer)
        self.constraints = {}
        if self.W_constraint:
            self.constraints[self.W] = self.W_constraint

    def call(self, x, mask=None):
        return K.dot(x, self.W)


def model_of(layer):
    model = keras.Sequential([keras.Input((3,)), layer])
    model.compile("sgd", "mse")
    return model


def test_a_penalty_of_weights_is_part_of_the_loss():
    model = model_of(Product(4, W_regularizer=regularizers.l2(0.5)))
    expected = 0.5 * (model.get_weights()[0] ** 2).sum()
    found = model.evaluate(np.zeros((8, 3)), np.zeros((8, 4)), verbose=0)
    assert found == pytest.approx(expected, rel=1e-5)


def test_so_is_one_of_outputs_that_was_set_before_the_layer_was_made():
    layer = Product(4, activity_regularizer=regularizers.activity_l2(0.5))
    assert isinstance(layer.activity_regularizer, regularizers.L2)
    model = model_of(layer)
    outputs = model.predict(X, verbose=0)
    found = model.evaluate(X, outputs, verbose=0)
    assert found == pytest.approx(0.5 * (outputs**2).sum() / 8, rel=1e-4)


def test_constraints_hold_after_a_step():
    model = model_of(Product(4, W_constraint="nonneg"))
    assert model.get_weights()[0].min() < 0
    model.fit(X, np.zeros((8, 4)), nb_epoch=1, verbose=0)
    assert model.get_weights()[0].min() >= 0
