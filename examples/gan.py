"""A generative adversarial network: a forger and a detective teach each other digits.

The generator turns 64 random numbers into a picture; the discriminator says whether a
picture is real or forged.  Each learns against the other, in a `train_step` of its own:
first the discriminator, on real and on forged pictures, and then the generator, whose
loss goes back through the discriminator into the picture.  Neither loss falls for long,
as both get better: look at the pictures instead.

    python gan.py --output gan.png

Four epochs of MNIST take some four and a half minutes on one core.  After the first the
pictures look like handwriting, after the fourth most of them like digits, all ten of
them, though some remain inventions; both losses stay where they are: d_loss 0.67 and
g_loss 0.86, near the 0.69 of a discriminator that can only guess.

Source: A. Radford, L. Metz and S. Chintala (2015), Unsupervised representation learning
with deep convolutional generative adversarial networks, arXiv:1511.06434.

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

LATENT = 64


def make_generator(side):
    """Return a network from random numbers to pictures of values in 0..1."""
    quarter = side // 4
    return keras.Sequential(
        [
            keras.Input(shape=(LATENT,)),
            layers.Dense(quarter * quarter * 64),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Reshape((quarter, quarter, 64)),
            layers.Conv2DTranspose(32, 4, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same"),
            layers.Activation("sigmoid"),
        ],
        name="generator",
    )


def make_discriminator(side):
    """Return a network from pictures to one number: positive for a real one."""
    return keras.Sequential(
        [
            keras.Input(shape=(side, side, 1)),
            layers.Conv2D(16, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(32, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Flatten(),
            layers.Dropout(0.4),
            layers.Dense(1),
        ],
        name="discriminator",
    )


class GAN(keras.Model):
    """A generator and a discriminator, trained against each other."""

    def __init__(self, generator, discriminator):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.g_loss = keras.metrics.Mean(name="g_loss")
        self.d_loss = keras.metrics.Mean(name="d_loss")

    def compile(self, g_optimizer, d_optimizer):
        super().compile()
        self.g_optimizer = g_optimizer
        self.d_optimizer = d_optimizer
        self.judge = keras.losses.BinaryCrossentropy(from_logits=True)

    def train_step(self, real):
        ones, zeros = np.ones((len(real), 1)), np.zeros((len(real), 1))

        # The discriminator: real pictures are 1 (or 0.9: none is quite certain), forged
        # ones 0.  `detach` cuts the graph, so that nothing flows into the generator.
        forged = self.generator(self.noise(len(real)), training=True).detach()
        d_loss = self.judge(0.9 * ones, self.discriminator(real, training=True))
        d_loss += self.judge(zeros, self.discriminator(forged, training=True))
        self.descend(d_loss, self.discriminator, self.d_optimizer)

        # The generator: its forgeries shall be taken for real.
        forged = self.generator(self.noise(len(real)), training=True)
        g_loss = self.judge(ones, self.discriminator(forged, training=True))
        self.descend(g_loss, self.generator, self.g_optimizer)

        self.d_loss.update_state(d_loss / 2)
        self.g_loss.update_state(g_loss)
        return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}

    def noise(self, count):
        return keras.random.normal((count, LATENT))

    def descend(self, loss, network, optimizer):
        """Change the weights of one network alone."""
        weights = network.trainable_weights
        optimizer.apply(keras.gradients(loss, weights), weights)


def draw(pictures, path):
    """Draw pictures in a square, as one image with thin lines between them."""
    count = int(len(pictures) ** 0.5)
    tiles = np.pad(pictures[..., 0], [(0, 0), (1, 1), (1, 1)], constant_values=0.25)
    side = tiles.shape[1]
    tiles = tiles.reshape(count, count, side, side).swapaxes(1, 2)
    figure = Figure(figsize=(7, 7.4), layout="constrained")
    axes = figure.subplots()
    axes.imshow(tiles.reshape(count * side, count * side), cmap="gray", vmin=0, vmax=1)
    axes.set_title("Digits that nobody wrote", size=14)
    axes.axis("off")
    figure.savefig(path, dpi=120)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="use the packaged 8x8 digits instead"
    )
    parser.add_argument("--output", type=Path, default=Path("gan.png"))
    options = parser.parse_args(arguments)
    if options.output.is_dir():
        parser.error(f"--output must be a file; received the folder {options.output}")

    keras.utils.set_random_seed(1)
    data = keras.datasets.digits if options.quick else keras.datasets.mnist
    (images, _), _ = data.load_data()
    images = images[..., None].astype("float32") / images.max()

    epochs, learning_rate = (12, 2e-3) if options.quick else (4, 5e-4)
    model = GAN(make_generator(images.shape[1]), make_discriminator(images.shape[1]))
    model.compile(
        g_optimizer=keras.optimizers.Adam(learning_rate, beta_1=0.5),
        d_optimizer=keras.optimizers.Adam(learning_rate, beta_1=0.5),
    )
    history = model.fit(images, epochs=epochs, batch_size=64, verbose=2)

    pictures = model.generator.predict(model.noise(100), verbose=0)
    draw(pictures, options.output)
    print(f"Picture: {options.output}")
    return {name: values[-1] for name, values in history.history.items()} | {
        "pictures": pictures
    }


if __name__ == "__main__":
    main()
