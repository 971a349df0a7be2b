"""Steps that are repeated as they were written down: the same bits, or none at all."""

import copy
import pickle

import numpy as np
import pytest

import keratorch as keras
from keratorch import config, detect_anomaly, enable_grad, layers
from keratorch.training.recording import Recording
from keratorch.training.repeated_steps import RepeatedSteps

RNG = np.random.default_rng(8)
X = RNG.normal(size=(70, 12))
CLASSES = RNG.integers(0, 4, 70)
ONE_HOT = np.eye(4)[CLASSES]
BITS = RNG.integers(0, 2, 70)
STEPS = 3 * 5  # of the 70 samples in batches of 16, three times
# In NumPy 1 numbers take part in the choice of types, and no step is repeated.
REPEATS = np.lib.NumpyVersion(np.__version__) >= "2.0.0"


@pytest.fixture
def runs(monkeypatch):
    """Count the steps that are repeated."""
    found = []
    run = Recording.run
    monkeypatch.setattr(
        Recording, "run", lambda self, batch: found.append(1) or run(self, batch)
    )
    return found


def dense(*args, **options):
    return lambda: layers.Dense(*args, **options)


def trained(made, loss, x, y, metrics=(), optimizer="adam", **options):
    """Return logs and weights after three epochs of a model of such layers."""
    keras.utils.set_random_seed(1)
    shape = options.pop("shape", x.shape[1:])
    model = keras.Sequential([keras.Input(shape), *[make() for make in made]])
    model.compile(optimizer, loss, metrics=list(metrics))
    options = {"batch_size": 16, "epochs": 3, "verbose": 0, **options}
    history = model.fit(x, y, **options)
    assert model._repeated is None
    return history.history, model.get_weights()


def assert_same(some, others):
    assert some[0] == others[0]
    for one, other in zip(some[1], others[1], strict=True):
        np.testing.assert_array_equal(one, other)


def compared(monkeypatch, runs, *args, **options):
    """Return how many steps were repeated, with what usual steps give, bit by bit."""
    repeated = trained(*args, **options)
    count = len(runs)
    with monkeypatch.context() as usual:
        usual.setattr(RepeatedSteps, "train", lambda *batch: None)
        assert_same(repeated, trained(*args, **options))
    assert len(runs) == count
    return count


RELU, SOFTMAX = dense(8, activation="relu"), dense(4, activation="softmax")
REPEATED = {
    "labels": ([RELU, SOFTMAX], "sparse_categorical_crossentropy", X, CLASSES),
    "bytes in a column": (
        [RELU, SOFTMAX],
        "sparse_categorical_crossentropy",
        X.astype("float32"),
        CLASSES.astype("uint8")[:, None],
    ),
    "integers": ([RELU, dense(1)], "mse", CLASSES[:, None], BITS),
    "one-hot": ([dense(8, "tanh"), SOFTMAX], "categorical_crossentropy", X, ONE_HOT),
    "one-hot, logits": (
        [RELU, dense(4)],
        keras.losses.CategoricalCrossentropy(from_logits=True),
        X,
        ONE_HOT,
    ),
    "bits": (
        [dense(8, "sigmoid"), dense(1, "sigmoid")],
        "binary_crossentropy",
        X,
        BITS,
    ),
    "mean absolute": ([dense(8, "elu"), dense(1)], "mae", X, X[:, 0]),
    "log cosh": ([dense(8, "gelu"), dense(1)], "log_cosh", X, X[:, 0]),
    "poisson": ([dense(8, "softplus"), dense(1, "exponential")], "poisson", X, BITS),
    "layers before weights": (
        [
            lambda: layers.Rescaling(0.5, offset=0.1),
            lambda: layers.Dropout(0.2),
            lambda: layers.Activation("tanh"),
            dense(4),
        ],
        "mse",
        X,
        ONE_HOT,
    ),
    "rows of mean 0": (
        [dense(8), layers.LayerNormalization, RELU, layers.RMSNormalization, dense(4)],
        "mse",
        X,
        ONE_HOT,
    ),
    "slopes that are repeated": (
        [dense(8), layers.PReLU, dense(4)],
        "mse",
        X,
        ONE_HOT,
    ),
    "several axes": (
        [layers.Flatten, dense(8, "silu"), layers.LeakyReLU, dense(4)],
        "mse",
        X.reshape(-1, 4, 3),
        ONE_HOT,
    ),
    "dropout, penalties": (
        [
            dense(8, kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02)),
            lambda: layers.Dropout(0.3, seed=4),
            dense(6, bias_regularizer="l1"),
            lambda: layers.Dropout(0.2),
            dense(1),
        ],
        "mse",
        X,
        X[:, 1],
    ),
}


