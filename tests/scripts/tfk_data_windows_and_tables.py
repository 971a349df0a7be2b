"""A series in windows and a table in a CSV file, both fed by tf.data."""

import csv
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

WINDOW, HORIZON = 12, 2
time = np.arange(160)
series = (np.sin(time / 6) + 0.02 * time).astype("float32")


def windows(values, shuffle=0):
    ds = tf.data.Dataset.from_tensor_slices(values[:, None])
    ds = ds.window(WINDOW + HORIZON, shift=1, drop_remainder=True)
    ds = ds.flat_map(lambda w: w.batch(WINDOW + HORIZON))
    if shuffle:
        ds = ds.shuffle(shuffle)
    ds = ds.map(
        lambda w: (w[:-HORIZON], w[-HORIZON:, 0]), num_parallel_calls=tf.data.AUTOTUNE
    )
    return ds.batch(16).prefetch(tf.data.AUTOTUNE)


train, valid = windows(series[:120], 50), windows(series[120:])
assert len(train.element_spec[0].shape) == 3
model = tf.keras.Sequential(
    [layers.Input((WINDOW, 1)), layers.GRU(8), layers.Dense(HORIZON)]
)
model.compile(loss=tf.keras.losses.Huber(), optimizer="adam", metrics=["mae"])
history = model.fit(train, validation_data=valid, epochs=3, verbose=0)
assert history.history["loss"][-1] < history.history["loss"][0]
only_x = valid.map(lambda x, y: x)
assert model.predict(only_x, verbose=0).shape == (40 - WINDOW - HORIZON + 1, HORIZON)

rng = np.random.default_rng(0)
with open("flats.csv", "w", newline="") as file:
    rows = csv.writer(file)
    rows.writerow(["rooms", "area", "town", "rent"])
    for _ in range(90):
        rooms, area, town = (
            rng.integers(1, 6),
            rng.uniform(20, 120),
            rng.choice(["a", "b"]),
        )
        rows.writerow(
            [rooms, f"{area:.1f}", town, f"{8 * area + 90 * (town == 'a'):.1f}"]
        )

table = tf.data.experimental.make_csv_dataset(
    "flats.csv", batch_size=15, label_name="rent", num_epochs=1, shuffle_seed=1
)
for features, rent in table.take(1):
    assert list(features) == ["rooms", "area", "town"]
    assert features["rooms"].numpy().dtype == "int32" and rent.shape == (15,)
    assert features["town"].numpy()[0] in (b"a", b"b")

area = layers.Normalization(axis=None)
area.adapt(table.map(lambda x, y: x["area"][:, None]))
town = layers.StringLookup(output_mode="one_hot")
town.adapt(table.map(lambda x, y: x["town"]))


def prepare(features, rent):
    rooms = tf.cast(tf.expand_dims(features["rooms"], -1), tf.float32)
    numbers = tf.concat([rooms, area(features["area"][:, None])], axis=-1)
    return tf.concat(
        [numbers, tf.cast(town(features["town"]), tf.float32)], axis=-1
    ), rent / 1000


ready = table.map(prepare).cache().repeat()
regressor = tf.keras.Sequential([layers.Input((5,)), layers.Dense(1)])
regressor.compile("rmsprop", "mse")
losses = regressor.fit(ready, steps_per_epoch=6, epochs=4, verbose=0).history["loss"]
assert losses[-1] < losses[0]

lines = tf.data.TextLineDataset("flats.csv").skip(1)
columns = lines.map(lambda line: tf.io.decode_csv(line, [0, 0.0, "", 0.0]))
big = columns.filter(lambda rooms, area, town, rent: rooms >= 3)
total = big.reduce(np.float32(0), lambda total, row: total + row[1])
assert 0 < float(total) < 90 * 120
per_town = {"a": [], "b": []}
for rooms, area_, name, rent in columns.as_numpy_iterator():
    per_town[name.decode()].append(rent)
assert min(map(len, per_town.values())) > 10
