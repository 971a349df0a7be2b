"""Whole models that both libraries make and train from the same code.

Each function of `MODELS` takes the library as its argument and returns the history of
a short training, as `{name: [a number for each epoch]}`, and the trained model.  Data
and initial weights are drawn here, nothing is shuffled, and where a model is random,
its random numbers are among the data: two libraries must find the same numbers.
"""

import re

import numpy as np

EPOCHS, BATCH = 3, 4


def uniform(seed, *shape, low=-1.0, high=1.0):
    """float32 numbers of three decimals between two bounds."""
    numbers = np.random.default_rng(seed).random(shape)
    return np.round(low + (high - low) * numbers, 3).astype("float32")


def integers(seed, *shape, below):
    """Integers from 0 on, below a bound."""
    return (np.random.default_rng(seed).random(shape) * below).astype("int64")


def sentences(seed, count, length, words):
    """Sequences of word numbers from 1 on, with zeros behind the last word."""
    found = 1 + integers(seed, count, length, below=words - 1)
    lengths = 2 + integers(seed + 1, count, 1, below=length - 1)
    return np.where(np.arange(length) < lengths, found, 0)


def give_weights(model, seed=0):
    """Set all weights to drawn numbers: kernels scaled to their inputs."""
    for i, weight in enumerate(model.weights):
        shape = tuple(weight.shape)
        drawn = uniform([seed, i], *shape)
        if weight.name in ("gamma", "moving_variance"):
            drawn = 1 + 0.2 * drawn
        elif len(shape) < 2:
            drawn = 0.1 * drawn
        else:
            drawn = drawn * np.sqrt(3 / np.prod(shape[:-1]))
        weight.assign(drawn.astype("float32"))
    return model


def weight_table(model):
    """Path, shape and norm of each weight; paths without the counters of names."""
    return [
        [re.sub(r"_\d+", "", weight.path), list(array.shape), np.linalg.norm(array)]
        for weight, array in zip(model.weights, model.get_weights(), strict=True)
    ]


def fit(model, x, y, **options):
    """The history of a few epochs on batches in order, and the model."""
    history = model.fit(
        x, y, batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0, **options
    )
    return history.history, model


def mlp(keras):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(8, activation="relu", kernel_regularizer="l2"),
            layers.Dense(7, activation="gelu"),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = uniform(1, 13, 6), integers(2, 13, below=3)
    validation = (uniform(3, 5, 6), integers(4, 5, below=3))
    return fit(give_weights(model), x, y, validation_data=validation)


def convnet(keras):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            layers.Conv2D(4, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.MaxPooling2D(2),
            layers.SeparableConv2D(5, 2, strides=1, activation="tanh"),
            layers.AveragePooling2D(2, strides=1),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    optimizer = keras.optimizers.RMSprop(0.002)
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
    x, y = uniform(5, 13, 8, 8, 2), np.eye(3, dtype="float32")[integers(6, 13, below=3)]
    return fit(give_weights(model), x, y, validation_split=0.25)


def residual(keras):
    layers = keras.layers

    def normalized(x, filters, kernel_size, **options):
        x = layers.Conv2D(filters, kernel_size, padding="same", **options)(x)
        return layers.BatchNormalization(momentum=0.8)(x)

    inputs = keras.Input((8, 8, 3))
    x = layers.ReLU()(normalized(inputs, 4, 3))
    for filters, strides in ((4, 1), (6, 2)):
        y = layers.ReLU()(normalized(x, filters, 3, strides=strides))
        y = normalized(y, filters, 3, use_bias=False)
        if strides > 1:
            x = normalized(x, filters, 1, strides=strides)
        x = layers.ReLU()(layers.add([x, y]))
    outputs = layers.Dense(3)(layers.GlobalAveragePooling2D()(x))
    model = keras.Model(inputs, outputs)
    optimizer = keras.optimizers.SGD(0.02, momentum=0.9, nesterov=True)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer, loss, metrics=["accuracy"])
    x, y = uniform(7, 12, 8, 8, 3), integers(8, 12, below=3)
    validation = (uniform(9, 4, 8, 8, 3), integers(10, 4, below=3))
    return fit(give_weights(model), x, y, validation_data=validation)


