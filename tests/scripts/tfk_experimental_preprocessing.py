"""Flowers, in the way of 2020: augmentation inside the model."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.layers.experimental import preprocessing
from tensorflow.keras.layers.experimental.preprocessing import Normalization

data_augmentation = tf.keras.Sequential([
    preprocessing.RandomFlip('horizontal', input_shape=(12, 12, 3)),
    preprocessing.RandomRotation(0.1),
    preprocessing.RandomZoom(0.1),
    layers.experimental.preprocessing.RandomTranslation(0.1, 0.1),
    layers.RandomContrast(0.2),
    layers.RandomBrightness(0.1),
    layers.RandomCrop(10, 10),
])
model = tf.keras.Sequential([
    data_augmentation,
    preprocessing.Resizing(8, 8),
    layers.experimental.preprocessing.Rescaling(1. / 255),
    layers.Conv2D(4, 3, padding='same', activation='relu'),
    layers.MaxPooling2D(),
    layers.CenterCrop(2, 2),
    layers.Flatten(),
    layers.Dense(3),
])
model.compile(optimizer='adam',
              loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
              metrics=['accuracy'])
rng = np.random.RandomState(0)
images = rng.randint(0, 256, (12, 12, 12, 3)).astype('float32')
labels = np.arange(12) % 3
history = model.fit(images, labels, epochs=2, batch_size=6, verbose=0)
assert np.isfinite(history.history['loss']).all()
np.testing.assert_allclose(model.predict(images), model.predict(images))
assert data_augmentation(images, training=True).shape == (12, 10, 10, 3)

normalizer = Normalization(axis=-1)
data = rng.rand(50, 3) * 5 + 2
normalizer.adapt(data)
scaled = np.array(normalizer(data))
np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-4)
np.testing.assert_allclose(scaled.std(axis=0), 1, atol=1e-3)
