"""Steps in micro-batches: equal to the whole batch, the same bits on any threads."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import config, detect_anomaly, layers, losses, micro_batch, random
from keratorch.micro_batch import MicroBatch, Streams
from keratorch.training import cutter, micro_batches

RNG = np.random.default_rng(5)
IMAGES = RNG.random((50, 8, 8, 2), dtype=np.float32)
WORDS = RNG.integers(0, 30, (50, 9))
LABELS = RNG.integers(0, 3, 50)


pytestmark = pytest.mark.usefixtures("small_parts")


def images():
    return keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            layers.Conv2D(6, 3, activation="relu", kernel_regularizer="l2"),
            layers.SpatialDropout2D(0.3),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.4, seed=3),
            layers.Dense(7, activation="tanh"),
            layers.AlphaDropout(0.2),
            layers.Dense(3, activation="softmax"),
        ]
    ), IMAGES


def words():
    x = keras.Input((9,), dtype="int32")
    embedded = layers.Embedding(30, 6)(x)
    attended = layers.MultiHeadAttention(2, 3, dropout=0.2)(embedded, embedded)
    both = layers.LayerNormalization()(embedded + attended)
    both = layers.Bidirectional(layers.LSTM(4))(both)
    return keras.Model(x, layers.Dense(3, activation="softmax")(both)), WORDS


def trained(make, threads, loss="sparse_categorical_crossentropy", **options):
    """Return logs, weights and predictions after two epochs; None: whole batches."""
    config.set_fast(threads is not None)
    config.set_num_threads(threads)
    keras.utils.set_random_seed(1)
    model, x = make()
    model.compile(keras.optimizers.SGD(0.1), loss, metrics=["accuracy"])
    seen = []
    callback = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda step, logs: seen.append(logs["loss"])
    )
    model.fit(
        x,
        LABELS,
        batch_size=20,
        epochs=2,
        verbose=0,
        callbacks=[callback],
        **options,
    )
    after = random.uniform((3,))
    evaluated = model.evaluate(x, LABELS, batch_size=20, verbose=0)
    predicted = model.predict(x, batch_size=20, verbose=0)
    return [np.array(seen), np.array(evaluated), predicted, after, *model.get_weights()]


def parts_of(model, x):
    model.compile(loss="mse")
    return model._parts(x)


@pytest.mark.parametrize("make", [images, words])
@pytest.mark.parametrize("weighted", [False, True])
def test_parts_equal_the_whole_batch_and_any_number_of_threads(make, weighted):
    options = {"sample_weight": np.linspace(0.5, 2, 50)} if weighted else {}
    assert len(parts_of(*make())) > 2
    whole = trained(make, None, **options)
    first = trained(make, 1, **options)
    for x, y in zip(first, whole, strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-5, atol=2e-6)
    for threads in (2, 5):
        for x, y in zip(first, trained(make, threads, **options), strict=True):
            np.testing.assert_array_equal(x, y)


def test_a_sum_of_losses_is_not_divided_by_parts():
    loss = losses.SparseCategoricalCrossentropy(reduction="sum")
    for x, y in zip(trained(images, 2, loss), trained(images, None, loss), strict=True):
        np.testing.assert_allclose(x, y, rtol=2e-4, atol=1e-4)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("shape", [(7, 3), (8, 5, 5), (5, 1), (6,)])
def test_parts_draw_the_masks_of_the_whole_batch(shape, seed):
    whole, cut = np.random.default_rng(seed), np.random.default_rng(seed)
    for stream in (whole, cut):
        stream.integers(0, 9, 3, dtype=np.uint32)  # leaves half a word
    ones = np.ones(shape, np.float32)
    expected = [random.dropout(ones, rate, seed=whole) for rate in (0.3, 0.6)]
    n = shape[0]
    streams = Streams()
    parts = [
        MicroBatch(start, stop, n, streams) for start, stop in [(0, 2), (2, 3), (3, n)]
    ]

    def drawn(part):
        some = ones[part.samples]
        return [random.dropout(some, rate, seed=cut) for rate in (0.3, 0.6)]

    found = micro_batches.compute(parts, drawn)
    for i in range(2):
        joined = np.concatenate([each[i] for each in found])
        np.testing.assert_array_equal(joined, expected[i])
    assert whole.bit_generator.state == cut.bit_generator.state
    assert micro_batch.current.get() is None


def test_what_couples_samples_stays_whole():
    def sequential(*inner):
        return keras.Sequential([keras.Input((8, 8, 2)), *inner])

    class Own(layers.Layer):
        def call(self, inputs):
            return inputs - np.mean(inputs, axis=0)

    class OwnDense(layers.Dense):
        def call(self, inputs):
            return super().call(inputs) - 1

    class Declared(Own):
        couples_samples = False

    assert parts_of(sequential(layers.Flatten()), IMAGES)
    assert parts_of(sequential(Declared()), IMAGES)
    for coupling in (
        Own(),
        OwnDense(3),
        layers.BatchNormalization(),
        layers.GaussianNoise(0.1),
        layers.Dropout(0.5, noise_shape=(1, None, None, None)),
        layers.Lambda(lambda x: x * 2),
        layers.Activation("relu", activity_regularizer="l2"),
        layers.Softmax(axis=0),
        layers.Dense(3, activation=lambda z: z - np.mean(z, axis=0)),
        layers.Conv2D(3, 2, activation=lambda z: z / np.max(z)),
    ):
        assert parts_of(sequential(coupling), IMAGES) is None, coupling
    assert parts_of(sequential(layers.Dense(3, activation=layers.ReLU())), IMAGES)
    frozen = layers.BatchNormalization(trainable=False)
    assert parts_of(sequential(frozen), IMAGES)
    x = keras.Input((9, 4))
    sequences = RNG.random((10, 9, 4), dtype=np.float32)
    for recurrent, cut in [(layers.GRU(3), True), (layers.GRU(3, dropout=0.1), False)]:
        assert bool(parts_of(keras.Model(x, recurrent(x)), sequences)) is cut
    stateful = layers.LSTM(3, stateful=True)
    batch = keras.Input(batch_shape=(10, 9, 4))
    assert parts_of(keras.Model(batch, stateful(batch)), sequences) is None
    assert parts_of(keras.Model(x, x * 2 + x[:, :1]), sequences)
    assert parts_of(keras.Model(x, x - np.mean(x, axis=0)), sequences) is None
    assert parts_of(keras.Model(x, x[::-1] + 1), sequences) is None


def test_outputs_without_an_axis_of_their_own_keep_the_batch_whole():
    x = keras.Input((8,))
    assert (
        parts_of(keras.Model(x, layers.Dense(4)(x)[:, 0]), IMAGES[:, 0, :, 0]) is None
    )
    assert parts_of(keras.Model(x, layers.Dense(4)(x)[()]), IMAGES[:, 0, :, 0])


def test_a_cell_that_is_no_layer_keeps_the_batch_whole():
    class Cell:
        state_size = output_size = 4

        def call(self, inputs, states):
            return inputs - np.mean(inputs, axis=0) + states[0], [states[0] + inputs]

    x = keras.Input((9, 4))
    sequences = RNG.random((10, 9, 4), dtype=np.float32)
    for cell in (Cell(), layers.StackedRNNCells([Cell()])):
        assert parts_of(keras.Model(x, layers.RNN(cell)(x)), sequences) is None


def test_a_penalty_that_comes_later_is_seen():
    model, x = images()
    assert parts_of(model, x)
    model.layers[0].activity_regularizer = keras.regularizers.L2(0.5)
    assert parts_of(model, x) is None


def test_a_mask_at_the_end_keeps_the_batch_whole():
    masked = keras.Sequential(
        [layers.Embedding(30, 4, mask_zero=True), layers.Dense(2)]
    )
    masked(WORDS)
    assert parts_of(masked, WORDS) is None
    consumed = keras.Sequential(
        [layers.Embedding(30, 4, mask_zero=True), layers.LSTM(2)]
    )
    consumed(WORDS)
    assert parts_of(consumed, WORDS)


@pytest.mark.parametrize(
    ("loss", "cut"),
    [
        ("mse", True),
        (losses.Huber(reduction="sum"), True),
        (losses.CosineSimilarity(), True),
        (losses.CosineSimilarity(axis=1), False),
        (losses.Dice(), False),
        (losses.MeanSquaredError(reduction="mean_with_sample_weight"), False),
        (lambda y, p: np.mean(np.square(y - p), axis=-1), False),
    ],
)
def test_a_loss_that_is_no_sum_over_samples_keeps_the_batch_whole(loss, cut):
    model = keras.Sequential([keras.Input((8, 8, 2)), layers.Dense(2)])
    model.compile(loss=loss)
    assert model._sums_losses is cut
    sparse = losses.SparseCategoricalCrossentropy(ignore_class=0)
    model.compile(loss=sparse)
    assert not model._sums_losses


def test_own_steps_and_losses_keep_the_batch_whole():
    class OwnLoss(keras.Sequential):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
            return np.mean((y - y_pred) ** 2)

    model = OwnLoss([keras.Input((8, 8, 2)), layers.Flatten(), layers.Dense(1)])
    model.compile(loss="mse")
    assert not model._sums_losses


def test_hooks_anomalies_and_the_textbook_see_whole_batches():
    model, x = images()
    assert parts_of(model, x)
    with detect_anomaly():
        assert model._parts(x) is None
    config.set_fast(False)
    assert model._parts(x) is None
    config.set_fast(True)
    handle = model.trainable_variables[0].register_hook(lambda g: None)
    assert model._parts(x) is None
    handle.remove()
    assert model._parts(x)


def test_a_model_without_weights_predicts_in_parts():
    model = keras.Sequential([keras.Input((8, 8, 2)), layers.ReLU()])
    assert model._parts(IMAGES)
    np.testing.assert_array_equal(model.predict(IMAGES, verbose=0), IMAGES)


def test_an_error_in_a_part_names_the_layer_and_leaves_random_numbers_alone():
    class Picky(layers.Layer):
        couples_samples = False
        armed = False

        def call(self, inputs):
            if self.armed and inputs.shape[0] > 1:
                raise ValueError("too large")
            return inputs

    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            layers.Dropout(0.5),
            layers.Dense(2),
            Picky(),
            layers.Flatten(),
        ]
    )
    model.compile("sgd", "mse")
    before = random.generator().bit_generator.state
    Picky.armed = True
    with pytest.raises(ValueError, match="too large"):
        model.train_on_batch(IMAGES, np.zeros((50, 128)))
    assert random.generator().bit_generator.state == before


def test_the_parts_depend_on_shapes_alone():
    model, x = images()
    found = []
    for threads in (1, 3):
        config.set_num_threads(threads)
        found.append([(p.start, p.stop) for p in parts_of(model, x[:50])])
    assert found[0] == found[1]
    assert found[0][0][0] == 0
    assert found[0][-1][1] == 50


def test_predict_looks_at_the_layers_for_its_first_two_batches_alone(monkeypatch):
    looks = []
    settle = cutter.Cutter.settle
    monkeypatch.setattr(
        cutter.Cutter,
        "settle",
        lambda cutter: (looks.append(cutter), settle(cutter)),
    )
    model, x = images()
    model.predict(x, batch_size=5, verbose=0)
    assert len(looks) == 2
    model.predict(x[:5], verbose=0)
    assert len(looks) == 3  # and again in the next call, by when they may have changed


def test_predict_in_a_callback_leaves_what_fit_knows_of_the_layers():
    model, x = images()
    model.compile("sgd", "sparse_categorical_crossentropy")
    known = []

    class Predicts(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            model.predict(x, batch_size=20, verbose=0)
            known.append(model._cutter._settled)

    model.fit(x, LABELS, batch_size=25, verbose=0, callbacks=[Predicts()])
    assert known == [True, True] and not model._cutter._settled
