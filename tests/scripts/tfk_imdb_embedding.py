"""imdb and reuters in vectors of zeros and ones; overfitting and underfitting."""
import numpy as np
from tensorflow.keras.datasets import imdb, reuters
from tensorflow.keras import models, layers, regularizers, optimizers, losses, metrics
from tensorflow.keras.utils import to_categorical

(train_data, train_labels), (test_data, test_labels) = imdb.load_data(num_words=400)
word_index = imdb.get_word_index()
reverse_word_index = dict([(value, key) for (key, value) in word_index.items()])
decoded_review = ' '.join([reverse_word_index.get(i - 3, '?') for i in train_data[0]])
assert len(decoded_review) > 10


def vectorize_sequences(sequences, dimension=400):
    results = np.zeros((len(sequences), dimension))
    for i, sequence in enumerate(sequences):
        results[i, sequence] = 1.
    return results


x_train, x_test = vectorize_sequences(train_data), vectorize_sequences(test_data)
y_train = np.asarray(train_labels).astype('float32')
model = models.Sequential()
model.add(layers.Dense(16, kernel_regularizer=regularizers.l2(0.001), activation='relu',
                       input_shape=(400,)))
model.add(layers.Dropout(0.5))
model.add(layers.Dense(16, kernel_regularizer=regularizers.l1_l2(l1=0.0001, l2=0.001),
                       activation='relu'))
model.add(layers.Dense(1, activation='sigmoid'))
model.compile(optimizer=optimizers.RMSprop(lr=0.005), loss=losses.binary_crossentropy,
              metrics=[metrics.binary_accuracy])
history = model.fit(x_train[20:], y_train[20:], epochs=6, batch_size=10, verbose=0,
                    validation_data=(x_train[:20], y_train[:20]))
history_dict = history.history
assert set(history_dict.keys()) == {'loss', 'binary_accuracy', 'val_loss', 'val_binary_accuracy'}
assert history_dict['loss'][-1] < history_dict['loss'][0]
assert history_dict['acc'] == history_dict['binary_accuracy']

(train_data, train_labels), _ = reuters.load_data(num_words=300)
model = models.Sequential([layers.Dense(24, activation='relu', input_shape=(300,)),
                           layers.Dense(46, activation='softmax')])
model.compile('rmsprop', 'categorical_crossentropy',
              metrics=['accuracy', metrics.top_k_categorical_accuracy])
x = vectorize_sequences(train_data, 300)
model.fit(x, to_categorical(train_labels, 46), epochs=2, batch_size=20, verbose=0)
assert model.predict(x[:2]).shape == (2, 46)
