"""A layer that is tried out, to learn its shapes, is afterwards as it was."""

import numpy as np

import keratorch as keras
from keratorch import layers, ops, random


class Stateful(keras.Layer):
    """A layer whose call changes a weight, a metric, a stream, and the loss."""

    def __init__(self):
        super().__init__()
        self.total = self.add_weight(shape=(), initializer="zeros", trainable=False)
        self.seed = random.SeedGenerator(3)
        self.mean = keras.metrics.Mean()

    def call(self, inputs):
        self.total.assign_add(ops.sum(inputs))
        self.mean.update_state(1.0)
        self.add_loss(ops.mean(inputs))
        return inputs + random.normal((1,), seed=self.seed)


def test_a_symbolic_call_leaves_no_trace():
    layer = Stateful()
    layer(keras.Input((4,)))
    layer.compute_output_shape((None, 4))
    assert layer.total.numpy() == 0
    assert layer.losses == []
    assert layer.mean.result() == 0
    fresh = random.normal((1,), seed=random.SeedGenerator(3))
    np.testing.assert_array_equal(layer(np.zeros((1, 4))).numpy()[0, 0], fresh[0])


def test_fit_calls_a_layer_once_for_each_batch():
    model = keras.Sequential([keras.Input((4,)), Stateful(), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((8, 4)), np.ones((8, 1)), batch_size=4, verbose=0)
    assert model.layers[0].total.numpy() == 32


def test_a_layer_cannot_write_into_the_users_data():
    class Writing(keras.Layer):
        def call(self, inputs):
            inputs[:, 0] = 99
            return inputs

    data = np.ones((2, 3), np.float32)
    try:
        Writing()(data)
    except ValueError as error:
        assert "read-only" in str(error)
    assert (data == 1).all()
