"""Wide and deep, with auxiliary output, in the style of a well-known book."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.layers import Input, Dense, Concatenate, concatenate

housing = np.random.RandomState(42).rand(80, 8)
target = housing.sum(axis=1, keepdims=True)
input_A = keras.layers.Input(shape=[5], name="wide_input")
input_B = keras.layers.Input(shape=[6], name="deep_input")
hidden1 = keras.layers.Dense(10, activation="relu")(input_B)
hidden2 = keras.layers.Dense(10, activation="relu")(hidden1)
concat = keras.layers.concatenate([input_A, hidden2])
output = keras.layers.Dense(1, name="main_output")(concat)
aux_output = keras.layers.Dense(1, name="aux_output")(hidden2)
model = keras.models.Model(inputs=[input_A, input_B], outputs=[output, aux_output])
model.compile(loss=["mse", "mse"], loss_weights=[0.9, 0.1],
              optimizer=keras.optimizers.SGD(learning_rate=1e-2))
X_A, X_B = housing[:, :5], housing[:, 2:]
history = model.fit((X_A, X_B), (target, target), epochs=4,
                    validation_data=((X_A, X_B), (target, target)), verbose=0)
assert history.history["loss"][-1] < history.history["loss"][0]
total_loss, main_loss, aux_loss = model.evaluate([X_A, X_B], [target, target], verbose=0)
np.testing.assert_allclose(total_loss, 0.9 * main_loss + 0.1 * aux_loss, rtol=1e-4)
y_main, y_aux = model.predict([X_A[:3], X_B[:3]])
assert y_main.shape == y_aux.shape == (3, 1)
by_name = model.predict({"wide_input": X_A[:3], "deep_input": X_B[:3]})
np.testing.assert_allclose(by_name[0], y_main)
assert model.input_names == ["wide_input", "deep_input"]
assert model.output_names == ["main_output", "aux_output"]


class WideAndDeepModel(keras.models.Model):
    def __init__(self, units=30, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.hidden1 = keras.layers.Dense(units, activation=activation)
        self.hidden2 = keras.layers.Dense(units, activation=activation)
        self.main_output = keras.layers.Dense(1)

    def call(self, inputs):
        input_A, input_B = inputs
        hidden2 = self.hidden2(self.hidden1(input_B))
        concat = keras.layers.concatenate([input_A, hidden2])
        return self.main_output(concat)


model = WideAndDeepModel(10)
model.compile(loss="mse", optimizer="nadam")
h = model.fit((X_A, X_B), target, epochs=2, verbose=0)
assert h.history["loss"][1] < h.history["loss"][0]
