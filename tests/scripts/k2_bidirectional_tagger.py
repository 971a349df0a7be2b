'''Named entities: Bidirectional LSTM, TimeDistributed output, temporal weights.'''
import numpy as np
import keras
from keras.models import Model, Input, Sequential
from keras.layers import LSTM, Embedding, Dense, TimeDistributed, Dropout, Bidirectional
from keras.layers import SpatialDropout1D, Masking, GRU
from keras.preprocessing.sequence import pad_sequences
from keras.utils import to_categorical

rng = np.random.RandomState(0)
n_words, n_tags, max_len = 30, 4, 9
sentences = [rng.randint(1, n_words, rng.randint(3, 9)).tolist() for _ in range(40)]
tags = [[w % n_tags for w in s] for s in sentences]
X = pad_sequences(maxlen=max_len, sequences=sentences, padding='post', value=0)
y = pad_sequences(maxlen=max_len, sequences=tags, padding='post', value=0)
y = np.array([to_categorical(i, num_classes=n_tags) for i in y])

input = Input(shape=(max_len,))
model = Embedding(input_dim=n_words, output_dim=8, input_length=max_len, mask_zero=True)(input)
model = SpatialDropout1D(0.1)(model)
model = Bidirectional(LSTM(units=8, return_sequences=True, recurrent_dropout=0.1),
                      merge_mode='concat')(model)
out = TimeDistributed(Dense(n_tags, activation='softmax'))(model)
model = Model(input, out)
model.compile(optimizer='rmsprop', loss='categorical_crossentropy', metrics=['accuracy'],
              sample_weight_mode='temporal')
weights = (X > 0).astype('float32')
history = model.fit(X, y, batch_size=8, epochs=4, validation_split=0.1, verbose=1,
                    sample_weight=weights)
assert history.history['loss'][-1] < history.history['loss'][0]
p = np.argmax(model.predict(X[:2]), axis=-1)
assert p.shape == (2, max_len)

net = Sequential()
net.add(Masking(mask_value=-1., input_shape=(None, 2)))
net.add(Bidirectional(GRU(3, return_sequences=True), merge_mode='ave'))
net.add(Bidirectional(GRU(3, go_backwards=False), merge_mode='mul'))
net.add(Dense(1))
net.compile('sgd', 'mse')
data = rng.rand(5, max_len, 2)
data[:, 6:] = -1.
short = net.predict(data[:, :6])
np.testing.assert_allclose(net.predict(data), short, atol=1e-5)
