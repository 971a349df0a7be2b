"""Regularizer, Constraint, Initializer, schedule, Callback, Metric and Loss of one's own."""
import keras
from keras import layers, ops
import numpy as np


class L2Regularizer(keras.regularizers.Regularizer):
    def __init__(self, l2=0.0):
        self.l2 = l2

    def __call__(self, x):
        return self.l2 * ops.sum(ops.square(x))

    def get_config(self):
        return {"l2": float(self.l2)}


class NonNegative(keras.constraints.Constraint):
    def __call__(self, w):
        return w * ops.cast(ops.greater_equal(w, 0.0), dtype=w.dtype)


class ExampleRandomNormal(keras.initializers.Initializer):
    def __init__(self, mean, stddev):
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape, dtype=None, **kwargs):
        return keras.random.normal(shape, mean=self.mean, stddev=self.stddev, dtype=dtype)

    def get_config(self):
        return {"mean": self.mean, "stddev": self.stddev}


class MyLRSchedule(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, initial_learning_rate):
        self.initial_learning_rate = initial_learning_rate

    def __call__(self, step):
        return self.initial_learning_rate / (ops.cast(step, "float32") + 1)


class Timer(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.steps = []

    def on_train_batch_end(self, batch, logs=None):
        self.steps.append(float(self.model.optimizer.learning_rate))

    def on_epoch_end(self, epoch, logs=None):
        assert set(logs) >= {"loss", "binary_true_positives"}
        if epoch == 2:
            self.model.stop_training = True


class BinaryTruePositives(keras.metrics.Metric):
    def __init__(self, name="binary_true_positives", **kwargs):
        super().__init__(name=name, **kwargs)
        self.true_positives = self.add_variable(shape=(), initializer="zeros", name="tp")

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = ops.logical_and(ops.greater(y_true, 0.5), ops.greater(y_pred, 0.5))
        self.true_positives.assign(self.true_positives + ops.sum(ops.cast(values, self.dtype)))

    def result(self):
        return self.true_positives


class WeightedLoss(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return ops.mean(ops.square(y_true - y_pred) * (1 + y_true), axis=-1)


class Antirectifier(layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(shape=(1,), initializer="ones", name="scale", constraint="non_neg")

    def call(self, inputs):
        x = inputs - ops.mean(inputs, axis=-1, keepdims=True)
        return ops.concatenate([ops.relu(x), ops.relu(-x)], axis=-1) * self.scale

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] * 2)


model = keras.Sequential([
    keras.Input((5,)),
    layers.Dense(6, kernel_regularizer=L2Regularizer(0.01), kernel_initializer=ExampleRandomNormal(0.0, 0.3)),
    Antirectifier(),
    layers.Dense(1, activation="sigmoid", kernel_constraint=NonNegative()),
])
model.compile(optimizer=keras.optimizers.SGD(MyLRSchedule(0.5)), loss=WeightedLoss(), metrics=[BinaryTruePositives()])
x = np.random.default_rng(0).normal(size=(40, 5)).astype("float32")
y = (x[:, :1] > 0).astype("float32")
timer = Timer()
h = model.fit(x, y, epochs=10, batch_size=10, verbose=0, callbacks=[timer])
assert len(h.epoch) == 3 and len(timer.steps) == 12 and timer.steps[-1] < timer.steps[0]
assert h.history["loss"][-1] < h.history["loss"][0]
assert model.layers[-1].get_weights()[0].min() >= 0 and len(model.losses) == 1
assert model.layers[1].compute_output_shape((None, 6)) == (None, 12)