@pytest.mark.parametrize("case", REPEATED)
@pytest.mark.parametrize("shuffle", [False, True])
def test_repeated_steps_have_the_same_bits(case, shuffle, monkeypatch, runs):
    count = compared(monkeypatch, runs, *REPEATED[case], shuffle=shuffle)
    # Of the full batches the first two come as usual, and the first two of 6 samples.
    assert count == REPEATS * (STEPS - 4)


@pytest.mark.parametrize(
    ("metrics", "layers", "loss", "targets"),
    [
        (["accuracy"], [RELU, SOFTMAX], "sparse_categorical_crossentropy", CLASSES),
        (
            ["accuracy", "binary_crossentropy", "AUC"],
            [RELU, dense(1, "sigmoid")],
            "binary_crossentropy",
            BITS,
        ),
    ],
)
def test_metrics_see_predictions_and_logits(
    metrics, layers, loss, targets, monkeypatch, runs
):
    args = layers, loss, X * 40, targets, metrics
    assert compared(monkeypatch, runs, *args) == REPEATS * (STEPS - 4)


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adamw"])
def test_every_optimizer_gets_the_gradients(optimizer, monkeypatch, runs):
    args = [RELU, dense(1)], "mse", X, X[:, 0]
    assert compared(monkeypatch, runs, *args, optimizer=optimizer) == REPEATS * (
        STEPS - 4
    )


def test_a_functional_model_is_repeated(runs):
    x = keras.Input((12,))
    hidden = layers.Dense(12, activation="relu")(x)
    model = keras.Model(x, layers.Dense(1)(layers.Dense(12)(hidden) + hidden))
    model.compile("sgd", "mse")
    model.fit(X, X[:, 0], batch_size=35, epochs=4, verbose=0)
    assert len(runs) == REPEATS * (8 - 2)


def test_a_dict_with_one_output_takes_usual_steps(runs):
    x = keras.Input((12,))
    output = layers.Dense(1)(x)
    models = keras.Model(x, {"price": output}), keras.Model(x, output)
    histories = []
    for model in models:
        model.set_weights([np.full((12, 1), 0.1), np.zeros(1)])
        model.compile("sgd", "mse", metrics=["mae"])
        fitted = model.fit(
            X, X[:, 0], batch_size=35, epochs=3, shuffle=False, verbose=0
        )
        histories.append(fitted.history)
    named, alone = histories
    assert named["loss"] == alone["loss"]
    assert len(runs) == REPEATS * (6 - 2)
    assert models[0].predict(X, verbose=0)["price"].shape == (70, 1)


def test_numbers_become_a_column(monkeypatch, runs):
    args = [dense(1)], "mse", X[:, 0], X[:, 1]
    assert compared(monkeypatch, runs, *args, shape=(1,)) == REPEATS * (STEPS - 4)


