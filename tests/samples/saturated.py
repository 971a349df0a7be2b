"""Programs whose probabilities are rounded to 0 and 1, for Keras and for ours.

Each takes the library, and returns the numbers that both must find.
"""

import numpy as np

LOGITS = np.array([[40, -60, 3], [-2, 50, 90], [0, 1e4, -1e4]], "float32")
BITS = np.array([[0, 1, 0], [1, 0, 1], [1, 0, 1]], "float32")
CLASSES = np.array([1, 0, 2])
ONE_HOT = np.eye(3, dtype="float32")[CLASSES]


def evaluated(keras, layers, loss, y, metrics, x=LOGITS):
    """Return what `evaluate` and a step of training say of a model without weights."""
    model = keras.Sequential([keras.Input(x.shape[1:]), *layers])
    model.compile("sgd", loss, metrics=metrics)
    numbers = model.evaluate(x, y, verbose=0), model.train_on_batch(x, y)
    return np.ravel(numbers).tolist()


def heads(keras, names=None):
    """Return the losses of probabilities made in several ways; of some of them."""
    layers, losses, metrics = keras.layers, keras.losses, keras.metrics
    binary, several = "binary_crossentropy", "categorical_crossentropy"
    sparse, sigmoid = f"sparse_{several}", layers.Activation("sigmoid")
    softmax = layers.Activation("softmax")
    smooth = {"label_smoothing": 0.2}
    ignoring = losses.SparseCategoricalCrossentropy(ignore_class=2)
    focal = losses.BinaryFocalCrossentropy()
    cases = {
        "sigmoid": ([sigmoid], binary, BITS, [binary]),
        "softmax": ([softmax], several, ONE_HOT, [several]),
        "labels": ([softmax], sparse, CLASSES, [sparse]),
        "layer": ([layers.Softmax()], several, ONE_HOT, [losses.get(several)]),
        "dropout": ([sigmoid, layers.Dropout(0.0)], binary, BITS, ["accuracy"]),
        "reshape": ([softmax, layers.Reshape((3,))], several, ONE_HOT, [several]),
        "smooth": (
            [sigmoid],
            losses.BinaryCrossentropy(**smooth),
            BITS,
            [metrics.BinaryCrossentropy(**smooth)],
        ),
        "ignored": ([softmax], ignoring, CLASSES, [sparse]),
        "focal": ([sigmoid], focal, BITS, [binary]),
        "divergence": ([softmax], "kl_divergence", ONE_HOT, ["kl_divergence"]),
    }
    column = LOGITS[..., None]
    cases["column"] = ([sigmoid], binary, BITS, None, column)
    along = losses.CategoricalCrossentropy(axis=1)
    softmax_1, classes = layers.Softmax(axis=1), np.repeat(ONE_HOT[..., None], 2, -1)
    x = np.stack([LOGITS, LOGITS[:, ::-1]], axis=-1)
    cases["axis"] = ([softmax_1], along, classes, ["accuracy"], x)
    return {name: evaluated(keras, *cases[name]) for name in names or cases}


def by_hand(keras):
    """Return the losses of arrays, of results, and of a function of one's own."""
    losses, p = keras.losses, keras.ops.sigmoid(LOGITS)
    plain = keras.ops.convert_to_numpy(p)
    focal = losses.BinaryFocalCrossentropy(from_logits=True)
    found = [
        losses.binary_crossentropy(BITS, plain),
        losses.binary_crossentropy(BITS, p),
        losses.categorical_crossentropy(ONE_HOT, keras.ops.softmax(LOGITS)),
        keras.ops.sparse_categorical_crossentropy(CLASSES, keras.ops.softmax(LOGITS)),
        focal(BITS, LOGITS),
    ]
    return [keras.ops.convert_to_numpy(each).tolist() for each in found]


def trained(keras, kind):
    """Return the history of a network on columns that nobody scaled."""
    rng = np.random.default_rng(7)
    x = (rng.random((64, 5)) * [5000, 300, 9000, 2, 40]).astype("float32")
    y = (x[:, 0] > x[:, 2] / 2).astype("int64")
    units, activation, loss = {
        "binary": (1, "sigmoid", "binary_crossentropy"),
        "categorical": (2, "softmax", "categorical_crossentropy"),
        "sparse": (2, "softmax", "sparse_categorical_crossentropy"),
    }[kind]
    model = keras.Sequential(
        [
            keras.Input((5,)),
            keras.layers.Dense(12, activation="relu"),
            keras.layers.Dense(units, activation=activation),
        ]
    )
    rng = np.random.default_rng(8)
    model.set_weights([rng.normal(0, 0.3, w.shape) for w in model.get_weights()])
    model.compile("adam", loss, metrics=["accuracy", loss])
    one_hot = np.eye(2, dtype="float32")[y]
    targets = {"binary": y[:, None], "categorical": one_hot, "sparse": y}[kind]
    history = model.fit(x, targets, batch_size=16, epochs=5, shuffle=False, verbose=0)
    after = model.evaluate(x, targets, batch_size=16, verbose=0)
    return {**history.history, "after": [float(number) for number in after]}


def results(keras):
    """Return the numbers of all programs."""
    kinds = ("binary", "categorical", "sparse")
    return {
        "heads": heads(keras),
        "by_hand": by_hand(keras),
        "trained": {kind: trained(keras, kind) for kind in kinds},
    }
