"""tf.keras.utils: Sequence, to_categorical, Progbar, normalize, get_file, plots."""
import math
import os
import tensorflow as tf
import numpy as np


class CIFAR10Sequence(tf.keras.utils.Sequence):
    def __init__(self, x_set, y_set, batch_size):
        self.x, self.y = x_set, y_set
        self.batch_size = batch_size

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, idx):
        batch_x = self.x[idx * self.batch_size:(idx + 1) * self.batch_size]
        batch_y = self.y[idx * self.batch_size:(idx + 1) * self.batch_size]
        return np.array(batch_x) / 255., np.array(batch_y)


(x, y), _ = tf.keras.datasets.cifar10.load_data()
sequence = CIFAR10Sequence(x, tf.keras.utils.to_categorical(y), 32)
model = tf.keras.Sequential([
    tf.keras.layers.Input(shape=(32, 32, 3)),
    tf.keras.layers.AveragePooling2D(8),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(10, activation='softmax'),
])
model.compile(optimizer=tf.keras.optimizers.Adam(learning_rate=0.01),
              loss=tf.keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
              metrics=[tf.keras.metrics.CategoricalAccuracy()])
history = model.fit(sequence, epochs=3, workers=2, use_multiprocessing=False, verbose=2,
                    steps_per_epoch=len(sequence))
assert history.history['loss'][-1] < history.history['loss'][0]
assert 'categorical_accuracy' in history.history
assert model.predict(sequence, verbose=0).shape == (80, 10)

progress = tf.keras.utils.Progbar(3, stateful_metrics=['lr'])
for i in range(3):
    progress.update(i + 1, values=[('lr', 0.1), ('loss', 1. - i / 3)])
unit = tf.keras.utils.normalize(np.array([[3., 4.]]), axis=1, order=2)
np.testing.assert_allclose(unit, [[0.6, 0.8]])

folder = os.path.join(os.environ['KERAS_HOME'], 'datasets') if 'KERAS_HOME' in os.environ else '.'
os.makedirs(folder, exist_ok=True)
with open(os.path.join(folder, 'words.txt'), 'w') as f:
    f.write('already in the cache')
if 'KERAS_HOME' in os.environ:
    path = tf.keras.utils.get_file('words.txt', origin='https://example.com/words.txt')
    with open(path) as f:
        assert f.read() == 'already in the cache'
tf.keras.utils.plot_model(model, 'model.svg', show_shapes=True, show_layer_names=True)
dot = tf.keras.utils.model_to_dot(model, show_shapes=True)
assert os.path.exists('model.svg') and dot is not None
tf.keras.utils.set_random_seed(7)
