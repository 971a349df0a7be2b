"""Structured data with lookups, one column at a time."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

kinds = np.array(['Cat', 'Dog', 'Dog', 'Cat', 'Bird', 'Dog'] * 5)
ages = np.array([1, 5, 12, 3, 2, 7] * 5, dtype='int64')
fees = np.linspace(0, 300, 30).astype('float32')
target = (fees > 100).astype(int)

index = layers.StringLookup(max_tokens=5)
index.adapt(kinds)
encoder = layers.CategoryEncoding(num_tokens=index.vocabulary_size(), output_mode='one_hot')
encoded_kind = np.array(encoder(index(kinds)))
assert encoded_kind.shape == (30, 4)
age_index = layers.IntegerLookup(output_mode='one_hot')
age_index.adapt(ages)
encoded_age = np.array(age_index(ages))
assert encoded_age.shape == (30, 7)
buckets = layers.Discretization(bin_boundaries=[50., 100., 200.])
assert set(np.array(buckets(fees)).ravel()) == {0, 1, 2, 3}
normalization = layers.Normalization(axis=None)
normalization.adapt(fees)
numeric = np.array(normalization(fees)).reshape(-1, 1)
hashed = np.array(layers.Hashing(num_bins=4)(kinds))
assert hashed.max() < 4
crossed = np.array(layers.HashedCrossing(num_bins=6)((kinds, ages)))
assert crossed.shape[0] == 30

kind_in = tf.keras.Input(shape=(4,), name='kind')
age_in = tf.keras.Input(shape=(7,), name='age')
fee_in = tf.keras.Input(shape=(1,), name='fee')
all_features = layers.concatenate([kind_in, age_in, fee_in])
x = layers.Dense(8, activation='relu')(all_features)
output = layers.Dense(1)(layers.Dropout(0.1)(x))
model = tf.keras.Model([kind_in, age_in, fee_in], output)
model.compile(optimizer='adam', loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
              metrics=['accuracy'])
features = {'kind': encoded_kind, 'age': encoded_age, 'fee': numeric}
h = model.fit(features, target, epochs=8, batch_size=10, verbose=0)
assert h.history['loss'][-1] < h.history['loss'][0]
sample = {name: value[:1] for name, value in features.items()}
assert model.predict(sample).shape == (1, 1)
