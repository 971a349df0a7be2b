"""A variational autoencoder whose layer, and whose method, mean symbolic arrays."""

import keras
import numpy as np
from keras import backend as K
from keras import metrics
from keras.layers import Dense, Input, Lambda, Layer
from keras.models import Model

BATCH, SIZE = 10, 12
data = np.random.rand(40, SIZE).astype('float32')

x = Input(shape=(SIZE,))
h = Dense(8, activation='relu')(x)
z_mean = Dense(2)(h)
z_log_var = Dense(2)(h)


def sampling(args):
    mean, log_var = args
    noise = K.random_normal(shape=(BATCH, 2), mean=0., stddev=1.)
    return mean + K.exp(log_var / 2) * noise


z = Lambda(sampling, output_shape=(2,))([z_mean, z_log_var])
decoded = Dense(SIZE, activation='sigmoid')(Dense(8, activation='relu')(z))


class Variational(Layer):
    def __init__(self, **kwargs):
        self.is_placeholder = True
        super(Variational, self).__init__(**kwargs)

    def vae_loss(self, x, decoded):
        xent = SIZE * metrics.binary_crossentropy(x, decoded)
        kl = -0.5 * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)
        return K.mean(xent + kl)

    def call(self, inputs):
        self.add_loss(self.vae_loss(inputs[0], inputs[1]), inputs=inputs)
        return inputs[0]


vae = Model(x, Variational()([x, decoded]))
vae.compile(optimizer='rmsprop', loss=None)
history = vae.fit(data, epochs=3, batch_size=BATCH, verbose=0,
                  validation_data=(data, None))
assert history.history['loss'][-1] < history.history['loss'][0]


class Program:
    def __init__(self):
        self.inputs = Input(batch_shape=(BATCH, SIZE))
        self.code = Dense(3)(self.inputs)
        self.model = Model(self.inputs, Dense(SIZE)(self.code))
        self.model.compile('adam', loss=self.loss)

    def loss(self, y_true, y_pred):
        return K.mean(K.square(y_true - y_pred), -1) + self.size_of_code()

    def size_of_code(self):
        return K.sum(K.square(self.code), axis=-1)


program = Program()
program.model.fit(data, data, batch_size=BATCH, epochs=1, verbose=0)
weight = Lambda(lambda t: t * K.sigmoid(z_mean[:, :1]))(h)
assert Model(x, weight).predict(data, batch_size=BATCH).shape == (40, 8)
