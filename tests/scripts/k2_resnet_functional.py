'''A small ResNet for CIFAR10 with a learning-rate schedule and reducer.'''
from __future__ import print_function
import keras
from keras.layers import Dense, Conv2D, BatchNormalization, Activation
from keras.layers import AveragePooling2D, Input, Flatten, GlobalAveragePooling2D, Add
from keras.optimizers import Adam
from keras.callbacks import LearningRateScheduler, ReduceLROnPlateau
from keras.regularizers import l2
from keras.models import Model
from keras.datasets import cifar10
import numpy as np

def lr_schedule(epoch):
    lr = 1e-2
    if epoch > 1:
        lr *= 1e-1
    print('Learning rate: ', lr)
    return lr

def resnet_layer(inputs, num_filters=4, kernel_size=3, strides=1, activation='relu'):
    conv = Conv2D(num_filters, kernel_size=kernel_size, strides=strides, padding='same',
                  kernel_initializer='he_normal', kernel_regularizer=l2(1e-4))
    x = conv(inputs)
    x = BatchNormalization()(x)
    if activation is not None:
        x = Activation(activation)(x)
    return x

(x_train, y_train), (x_test, y_test) = cifar10.load_data()
x_train = x_train[:, ::2, ::2].astype('float32') / 255
x_train_mean = np.mean(x_train, axis=0)
x_train -= x_train_mean
y_train = keras.utils.to_categorical(y_train, 10)

inputs = Input(shape=x_train.shape[1:])
x = resnet_layer(inputs=inputs)
for stack in range(2):
    strides = 2 if stack > 0 else 1
    y = resnet_layer(x, 4 * (stack + 1), strides=strides)
    y = resnet_layer(y, 4 * (stack + 1), activation=None)
    if stack > 0:
        x = resnet_layer(x, 4 * (stack + 1), kernel_size=1, strides=strides,
                         activation=None)
    x = keras.layers.add([x, y])
    x = Activation('relu')(x)
x = AveragePooling2D(pool_size=4)(x)
y = Flatten()(x)
outputs = Dense(10, activation='softmax', kernel_initializer='he_normal')(y)
model = Model(inputs=inputs, outputs=outputs)
model.compile(loss='categorical_crossentropy', optimizer=Adam(lr=lr_schedule(0)),
              metrics=['accuracy'])
lr_reducer = ReduceLROnPlateau(factor=np.sqrt(0.1), cooldown=0, patience=5, min_lr=0.5e-6)
lr_scheduler = LearningRateScheduler(lr_schedule, verbose=1)
h = model.fit(x_train, y_train, batch_size=20, epochs=3, validation_split=0.2, shuffle=True,
              callbacks=[lr_reducer, lr_scheduler])
assert h.history['loss'][-1] < h.history['loss'][0]
np.testing.assert_allclose(h.history['lr'], [1e-2, 1e-2, 1e-3], rtol=1e-5)
