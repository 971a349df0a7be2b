"""Models that both libraries make from the same code, for files that cross."""

import numpy as np


def mlp(keras):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(5, activation="relu", kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.Dense(2),
        ]
    )


def convnet(keras):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            layers.Conv2D(3, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.MaxPooling2D(2),
            layers.SeparableConv2D(4, 2),
            layers.LeakyReLU(0.1),
            layers.DepthwiseConv2D(2),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2, activation="softmax"),
        ]
    )


def two_inputs(keras):
    layers = keras.layers
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    shared = layers.Dense(3, activation="tanh", name="shared")
    both = layers.Concatenate()([shared(a), shared(b), shared(a) + 2 * b[:, :3]])
    first = layers.Dense(1, name="first")(both)
    second = layers.Dense(2, name="second")(keras.ops.relu(both) - 0.5)
    return keras.Model([a, b], [first, second])


def nested(keras):
    layers = keras.layers
    x = keras.Input((6,))
    inner = keras.Model(x, layers.Dense(3, activation="relu")(x), name="inner")
    block = keras.Sequential([layers.Dense(3), layers.LayerNormalization()], name="b")
    x = keras.Input((6,))
    y = layers.Add()([inner(x), block(inner(x)), inner(x * 2.0)])
    return keras.Model(x, layers.Dense(1)(y))


def residual(keras):
    layers = keras.layers
    x = keras.Input((6, 6, 2))
    y = layers.Conv2D(4, 3, padding="same")(x)
    for _ in range(2):
        z = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(y))
        y = layers.ReLU()(layers.add([y, z]))
    return keras.Model(x, layers.Dense(2)(layers.Flatten()(y)))


def recurrent(keras):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((7,)),
            layers.Embedding(11, 4),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
            layers.GRU(3, return_sequences=True),
            layers.TimeDistributed(layers.Dense(3)),
            layers.SimpleRNN(2),
        ]
    )


def attention(keras):
    layers = keras.layers
    x = keras.Input((5, 4))
    y = layers.MultiHeadAttention(2, 3)(x, x)
    y = layers.LayerNormalization()(x + y)
    return keras.Model(x, layers.GlobalAveragePooling1D()(y))


MODELS = [mlp, convnet, two_inputs, nested, residual, recurrent, attention]


def data(make, samples=6):
    """Inputs that a model takes, as one array or a list of them."""
    random = np.random.default_rng(3)

    def normal(*shape):
        return random.normal(size=(samples, *shape)).astype("float32")

    shapes = {
        "mlp": (4,),
        "convnet": (8, 8, 2),
        "nested": (6,),
        "residual": (6, 6, 2),
        "attention": (5, 4),
        "functions": (6, 4),
    }
    if make is two_inputs:
        return [normal(4), normal(4)]
    if make is recurrent:
        return random.integers(0, 11, (samples, 7))
    return normal(*shapes[make.__name__])


def functions(keras):
    """A model of Keras's functions, with arguments of all kinds."""
    layers, ops = keras.layers, keras.ops
    x = keras.Input((6, 4))
    y = layers.Dense(4)(x)
    y = ops.mean(y, axis=1, keepdims=True) + ops.max(y, axis=(1,), keepdims=True)
    y = ops.concatenate([y, x[:, 1:3]], axis=1)
    y = ops.transpose(ops.reshape(y, (-1, 4, 3)), axes=(0, 2, 1))
    y = ops.softmax(y, axis=-1) * ops.sqrt(ops.abs(y) + 1.0)
    y = ops.where(ops.greater(y, 0.1), y, ops.zeros_like(y))
    y = ops.einsum("bij,bkj->bik", y, ops.clip(y, 0.0, 0.5)) / 2.0
    y = ops.stack([y[..., 0], ops.sum(y, axis=-1)], axis=2)
    y = ops.expand_dims(ops.square(y) - ops.cast(y > 0.3, "float32"), 3)
    return keras.Model(x, layers.Dense(2)(ops.squeeze(y, axis=3)))


MODELS.append(functions)