def test_a_model_that_fit_builds_is_repeated(runs):
    model = keras.Sequential([layers.Dense(4, activation="relu"), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X, X[:, 0], batch_size=35, epochs=3, verbose=0)
    assert len(runs) == REPEATS * (6 - 2)
    model.fit(X, X[:, 0], batch_size=35, epochs=3, verbose=0)
    assert len(runs) == REPEATS * (2 * (6 - 2))


def own_loss(y_true, y_pred):
    return np.mean(np.square(y_true - y_pred), axis=-1)


def halved(x):
    return x * 0.5


halved.couples_samples = False


def halving():
    layer = layers.Lambda(halved)
    layer.couples_samples = False
    return layer


class Doubled(layers.Dense):
    def call(self, inputs):
        return 2 * super().call(inputs)


class Watching(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        pass


MSE = [RELU, dense(1)], "mse", X, X[:, 0]


@pytest.mark.parametrize(
    ("args", "options"),
    [
        (([RELU, dense(1)], own_loss, X, X[:, 0]), {}),
        (([lambda: Doubled(8), dense(1)], "mse", X, X[:, 0]), {}),
        (([RELU, layers.BatchNormalization, dense(1)], "mse", X, X[:, 0]), {}),
        (([lambda: layers.Lambda(lambda x: x * 2), dense(1)], "mse", X, X[:, 0]), {}),
        (([dense(8, activation=lambda x: x * 2), dense(1)], "mse", X, X[:, 0]), {}),
        (([dense(8, activation=halved), dense(1)], "mse", X, X[:, 0]), {}),
        (([dense(8), halving, dense(1)], "mse", X, X[:, 0]), {}),
        (([dense(8, kernel_regularizer=np.sum), dense(1)], "mse", X, X[:, 0]), {}),
        (([dense(8, activity_regularizer="l2"), dense(1)], "mse", X, X[:, 0]), {}),
        (([RELU, dense(1)], "hinge", X, 2 * BITS - 1), {}),
        (
            (
                [RELU, dense(1, "sigmoid")],
                keras.losses.BinaryCrossentropy(label_smoothing=0.1),
                X,
                BITS,
            ),
            {},
        ),
        (MSE, {"sample_weight": np.ones(70)}),
        (MSE, {"callbacks": [Watching()]}),
        (
            MSE,
            {
                "callbacks": [
                    keras.callbacks.LambdaCallback(on_train_batch_begin=lambda *_: None)
                ]
            },
        ),
        (MSE, {"optimizer": keras.optimizers.SGD(loss_scale_factor=2.0)}),
        (MSE, {"epochs": 1, "batch_size": 40}),
    ],
)
def test_what_may_change_is_not_repeated(args, options, monkeypatch, runs):
    if "optimizer" in options:  # which belongs to one model
        given = options["optimizer"].get_config()
        trained(*args, **{**options, "optimizer": keras.optimizers.SGD(**given)})
    else:
        trained(*args, **options)
    assert not runs


def test_a_model_with_a_call_of_its_own_is_not_repeated(runs):
    called = []

    class Called(keras.Sequential):
        def __call__(self, *args, **kwargs):
            called.append(1)
            return super().__call__(*args, **kwargs)

    model = Called([keras.Input((12,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    called.clear()
    model.fit(X, X[:, 0], batch_size=10, epochs=2, verbose=0)
    assert not runs
    assert len(called) >= 14


def test_changes_between_epochs_are_seen(monkeypatch, runs):
    class Linear(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                self.model.layers[0].activation = keras.activations.tanh
            if epoch == 2:
                self.model.layers[0].trainable = False

    # Each epoch begins anew: two of its four full batches are repeated, but none where
    # a weight that wants a gradient is not trained.
    assert compared(monkeypatch, runs, *MSE, callbacks=[Linear()]) == REPEATS * (2 * 2)


def test_schedules_and_validation_do_not_disturb(monkeypatch, runs):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5)
    options = {
        "optimizer": lambda: keras.optimizers.Adam(schedule),
        "validation_split": 0.2,
        "callbacks": [keras.callbacks.EarlyStopping("val_loss", patience=9)],
    }
    made = options.pop("optimizer")
    repeated = trained(*MSE, optimizer=made(), **options)
    assert len(runs) == REPEATS * (3 * 4 - 4)
    with monkeypatch.context() as usual:
        usual.setattr(RepeatedSteps, "train", lambda *batch: None)
        assert_same(repeated, trained(*MSE, optimizer=made(), **options))


def test_a_model_can_be_copied_and_pickled_in_the_middle(runs):
    class Copies(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            for twin in (
                copy.deepcopy(self.model),
                pickle.loads(pickle.dumps(self.model)),
            ):
                assert twin._repeated is None
                np.testing.assert_array_equal(
                    twin.predict(X, verbose=0), self.model.predict(X, verbose=0)
                )
                twin.fit(X, X[:, 0], verbose=0)

    trained(*MSE, callbacks=[Copies()])
    assert bool(runs) is REPEATS


def test_textbook_and_anomaly_modes_take_usual_steps(runs):
    try:
        config.set_fast(False)
        trained(*MSE)
    finally:
        config.set_fast(True)
    with detect_anomaly():
        trained(*MSE)
    assert not runs
    with enable_grad():  # which changes nothing here
        trained(*MSE)
    assert bool(runs) is REPEATS


def test_hooks_of_weights_are_called(runs):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((12,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    seen = []
    model.layers[0].kernel.register_hook(seen.append)
    model.fit(X, X[:, 0], batch_size=35, epochs=3, verbose=0)
    assert len(seen) == 6
    assert not runs


def test_frozen_weights_get_no_gradient(monkeypatch, runs):
    def frozen():
        return layers.Dense(8, activation="relu", trainable=False)

    args = [RELU, frozen, dense(1)], "mse", X, X[:, 0]
    assert compared(monkeypatch, runs, *args) == 0


def test_a_loss_of_nan_is_warned_of(runs):
    rate = keras.optimizers.SGD(3.0)  # with which a batch or two are still finite
    with np.errstate(all="ignore"), pytest.warns(UserWarning, match="became NaN in"):
        trained([dense(8), dense(1)], "mse", X, X[:, 0], optimizer=rate, epochs=9)
    assert bool(runs) is REPEATS


def test_weights_that_are_assigned_count(runs):
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(0.0), "mse", metrics=["mae"])

    class Zeros(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.model.layers[0].kernel.assign(np.full((2, 1), float(epoch)))

    x, y = np.ones((8, 2)), np.zeros(8)
    history = model.fit(x, y, 2, epochs=3, verbose=0, callbacks=[Zeros()]).history
    assert history["mae"] == [0.0, 2.0, 4.0]
    assert bool(runs) is REPEATS
