"""Layers that are made in the `build` of another, whose own `call` has not run yet."""

import numpy as np
import pytest

from keratorch import Model, layers


class Late(layers.Layer):
    """Makes a layer when it is built, and tells its output's shape by itself."""

    def build(self, input_shape):
        self.inner = {"dense": layers.Dense(input_shape[-1])}
        self.built = True

    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, x):
        return self.inner["dense"](x)


def late_model():
    x = layers.Input((3,))
    model = Model(x, Late()(layers.Dense(3)(x)))
    model.compile("sgd", "mse")
    assert len(model.trainable_variables) == 2
    return model


def generator():
    while True:
        yield np.ones((4, 3)), np.zeros((4, 3))


@pytest.mark.parametrize(
    "train",
    [
        lambda model: model.fit(np.ones((8, 3)), np.zeros((8, 3)), epochs=2, verbose=0),
        lambda model: model.fit(generator(), steps_per_epoch=2, epochs=2, verbose=0),
        lambda model: [model.train_on_batch(*next(generator())) for _ in range(2)],
    ],
)
def test_their_weights_are_trained_from_the_first_step(train):
    model = late_model()
    train(model)
    variables = model.trainable_variables
    assert len(variables) == 4
    assert all(np.any(v.numpy() != 0) for v in variables if v.name == "bias")
