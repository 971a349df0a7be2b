'''Skip-gram word vectors: skipgrams, make_sampling_table, Dot.'''
import numpy as np
from keras.models import Model
from keras.layers import Input, Embedding, Dense, Reshape, Dot
from keras.preprocessing.text import Tokenizer
from keras.preprocessing.sequence import skipgrams, make_sampling_table, pad_sequences

corpus = ['the cat sat on the mat', 'the dog sat on the log', 'cats and dogs are pets'] * 3
tokenizer = Tokenizer()
tokenizer.fit_on_texts(corpus)
word2id = tokenizer.word_index
vocab_size = len(word2id) + 1
wids = tokenizer.texts_to_sequences(corpus)
sampling_table = make_sampling_table(vocab_size)
assert sampling_table.shape == (vocab_size,)
couples, labels = [], []
for wid in wids:
    pairs, marks = skipgrams(wid, vocabulary_size=vocab_size, window_size=2,
                             negative_samples=1.)
    couples += pairs
    labels += marks
assert 0 in labels and 1 in labels

input_target, input_context = Input((1,)), Input((1,))
embedding = Embedding(vocab_size, 8, input_length=1, name='embedding')
target = Reshape((8, 1))(embedding(input_target))
context = Reshape((8, 1))(embedding(input_context))
dot_product = Reshape((1,))(Dot(axes=1)([target, context]))
output = Dense(1, activation='sigmoid')(dot_product)
model = Model(inputs=[input_target, input_context], outputs=output)
model.compile(loss='binary_crossentropy', optimizer='rmsprop')
word_target, word_context = zip(*couples)
x = [np.array(word_target, dtype='int32'), np.array(word_context, dtype='int32')]
losses = [model.train_on_batch(x, np.array(labels)) for _ in range(15)]
assert losses[-1] < losses[0]
similarity = Dot(axes=1, normalize=True)([Reshape((8,))(embedding(input_target)),
                                          Reshape((8,))(embedding(input_context))])
validation_model = Model([input_target, input_context], similarity)
same = validation_model.predict_on_batch([np.array([3]), np.array([3])])
np.testing.assert_allclose(np.array(same), [[1.]], rtol=1e-5)
