'''Convolution1D for text classification, after the imdb_cnn example of 2016.'''
import numpy as np
np.random.seed(1337)

from keras.preprocessing import sequence
from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation, Lambda
from keras.layers import Embedding
from keras.layers import Convolution1D, MaxPooling1D, GlobalMaxPooling1D
from keras.layers.convolutional import UpSampling1D, Cropping1D, ZeroPadding1D
from keras.datasets import imdb
from keras import backend as K

max_features = 500
(X_train, y_train), (X_test, y_test) = imdb.load_data(nb_words=max_features)
X_train = sequence.pad_sequences(X_train, maxlen=30)
X_test = sequence.pad_sequences(X_test, maxlen=30)

def max_1d(X):
    return K.max(X, axis=1)

model = Sequential()
model.add(Embedding(max_features, 12, input_length=30))
model.add(Dropout(0.2))
model.add(Convolution1D(nb_filter=10, filter_length=3, border_mode='valid',
                        activation='relu', subsample_length=1))
model.add(MaxPooling1D(pool_length=2))
model.add(UpSampling1D(length=2))
model.add(ZeroPadding1D(1))
model.add(Cropping1D((1, 1)))
model.add(Lambda(max_1d, output_shape=(10,)))
model.add(Dense(8, W_constraint='maxnorm'))
model.add(Activation('relu'))
model.add(Dense(1))
model.add(Activation('sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adagrad', metrics=['accuracy'])
h = model.fit(X_train, y_train, batch_size=16, nb_epoch=3,
              validation_data=(X_test, y_test))
assert h.history['loss'][-1] < h.history['loss'][0]
assert model.predict_classes(X_test).shape == (40, 1)
assert set(np.unique(model.predict_classes(X_test))) <= {0, 1}
