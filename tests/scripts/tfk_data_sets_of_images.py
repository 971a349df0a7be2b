"""Sets of tensorflow_datasets in the pipeline that its examples show."""

import tensorflow as tf
import tensorflow_datasets as tfds

tfds.disable_progress_bar()
(train, valid, test), info = tfds.load(
    "mnist",
    split=["train[:75%]", "train[75%:]", "test"],
    shuffle_files=True,
    as_supervised=True,
    with_info=True,
)
classes = info.features["label"].num_classes
assert classes == 10 and info.splits["train"].num_examples == len(train) + len(valid)


def scale(image, label):
    return tf.cast(image, tf.float32) / 255.0, tf.one_hot(label, classes)


def prepare(ds, training=False):
    ds = ds.map(scale, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if training:
        ds = ds.shuffle(info.splits["train"].num_examples)
    return ds.batch(20).prefetch(tf.data.AUTOTUNE)


model = tf.keras.models.Sequential(
    [
        tf.keras.layers.Flatten(input_shape=(28, 28, 1)),
        tf.keras.layers.Dense(32, activation="relu"),
        tf.keras.layers.Dense(classes, activation="softmax"),
    ]
)
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
history = model.fit(
    prepare(train, True), validation_data=prepare(valid), epochs=6, verbose=0
)
assert history.history["accuracy"][-1] > 0.5
loss, accuracy = model.evaluate(prepare(test), verbose=0)
assert accuracy > 0.5
for sample in tfds.as_numpy(tfds.load("fashion_mnist", split="test").take(2)):
    assert sample["image"].shape == (28, 28, 1)
