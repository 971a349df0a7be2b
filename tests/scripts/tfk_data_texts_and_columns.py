"""Lines of text and feature columns: what older tutorials feed their models with."""

import re
import string
import numpy as np
import tensorflow as tf
from tensorflow import feature_column, keras

with open("reviews.txt", "w", encoding="utf-8") as file:
    for i in range(60):
        mood = ["Good", "Bad"][i % 2]
        file.write(f"{i % 2}\t{mood}, really <br />{mood.lower()} film no {i}!\n")


def standardize(texts):
    texts = tf.strings.regex_replace(tf.strings.lower(texts), "<br />", " ")
    return tf.strings.regex_replace(texts, f"[{re.escape(string.punctuation)}]", "")


def split(line):
    label, text = tf.unstack(tf.strings.split(line, "\t"), num=2)
    return text, tf.strings.to_number(label, out_type=tf.int32)


lines = tf.data.TextLineDataset("reviews.txt").filter(
    lambda line: tf.strings.length(line) > 0
)
reviews = lines.map(split)
vectorize = keras.layers.TextVectorization(
    30, standardize=standardize, output_sequence_length=6
)
vectorize.adapt(reviews.batch(16).map(lambda text, label: text))
assert (
    vectorize.get_vocabulary()[2:4] == ["film", "no"]
    or "film" in vectorize.get_vocabulary()
)
data = (
    reviews.shuffle(60, seed=3)
    .batch(10)
    .map(lambda text, label: (vectorize(text), label))
)
model = keras.Sequential(
    [
        keras.layers.Embedding(30, 8),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
losses = model.fit(data, epochs=5, verbose=0).history["loss"]
assert losses[-1] < losses[0]

words = reviews.map(lambda text, label: tf.strings.split(standardize(text)))
lengths = [int(tf.size(row)) for row in words.take(3)]
assert lengths == [6, 6, 6]
buckets = words.bucket_by_sequence_length(
    lambda row: tf.shape(row)[0], [5, 9], [4, 4, 4]
)
assert next(iter(buckets)).shape == (4, 6)
ragged = tf.strings.split(["a b", "c"])
assert ragged.to_tensor("-").numpy().tolist() == [[b"a", b"b"], [b"c", b"-"]]
letters = keras.layers.StringLookup(vocabulary=list("abc"), mask_token=None)
ids = letters(tf.strings.unicode_split("cab", "UTF-8"))
back = keras.layers.StringLookup(
    vocabulary=letters.get_vocabulary(), invert=True, mask_token=None
)
assert tf.strings.reduce_join(back(ids)).numpy() == b"cab"

rng = np.random.default_rng(0)
table = {
    "age": rng.integers(18, 80, 64),
    "job": rng.choice(["cook", "nurse", "pilot"], 64),
    "town": rng.choice(["x", "y"], 64),
}
paid = (table["age"] > 40).astype("int32")
people = tf.data.Dataset.from_tensor_slices((table, paid)).shuffle(64).batch(16)
age = feature_column.numeric_column("age", normalizer_fn=lambda x: (x - 50) / 20)
decades = feature_column.bucketized_column(
    feature_column.numeric_column("age"), [30, 40, 50, 60]
)
job = feature_column.categorical_column_with_vocabulary_list(
    "job", ["cook", "nurse", "pilot"]
)
columns = [
    age,
    decades,
    feature_column.indicator_column(job),
    feature_column.embedding_column(job, dimension=2),
    feature_column.indicator_column(
        feature_column.crossed_column(["town", decades], 10)
    ),
]
layer = keras.layers.DenseFeatures(columns)
assert layer(next(iter(people))[0]).shape == (16, 1 + 5 + 3 + 2 + 10)
classifier = keras.Sequential(
    [layer, keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)]
)
classifier.compile(
    "adam", keras.losses.BinaryCrossentropy(from_logits=True), metrics=["accuracy"]
)
losses = classifier.fit(people, epochs=8, verbose=0).history["loss"]
assert losses[-1] < losses[0]

rare = tf.data.Dataset.from_tensor_slices(np.ones(5, "int32")).repeat()
common = tf.data.Dataset.from_tensor_slices(np.zeros(50, "int32")).repeat()
mixed = tf.data.Dataset.sample_from_datasets([rare, common], weights=[0.5, 0.5], seed=2)
share = np.mean([int(x) for x in mixed.take(400)])
assert 0.4 < share < 0.6
