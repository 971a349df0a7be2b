'''Less common convolutions under their first names.'''
import numpy as np
from keras.models import Sequential
from keras.layers.convolutional import (
    AtrousConvolution2D, Deconvolution2D, SeparableConvolution2D, Convolution3D,
    MaxPooling3D, AveragePooling3D, Cropping2D, ZeroPadding3D, UpSampling3D,
    AveragePooling1D, Convolution1D)
from keras.layers.noise import GaussianNoise, GaussianDropout
from keras.layers.advanced_activations import LeakyReLU, PReLU, ELU
from keras.layers import SpatialDropout2D, Flatten, Dense

model = Sequential()
model.add(AtrousConvolution2D(4, 3, 3, atrous_rate=(2, 2), input_shape=(12, 12, 2)))
model.add(LeakyReLU(alpha=0.1))
model.add(SeparableConvolution2D(5, 3, 3, border_mode='same', depth_multiplier=2))
model.add(PReLU(init='zero', shared_axes=[1, 2]))
model.add(SpatialDropout2D(p=0.2, dim_ordering='tf'))
model.add(Deconvolution2D(3, 3, 3, output_shape=(None, 10, 10, 3), border_mode='valid'))
model.add(ELU(alpha=0.5))
model.add(Cropping2D(((1, 1), (1, 1))))
model.add(GaussianNoise(sigma=0.1))
model.add(GaussianDropout(p=0.1))
assert model.output_shape == (None, 8, 8, 3)
model.add(Flatten())
model.add(Dense(2))
model.compile('sgd', 'mse')
x = np.random.RandomState(0).rand(6, 12, 12, 2)
assert model.train_on_batch(x, np.zeros((6, 2))) >= 0

cube = Sequential()
cube.add(Convolution3D(3, 2, 2, 2, input_shape=(5, 6, 7, 1), activation='relu'))
cube.add(MaxPooling3D(pool_size=(2, 2, 2)))
cube.add(ZeroPadding3D((1, 1, 1)))
cube.add(UpSampling3D((2, 1, 1)))
cube.add(AveragePooling3D((2, 2, 2)))
assert cube.output_shape == (None, 4, 2, 2, 3)
assert cube.predict(np.zeros((1, 5, 6, 7, 1))).shape == (1, 4, 2, 2, 3)

line = Sequential()
line.add(Convolution1D(4, 3, border_mode='same', input_dim=2, input_length=10))
line.add(AveragePooling1D(pool_length=2, stride=2))
assert line.output_shape == (None, 5, 4)
