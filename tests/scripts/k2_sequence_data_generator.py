'''A detailed example of data generators with keras.utils.Sequence.'''
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense, Flatten

class DataGenerator(keras.utils.Sequence):
    'Generates data for Keras'
    def __init__(self, list_IDs, labels, batch_size=8, dim=(4, 4), n_channels=1,
                 n_classes=3, shuffle=True):
        'Initialization'
        self.dim = dim
        self.batch_size = batch_size
        self.labels = labels
        self.list_IDs = list_IDs
        self.n_channels = n_channels
        self.n_classes = n_classes
        self.shuffle = shuffle
        self.epochs_seen = 0
        self.on_epoch_end()

    def __len__(self):
        'Denotes the number of batches per epoch'
        return int(np.floor(len(self.list_IDs) / self.batch_size))

    def __getitem__(self, index):
        'Generate one batch of data'
        indexes = self.indexes[index * self.batch_size:(index + 1) * self.batch_size]
        X = np.empty((self.batch_size, *self.dim, self.n_channels))
        y = np.empty((self.batch_size), dtype=int)
        for i, k in enumerate(indexes):
            y[i] = self.labels[self.list_IDs[k]]
            X[i,] = y[i] + 0.1 * np.arange(16).reshape(4, 4, 1)
        return X, keras.utils.to_categorical(y, num_classes=self.n_classes)

    def on_epoch_end(self):
        'Updates indexes after each epoch'
        self.epochs_seen += 1
        self.indexes = np.arange(len(self.list_IDs))
        if self.shuffle == True:
            np.random.shuffle(self.indexes)

ids = ['id-%d' % i for i in range(40)]
labels = {name: i % 3 for i, name in enumerate(ids)}
training_generator = DataGenerator(ids[:32], labels)
validation_generator = DataGenerator(ids[32:], labels, shuffle=False)
model = Sequential()
model.add(Flatten(input_shape=(4, 4, 1)))
model.add(Dense(3, activation='softmax'))
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
h = model.fit_generator(generator=training_generator, validation_data=validation_generator,
                        use_multiprocessing=True, workers=2, epochs=3, verbose=0)
assert training_generator.epochs_seen >= 3
assert len(h.history['val_acc']) == 3
assert model.predict_generator(validation_generator).shape == (8, 3)
assert len(model.evaluate_generator(validation_generator, steps=1)) == 2
