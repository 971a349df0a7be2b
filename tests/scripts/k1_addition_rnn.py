'''Learning to add, with RepeatVector and TimeDistributed.'''
from keras.models import Sequential
from keras.layers import Activation, TimeDistributed, Dense, RepeatVector, recurrent
from keras.layers.wrappers import Bidirectional
from keras.layers.core import TimeDistributedDense, Masking, Permute, Reshape
import numpy as np

RNN = recurrent.GRU
chars = '0123456789+ '
DIGITS, MAXLEN = 2, 5
table = dict((c, i) for i, c in enumerate(chars))

def encode(C, length):
    X = np.zeros((length, len(chars)))
    for i, c in enumerate(C):
        X[i, table[c]] = 1
    return X

np.random.seed(0)
pairs = np.random.randint(0, 99, (120, 2))
X = np.array([encode('{}+{}'.format(a, b).ljust(MAXLEN), MAXLEN) for a, b in pairs])
y = np.array([encode(str(a + b).ljust(DIGITS + 1), DIGITS + 1) for a, b in pairs])

model = Sequential()
model.add(RNN(16, input_shape=(None, len(chars))))
model.add(RepeatVector(DIGITS + 1))
model.add(RNN(16, return_sequences=True))
model.add(TimeDistributed(Dense(len(chars))))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(X, y, batch_size=20, nb_epoch=5, validation_split=0.1, verbose=2)
assert history.history['loss'][-1] < history.history['loss'][0]
preds = model.predict_classes(X[:4], verbose=0)
guess = ''.join(chars[p] for p in preds[0])
assert preds.shape == (4, 3) and len(guess) == 3

model = Sequential()
model.add(Masking(mask_value=0., input_shape=(MAXLEN, len(chars))))
model.add(Bidirectional(recurrent.LSTM(4, return_sequences=True), merge_mode='sum'))
model.add(TimeDistributedDense(6))
model.add(Permute((2, 1)))
model.add(Reshape((2, -1)))
assert model.output_shape == (None, 2, 15)
assert model.predict(X[:3]).shape == (3, 2, 15)
