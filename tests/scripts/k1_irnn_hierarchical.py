'''Rows of digits read by recurrent networks, as identities and in two levels.'''
import numpy as np
from keras.datasets import mnist
from keras.models import Sequential, Model
from keras.layers import Dense, Activation, SimpleRNN, Input, TimeDistributed, LSTM
from keras.initializations import normal, identity
from keras.optimizers import RMSprop
from keras.utils import np_utils

(X_train, y_train), _ = mnist.load_data()
X_train = X_train[:80, ::4, ::4].astype('float32') / 255
Y_train = np_utils.to_categorical(y_train[:80], 10)
rows = X_train.reshape(80, 7, 7)

model = Sequential()
model.add(SimpleRNN(output_dim=16,
                    init=lambda shape, name: normal(shape, scale=0.01, name=name),
                    inner_init=lambda shape, name: identity(shape, scale=1.0, name=name),
                    activation='relu', input_shape=rows.shape[1:]))
model.add(Dense(10))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer=RMSprop(lr=0.003), metrics=['accuracy'])
h = model.fit(rows, Y_train, batch_size=16, nb_epoch=4, verbose=0)
assert h.history['loss'][-1] < h.history['loss'][0]

x = Input(shape=(7, 7, 1))
encoded_rows = TimeDistributed(LSTM(output_dim=6))(x)
encoded_columns = LSTM(6)(encoded_rows)
prediction = Dense(10, activation='softmax')(encoded_columns)
model = Model(input=x, output=prediction)
model.compile(loss='categorical_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
h = model.fit(rows[..., None], Y_train, batch_size=16, nb_epoch=2, verbose=0,
              validation_data=(rows[..., None], Y_train))
assert h.history['loss'][-1] < h.history['loss'][0]
