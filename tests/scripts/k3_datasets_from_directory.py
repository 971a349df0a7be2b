"""image_ and text_dataset_from_directory, and split_dataset."""
import os
import keras
from keras import layers
import numpy as np

rng = np.random.default_rng(0)
for name, word in (("neg", "bad"), ("pos", "good")):
    os.makedirs(f"reviews/{name}")
    for i in range(6):
        with open(f"reviews/{name}/{i}.txt", "w") as f:
            f.write(f"a {word} film number {i}")
reviews = keras.utils.text_dataset_from_directory("reviews", batch_size=4, seed=1, shuffle=True)
texts, labels = next(iter(reviews))
assert len(texts) == 4 and reviews.class_names == ["neg", "pos"]
vectorize = layers.TextVectorization(max_tokens=20, output_sequence_length=5)
vectorize.adapt(reviews.map(lambda x, y: x))
assert "good" in vectorize.get_vocabulary()

try:
    import PIL
except ImportError:
    print("Pillow is not installed")
else:
    for label, name in enumerate(("dark", "light")):
        os.makedirs(f"images/{name}")
        for i in range(6):
            pixels = rng.integers(0, 90, (10, 10, 3)) + 150 * label
            keras.utils.save_img(f"images/{name}/{i}.png", pixels)
    train_ds, val_ds = keras.utils.image_dataset_from_directory(
        "images", validation_split=0.25, subset="both", seed=3, image_size=(8, 8), batch_size=3,
        label_mode="binary")
    model = keras.Sequential([layers.Rescaling(1 / 255), layers.GlobalAveragePooling2D(),
                              layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.1), "binary_crossentropy", metrics=["accuracy"])
    h = model.fit(train_ds, validation_data=val_ds, epochs=6, verbose=0)
    assert h.history["loss"][-1] < h.history["loss"][0]
    picture = keras.utils.load_img("images/dark/0.png", target_size=(4, 4), color_mode="rgb")
    array = keras.utils.img_to_array(picture)
    assert array.shape == (4, 4, 3) and keras.utils.array_to_img(array).size == (4, 4)

left, right = keras.utils.split_dataset(np.arange(10), left_size=0.8, seed=1)
assert len(list(left)) == 8 and len(list(right)) == 2
windows = keras.utils.timeseries_dataset_from_array(np.arange(20.0), np.arange(5.0, 25.0), sequence_length=5,
                                                    sequence_stride=2, batch_size=3)
x, y = next(iter(windows))
assert x.shape == (3, 5)
