"""A siamese network tells whether two pictures show the same digit, even a new one.

One network, used twice with the same weights, gives each of two pictures a place among
others; the distance of the two places is the answer.  The contrastive loss pulls equal
digits together and pushes different ones at least a margin apart.  The network learns
with the digits 0 to 7 alone.  What it learns is likeness and no list of classes, so it
can be asked about 8 and 9, which it has never seen: it does better than by guessing,
and far worse than with what it knows, as eight classes teach only a part of likeness.

    python siamese.py

Eight epochs of 60,000 pairs of MNIST (half a minute on one core): 97.6 % of the pairs
of known digits are judged rightly, and 69.2 % of the pairs of new ones, where guessing
would give 50 %.

Source: R. Hadsell, S. Chopra and Y. LeCun (2006), Dimensionality reduction by learning
an invariant mapping, CVPR.

With --quick: a short run on the small digits that come with KeraTorch.
"""

import argparse

import numpy as np

import keratorch as keras
from keratorch import layers, ops

MARGIN = 1.0


def contrastive_loss(y_true, distance):
    """same * distance**2 + different * max(margin - distance, 0)**2, per pair."""
    same, different = y_true, 1 - y_true
    gap = ops.maximum(MARGIN - distance, 0)
    return ops.mean(same * ops.square(distance) + different * ops.square(gap), axis=-1)


def accuracy(y_true, distance):
    """Whether 'same' is said of pairs nearer than half the margin, and only then."""
    return ops.mean((distance < MARGIN / 2) == (y_true > 0.5), axis=-1)


def make_pairs(images, labels, count, generator):
    """Return two arrays of images, and whether (1) or not (0) the digits are equal.

    Half of the pairs are equal.
    """
    places = {digit: np.flatnonzero(labels == digit) for digit in np.unique(labels)}
    digits = np.array(list(places))
    first = generator.choice(digits, count)
    shift = generator.integers(1, len(digits), count)
    other = digits[(np.searchsorted(digits, first) + shift) % len(digits)]
    same = np.arange(count) % 2
    second = np.where(same, first, other)
    left, right = (
        images[[generator.choice(places[digit]) for digit in side]]
        for side in (first, second)
    )
    return (left, right), same[:, None].astype("float32")


def make_model(shape):
    embed = keras.Sequential(
        [
            keras.Input(shape=shape),
            layers.Flatten(),
            layers.Dropout(0.25),
            layers.Dense(256, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(64),
            layers.UnitNormalization(),
        ],
        name="embed",
    )
    left = keras.Input(shape=shape, name="left")
    right = keras.Input(shape=shape, name="right")
    apart = embed(left) - embed(right)
    # The square root is infinitely steep at 0.
    distance = ops.sqrt(ops.sum(ops.square(apart), axis=-1, keepdims=True) + 1e-6)
    model = keras.Model(inputs=[left, right], outputs=distance, name="siamese")
    model.compile(optimizer="adam", loss=contrastive_loss, metrics=[accuracy])
    return model


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="use the packaged 8x8 digits instead"
    )
    options = parser.parse_args(arguments)

    keras.utils.set_random_seed(1)
    generator = np.random.default_rng(1)
    dataset = keras.datasets.digits if options.quick else keras.datasets.mnist
    (x_train, y_train), (x_test, y_test) = dataset.load_data()
    white = x_train.max()
    x_train, x_test = (
        x_train.astype("float32") / white,
        x_test.astype("float32") / white,
    )

    def pairs(images, labels, digits, count):
        chosen = np.isin(labels, digits)
        return make_pairs(images[chosen], labels[chosen], count, generator)

    known, new = np.arange(8), np.array([8, 9])
    many, few = (8_000, 1_000) if options.quick else (60_000, 10_000)
    x, y = pairs(x_train, y_train, known, many)
    model = make_model(x_train.shape[1:])
    model.summary()
    model.fit(x, y, batch_size=128, epochs=8, verbose=2)

    results = {}
    for name, digits in {"known": known, "new": new}.items():
        x, y = pairs(x_test, y_test, digits, few)
        _, results[name] = model.evaluate(x, y, verbose=0)
        print(f"accuracy on pairs of {name} digits: {results[name]:.4f}")
    return results


if __name__ == "__main__":
    main()
