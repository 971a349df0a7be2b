"""An autoencoder squeezes each digit through ten numbers, and beats PCA at it.

The encoder turns a picture into ten numbers, the decoder makes a picture of them again,
and both learn from the difference to the picture itself: no labels are needed.  Without
hidden layers the best that the two could do is the projection on the ten principal
components (PCA); the bends of the relu units make the same ten numbers say more.

    python autoencoder.py --output autoencoder.png

Fifteen epochs of MNIST (two minutes on one core) leave a mean squared error of 0.0127
for each pixel of the test images; PCA leaves 0.0341.

With --quick: a short run on the small digits that come with KeraTorch.
Needs matplotlib: pip install "keratorch[plot]"
"""

import argparse
import sys
from pathlib import Path

import numpy as np

import keratorch as keras
from keratorch import layers

try:
    from matplotlib.figure import Figure
except ModuleNotFoundError:
    sys.exit('This example draws with matplotlib: pip install "keratorch[plot]"')

CODE = 10


def load_pictures(dataset):
    """Return the training and the test images, in 0..1, without their labels."""
    (x_train, _), (x_test, _) = dataset.load_data()
    white = x_train.max()
    return x_train.astype("float32") / white, x_test.astype("float32") / white


def make_autoencoder(shape):
    """Return encoder, decoder, and the model that is one after the other."""
    pixels = int(np.prod(shape))
    picture = keras.Input(shape=shape, name="picture")
    x = layers.Flatten()(picture)
    x = layers.Dense(512, activation="relu")(x)
    x = layers.Dense(256, activation="relu")(x)
    encoder = keras.Model(picture, layers.Dense(CODE, name="code")(x), name="encoder")

    code = keras.Input(shape=(CODE,), name="ten_numbers")
    x = layers.Dense(256, activation="relu")(code)
    x = layers.Dense(512, activation="relu")(x)
    x = layers.Dense(pixels, activation="sigmoid")(x)
    decoder = keras.Model(code, layers.Reshape(shape)(x), name="decoder")

    autoencoder = keras.Model(picture, decoder(encoder(picture)), name="autoencoder")
    return encoder, decoder, autoencoder


def through_pca(x_train, x_test):
    """Return the test images as their ten principal components describe them."""
    flat = x_train.reshape(len(x_train), -1)
    mean = flat.mean(axis=0)
    _, directions = np.linalg.eigh(np.cov(flat, rowvar=False))
    directions = directions[:, -CODE:].astype("float32")
    codes = (x_test.reshape(len(x_test), -1) - mean) @ directions
    return (codes @ directions.T + mean).reshape(x_test.shape)


def draw(rows, path):
    """Draw rows of pictures, each row with its title."""
    figure = Figure(figsize=(9, 3.1), layout="constrained")
    grid = figure.subplots(len(rows), 10)
    for line, (title, pictures) in zip(grid, rows.items(), strict=True):
        for axes, picture in zip(line, pictures, strict=True):
            axes.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
            axes.set(xticks=[], yticks=[])
        line[0].set_ylabel(title, rotation=0, ha="right", va="center", size=11)
    figure.savefig(path, dpi=160)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="use the packaged 8x8 digits instead"
    )
    parser.add_argument("--output", type=Path, default=Path("autoencoder.png"))
    options = parser.parse_args(arguments)
    if options.output.is_dir():
        parser.error(f"--output must be a file; received the folder {options.output}")

    keras.utils.set_random_seed(1)
    datasets = keras.datasets
    x_train, x_test = load_pictures(
        datasets.digits if options.quick else datasets.mnist
    )
    encoder, decoder, autoencoder = make_autoencoder(x_train.shape[1:])
    autoencoder.summary()

    epochs, batch_size = (25, 32) if options.quick else (15, 128)
    steps = epochs * -(-len(x_train) // batch_size)
    learning_rate = keras.optimizers.schedules.CosineDecay(0.001, decay_steps=steps)
    autoencoder.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    autoencoder.fit(
        x_train,
        x_train,  # the target is the input
        epochs=epochs,
        batch_size=batch_size,
        validation_data=(x_test, x_test),
        verbose=2,
    )
    codes = encoder.predict(x_test, verbose=0)
    decoded = decoder.predict(codes, verbose=0)
    by_pca = through_pca(x_train, x_test)

    errors = {
        "autoencoder": float(np.mean((x_test - decoded) ** 2)),
        "PCA": float(np.mean((x_test - by_pca) ** 2)),
    }
    for name, error in errors.items():
        print(f"mean squared error of a pixel, {name}: {error:.4f}")
    rows = {"picture": x_test, "autoencoder": decoded, "PCA": by_pca}
    draw({name: pictures[:10] for name, pictures in rows.items()}, options.output)
    print(f"Picture: {options.output}")
    return errors


if __name__ == "__main__":
    main()
