'''Convnet with batch normalization and leaky units, the way blogs had it in 2018.'''
import numpy as np
import keras
from keras.datasets import mnist
from keras.models import Sequential
from keras.layers import Dense, Dropout, Flatten, Activation
from keras.layers import Conv2D, MaxPooling2D
from keras.layers.normalization import BatchNormalization
from keras.layers.advanced_activations import LeakyReLU
from keras import backend as K
from keras.callbacks import ReduceLROnPlateau, EarlyStopping

img_rows, img_cols = 28, 28
(x_train, y_train), (x_test, y_test) = mnist.load_data()
if K.image_data_format() == 'channels_first':
    x_train = x_train.reshape(x_train.shape[0], 1, img_rows, img_cols)
    input_shape = (1, img_rows, img_cols)
else:
    x_train = x_train.reshape(x_train.shape[0], img_rows, img_cols, 1)
    input_shape = (img_rows, img_cols, 1)
x_train = x_train.astype('float32') / 255
y_train = keras.utils.np_utils.to_categorical(y_train, num_classes=10)

model = Sequential()
model.add(Conv2D(filters=4, kernel_size=(5, 5), strides=(2, 2), padding='Same',
                 kernel_initializer='he_normal', input_shape=input_shape))
model.add(LeakyReLU(alpha=0.1))
model.add(BatchNormalization(axis=-1, momentum=0.9))
model.add(MaxPooling2D(pool_size=(2, 2), strides=(2, 2)))
model.add(Dropout(0.1))
model.add(Conv2D(8, (3, 3), activation='relu', data_format='channels_last'))
model.add(Flatten())
model.add(Dense(32, use_bias=False, kernel_regularizer=keras.regularizers.l2(1e-4)))
model.add(BatchNormalization())
model.add(Activation('relu'))
model.add(Dense(10, activation='softmax'))
model.compile(loss=keras.losses.categorical_crossentropy,
              optimizer=keras.optimizers.Adam(lr=0.01, decay=1e-4),
              metrics=['accuracy'])
learning_rate_reduction = ReduceLROnPlateau(monitor='val_acc', patience=1, verbose=1,
                                            factor=0.5, min_lr=0.00001)
history = model.fit(x_train, y_train, batch_size=32, epochs=4, validation_split=0.2,
                    callbacks=[learning_rate_reduction, EarlyStopping(patience=10)])
assert history.history['loss'][-1] < history.history['loss'][0]
assert 'lr' in history.history and len(history.history['lr']) == 4
assert model.layers[2].get_weights()[2].shape == (4,)   # moving mean
assert len(model.layers[2].non_trainable_weights) == 2
