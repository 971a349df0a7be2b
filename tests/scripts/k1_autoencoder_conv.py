'''Building autoencoders in Keras: simple, sparse, convolutional (blog, 2016).'''
from keras.layers import Input, Dense, Convolution2D, MaxPooling2D, UpSampling2D
from keras.models import Model
from keras import regularizers
from keras.datasets import mnist
import numpy as np

(x_train, _), (x_test, _) = mnist.load_data()
x_train = x_train.astype('float32') / 255.
x_test = x_test.astype('float32') / 255.
flat_train = x_train.reshape((len(x_train), np.prod(x_train.shape[1:])))

encoding_dim = 32
input_img = Input(shape=(784,))
encoded = Dense(encoding_dim, activation='relu',
                activity_regularizer=regularizers.activity_l1(10e-6))(input_img)
decoded = Dense(784, activation='sigmoid')(encoded)
autoencoder = Model(input=input_img, output=decoded)
encoder = Model(input=input_img, output=encoded)
encoded_input = Input(shape=(encoding_dim,))
decoder_layer = autoencoder.layers[-1]
decoder = Model(input=encoded_input, output=decoder_layer(encoded_input))
autoencoder.compile(optimizer='adadelta', loss='binary_crossentropy')
autoencoder.fit(flat_train, flat_train, nb_epoch=2, batch_size=32, shuffle=True)
codes = encoder.predict(flat_train)
np.testing.assert_allclose(decoder.predict(codes), autoencoder.predict(flat_train),
                           atol=1e-5)

input_img = Input(shape=(28, 28, 1))
x = Convolution2D(4, 3, 3, activation='relu', border_mode='same')(input_img)
encoded = MaxPooling2D((2, 2), border_mode='same')(x)
x = Convolution2D(4, 3, 3, activation='relu', border_mode='same')(encoded)
x = UpSampling2D((2, 2))(x)
decoded = Convolution2D(1, 3, 3, activation='sigmoid', border_mode='same')(x)
autoencoder = Model(input_img, decoded)
autoencoder.compile(optimizer='adam', loss='binary_crossentropy')
noisy = np.clip(x_train + 0.5 * np.random.normal(size=x_train.shape), 0., 1.)
h = autoencoder.fit(np.reshape(noisy, (-1, 28, 28, 1)),
                    np.reshape(x_train, (len(x_train), 28, 28, 1)),
                    nb_epoch=2, batch_size=40)
assert h.history['loss'][1] < h.history['loss'][0]
assert autoencoder.output_shape == (None, 28, 28, 1)
