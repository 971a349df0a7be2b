"""Sequences, time series and prediction: windows, Lambda, Huber, a rate sweep."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

time = np.arange(200, dtype="float32")
series = 10 + 5 * np.sin(time / 10) + time * 0.05
split_time, window_size = 150, 12


def windowed(series, window_size):
    x = np.stack([series[i:i + window_size] for i in range(len(series) - window_size)])
    return x[..., np.newaxis], series[window_size:]


x_train, y_train = windowed(series[:split_time], window_size)
tf.keras.backend.clear_session()
tf.random.set_seed(51)
model = tf.keras.models.Sequential([
    tf.keras.layers.Lambda(lambda x: x / 10., input_shape=[None, 1]),
    tf.keras.layers.Conv1D(filters=8, kernel_size=5, strides=1, padding="causal",
                           activation="relu"),
    tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(8, return_sequences=True)),
    tf.keras.layers.GRU(8),
    tf.keras.layers.Dense(1),
    tf.keras.layers.Lambda(lambda x: x * 10.0)
])
lr_schedule = tf.keras.callbacks.LearningRateScheduler(lambda epoch: 1e-3 * 10 ** (epoch / 20))
optimizer = tf.keras.optimizers.SGD(lr=1e-3, momentum=0.9)
model.compile(loss=tf.keras.losses.Huber(), optimizer=optimizer, metrics=["mae"])
history = model.fit(x_train, y_train, epochs=4, batch_size=32, callbacks=[lr_schedule], verbose=0)
assert history.history["mae"][-1] < history.history["mae"][0]
assert history.history["lr"][-1] > history.history["lr"][0]
forecast = model.predict(windowed(series[split_time - window_size:], window_size)[0])
results = np.array(forecast)[:, 0]
error = tf.keras.metrics.mean_absolute_error(series[split_time:], results).numpy()
assert results.shape == (50,) and np.isfinite(error)

dataset = keras.utils.timeseries_dataset_from_array(
    series[:-window_size], series[window_size:], sequence_length=window_size, batch_size=16)
batches = [b for b in dataset]
assert batches[0][0].shape == (16, window_size)
np.testing.assert_allclose(batches[0][1][0], series[window_size])