def lstm(keras):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((6, 3)),
            layers.LSTM(5, return_sequences=True),
            layers.LSTM(4, go_backwards=True, recurrent_activation="hard_sigmoid"),
            layers.Dense(2),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01, clipnorm=0.5), "mse", metrics=["mae"])
    return fit(give_weights(model), uniform(11, 13, 6, 3), uniform(12, 13, 2))


def bidirectional_gru(keras):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((5, 3)),
            layers.Bidirectional(layers.GRU(4, return_sequences=True)),
            layers.Bidirectional(layers.GRU(3, reset_after=False), merge_mode="mul"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    return fit(give_weights(model), uniform(13, 13, 5, 3), integers(14, 13, below=2))


def embedding_convolution(keras):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((9,)),
            layers.Embedding(12, 5),
            layers.Conv1D(6, 3, activation="relu"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    metrics = ["accuracy", keras.metrics.AUC(name="auc")]
    model.compile(keras.optimizers.Nadam(0.005), "binary_crossentropy", metrics=metrics)
    x, y = integers(15, 13, 9, below=12), integers(16, 13, below=2)
    return fit(give_weights(model), x, y, class_weight={0: 1.0, 1: 2.0})


def masked_lstm(keras):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((7,)),
            layers.Embedding(10, 4, mask_zero=True),
            layers.LSTM(5),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adagrad", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = sentences(17, 13, 7, 10), integers(19, 13, below=3)
    weight = uniform(20, 13, low=0.2, high=2.0)
    return fit(give_weights(model), x, y, sample_weight=weight)


def masked_tagger(keras):
    layers = keras.layers
    inputs = keras.Input((7,))
    x = layers.Embedding(10, 4, mask_zero=True)(inputs)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    tags = layers.TimeDistributed(layers.Dense(4, activation="softmax"))(x)
    model = keras.Model(inputs, tags)
    optimizer = keras.optimizers.AdamW(0.01, weight_decay=0.01)
    model.compile(
        optimizer,
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        weighted_metrics=["sparse_categorical_crossentropy"],
    )
    x, y = sentences(21, 13, 7, 10), integers(23, 13, 7, below=4)
    return fit(give_weights(model), x, y)


def variational(keras):
    layers, ops = keras.layers, keras.ops

    class Sampling(layers.Layer):
        def call(self, inputs):
            mean, log_variance, noise = inputs
            surprise = 1 + log_variance - mean**2 - ops.exp(log_variance)
            self.add_loss(-0.5 * ops.mean(ops.sum(surprise, axis=1)))
            return mean + ops.exp(0.5 * log_variance) * noise

    picture, noise = keras.Input((10,), name="picture"), keras.Input((2,), name="noise")
    hidden = layers.Dense(6, activation="relu")(picture)
    mean, log_variance = layers.Dense(2)(hidden), layers.Dense(2)(hidden)
    code = Sampling()([mean, log_variance, noise])
    hidden = layers.Dense(6, activation="relu")(code)
    model = keras.Model([picture, noise], layers.Dense(10, "sigmoid")(hidden))
    model.compile("adam", "binary_crossentropy", metrics=["mse"])
    x = uniform(24, 13, 10, low=0.0)
    return fit(give_weights(model), {"picture": x, "noise": uniform(25, 13, 2)}, x)


def gradients(keras, loss, weights):
    """dloss/dweight for each weight, in the way of each library."""
    if keras.__name__ == "keratorch":
        return keras.gradients(loss, weights)
    import torch

    return list(torch.autograd.grad(loss, [weight.value for weight in weights]))


def variational_own_step(keras):
    layers, ops = keras.layers, keras.ops

    class VAE(keras.Model):
        def __init__(self):
            super().__init__()
            self.encoder = keras.Sequential([layers.Dense(6, "tanh"), layers.Dense(4)])
            self.decoder = keras.Sequential([layers.Dense(6, "tanh"), layers.Dense(10)])
            self.total = keras.metrics.Mean(name="loss")
            self.divergence = keras.metrics.Mean(name="divergence")

        @property
        def metrics(self):
            return [self.total, self.divergence]

        def call(self, inputs):
            picture, noise = inputs
            mean, log_variance = ops.split(self.encoder(picture), 2, axis=-1)
            code = mean + ops.exp(0.5 * log_variance) * noise
            return ops.sigmoid(self.decoder(code)), mean, log_variance

        def train_step(self, data):
            (picture, noise), y = data
            rebuilt, mean, log_variance = self((picture, noise), training=True)
            surprise = 1 + log_variance - ops.square(mean) - ops.exp(log_variance)
            divergence = -0.5 * ops.mean(ops.sum(surprise, axis=1))
            wrong = keras.losses.binary_crossentropy(y, rebuilt)
            loss = ops.mean(wrong) * 10 + divergence
            weights = self.trainable_weights
            self.optimizer.apply(gradients(keras, loss, weights), weights)
            self.total.update_state(loss)
            self.divergence.update_state(divergence)
            return {metric.name: metric.result() for metric in self.metrics}

    model = VAE()
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    x, noise = uniform(26, 13, 10, low=0.0), uniform(27, 13, 2)
    model((x[:1], noise[:1]))
    return fit(give_weights(model), (x, noise), x)


def adversarial(keras):
    layers = keras.layers
    generator = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(8, use_bias=False),
            layers.BatchNormalization(momentum=0.8),
            layers.LeakyReLU(0.2),
            layers.Dense(5, activation="tanh"),
        ],
        name="generator",
    )
    discriminator = keras.Sequential(
        [
            keras.Input((5,)),
            layers.Dense(7),
            layers.LeakyReLU(0.2),
            layers.Dense(1, activation="sigmoid"),
        ],
        name="discriminator",
    )
    give_weights(generator, 1), give_weights(discriminator, 2)
    rate = {"learning_rate": 0.002, "beta_1": 0.5}
    adam = keras.optimizers.Adam
    discriminator.compile(adam(**rate), "binary_crossentropy", metrics=["accuracy"])
    noise = keras.Input((3,))
    discriminator.trainable = False
    both = keras.Model(noise, discriminator(generator(noise)))
    both.compile(adam(**rate), "binary_crossentropy")
    history = {"real": [], "forged": [], "accuracy": [], "generator": []}
    ones, zeros = np.ones((6, 1), "float32"), np.zeros((6, 1), "float32")
    for step in range(9):
        real, drawn = uniform([28, step], 6, 5), uniform([29, step], 6, 3)
        forged = generator.predict(drawn, verbose=0)
        discriminator.trainable = True
        losses = [
            discriminator.train_on_batch(x, y)
            for x, y in ((real, ones), (np.asarray(forged), zeros))
        ]
        discriminator.trainable = False
        history["real"].append(losses[0][0])
        history["forged"].append(losses[1][0])
        history["accuracy"].append(losses[1][1])
        history["generator"].append(both.train_on_batch(drawn, ones))
    return history, both


