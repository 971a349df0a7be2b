"""Custom training steps in Keras 3, on the backend that runs here."""
import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
from keras import layers, ops
import numpy as np


class CustomModel(keras.Model):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.mae_metric = keras.metrics.MeanAbsoluteError(name="mae")
        self.loss_fn = keras.losses.MeanSquaredError()

    def train_step(self, data):
        x, y = data
        self.zero_grad()
        y_pred = self(x, training=True)
        loss = self.loss_fn(y, y_pred)
        loss.backward()
        trainable_weights = [v for v in self.trainable_weights]
        gradients = [v.value.grad for v in trainable_weights]
        self.optimizer.apply(gradients, trainable_weights)
        self.loss_tracker.update_state(loss)
        self.mae_metric.update_state(y, y_pred)
        return {"loss": self.loss_tracker.result(), "mae": self.mae_metric.result()}

    def test_step(self, data):
        x, y = data
        y_pred = self(x, training=False)
        self.loss_tracker.update_state(self.loss_fn(y, y_pred))
        self.mae_metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}

    @property
    def metrics(self):
        return [self.loss_tracker, self.mae_metric]


inputs = keras.Input(shape=(8,))
outputs = layers.Dense(1)(layers.Dense(8, activation="relu")(inputs))
model = CustomModel(inputs, outputs)
model.compile(optimizer=keras.optimizers.Adam(0.01))
x = np.random.default_rng(0).random((60, 8))
y = x.sum(axis=1, keepdims=True)
history = model.fit(x, y, epochs=5, validation_data=(x, y), verbose=0)
assert history.history["loss"][-1] < history.history["loss"][0]
assert set(history.history) == {"loss", "mae", "val_loss", "val_mae"}
assert len(model.evaluate(x, y, verbose=0)) == 2


class Weighted(keras.Model):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = ops.mean((y_pred - y) ** 2) * 0.5
        self.tracker.update_state(loss)
        return loss

    def compute_metrics(self, x, y, y_pred, sample_weight):
        results = super().compute_metrics(x, y, y_pred, sample_weight)
        return {**results, "half_mse": self.tracker.result()}


model = Weighted(inputs, outputs)
model.tracker = keras.metrics.Mean(name="half_mse")
model.compile(optimizer="sgd")
h = model.fit(x, y, epochs=2, verbose=0)
assert "half_mse" in h.history and h.history["loss"][1] < h.history["loss"][0]
