'''A variational autoencoder with a loss that closes over two layers, Keras 1.'''
import numpy as np
from keras.layers import Input, Dense, Lambda
from keras.models import Model
from keras import backend as K
from keras import objectives
from keras.datasets import mnist

batch_size, original_dim, latent_dim, intermediate_dim = 20, 784, 2, 16
x = Input(batch_shape=(batch_size, original_dim))
h = Dense(intermediate_dim, activation='relu')(x)
z_mean = Dense(latent_dim)(h)
z_log_var = Dense(latent_dim)(h)

def sampling(args):
    z_mean, z_log_var = args
    epsilon = K.random_normal(shape=(batch_size, latent_dim), mean=0., std=1.)
    return z_mean + K.exp(z_log_var / 2) * epsilon

z = Lambda(sampling, output_shape=(latent_dim,))([z_mean, z_log_var])
decoder_h = Dense(intermediate_dim, activation='relu')
decoder_mean = Dense(original_dim, activation='sigmoid')
x_decoded_mean = decoder_mean(decoder_h(z))

def vae_loss(x, x_decoded_mean):
    xent_loss = original_dim * objectives.binary_crossentropy(x, x_decoded_mean)
    kl_loss = - 0.5 * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)
    return K.mean(xent_loss + kl_loss)

vae = Model(x, x_decoded_mean)
vae.compile(optimizer='rmsprop', loss=vae_loss)
(x_train, _), (x_test, y_test) = mnist.load_data()
x_train = x_train.reshape(len(x_train), 784) / 255.
x_test = x_test.reshape(len(x_test), 784) / 255.
history = vae.fit(x_train, x_train, shuffle=True, nb_epoch=4, batch_size=batch_size,
                  validation_data=(x_test, x_test))
assert history.history['loss'][-1] < history.history['loss'][0]

encoder = Model(x, z_mean)
assert encoder.predict(x_test, batch_size=batch_size).shape == (60, 2)
decoder_input = Input(shape=(latent_dim,))
generator = Model(decoder_input, decoder_mean(decoder_h(decoder_input)))
assert generator.predict(np.array([[0.5, -0.5]])).shape == (1, 784)
