"""Losses, metrics, initializers, regularizers and constraints of one's own."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import backend as K


class HuberLoss(keras.losses.Loss):
    def __init__(self, threshold=1.0, **kwargs):
        self.threshold = threshold
        super().__init__(**kwargs)

    def call(self, y_true, y_pred):
        error = y_true - y_pred
        is_small_error = K.abs(error) < self.threshold
        squared_loss = K.square(error) / 2
        linear_loss = self.threshold * K.abs(error) - self.threshold ** 2 / 2
        return K.switch(is_small_error, squared_loss, linear_loss)

    def get_config(self):
        base_config = super().get_config()
        return {**base_config, "threshold": self.threshold}


class HuberMetric(keras.metrics.Metric):
    def __init__(self, threshold=1.0, name='huber', **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = threshold
        self.total = self.add_weight(name="total", initializer="zeros")
        self.count = self.add_weight(name="count", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = HuberLoss(self.threshold, reduction="none")(y_true, y_pred)
        self.total.assign_add(K.sum(values))
        self.count.assign_add(float(len(y_true)))

    def result(self):
        return self.total / self.count

    def reset_state(self):
        self.total.assign(0.)
        self.count.assign(0.)


def my_glorot_initializer(shape, dtype="float32"):
    stddev = np.sqrt(2. / (shape[0] + shape[1]))
    return K.random_normal(shape, stddev=stddev, dtype=dtype)


def my_l1_regularizer(weights):
    return K.sum(K.abs(0.01 * weights))


def my_positive_weights(weights):
    return K.relu(weights)


def create_huber(threshold=1.0):
    def huber_fn(y_true, y_pred):
        return K.mean(K.square(y_true - y_pred)) * threshold
    return huber_fn


model = keras.models.Sequential([
    keras.layers.Dense(12, activation="selu", kernel_initializer="lecun_normal", input_shape=[5]),
    keras.layers.Dense(1, activation=lambda z: K.log(K.exp(z) + 1.0),
                       kernel_initializer=my_glorot_initializer,
                       kernel_regularizer=my_l1_regularizer,
                       kernel_constraint=my_positive_weights),
])
model.compile(loss=HuberLoss(2.), optimizer="nadam",
              metrics=["mae", HuberMetric(2.), create_huber(2.)])
rng = np.random.RandomState(0)
X = rng.rand(60, 5)
y = X.sum(axis=1, keepdims=True)
h = model.fit(X, y, epochs=5, validation_split=0.2, verbose=0)
assert h.history["loss"][-1] < h.history["loss"][0]
for key in ("huber", "val_huber", "huber_fn", "mae"):
    assert key in h.history
assert model.layers[1].get_weights()[0].min() >= 0
assert HuberLoss.from_config(HuberLoss(3.).get_config()).threshold == 3.
