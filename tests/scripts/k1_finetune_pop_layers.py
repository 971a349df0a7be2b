'''Reuse the convolutional half of a network for other digits.'''
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation, Flatten
from keras.layers import Convolution2D, MaxPooling2D
from keras.datasets import mnist
from keras.utils.np_utils import to_categorical

(X, y), _ = mnist.load_data()
X = X[..., None] / 255.
X_low, y_low = X[y < 5], y[y < 5]
X_high, y_high = X[y >= 5], y[y >= 5] - 5

feature_layers = [
    Convolution2D(4, 3, 3, border_mode='valid', input_shape=(28, 28, 1)),
    Activation('relu'),
    MaxPooling2D(pool_size=(4, 4)),
    Flatten(),
]
classification_layers = [Dense(16), Activation('relu'), Dense(5), Activation('softmax')]
model = Sequential()
for l in feature_layers + classification_layers:
    model.add(l)
model.compile(loss='categorical_crossentropy', optimizer='adadelta', metrics=['accuracy'])
model.fit(X_low, to_categorical(y_low, 5), batch_size=16, nb_epoch=1, verbose=0)

for l in feature_layers:
    l.trainable = False
frozen = feature_layers[0].get_weights()
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X_high, to_categorical(y_high, 5), batch_size=16, nb_epoch=2, verbose=0)
for before, after in zip(frozen, feature_layers[0].get_weights()):
    np.testing.assert_array_equal(before, after)

model.pop()
model.pop()
model.add(Dense(2, activation='softmax', name='new_head'))
assert model.output_shape == (None, 2)
assert [l.name for l in model.layers][-1] == 'new_head'
assert len(model.non_trainable_weights) == 2
