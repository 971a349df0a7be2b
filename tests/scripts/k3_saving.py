"""Saving, registering, cloning and exporting in Keras 3."""
import json
import os
import keras
from keras import layers, ops
import numpy as np


@keras.saving.register_keras_serializable(package="MyLayers")
class CustomDense(keras.layers.Layer):
    def __init__(self, factor, units=4, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.activation = keras.activations.get(activation)
        self.inner = layers.Dense(units)

    def build(self, input_shape):
        self.inner.build(input_shape)

    def call(self, x):
        return self.activation(self.inner(x)) * self.factor

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.inner.units)

    def get_config(self):
        config = super().get_config()
        config.update({"factor": self.factor, "units": self.inner.units,
                       "activation": keras.activations.serialize(self.activation)})
        return config


@keras.saving.register_keras_serializable(package="my_package", name="custom_fn")
def custom_fn(x):
    return x**2


inputs = keras.Input(shape=(6,), name="inputs")
x = CustomDense(0.5, 8, "tanh")(inputs)
outputs = layers.Dense(1, activation=custom_fn)(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="mean_squared_error")
test_input, test_target = np.random.random((32, 6)), np.random.random((32, 1))
model.fit(test_input, test_target, verbose=0)
model.save("custom_model.keras")
reconstructed_model = keras.models.load_model("custom_model.keras")
np.testing.assert_allclose(model.predict(test_input), reconstructed_model.predict(test_input), atol=1e-6)
config = model.get_config()
with keras.saving.custom_object_scope({"custom_fn": custom_fn}):
    keras.Model.from_config(config)
layer_config = keras.layers.serialize(layers.Dense(3, name="d"))
assert keras.layers.deserialize(layer_config).units == 3
assert json.loads(model.to_json())["class_name"] == "Functional"
keras.models.model_from_json(model.to_json())
twin = keras.models.clone_model(model)
assert twin.count_params() == model.count_params() and len(model.get_weights()) == 4
doubled = keras.models.clone_model(
    keras.Sequential([keras.Input((2,)), layers.Dense(2)]),
    clone_function=lambda layer: layers.Dense(4) if isinstance(layer, layers.Dense) else layer)
assert doubled.output_shape == (None, 4)
keras.saving.save_model(model, "second.keras")
keras.saving.save_weights(model, "w.weights.npz") if hasattr(keras.saving, "save_weights") else None
assert keras.saving.get_registered_name(CustomDense) == "MyLayers>CustomDense"
assert keras.saving.get_registered_object("MyLayers>CustomDense") is CustomDense
data = keras.saving.serialize_keras_object(layers.Dropout(0.3))
assert keras.saving.deserialize_keras_object(data).rate == 0.3
state = model.get_layer("inputs"), model.get_layer(index=1)
assert state[1].factor == 0.5 and model.built and model.trainable
assert os.path.getsize("custom_model.keras") > 1000
try:
    model.export("served")
except NotImplementedError as error:
    print(error)
