'''Trains a simple convnet on MNIST as in 2016, whatever the dim ordering.'''
import numpy as np
np.random.seed(1337)

from keras import backend as K
from keras.datasets import mnist
from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation, Flatten
from keras.layers import Convolution2D, MaxPooling2D
from keras.layers.convolutional import ZeroPadding2D, AveragePooling2D
from keras.utils import np_utils

nb_filters = 4
pool_size = (2, 2)
kernel_size = (3, 3)
img_rows, img_cols = 28, 28

(X_train, y_train), _ = mnist.load_data()
if K.image_dim_ordering() == 'th':
    X_train = X_train.reshape(X_train.shape[0], 1, img_rows, img_cols)
    input_shape = (1, img_rows, img_cols)
else:
    X_train = X_train.reshape(X_train.shape[0], img_rows, img_cols, 1)
    input_shape = (img_rows, img_cols, 1)
X_train = X_train.astype('float32') / 255
Y_train = np_utils.to_categorical(y_train, 10)

model = Sequential()
model.add(Convolution2D(nb_filters, kernel_size[0], kernel_size[1],
                        border_mode='valid', input_shape=input_shape))
model.add(Activation('relu'))
model.add(ZeroPadding2D((1, 1), dim_ordering='tf'))
model.add(Convolution2D(nb_filters, 3, 3, subsample=(2, 2), border_mode='same',
                        activation='relu', dim_ordering='tf'))
model.add(MaxPooling2D(pool_size=pool_size, border_mode='same'))
model.add(Convolution2D(nb_filter=6, nb_row=2, nb_col=2, init='he_normal'))
model.add(AveragePooling2D(2, 2))
model.add(Dropout(0.1))
model.add(Flatten())
model.add(Dense(10, activation='softmax'))
model.compile('adadelta', 'categorical_crossentropy', ['accuracy'])
assert model.output_shape == (None, 10)
assert model.layers[2].output_shape == (None, 28, 28, 4)

history = model.fit(X_train, Y_train, batch_size=40, nb_epoch=2, verbose=2,
                    validation_split=0.25)
assert sorted(history.history) == ['accuracy', 'loss', 'val_accuracy', 'val_loss']
assert len(history.history['val_acc']) == len(history.epoch) == 2

# the same network for Theano's ordering of images
K.set_image_dim_ordering('th')
model = Sequential()
model.add(Convolution2D(4, 3, 3, input_shape=(1, 28, 28), activation='relu'))
model.add(MaxPooling2D((2, 2), strides=(2, 2)))
assert model.output_shape == (None, 4, 13, 13)
assert model.predict(np.zeros((2, 1, 28, 28))).shape == (2, 4, 13, 13)
K.set_image_dim_ordering('tf')
