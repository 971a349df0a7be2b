"""A layer called on other weights keeps its own."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers, ops

X = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")


def made():
    """A model with statistics and a penalty."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4, activation="tanh", kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.Dense(1),
        ]
    )
    return model, [w.numpy() for w in model.weights]


def test_outputs_and_state_are_those_of_a_model_with_the_weights():
    model, own = made()
    other, _ = made()
    other.set_weights([w + 0.5 for w in own])
    values = [w.numpy() for w in other.trainable_variables]
    state = [w.numpy() for w in other.non_trainable_variables]
    outputs, after, losses = model.stateless_call(
        values, state, X, training=True, return_losses=True
    )
    np.testing.assert_array_equal(outputs.numpy(), other(X, training=True).numpy())
    for found, expected in zip(after, other.non_trainable_variables, strict=True):
        np.testing.assert_array_equal(found, expected.numpy())
    np.testing.assert_allclose([float(x) for x in losses], [float(other.losses[0])])
    for weight, value in zip(model.weights, own, strict=True):
        np.testing.assert_array_equal(weight.numpy(), value)


def test_gradients_flow_to_the_weights_that_were_passed():
    model, _ = made()
    values = [w.numpy() for w in model.trainable_variables]
    state = [w.numpy() for w in model.non_trainable_variables]

    def loss(weights):
        outputs, _ = model.stateless_call(weights, state, X, training=True)
        return ops.mean(outputs**2)

    gradients = keras.grad(loss)(values)
    keras.ops.mean(model(X, training=True) ** 2).backward()
    for found, weight in zip(gradients, model.trainable_variables, strict=True):
        np.testing.assert_allclose(found, weight.grad, rtol=1e-4, atol=1e-7)


def test_weights_in_lists_and_losses_of_a_call_leave_no_trace():
    class Listed(layers.Layer):
        def __init__(self):
            super().__init__()
            self.parts = [self.add_weight((2,), "ones"), "text"]
            self.seen = []
            self.built = True

        def call(self, inputs):
            self.seen.append(len(inputs))
            self.add_loss(self.parts[0].sum())
            return inputs * self.parts[0]

    layer = Listed()
    parts = layer.parts
    outputs, _, losses = layer.stateless_call(
        [[3.0, 4.0]], [], np.ones((1, 2)), return_losses=True
    )
    assert outputs.numpy().tolist() == [[3, 4]]
    assert [float(x) for x in losses] == [7]
    assert layer.parts is parts
    assert layer.seen == [1]
    assert layer.losses == []


@pytest.mark.parametrize(
    ("values", "message"),
    [([np.ones((3, 1))], "each of the 2"), ([np.ones(3), np.ones(1)], "has shape")],
)
def test_weights_that_do_not_fit_are_named(values, message):
    layer = layers.Dense(1)
    with pytest.raises(ValueError, match="no weights yet"):
        layer.stateless_call(values, [], X)
    layer.build((None, 3))
    with pytest.raises(ValueError, match=message):
        layer.stateless_call(values, [], X)
    assert isinstance(layer.kernel, keras.Variable)
