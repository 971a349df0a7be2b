'''Cells: built in, stacked, and one's own.'''
import numpy as np
import keras
from keras import backend as K
from keras.layers import (RNN, LSTMCell, GRUCell, SimpleRNNCell, StackedRNNCells, Input, Dense,
                          SimpleRNN, GRU, LSTM, CuDNNLSTM, CuDNNGRU)
from keras.models import Model, Sequential

class MinimalRNNCell(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        self.units = units
        self.state_size = units
        super(MinimalRNNCell, self).__init__(**kwargs)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units),
                                      initializer='uniform', name='kernel')
        self.recurrent_kernel = self.add_weight(shape=(self.units, self.units),
                                                initializer='uniform', name='recurrent_kernel')
        self.built = True

    def call(self, inputs, states):
        prev_output = states[0]
        h = K.dot(inputs, self.kernel)
        output = h + K.dot(prev_output, self.recurrent_kernel)
        return output, [output]

x = keras.Input((None, 5))
y = RNN([MinimalRNNCell(4), MinimalRNNCell(6)])(x)
model = Model(x, y)
data = np.random.RandomState(0).rand(3, 7, 5)
assert model.predict(data).shape == (3, 6)

cells = [LSTMCell(4), GRUCell(3), SimpleRNNCell(2)]
outputs = RNN(StackedRNNCells(cells), return_sequences=True, return_state=True)(x)
stacked = Model(x, outputs[0])
assert stacked.predict(data).shape == (3, 7, 2)

by_cell, by_layer = RNN(LSTMCell(4)), LSTM(4)
m1, m2 = Sequential([Input((7, 5)), by_cell]), Sequential([Input((7, 5)), by_layer])
m2.set_weights(m1.get_weights())
np.testing.assert_allclose(m1.predict(data), m2.predict(data), atol=1e-6)

model = Sequential()
model.add(CuDNNLSTM(4, return_sequences=True, input_shape=(None, 5)))
model.add(CuDNNGRU(4, return_sequences=True))
model.add(SimpleRNN(3, return_sequences=True, unroll=False))
model.add(GRU(3, implementation=2, reset_after=False, unroll=False))
model.add(Dense(1))
model.compile('adam', 'mse')
assert np.isfinite(model.train_on_batch(data, np.zeros(3)))
