"""Masking through Embedding and Masking layers, states in and out."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

raw_inputs = [[711, 632, 71], [73, 8, 632], [83, 91, 1, 645, 253, 927]]
padded_inputs = tf.keras.preprocessing.sequence.pad_sequences(raw_inputs, padding="post")
embedding = layers.Embedding(input_dim=1000, output_dim=6, mask_zero=True)
masked_output = embedding(padded_inputs)
mask = np.array(embedding.compute_mask(padded_inputs))
assert mask.tolist() == (padded_inputs != 0).tolist()
masking_layer = layers.Masking()
assert masked_output.numpy().shape == (3, 6, 6)
assert masking_layer.compute_mask(np.zeros((1, 2, 3))) is not None


class MyActivation(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs):
        return tf.keras.activations.relu(inputs)


class TemporalSoftmax(layers.Layer):
    def call(self, inputs, mask=None):
        if mask is None:
            mask = tf.keras.backend.ones_like(inputs[..., 0])
        broadcast = tf.keras.backend.expand_dims(tf.keras.backend.cast(mask, "float32"), -1)
        inputs_exp = tf.keras.backend.exp(inputs) * broadcast
        return inputs_exp / tf.keras.backend.sum(inputs_exp * broadcast, axis=1, keepdims=True)


inputs = tf.keras.Input(shape=(None,), dtype="int32")
x = layers.Embedding(input_dim=1000, output_dim=6, mask_zero=True)(inputs)
x = MyActivation()(x)
x = layers.Dense(1)(x)
outputs = TemporalSoftmax()(x)
model = tf.keras.Model(inputs, outputs)
y = model.predict(padded_inputs)
np.testing.assert_allclose(y[0, 3:], 0)
np.testing.assert_allclose(y.sum(axis=1), 1, rtol=1e-5)

encoder_input = layers.Input(shape=(None,))
encoder_embedded = layers.Embedding(1000, 8, mask_zero=True)(encoder_input)
output, state_h, state_c = layers.LSTM(8, return_state=True, name="encoder")(encoder_embedded)
decoder_input = layers.Input(shape=(None,))
decoder_embedded = layers.Embedding(1000, 8)(decoder_input)
decoder_output = layers.LSTM(8, name="decoder")(decoder_embedded,
                                                initial_state=[state_h, state_c])
model = tf.keras.Model([encoder_input, decoder_input], layers.Dense(4)(decoder_output))
a = model.predict([padded_inputs, padded_inputs])
longer = np.pad(padded_inputs, ((0, 0), (0, 3)))      # more padding changes nothing
np.testing.assert_allclose(model.predict([longer, padded_inputs]), a, atol=1e-5)
