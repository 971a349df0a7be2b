'''Pretrained word vectors: Tokenizer, pad_sequences, a frozen Embedding.'''
import numpy as np
from keras.preprocessing.text import Tokenizer, one_hot, text_to_word_sequence, hashing_trick
from keras.preprocessing.sequence import pad_sequences
from keras.models import Sequential
from keras.layers import Dense, Flatten, Embedding, Conv1D, MaxPooling1D, GlobalMaxPooling1D
from keras.layers.embeddings import Embedding as OldEmbedding

docs = ['Well done!', 'Good work', 'Great effort', 'nice work', 'Excellent!', 'Weak',
        'Poor effort!', 'not good', 'poor work', 'Could have done better.']
labels = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
t = Tokenizer(num_words=50, oov_token='<UNK>')
t.fit_on_texts(docs)
word_index = t.word_index
vocab_size = len(word_index) + 1
encoded_docs = t.texts_to_sequences(docs)
max_length = 4
padded_docs = pad_sequences(encoded_docs, maxlen=max_length, padding='post',
                            truncating='post')
assert padded_docs.shape == (10, 4)
assert t.texts_to_matrix(docs, mode='tfidf').shape == (10, 50)
assert t.texts_to_matrix(docs, mode='count').sum() == sum(map(len, encoded_docs))
assert t.sequences_to_texts([[word_index['good']]]) == ['good']
assert text_to_word_sequence('A b, c!') == ['a', 'b', 'c']
assert len(one_hot('some text', 20)) == len(hashing_trick('some text', 20)) == 2

embeddings_index = {w: np.random.RandomState(i).rand(8) for i, w in enumerate(word_index)}
embedding_matrix = np.zeros((vocab_size, 8))
for word, i in word_index.items():
    embedding_vector = embeddings_index.get(word)
    if embedding_vector is not None:
        embedding_matrix[i] = embedding_vector

model = Sequential()
e = Embedding(vocab_size, 8, weights=[embedding_matrix], input_length=4, trainable=False)
model.add(e)
model.add(Flatten())
model.add(Dense(1, activation='sigmoid'))
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['acc'])
print(model.summary())
history = model.fit(padded_docs, labels, epochs=30, verbose=0)
loss, accuracy = model.evaluate(padded_docs, labels, verbose=0)
np.testing.assert_allclose(e.get_weights()[0], embedding_matrix, rtol=1e-6)
assert history.history['acc'][-1] >= 0.5 and accuracy >= 0.5
assert len(model.trainable_weights) == 2

model = Sequential([OldEmbedding(vocab_size, 8, input_length=6),
                    Conv1D(filters=6, kernel_size=3, padding='same', activation='relu'),
                    MaxPooling1D(pool_size=2), GlobalMaxPooling1D(), Dense(1)])
assert model.predict(pad_sequences(encoded_docs, maxlen=6)).shape == (10, 1)