def transformer(keras):
    layers, ops = keras.layers, keras.ops

    class Positions(layers.Layer):
        def build(self, shape):
            self.table = self.add_weight(shape=shape[1:], name="table")

        def call(self, x):
            return x + self.table

    inputs = keras.Input((6,))
    x = Positions()(layers.Embedding(11, 8)(inputs))
    attended = layers.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True)
    x = layers.LayerNormalization(epsilon=1e-6)(x + attended)
    fed = layers.Dense(8)(layers.Dense(12, activation="relu")(x))
    x = layers.LayerNormalization(epsilon=1e-6)(layers.add([x, fed]))
    x = ops.mean(x, axis=1)
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(x))
    # the keys' bias has no gradient but rounding: epsilon keeps Adam from raising it
    optimizer = keras.optimizers.Adam(0.005, epsilon=1e-3)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return fit(
        give_weights(model), integers(30, 13, 6, below=11), integers(31, 13, below=2)
    )


def autoencoder(keras):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            layers.Conv2D(4, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2, padding="same"),
            layers.Conv2D(3, 3, strides=2, padding="same", activation="elu"),
            layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu"),
            layers.UpSampling2D(2, interpolation="bilinear"),
            layers.Conv2D(2, 3, padding="same", activation="selu"),
            layers.MaxPooling2D(2),
            layers.UpSampling2D(2),
            layers.Conv2D(2, 3, padding="same", activation="sigmoid"),
        ]
    )
    model.compile(keras.optimizers.Adamax(0.01), "binary_crossentropy", metrics=["mse"])
    x = uniform(32, 13, 8, 8, 2, low=0.0)
    return fit(give_weights(model), x, x)


