"""The rows of the table: models, data, batches; the same for every library.

A row names a family of models and its options. `model` builds it with any library that
speaks Keras; `torch_models.py`, `small_peers.py` and `limits.py` know the families too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

CHECKED = 10  # batches, after which losses and outputs are compared


@dataclass(frozen=True)
class Row:
    """A model and how it is trained.

    `steps` batches are the data, `epochs` times the data are a round. `limit` is how
    many times the products' own time a step may take; None where no target is set.
    """

    family: str
    batch: int
    steps: int
    epochs: int = 1
    limit: float | None = None
    drops: bool = False  # the model has Dropout
    tolerance: float = 1e-4  # of losses and outputs
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def samples(self) -> int:
        """How many samples the data have."""
        return self.steps * self.batch


def _mlp(*widths: int) -> dict[str, Any]:
    return {"widths": widths}


_WORDS = {"vocabulary": 5000, "length": 80}

ROWS = {
    "MLP 784-128-10 [32]": Row("mlp", 32, 250, 2, options=_mlp(784, 128, 10)),
    "MLP 784-128-10 [128]": Row("mlp", 128, 80, 3, options=_mlp(784, 128, 10)),
    "MLP 784-512-512-10 [128]": Row(
        "mlp", 128, 50, limit=2, options=_mlp(784, 512, 512, 10)
    ),
    "MLP 784-1024x3-10 [256]": Row(
        "mlp", 256, 10, limit=2, options=_mlp(784, 1024, 1024, 1024, 10)
    ),
    "MLP 64-32-10 [32]": Row("mlp", 32, 500, 3, options=_mlp(64, 32, 10)),
    "Convnet 28x28x1 [128]": Row("convnet", 128, 40, limit=3, drops=True),
    "Convnet 32x32x3, BatchNormalization [64]": Row(
        # PyTorch sums 65,536 values one by one in float32; the steps amplify that.
        "batchnorm",
        64,
        10,
        limit=3,
        tolerance=5e-3,
    ),
    "LSTM 64, 28 steps of 28 [128]": Row(
        "recurrent", 128, 40, 4, options={"cell": "LSTM"}
    ),
    "Embedding, LSTM 64, 80 steps [32]": Row(
        "words", 32, 20, options={"cell": "LSTM", **_WORDS}
    ),
    "GRU 64, 28 steps of 28 [128]": Row(
        "recurrent", 128, 40, 4, options={"cell": "GRU"}
    ),
    "Embedding, Conv1D, 400 steps [32]": Row(
        "words_convnet", 32, 40, options={"vocabulary": 5000, "length": 400}
    ),
    "Transformer block, 200 steps [32]": Row(
        "transformer",
        32,
        10,
        drops=True,
        options={"vocabulary": 20_000, "length": 200},
    ),
    "Autoencoder, Conv2DTranspose [128]": Row("autoencoder", 128, 20, limit=3),
}


# Data


def data(row: Row) -> tuple[np.ndarray, np.ndarray]:
    """Return the inputs and targets of a row, float32 or int32."""
    rng = np.random.default_rng(0)
    n, options = row.samples, row.options
    if row.family in ("words", "words_convnet", "transformer"):
        x = rng.integers(1, options["vocabulary"], (n, options["length"]))
        return x.astype(np.int32), rng.integers(0, 2, n).astype(np.int32)
    shapes = {
        "convnet": (28, 28, 1),
        "autoencoder": (28, 28, 1),
        "batchnorm": (32, 32, 3),
        "recurrent": (28, 28),
    }
    shape = shapes.get(row.family) or options["widths"][:1]
    x = rng.random((n, *shape), dtype=np.float32)
    if row.family == "autoencoder":
        return x, x
    return x, rng.integers(0, 10, n).astype(np.int32)


def loss_name(row: Row) -> str:
    """Return the name of the loss."""
    one_unit = row.family in ("autoencoder", "words", "words_convnet")
    return "binary_crossentropy" if one_unit else "sparse_categorical_crossentropy"


# Models, in the words of Keras; `drop` is False where results are compared


def model(keras: Any, row: Row, drop: bool = True) -> Any:
    """Return the model of a row, compiled with Adam."""
    built = FAMILIES[row.family](keras, drop, **row.options)
    metrics = [] if row.family == "autoencoder" else ["accuracy"]
    built.compile(keras.optimizers.Adam(0.001), loss_name(row), metrics=metrics)
    return built


def mlp(keras: Any, drop: bool, widths: tuple[int, ...]) -> Any:
    """Dense layers."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((widths[0],)),
            *(layers.Dense(n, activation="relu") for n in widths[1:-1]),
            layers.Dense(widths[-1], activation="softmax"),
        ]
    )


