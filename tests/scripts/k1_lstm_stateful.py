'''How to model a long sine with a stateful RNN, one batch after the other.'''
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM

tsteps, batch_size, epochs, lahead = 1, 25, 3, 1
cos = np.cos(np.arange(200) / 10.)[:, None, None] * np.exp(-np.arange(200) / 100.)[:, None, None]
expected_output = np.roll(cos[:, 0], -lahead, axis=0)

model = Sequential()
model.add(LSTM(10, batch_input_shape=(batch_size, tsteps, 1),
               return_sequences=True, stateful=True))
model.add(LSTM(10, return_sequences=False, stateful=True))
model.add(Dense(1))
model.compile(loss='mse', optimizer='rmsprop')
losses = []
for i in range(epochs):
    h = model.fit(cos, expected_output, batch_size=batch_size, verbose=0, nb_epoch=1,
                  shuffle=False)
    losses += h.history['loss']
    model.reset_states()
assert losses[-1] < losses[0]

first = model.predict(cos, batch_size=batch_size)
second = model.predict(cos, batch_size=batch_size)
model.reset_states()
again = model.predict(cos, batch_size=batch_size)
assert np.abs(first - second).max() > 1e-6     # the state went on
assert model.layers[0].stateful and again.shape == (200, 1)