def siamese(keras):
    layers, ops = keras.layers, keras.ops

    def distance(pair):
        squares = ops.sum(ops.square(pair[0] - pair[1]), axis=1, keepdims=True)
        return ops.sqrt(ops.maximum(squares, 1e-7))

    def contrastive(y_true, y_pred):
        apart = ops.square(ops.maximum(1.0 - y_pred, 0.0))
        return ops.mean((1 - y_true) * ops.square(y_pred) + y_true * apart)

    base = keras.Sequential(
        [keras.Input((5,)), layers.Dense(6, activation="relu"), layers.Dense(3)]
    )
    one, other = keras.Input((5,)), keras.Input((5,))
    apart = layers.Lambda(distance, output_shape=(1,))([base(one), base(other)])
    model = keras.Model([one, other], apart)
    model.compile(keras.optimizers.RMSprop(0.005), contrastive, metrics=["mae"])
    pairs = [uniform(33, 13, 5), uniform(34, 13, 5)]
    y = integers(35, 13, 1, below=2).astype("float32")
    return fit(give_weights(model), pairs, y)


def several_inputs_and_outputs(keras):
    layers = keras.layers
    title = keras.Input((6,), name="title")
    numbers = keras.Input((3,), name="numbers")
    words = layers.GRU(4)(layers.Embedding(9, 4)(title))
    x = layers.concatenate([words, layers.Dense(4, activation="relu")(numbers)])
    price = layers.Dense(1, name="price")(x)
    kind = layers.Dense(3, activation="softmax", name="kind")(x)
    model = keras.Model([title, numbers], [price, kind])
    model.compile(
        optimizer=keras.optimizers.Adam(
            keras.optimizers.schedules.ExponentialDecay(0.02, 4, 0.9)
        ),
        loss={"price": "mse", "kind": "sparse_categorical_crossentropy"},
        loss_weights={"price": 0.3, "kind": 2.0},
        metrics={"price": ["mae", "mse"], "kind": "accuracy"},
    )
    x = {"title": integers(36, 13, 6, below=9), "numbers": uniform(37, 13, 3)}
    y = {"price": uniform(38, 13, 1), "kind": integers(39, 13, below=3)}
    later = {key: value[:5] for key, value in x.items()}
    validation = (later, {key: value[-5:] for key, value in y.items()})
    return fit(give_weights(model), x, y, validation_data=validation)


def translator(keras):
    layers = keras.layers
    source, target = keras.Input((6,), name="source"), keras.Input((5,), name="target")
    read = layers.Embedding(9, 4, mask_zero=True)(source)
    _, *states = layers.LSTM(5, return_state=True)(read)
    write = layers.Embedding(8, 4, mask_zero=True)(target)
    outputs, _, _ = layers.LSTM(5, return_sequences=True, return_state=True)(
        write, initial_state=states
    )
    outputs = layers.Dense(8, activation="softmax")(outputs)
    model = keras.Model([source, target], outputs)
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = [sentences(40, 13, 6, 9), sentences(42, 13, 5, 8)]
    y = np.roll(x[1], -1, axis=1)
    y[:, -1] = 0
    return fit(give_weights(model), x, y)


MODELS = [
    mlp,
    convnet,
    residual,
    lstm,
    bidirectional_gru,
    embedding_convolution,
    masked_lstm,
    masked_tagger,
    variational,
    variational_own_step,
    adversarial,
    transformer,
    autoencoder,
    siamese,
    several_inputs_and_outputs,
    translator,
]
