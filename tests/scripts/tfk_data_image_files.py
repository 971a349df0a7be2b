"""Photos in folders, read by tf.io and changed by tf.image."""

import pathlib
import numpy as np
import tensorflow as tf

SIZE, BATCH = 24, 8
root = pathlib.Path("photos")
rng = np.random.default_rng(0)
for name, brightness in (("day", 180), ("night", 30)):
    (root / name).mkdir(parents=True)
    for i in range(14):
        pixels = np.clip(rng.normal(brightness, 20, (30 + i, 28, 3)), 0, 255).astype(
            "uint8"
        )
        tf.io.write_file(str(root / name / f"{i:02d}.jpg"), tf.io.encode_jpeg(pixels))

classes = np.array(sorted(item.name for item in root.glob("*")))
table = tf.lookup.StaticHashTable(
    tf.lookup.KeyValueTensorInitializer(
        tf.constant(classes), tf.range(len(classes), dtype=tf.int64)
    ),
    -1,
)


def read(path):
    label = table.lookup(tf.strings.split(path, "/")[-2])
    image = tf.io.read_file(path)
    image = tf.image.decode_jpeg(image, channels=3)
    image = tf.image.convert_image_dtype(image, tf.float32)
    image = tf.image.resize(image, [SIZE, SIZE])
    image.set_shape([SIZE, SIZE, 3])
    return image, label


def augment(image, label):
    image = tf.image.random_flip_left_right(image)
    image = tf.image.random_brightness(image, 0.05)
    image = tf.image.resize_with_crop_or_pad(image, SIZE + 4, SIZE + 4)
    image = tf.image.random_crop(image, size=[SIZE, SIZE, 3])
    if tf.random.uniform(()) > 0.5:
        image = tf.image.adjust_contrast(image, 1.1)
    return tf.clip_by_value(image, 0.0, 1.0), label


files = tf.data.Dataset.list_files(str(root / "*/*.jpg"), shuffle=False)
count = tf.data.experimental.cardinality(files).numpy()
files = files.shuffle(count, seed=1, reshuffle_each_iteration=False)
valid = files.take(count // 4).map(read).batch(BATCH)
train = files.skip(count // 4).map(read, num_parallel_calls=tf.data.AUTOTUNE).cache()
train = train.shuffle(100).map(augment).batch(BATCH).prefetch(tf.data.AUTOTUNE)
seen = [path.numpy().decode() for path in files]
assert len(set(seen)) == 28 and seen == [path.numpy().decode() for path in files]

images, labels = next(iter(train))
assert images.shape == (BATCH, SIZE, SIZE, 3) and images.dtype == tf.float32
assert set(labels.numpy()) <= {0, 1} and classes[labels[0]] in ("day", "night")

model = tf.keras.Sequential(
    [
        tf.keras.layers.Input((SIZE, SIZE, 3)),
        tf.keras.layers.AveragePooling2D(8),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(2, activation="softmax"),
    ]
)
model.compile(
    tf.keras.optimizers.Adam(0.05),
    "sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
history = model.fit(train, epochs=6, validation_data=valid, verbose=0)
assert history.history["val_accuracy"][-1] > 0.8
truth = np.concatenate([y for x, y in valid])
guess = np.argmax(model.predict(valid, verbose=0), axis=1)
assert (truth == guess).mean() > 0.8

with tf.io.TFRecordWriter("photos.tfrecord") as writer:
    for path in seen:
        features = tf.train.Features(
            feature={
                "image": tf.train.Feature(
                    bytes_list=tf.train.BytesList(value=[tf.io.read_file(path).numpy()])
                ),
                "night": tf.train.Feature(
                    int64_list=tf.train.Int64List(value=[int("night" in path)])
                ),
            }
        )
        writer.write(tf.train.Example(features=features).SerializeToString())
kinds = {
    "image": tf.io.FixedLenFeature([], tf.string),
    "night": tf.io.FixedLenFeature([], tf.int64),
}


def parse(record):
    example = tf.io.parse_single_example(record, kinds)
    image = tf.image.resize(tf.io.decode_jpeg(example["image"]), (SIZE, SIZE)) / 255.0
    return image, example["night"]


records = tf.data.TFRecordDataset(["photos.tfrecord"]).map(parse).batch(7)
assert model.evaluate(records, verbose=0)[1] > 0.8
