"""A variational autoencoder lays all digits out on a map, and draws new ones from it.

The encoder gives each picture not one place on the map but a small cloud: a mean and a
variance.  The decoder draws the picture from a place picked at random in the cloud; the
loss adds to the error of that picture the Kullback-Leibler divergence, which keeps the
clouds near the middle and next to each other.  Hence each place on the map means a
picture, and between a 4 and a 9 lie digits that are a little of both.

    python vae.py --output vae.png

Thirty epochs (less than 4 minutes on one core) bring the loss on MNIST's test images to
140 nats: 133 for the picture, and 7 for telling its place on the map.

Source: D. Kingma and M. Welling (2013), Auto-encoding variational Bayes,
arXiv:1312.6114.

With --quick: a short run on the small digits that come with KeraTorch.
Needs matplotlib: pip install "keratorch[plot]"
"""

import argparse
import statistics
import sys
from pathlib import Path

import numpy as np

import keratorch as keras
from keratorch import layers, ops

try:
    from matplotlib.figure import Figure
except ModuleNotFoundError:
    sys.exit('This example draws with matplotlib: pip install "keratorch[plot]"')

GRID = 18


class Sampling(layers.Layer):
    """Pick a place in the cloud: mean + exp(log_variance / 2) * noise."""

    def call(self, inputs):
        mean, log_variance = inputs
        noise = keras.random.normal(ops.shape(mean))
        return mean + ops.exp(0.5 * log_variance) * noise


def make_encoder(pixels):
    picture = keras.Input(shape=(pixels,))
    x = layers.Dense(512, activation="relu")(picture)
    x = layers.Dense(256, activation="relu")(x)
    mean = layers.Dense(2, name="mean")(x)
    log_variance = layers.Dense(2, name="log_variance")(x)
    place = Sampling()([mean, log_variance])
    return keras.Model(picture, [mean, log_variance, place], name="encoder")


def make_decoder(pixels):
    place = keras.Input(shape=(2,))
    x = layers.Dense(256, activation="relu")(place)
    x = layers.Dense(512, activation="relu")(x)
    picture = layers.Dense(pixels, activation="sigmoid")(x)
    return keras.Model(place, picture, name="decoder")


class VAE(keras.Model):
    """Encoder and decoder with the loss of a variational autoencoder."""

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.total_loss = keras.metrics.Mean(name="loss")
        self.picture_loss = keras.metrics.Mean(name="picture_loss")
        self.kl_loss = keras.metrics.Mean(name="kl_loss")

    @property
    def metrics(self):
        return [self.total_loss, self.picture_loss, self.kl_loss]

    def losses_of(self, pictures):
        """Return the two parts of the loss, as means over the pictures."""
        mean, log_variance, place = self.encoder(pictures)
        drawn = self.decoder(place)
        # binary_crossentropy is a mean over the pixels; the formula wants their sum.
        per_picture = keras.losses.binary_crossentropy(pictures, drawn)
        picture_loss = ops.mean(per_picture) * pictures.shape[1]
        divergence = ops.square(mean) + ops.exp(log_variance) - 1 - log_variance
        return picture_loss, ops.mean(ops.sum(0.5 * divergence, axis=1))

    def train_step(self, data):
        picture_loss, kl_loss = self.losses_of(data)
        loss = picture_loss + kl_loss
        weights = self.trainable_weights
        self.optimizer.apply(keras.gradients(loss, weights), weights)
        return self.tracked(picture_loss, kl_loss)

    def test_step(self, data):
        return self.tracked(*self.losses_of(data))

    def tracked(self, picture_loss, kl_loss):
        self.total_loss.update_state(picture_loss + kl_loss)
        self.picture_loss.update_state(picture_loss)
        self.kl_loss.update_state(kl_loss)
        return {metric.name: metric.result() for metric in self.metrics}


def pictures_on_a_grid(decoder, side):
    """Return the map as one image: each step is equally likely under the prior."""
    normal = statistics.NormalDist()
    steps = [normal.inv_cdf(p) for p in np.linspace(0.02, 0.98, GRID)]
    places = np.array([(x, y) for y in reversed(steps) for x in steps], "float32")
    pictures = decoder.predict(places, batch_size=len(places), verbose=0)
    tiles = np.pad(pictures.reshape(-1, side, side), [(0, 0), (1, 1), (1, 1)])
    tiles = tiles.reshape(GRID, GRID, side + 2, side + 2).swapaxes(1, 2)
    return tiles.reshape(GRID * (side + 2), GRID * (side + 2))


def draw(image, means, digits, path):
    """Draw the decoded map, and beside it where the encoder puts test pictures."""
    figure = Figure(figsize=(13, 6.4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.12])
    left.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    left.set_title("What the decoder draws at each place", size=13)
    left.set(xticks=[], yticks=[])
    points = right.scatter(*means.T, 5, digits, cmap="tab10", vmin=-0.5, vmax=9.5)
    right.set_title("Where the encoder puts the test pictures", size=13)
    right.set(xlim=(-3.6, 3.6), ylim=(-3.6, 3.6), aspect="equal")
    right.grid(alpha=0.25)
    figure.colorbar(points, ax=right, ticks=range(10), label="digit", shrink=0.85)
    figure.savefig(path, dpi=110)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="use the packaged 8x8 digits instead"
    )
    parser.add_argument("--output", type=Path, default=Path("vae.png"))
    options = parser.parse_args(arguments)
    if options.output.is_dir():
        parser.error(f"--output must be a file; received the folder {options.output}")

    keras.utils.set_random_seed(1)
    dataset = keras.datasets.digits if options.quick else keras.datasets.mnist
    (x_train, _), (x_test, y_test) = dataset.load_data()
    side, white = x_train.shape[1], x_train.max()
    x_train, x_test = (
        x.reshape(len(x), -1).astype("float32") / white for x in (x_train, x_test)
    )

    vae = VAE(make_encoder(side * side), make_decoder(side * side))
    vae.compile(optimizer=keras.optimizers.Adam(0.001))
    epochs, batch_size = (25, 32) if options.quick else (30, 128)
    vae.fit(x_train, epochs=epochs, batch_size=batch_size, verbose=2)
    results = vae.evaluate(x_test, batch_size=1000, verbose=0, return_dict=True)
    for name, value in results.items():
        print(f"test {name}: {value:.2f}")

    means, _, _ = vae.encoder.predict(x_test, verbose=0)
    draw(pictures_on_a_grid(vae.decoder, side), means, y_test, options.output)
    print(f"Picture: {options.output}")
    return results


if __name__ == "__main__":
    main()
