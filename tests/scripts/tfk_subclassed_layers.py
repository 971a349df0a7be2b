"""Making new layers and models via subclassing (guide of TensorFlow 2)."""
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.layers import Layer
from tensorflow.keras import backend as K
import numpy as np


class Linear(Layer):
    def __init__(self, units=32, **kwargs):
        super(Linear, self).__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units),
                                 initializer="random_normal", trainable=True)
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", trainable=True)
        self.total = self.add_weight(initializer="zeros", shape=(), trainable=False)

    def call(self, inputs):
        return K.dot(inputs, self.w) + self.b

    def get_config(self):
        config = super(Linear, self).get_config()
        config.update({"units": self.units})
        return config


class ActivityRegularizationLayer(Layer):
    def __init__(self, rate=1e-2):
        super(ActivityRegularizationLayer, self).__init__()
        self.rate = rate

    def call(self, inputs):
        self.add_loss(self.rate * K.sum(inputs ** 2))
        return inputs


class MLPBlock(Layer):
    def __init__(self):
        super(MLPBlock, self).__init__()
        self.linear_1 = Linear(16)
        self.blocks = [Linear(8), ActivityRegularizationLayer(), Linear(1)]
        self.dropout = layers.Dropout(0.5)

    def call(self, inputs, training=None):
        x = K.relu(self.linear_1(inputs))
        x = self.dropout(x, training=training)
        for block in self.blocks:
            x = block(x)
        return x


mlp = MLPBlock()
y = mlp(np.ones(shape=(3, 12)))
assert len(mlp.weights) == 9 and len(mlp.trainable_weights) == 6
assert len(mlp.non_trainable_weights) == 3 and len(mlp.losses) == 1
layer = Linear(64)
new_layer = Linear.from_config(layer.get_config())
assert new_layer.units == 64


class CustomModel(tf.keras.Model):
    def __init__(self):
        super(CustomModel, self).__init__(name="custom")
        self.block = MLPBlock()
        self.head = layers.Dense(2, activation="softmax")

    def call(self, x, training=False):
        return self.head(self.block(x, training=training))

    def summary_line(self):
        return "%s with %d parameters" % (self.name, self.count_params())


model = CustomModel()
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
x = np.random.RandomState(0).rand(40, 12)
h = model.fit(x, (x[:, 0] > 0.5).astype(int), epochs=3, verbose=0)
assert h.history["loss"][-1] < h.history["loss"][0]
model.summary()
print(model.summary_line())
model.save_weights("custom.weights.npz")
other = CustomModel()
other(x[:1])
other.load_weights("custom.weights.npz")
np.testing.assert_allclose(other.predict(x), model.predict(x), atol=1e-6)
