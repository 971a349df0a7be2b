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


def convolutional(keras):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((4, 6, 6, 2)),
            layers.TimeDistributed(layers.Conv2D(3, 3, activation="relu")),
            layers.ConvLSTM2D(2, 2, return_sequences=True, padding="same"),
            layers.Bidirectional(layers.ConvLSTM2D(2, 2), merge_mode="sum"),
            layers.Conv2DTranspose(2, 2, strides=2),
            layers.GroupNormalization(2),
            layers.Flatten(),
        ]
    )


def masked(keras):
    layers = keras.layers
    x = keras.Input((7,))
    y = layers.Embedding(11, 4, mask_zero=True)(x)
    y = layers.Bidirectional(
        layers.GRU(3, return_sequences=True, reset_after=False),
        backward_layer=layers.LSTM(3, return_sequences=True, go_backwards=True),
    )(y)
    z = layers.SimpleRNN(3, activation="relu")(y)
    y = layers.LSTM(4, unit_forget_bias=False, recurrent_dropout=0.2)(y)
    return keras.Model(x, layers.Dense(2)(layers.concatenate([y, z])))


def stacked_cells(keras):
    layers = keras.layers
    cells = [layers.LSTMCell(3), layers.GRUCell(4), layers.SimpleRNNCell(2)]
    x = keras.Input((5, 3))
    y, *states = layers.RNN(cells, return_sequences=True, return_state=True)(x)
    y = layers.RNN(layers.StackedRNNCells([layers.LSTMCell(2)]))(y)
    return keras.Model(x, layers.concatenate([y, states[1], *states[0]]))


def stateful(keras):
    layers = keras.layers
    x = keras.Input(batch_shape=(3, 5, 2))
    y = layers.LSTM(3, stateful=True)(x)
    return keras.Model(x, layers.Dense(1)(y))


def translator(keras):
    layers = keras.layers
    source, target = keras.Input((6,)), keras.Input((5,))
    read = layers.Bidirectional(layers.LSTM(3, return_state=True))
    _, *states = read(layers.Embedding(11, 4, mask_zero=True)(source))
    y = layers.Embedding(11, 4)(target)
    y = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(
        y, initial_state=states
    )
    y, state = layers.GRU(3, return_sequences=True, return_state=True)(
        y, initial_state=states[0]
    )
    return keras.Model(
        [source, target], layers.Dense(2)(y + layers.Reshape((1, 3))(state))
    )


def several_attentions(keras):
    layers = keras.layers
    query, value = keras.Input((5, 4)), keras.Input((6, 4))
    one = layers.MultiHeadAttention(2, 3, value_dim=2, output_shape=4, dropout=0.1)
    y, scores = one(query, value, return_attention_scores=True)
    two = layers.MultiHeadAttention(1, 2, use_bias=False, attention_axes=(1,))
    y = y + two(query, value, key=value, use_causal_mask=False)
    y = y + layers.GroupQueryAttention(3, 4, 2)(query, value)
    y = y + layers.Attention(use_scale=True, score_mode="concat")([query, value])
    y = y + layers.AdditiveAttention()([query, value, value])
    y = layers.LayerNormalization(axis=-1)(layers.RMSNormalization()(y))
    return keras.Model([query, value], [y, layers.Flatten()(scores)])


def causal(keras):
    layers = keras.layers
    x = keras.Input((5,))
    y = layers.Embedding(11, 4, mask_zero=True)(x)
    attended = layers.MultiHeadAttention(2, 2)(y, y, use_causal_mask=True)
    y = layers.LayerNormalization()(layers.add([y, attended]))
    return keras.Model(x, layers.Dense(2)(layers.GlobalAveragePooling1D()(y)))


def prepared(keras):
    """Layers that know their data before training."""
    layers = keras.layers
    scale = layers.Normalization()
    scale.adapt(np.arange(24, dtype="float32").reshape(6, 4) ** 1.5)
    given = layers.Normalization(mean=[0.5, 1, 2, 3], variance=[1.0, 2, 3, 4])
    cut = layers.Discretization([-1.0, 0.0, 1.0], output_mode="one_hot")
    x = keras.Input((4,))
    buckets = layers.Flatten()(cut(x))
    y = layers.concatenate([scale(x), given(x), buckets, layers.Rescaling(0.5, 1)(x)])
    return keras.Model(x, layers.Dense(2, activation="tanh")(y))


def deeply_nested(keras):
    layers = keras.layers
    x = keras.Input((4,), name="x")
    twice = keras.Model(x, [layers.Dense(3)(x), layers.Dense(3)(x * x)], name="twice")
    head = keras.Sequential(
        [keras.Input((3,)), keras.Sequential([layers.Dense(4)]), layers.PReLU()]
    )
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    pairs = keras.Model(
        {"a": a, "b": b},
        {"sum": layers.Add()([*twice(a), *twice(b)]), "head": head(twice(b)[0])},
        name="pairs",
    )
    one, other = keras.Input((4,)), keras.Input((4,))
    found = pairs({"a": one, "b": other})
    again = pairs({"a": other, "b": one})
    y = layers.concatenate([found["sum"], again["head"]])
    return keras.Model([one, other], layers.Dense(2)(y))


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


MODELS = [
    mlp,
    convnet,
    two_inputs,
    nested,
    residual,
    recurrent,
    attention,
    functions,
    convolutional,
    masked,
    stacked_cells,
    stateful,
    translator,
    several_attentions,
    causal,
    prepared,
    deeply_nested,
]
WITH_WORDS = [recurrent, masked, translator, causal]
WITH_DROPOUT = [mlp, masked, several_attentions]


def data(model, make, samples=6):
    """Inputs that a model takes: one array or a list of them."""
    random = np.random.default_rng(3)
    arrays = []
    for x in model.inputs:
        shape = (samples, *x.shape[1:])
        if make in WITH_WORDS:
            words = random.integers(1, 11, shape)
            words[::2, -2:] = 0
            arrays.append(words)
        else:
            arrays.append(random.normal(size=shape).astype("float32"))
    return arrays if len(arrays) > 1 else arrays[0]
