"""A training step of one's own: a network that is harder to deceive.

Change each pixel by at most a tenth of the way from black to white, in the direction in
which the loss grows fastest, and a network that reads 98 of 100 digits rightly is wrong
about two thirds of them, though they look the same to us.  The remedy is to train on
such pictures.  They depend on the weights of the moment, hence they are made inside
`train_step`: the same backward walk that gives the gradients of the weights gives that
of the input.  `fit`, its metrics and callbacks work on as ever.

    python custom_train_step.py

Ten epochs of MNIST for each network, 50 seconds on one core in all:

    test accuracy  plain pictures  changed by up to 0.1
    Sequential             0.9796                0.3289
    Robust                 0.9843                0.9164

Source: I. Goodfellow, J. Shlens and C. Szegedy (2014), Explaining and harnessing
adversarial examples, arXiv:1412.6572.

With --quick: a short run on the small digits that come with KeraTorch.
"""

import argparse

import numpy as np

import keratorch as keras
from keratorch import layers

REACH = 0.1  # the most by which a pixel of 0..1 changes


class Robust(keras.Sequential):
    """A Sequential model that trains on pictures made to deceive it."""

    def train_step(self, data):
        x, y = data
        # Half of the batch stays as it is, so that plain pictures are not forgotten.
        half = len(x) // 2
        x = np.concatenate([deceiving(self, x[:half], y[:half]), x[half:]])

        y_pred = self(x, training=True)
        loss = self.compute_loss(x, y, y_pred)
        self.zero_grad()
        loss.backward()
        weights = self.trainable_weights
        self.optimizer.apply_gradients((w.grad, w) for w in weights)

        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {metric.name: metric.result() for metric in self.metrics}


def deceiving(model, x, y):
    """Return the pictures, changed a little in the direction that hurts most."""
    x = keras.GradArray(x)  # an input that wants a gradient, as a weight does
    loss = model.compute_loss(x, y, model(x, training=False))
    gradient = keras.gradients(loss, x)
    return np.clip(x.numpy() + REACH * np.sign(gradient), 0, 1)


def make_model(kind, pixels):
    model = kind(
        [
            keras.Input(shape=(pixels,)),
            layers.Dense(256, activation="relu"),
            layers.Dense(256, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="use the packaged 8x8 digits instead"
    )
    options = parser.parse_args(arguments)

    dataset = keras.datasets.digits if options.quick else keras.datasets.mnist
    (x_train, y_train), (x_test, y_test) = dataset.load_data()
    white = x_train.max()
    x_train, x_test = (
        x.reshape(len(x), -1).astype("float32") / white for x in (x_train, x_test)
    )

    results = {}
    for kind in (keras.Sequential, Robust):
        keras.utils.set_random_seed(1)
        model = make_model(kind, x_train.shape[1])
        print(f"{kind.__name__}:")
        epochs, batch_size = (30, 32) if options.quick else (10, 128)
        model.fit(x_train, y_train, epochs=epochs, batch_size=batch_size, verbose=2)
        _, plain = model.evaluate(x_test, y_test, verbose=0)
        changed = deceiving(model, x_test, y_test)
        _, deceived = model.evaluate(changed, y_test, verbose=0)
        results[kind.__name__] = plain, deceived

    print(f"\ntest accuracy  plain pictures  changed by up to {REACH}")
    for name, (plain, deceived) in results.items():
        print(f"{name:13}  {plain:14.4f}  {deceived:20.4f}")
    return results


if __name__ == "__main__":
    main()
