'''TimeseriesGenerator, lag frames and an LSTM that looks ahead.'''
import numpy as np
from keras.models import Sequential
from keras.layers import LSTM, Dense, TimeDistributed, Flatten
from keras.layers.convolutional import Conv1D, MaxPooling1D
from keras.preprocessing.sequence import TimeseriesGenerator

series = np.sin(np.arange(80) / 6.).reshape((80, 1))
n_input, n_features = 5, 1
generator = TimeseriesGenerator(series, series, length=n_input, batch_size=8)
print('Samples: %d' % len(generator))
x, y = generator[0]
assert x.shape == (8, n_input, n_features) and y.shape == (8, 1)
np.testing.assert_allclose(x[1, 0], series[1])
np.testing.assert_allclose(y[0], series[5])

model = Sequential()
model.add(LSTM(12, activation='relu', input_shape=(n_input, n_features)))
model.add(Dense(1))
model.compile(optimizer='adam', loss='mse')
history = model.fit_generator(generator, steps_per_epoch=len(generator), epochs=5, verbose=0)
assert history.history['loss'][-1] < history.history['loss'][0]
x_input = np.array(series[-5:]).reshape((1, n_input, n_features))
yhat = model.predict(x_input, verbose=0)
assert yhat.shape == (1, 1)

def split_sequence(sequence, n_steps):
    X, y = list(), list()
    for i in range(len(sequence)):
        end_ix = i + n_steps
        if end_ix > len(sequence) - 1:
            break
        X.append(sequence[i:end_ix])
        y.append(sequence[end_ix])
    return np.array(X), np.array(y)

X, y = split_sequence(series.ravel().tolist(), 4)
X = X.reshape((X.shape[0], 2, 2, 1))     # subsequences for a CNN in each step
model = Sequential()
model.add(TimeDistributed(Conv1D(filters=4, kernel_size=1, activation='relu'),
                          input_shape=(None, 2, 1)))
model.add(TimeDistributed(MaxPooling1D(pool_size=2)))
model.add(TimeDistributed(Flatten()))
model.add(LSTM(6, activation='relu'))
model.add(Dense(1))
model.compile(optimizer='adam', loss='mse')
model.fit(X, y, epochs=2, verbose=0)
assert model.predict(X[:3]).shape == (3, 1)
