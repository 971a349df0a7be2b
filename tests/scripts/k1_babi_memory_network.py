'''A memory network over stories: Sequential branches and merges with dot and sum.'''
import numpy as np
from keras.models import Sequential
from keras.layers.embeddings import Embedding
from keras.layers import Activation, Dense, Merge, Permute, Dropout, LSTM

vocab_size, story_maxlen, query_maxlen = 22, 10, 4
rng = np.random.RandomState(0)
inputs = rng.randint(1, vocab_size, (40, story_maxlen))
queries = rng.randint(1, vocab_size, (40, query_maxlen))
answers = np.eye(vocab_size)[inputs[:, 0]]

input_encoder_m = Sequential()
input_encoder_m.add(Embedding(input_dim=vocab_size, output_dim=8, input_length=story_maxlen))
input_encoder_m.add(Dropout(0.1))
question_encoder = Sequential()
question_encoder.add(Embedding(input_dim=vocab_size, output_dim=8, input_length=query_maxlen))
question_encoder.add(Dropout(0.1))
match = Sequential()
match.add(Merge([input_encoder_m, question_encoder], mode='dot', dot_axes=[2, 2]))
match.add(Activation('softmax'))
input_encoder_c = Sequential()
input_encoder_c.add(Embedding(input_dim=vocab_size, output_dim=query_maxlen,
                              input_length=story_maxlen))
response = Sequential()
response.add(Merge([match, input_encoder_c], mode='sum'))
response.add(Permute((2, 1)))
answer = Sequential()
answer.add(Merge([response, question_encoder], mode='concat', concat_axis=-1))
answer.add(LSTM(8))
answer.add(Dropout(0.1))
answer.add(Dense(vocab_size))
answer.add(Activation('softmax'))
answer.compile(optimizer='rmsprop', loss='categorical_crossentropy', metrics=['accuracy'])
h = answer.fit([inputs, queries, inputs], answers, batch_size=8, nb_epoch=3, verbose=0)
assert h.history['loss'][-1] < h.history['loss'][0]
assert answer.predict([inputs, queries, inputs]).shape == (40, vocab_size)
