"""Keras 0: kernels that reach out over the ends, and batches that end by themselves."""

import h5py
import numpy as np

np.random.seed(1337)

from keras.datasets import cifar10
from keras.layers.advanced_activations import PReLU
from keras.layers.convolutional import Convolution1D, Convolution2D, MaxPooling2D
from keras.layers.core import Activation, Dense, Dropout, Flatten, Reshape
from keras.layers.normalization import BatchNormalization
from keras.models import Sequential
from keras.optimizers import SGD
from keras.preprocessing.image import ImageDataGenerator
from keras.utils import generic_utils, np_utils

nb_classes = 10
(X_train, y_train), (X_test, y_test) = cifar10.load_data()
X_train = X_train.transpose(0, 3, 1, 2).astype("float32")[:, :, ::2, ::2] / 255
Y_train = np_utils.to_categorical(y_train, nb_classes)

model = Sequential()
model.add(Convolution2D(4, 3, 3, 3, border_mode="full", input_shape=(3, 16, 16)))
model.add(Activation("relu"))
model.add(Convolution2D(4, 4, 3, 3))
model.add(Activation("relu"))
model.add(MaxPooling2D(poolsize=(2, 2), ignore_border=True))
model.add(Dropout(0.25))
model.add(Flatten())
model.add(Dense(4 * 8 * 8, 24, init="normal"))
model.add(PReLU((24,)))
model.add(BatchNormalization((24,)))
model.add(Dense(24, nb_classes, init="normal"))
model.add(Activation("softmax"))
sgd = SGD(lr=0.01, decay=1e-6, momentum=0.9, nesterov=True)
model.compile(loss="categorical_crossentropy", optimizer=sgd)
assert model.layers[0].output_shape == (None, 4, 18, 18)
assert model.layers[4].output_shape == (None, 4, 8, 8)

datagen = ImageDataGenerator(
    featurewise_center=True,
    rotation_range=20,
    width_shift_range=0.2,
    horizontal_flip=True,
)
datagen.fit(X_train)
seen = 0
for e in range(2):
    progbar = generic_utils.Progbar(X_train.shape[0])
    for X_batch, Y_batch in datagen.flow(X_train, Y_train, batch_size=32):
        loss = model.train(X_batch, Y_batch)
        progbar.add(X_batch.shape[0], values=[("train loss", loss)])
        seen += len(X_batch)
    for X_batch, Y_batch in datagen.flow(X_train, Y_train, batch_size=40):
        score = model.test(X_batch, Y_batch)
assert seen == 2 * len(X_train)

# weights of that time: the filters come first, then the channels
with h5py.File("zero_weights.h5", "w") as f:
    f.attrs["nb_layers"] = 1
    g = f.create_group("layer_0")
    g.attrs["nb_params"] = 2
    g["param_0"] = np.arange(4 * 3 * 3 * 3, dtype="float32").reshape(4, 3, 3, 3)
    g["param_1"] = np.zeros(4, "float32")
small = Sequential()
small.add(Convolution2D(4, 3, 3, 3, border_mode="full", input_shape=(3, 2, 2)))
small.load_weights("zero_weights.h5")
corner = np.zeros((1, 3, 2, 2))
corner[0, 1, 0, 0] = 1
# the last element of the kernel meets the first of the image
kernel = np.arange(4 * 3 * 3 * 3).reshape(4, 3, 3, 3)
assert np.allclose(small.predict(corner)[0, :, 0, 0], kernel[:, 1, 2, 2])

steps = Sequential()
steps.add(Convolution1D(3, 5, 4, border_mode="full", input_shape=(7, 3)))
steps.add(Reshape(5, 10))
assert steps.output_shape == (None, 5, 10)
