'''Trains a simple deep NN on the MNIST dataset, Keras 1 style.'''
from __future__ import print_function
import numpy as np
np.random.seed(1337)  # for reproducibility

from keras.datasets import mnist
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation
from keras.optimizers import SGD, Adam, RMSprop
from keras.utils import np_utils

batch_size = 32
nb_classes = 10
nb_epoch = 6

(X_train, y_train), (X_test, y_test) = mnist.load_data()
X_train = X_train.reshape(len(X_train), 784).astype('float32')
X_test = X_test.reshape(len(X_test), 784).astype('float32')
X_train /= 255
X_test /= 255
print(X_train.shape[0], 'train samples')

Y_train = np_utils.to_categorical(y_train, nb_classes)
Y_test = np_utils.to_categorical(y_test, nb_classes=nb_classes)

model = Sequential()
model.add(Dense(64, input_shape=(784,)))
model.add(Activation('relu'))
model.add(Dropout(0.2))
model.add(Dense(output_dim=64, init='glorot_uniform', bias=True))
model.add(Activation('relu'))
model.add(Dropout(p=0.2))
model.add(Dense(nb_classes, init='uniform'))
model.add(Activation('softmax'))
model.summary()

model.compile(loss='categorical_crossentropy', optimizer=RMSprop(lr=0.003),
              metrics=['accuracy'])
history = model.fit(X_train, Y_train, batch_size=batch_size, nb_epoch=nb_epoch,
                    verbose=1, validation_data=(X_test, Y_test))
score = model.evaluate(X_test, Y_test, verbose=0)
print('Test score:', score[0])
print('Test accuracy:', score[1])

assert history.history['loss'][-1] < history.history['loss'][0]
assert history.history['val_acc'][-1] == score[1] > 0.5
classes = model.predict_classes(X_test, batch_size=32)
assert classes.shape == (60,)
assert np_utils.probas_to_classes(model.predict_proba(X_test)).tolist() == classes.tolist()
