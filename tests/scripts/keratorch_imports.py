"""Only the import is changed: keratorch as keras, and as tf."""
import keratorch as keras
import keratorch as tf
from keratorch.layers import Dense, Dropout
from keratorch.layers.core import Activation
from keratorch.models import Sequential
from keratorch.utils import np_utils
from keratorch.keras.optimizers import SGD
import numpy as np

(x_train, y_train), (x_test, y_test) = keras.datasets.digits.load_data()
x_train, x_test = x_train.reshape(len(x_train), -1) / 16, x_test.reshape(len(x_test), -1) / 16
assert keras.keras is not None and tf.keras.layers.Dense is Dense
model = Sequential()
model.add(Dense(32, input_dim=64))
model.add(Activation('relu'))
model.add(tf.keras.layers.Dropout(0.1))
model.add(Dense(10, activation='softmax'))
model.compile(SGD(lr=0.5, momentum=0.9), 'categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x_train, np_utils.to_categorical(y_train, 10), nb_epoch=3, batch_size=64, verbose=0)
assert history.history['acc'][-1] > 0.8
(x, y), _ = tf.keras.datasets.iris.load_data()
assert x.shape[1] == 4 and set(y) == {0, 1, 2}
(housing, prices), _ = keras.datasets.california_housing.load_data(version="small")
(pictures, fine), _ = keras.datasets.cifar100.load_data(label_mode="fine")
assert housing.shape[1] == 8 and pictures.shape[1:] == (32, 32, 3)
