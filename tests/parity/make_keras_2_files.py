"""Make the files of Keras 2 in `tests/data/saved/`, which the library's tests load.

    pip install tf_keras==2.21 tensorflow-cpu==2.21 h5py
    python tests/parity/make_keras_2_files.py

Beside each file lies a .json with inputs, outputs, and the losses of training on.
"""

import json
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[1] / "data" / "saved"


def network(keras):
    """A functional model of two calls of a model inside, attention and convolutions."""
    layers = keras.layers
    inside = keras.Input((4,))
    norm = layers.BatchNormalization()(layers.Dense(3, activation="relu")(inside))
    inner = keras.Model(inside, norm, name="inner")
    first, second = keras.Input((4,), name="first"), keras.Input((5, 4), name="second")
    attended = layers.MultiHeadAttention(2, 3)(second, second)
    pooled = layers.GlobalAveragePooling1D()(attended)
    convolved = layers.SeparableConv1D(2, 2)(second)
    recurrent = layers.Bidirectional(layers.GRU(2))(convolved)
    parts = [inner(first), inner(pooled), recurrent]
    return keras.Model([first, second], layers.Dense(1)(layers.concatenate(parts)))


def optimizers(keras):
    own = keras.optimizers
    decay = own.schedules.ExponentialDecay(0.01, 10, 0.9)
    return {
        "sgd": own.SGD(0.05),
        "rmsprop": own.RMSprop(0.01, momentum=0.5, centered=True),
        "adam": own.Adam(decay, amsgrad=True, use_ema=True),
        "nadam": own.Nadam(0.01),
        "adafactor": own.Adafactor(0.01),
    }


def written(model, name, x, y):
    """Train a model, write it, and go on training."""
    training = {"batch_size": 4, "epochs": 2, "shuffle": False, "verbose": 0}
    model.fit(x, y, **training)
    model.save(FOLDER / name)
    record = {
        "x": [part.tolist() for part in x],
        "y": model.predict(x, verbose=0).tolist(),
        "target": y.tolist(),
        "losses": model.fit(x, y, **training).history["loss"],
        "json": json.loads(model.to_json()),
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(record) + "\n", encoding="utf-8")


def main():
    import tf_keras as keras

    random = np.random.default_rng(0)
    y = random.normal(size=(12, 1)).round(3)
    x = [random.normal(size=(12, *shape)).round(3) for shape in ((4,), (5, 4))]
    keras.utils.set_random_seed(0)
    model = network(keras)
    huber = keras.losses.Huber()
    model.compile("sgd", huber, metrics=["mae", keras.metrics.R2Score()])
    written(model, "keras_2.keras", x, y)
    for name, optimizer in optimizers(keras).items():
        begin = keras.Input((4,))
        model = keras.Model(begin, keras.layers.Dense(1)(begin))
        model.compile(optimizer, "mse")
        written(model, f"keras_2_{name}.keras", x[:1], y)


if __name__ == "__main__":
    main()