def convnet(keras: Any, drop: bool) -> Any:
    """Keras's first convnet for MNIST."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5 * drop),
            layers.Dense(10, activation="softmax"),
        ]
    )


def batchnorm(keras: Any, drop: bool) -> Any:
    """Six convolutions with batch normalization, as for CIFAR-10."""
    layers = keras.layers
    stack = [keras.Input((32, 32, 3))]
    for filters in (32, 64, 128):
        for _ in range(2):
            stack += [
                layers.Conv2D(filters, 3, padding="same", activation="relu"),
                layers.BatchNormalization(),
            ]
        stack.append(layers.MaxPooling2D())
    return keras.Sequential(
        [*stack, layers.Flatten(), layers.Dense(10, activation="softmax")]
    )


def recurrent(keras: Any, drop: bool, cell: str) -> Any:
    """Rows of an image read one after the other."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            getattr(layers, cell)(64),
            layers.Dense(10, activation="softmax"),
        ]
    )


def words(keras: Any, drop: bool, cell: str, vocabulary: int, length: int) -> Any:
    """Words read one after the other."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((length,), dtype="int32"),
            layers.Embedding(vocabulary, 64),
            getattr(layers, cell)(64),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def words_convnet(keras: Any, drop: bool, vocabulary: int, length: int) -> Any:
    """Keras's imdb_cnn, without its dropout."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((length,), dtype="int32"),
            layers.Embedding(vocabulary, 50),
            layers.Conv1D(250, 3, activation="relu"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(250, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def transformer(keras: Any, drop: bool, vocabulary: int, length: int) -> Any:
    """Keras's text_classification_with_transformer."""
    layers = keras.layers

    class Positions(layers.Layer):
        def __init__(self):
            super().__init__()
            self.table = layers.Embedding(length, 32)

        def build(self, input_shape):
            self.table.build((length,))
            super().build(input_shape)

        def call(self, x):
            return x + self.table(keras.ops.arange(0, length, 1))

        def compute_output_shape(self, input_shape):
            return input_shape

    inputs = keras.Input((length,), dtype="int32")
    x = Positions()(layers.Embedding(vocabulary, 32)(inputs))
    attended = layers.MultiHeadAttention(num_heads=2, key_dim=32)(x, x)
    attended = layers.Dropout(0.1 * drop)(attended)
    x = layers.LayerNormalization(epsilon=1e-6)(x + attended)
    thought = layers.Dense(32)(layers.Dense(32, activation="relu")(x))
    thought = layers.Dropout(0.1 * drop)(thought)
    x = layers.LayerNormalization(epsilon=1e-6)(x + thought)
    x = layers.Dropout(0.1 * drop)(layers.GlobalAveragePooling1D()(x))
    x = layers.Dropout(0.1 * drop)(layers.Dense(20, activation="relu")(x))
    return keras.Model(inputs, layers.Dense(2, activation="softmax")(x))


def autoencoder(keras: Any, drop: bool) -> Any:
    """Keras's convolutional autoencoder."""
    layers = keras.layers
    same = {"activation": "relu", "padding": "same"}
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, **same),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, **same),
            layers.MaxPooling2D(),
            layers.Conv2DTranspose(32, 3, strides=2, **same),
            layers.Conv2DTranspose(32, 3, strides=2, **same),
            layers.Conv2D(1, 3, activation="sigmoid", padding="same"),
        ]
    )


FAMILIES = {
    function.__name__: function
    for function in (
        mlp,
        convnet,
        batchnorm,
        recurrent,
        words,
        words_convnet,
        transformer,
        autoencoder,
    )
}
