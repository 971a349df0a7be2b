"""Raw text in, prediction out."""
import re
import string
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, losses
from tensorflow.keras.layers import TextVectorization
from tensorflow.keras.preprocessing.text import Tokenizer
from tensorflow.keras.preprocessing.sequence import pad_sequences

texts = np.array(['What a great movie!', 'I loved this film', 'Terrible, a waste of time',
                  'boring and bad', 'great and fun', 'bad bad movie'] * 4)
labels = np.array([1, 1, 0, 0, 1, 0] * 4)
max_features, sequence_length = 50, 6
vectorize_layer = TextVectorization(max_tokens=max_features, output_mode='int',
                                    output_sequence_length=sequence_length)
vectorize_layer.adapt(texts)
vocabulary = vectorize_layer.get_vocabulary()
assert vocabulary[:2] == ['', '[UNK]'] and 'great' in vocabulary
ids = np.array(vectorize_layer(texts))
assert ids.shape == (24, 6)

model = tf.keras.Sequential([
    layers.Embedding(max_features + 1, 8),
    layers.Dropout(0.2),
    layers.GlobalAveragePooling1D(),
    layers.Dense(1)])
model.compile(loss=losses.BinaryCrossentropy(from_logits=True), optimizer='adam',
              metrics=[tf.metrics.BinaryAccuracy(threshold=0.0)])
history = model.fit(ids, labels, epochs=10, verbose=0)
assert history.history['loss'][-1] < history.history['loss'][0]
text_input = tf.keras.Input(shape=(1,), dtype=tf.string, name='text')
scores = layers.Activation('sigmoid')(model(vectorize_layer(text_input)))
export_model = tf.keras.Model(text_input, scores)
scores = export_model(np.array([['a great film'], ['a waste of time']])).numpy()
assert scores.shape == (2, 1) and ((0 < scores) & (scores < 1)).all()
multi_hot = TextVectorization(max_tokens=20, output_mode='multi_hot')
multi_hot.adapt(texts)
assert np.array(multi_hot(texts[:2])).shape[0] == 2

tokenizer = Tokenizer(num_words=30, oov_token="<OOV>", filters='!,', lower=True)
tokenizer.fit_on_texts(texts.tolist())
padded = pad_sequences(tokenizer.texts_to_sequences(texts.tolist()), maxlen=5, padding='post',
                       truncating='post', dtype='int32', value=0)
assert padded.shape == (24, 5) and tokenizer.word_index['<OOV>'] == 1
