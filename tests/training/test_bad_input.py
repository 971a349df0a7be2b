"""Each common mistake raises before the first step and says what to do."""

import re

import numpy as np
import pytest

import keratorch as keras

X = np.random.default_rng(0).random((12, 4), dtype=np.float32)
LABELS = np.arange(12) % 3
ONE_HOT = np.eye(3)[LABELS]
YES_NO = (np.arange(12) % 2).astype(float)


def model(units=3, activation="softmax", loss="sparse_categorical_crossentropy", **kw):
    network = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(units, activation=activation)]
    )
    network.compile("sgd", loss, **kw)
    return network


def regression(units=1, loss="mse"):
    return model(units, None, loss)


def binary():
    return model(1, "sigmoid", "binary_crossentropy")


def nan_at(row):
    x = X.copy()
    x[row, 1] = np.nan
    return x


def labels_with(value):
    labels = LABELS.astype(float)
    labels[5] = value
    return labels


def yes_no_with(value):
    answers = YES_NO.copy()
    answers[5] = value
    return answers


MISTAKES = {  # what is called: what its message holds
    "wrong number of features": (
        lambda: model().fit(X[:, :3], LABELS),
        ["x", "3", "4", "Sequential"],
    ),
    "no batch axis": (lambda: model().fit(X[0], LABELS[:4]), ["x[None]"]),
    "no batch axis in predict": (lambda: model().predict(X[0]), ["x[None]"]),
    "x and y differ in length": (lambda: model().fit(X, LABELS[:7]), ["12", "7", "y"]),
    "sample_weight of another length": (
        lambda: model().fit(X, LABELS, sample_weight=np.ones(5)),
        ["sample_weight", "5", "12"],
    ),
    "y of one column for three outputs": (
        lambda: regression(3).fit(X, YES_NO[:, None]),
        ["(12, 1)", "(12, 3)"],
    ),
    "x and y swapped": (lambda: model().fit(LABELS[:, None], X), ["swapped?"]),
    "bad validation data": (
        lambda: model().fit(X, LABELS, validation_data=(X[:, :2], LABELS)),
        ["validation_data"],
    ),
    "validation data of one array": (
        lambda: model().fit(X, LABELS, validation_data=X),
        ["validation_data", "(x_val, y_val)"],
    ),
    "one-hot y with a sparse loss": (
        lambda: model().fit(X, ONE_HOT),
        ["categorical_crossentropy", "argmax"],
    ),
    "integer y with a categorical loss": (
        lambda: model(loss="categorical_crossentropy").fit(X, LABELS),
        ["sparse_categorical_crossentropy", "to_categorical"],
    ),
    "label too large": (
        lambda: model().fit(X, labels_with(3)),
        ["3", "5", "1-based?"],
    ),
    "negative label": (lambda: model().fit(X, labels_with(-1)), ["-1", "5"]),
    "fractional label": (lambda: model().fit(X, labels_with(0.5)), ["0.5", "5"]),
    "binary label 2": (lambda: binary().fit(X, yes_no_with(2)), ["2", "5"]),
    "binary label -1": (lambda: binary().fit(X, yes_no_with(-1)), ["-1", "5"]),
    "logits into a probability loss": (
        lambda: model(activation=None).fit(X * 100, LABELS),
        ["from_logits=True", "activation"],
    ),
    "no y": (lambda: model().fit(X), ["y", "loss"]),
    "no loss": (lambda: model(loss=None).fit(X, LABELS), ["loss", "compile"]),
    "fit before compile": (
        lambda: keras.Sequential([keras.layers.Dense(1)]).fit(X, YES_NO),
        ["compile"],
    ),
    "text as x": (lambda: model().fit(np.array([["a"] * 4] * 12), LABELS), ["x", "(0"]),
    "object x": (
        lambda: model().fit(np.array([[None] * 4] * 12, dtype=object), LABELS),
        ["x", "(0, 0)"],
    ),
    "ragged x": (lambda: model().fit([[1, 2], [3]], LABELS[:2]), ["x", "ragged", "1"]),
    "complex x": (lambda: model().fit(X * 1j, LABELS), ["x", "complex", "real"]),
    "NaN in x": (lambda: model().fit(nan_at(7), LABELS), ["x", "(7, 1)", "1 of"]),
    "Inf in y": (
        lambda: regression().fit(X, yes_no_with(np.inf)),
        ["y", "(5,)", "check_finite=False"],
    ),
    "weights before build": (
        lambda: keras.Sequential([keras.layers.Dense(1)]).get_weights(),
        ["get_weights", "Input"],
    ),
    "batch_size 0": (lambda: model().fit(X, LABELS, batch_size=0), ["batch_size", "0"]),
    "batch_size -1": (lambda: model().fit(X, LABELS, batch_size=-1), ["batch_size"]),
    "batch_size 2.5": (lambda: model().fit(X, LABELS, batch_size=2.5), ["2.5"]),
    "batch_size '32'": (lambda: model().fit(X, LABELS, batch_size="32"), ["'32'"]),
    "epochs -3": (lambda: model().fit(X, LABELS, epochs=-3), ["epochs", "-3"]),
    "validation_split 1.0": (
        lambda: model().fit(X, LABELS, validation_split=1.0),
        ["validation_split", "1.0"],
    ),
    "validation_split 1.5": (
        lambda: model().fit(X, LABELS, validation_split=1.5),
        ["validation_split", "1.5"],
    ),
    "validation_split -0.2": (
        lambda: model().fit(X, LABELS, validation_split=-0.2),
        ["validation_split", "-0.2"],
    ),
    "Dense(-5)": (lambda: keras.layers.Dense(-5), ["units", "-5"]),
    "Dense(True)": (lambda: keras.layers.Dense(True), ["units", "True"]),
    "Dropout(1.5)": (lambda: keras.layers.Dropout(1.5), ["rate", "1.5"]),
    "unknown optimizer": (lambda: model_with("admm"), ["Did you mean 'adam'"]),
    "unknown loss": (lambda: model(loss="msee"), ["Did you mean", "mse"]),
    "unknown metric": (lambda: model(metrics=["acuracy"]), ["metric", "acuracy"]),
    "unknown activation": (
        lambda: keras.layers.Dense(1, activation="rleu"),
        ["Did you mean", "relu"],
    ),
    "unknown initializer": (
        lambda: keras.layers.Dense(1, kernel_initializer="he_norml"),
        ["Did you mean", "he_normal"],
    ),
    "negative learning rate": (
        lambda: keras.optimizers.SGD(learning_rate=-0.1),
        ["learning_rate", "-0.1"],
    ),
    "NaN learning rate": (
        lambda: keras.optimizers.Adam(learning_rate=float("nan")),
        ["learning_rate", "nan"],
    ),
    "several arrays as x": (lambda: model().fit([X, X], LABELS), ["list of 2", "one"]),
    "dict without the name of the input": (
        lambda: model().fit({"a": X}, LABELS),
        ["'a'", "input_layer"],
    ),
    "no samples": (lambda: model().fit(X[:0], LABELS[:0]), ["no samples", "(0, 4)"]),
    "softmax over one unit": (
        lambda: model(1, "softmax", "binary_crossentropy"),
        ["softmax", "sigmoid"],
    ),
    "unknown layer argument": (
        lambda: keras.layers.Dense(3, unit=5),
        ["Dense", "unit", "units"],
    ),
    "optimizer without parameters": (lambda: keras.optimizers.SGD([], lr=0.1), ["no"]),
}


def model_with(optimizer):
    network = keras.Sequential([keras.layers.Dense(1)])
    network.compile(optimizer, "mse")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_answered(mistake):
    call, parts = MISTAKES[mistake]
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    message = str(caught.value)
    assert len(message) <= 600
    for part in parts:
        assert part in message


TYPE_MISTAKES = {
    "class_weight as a list": (
        lambda: model().fit(X, LABELS, class_weight=[1, 2, 3]),
        "dict",
    ),
    "callback class": (
        lambda: model().fit(X, LABELS, callbacks=[keras.callbacks.EarlyStopping]),
        "EarlyStopping()",
    ),
    "layer class": (lambda: keras.Sequential([keras.layers.Dense]), "Dense("),
    "class_weight with names": (
        lambda: model().fit(X, LABELS, class_weight={"0": 1.0}),
        "'0'",
    ),
    "x is a number": (lambda: model().fit(3, LABELS), "int"),
}


@pytest.mark.parametrize("mistake", TYPE_MISTAKES)
def test_wrong_kind_of_thing_is_a_type_error(mistake):
    call, part = TYPE_MISTAKES[mistake]
    with pytest.raises(TypeError, match=re.escape(part)):
        call()


def test_weights_and_optimizer_are_unchanged_after_a_mistake():
    network = model()
    network.fit(X, LABELS, verbose=0)
    before = network.get_weights()
    for bad in (X[:, :3], nan_at(0)):
        with pytest.raises(ValueError):
            network.fit(bad, LABELS, verbose=0)
    assert int(network.optimizer.iterations) == 1
    for old, new in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_check_finite_lifts_the_check():
    network = regression()
    with pytest.warns(UserWarning, match="NaN in epoch 1, step 1"):
        history = network.fit(nan_at(0), YES_NO, verbose=0, check_finite=False)
    assert np.isnan(history.history["loss"][0])


def test_softmax_with_logits_loss_warns():
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with pytest.warns(UserWarning, match="from_logits=True"):
        model(loss=loss)


def test_accuracy_of_a_regression_warns():
    with pytest.warns(UserWarning, match="mae"):
        model(1, None, "mse", metrics=["accuracy"])


def test_class_without_weight_warns():
    with pytest.warns(UserWarning, match="class 2"):
        model().fit(X, LABELS, class_weight={0: 1.0, 1: 2.0}, verbose=0)


def test_image_batch_into_dense_asks_for_flatten():
    network = keras.Sequential([keras.Input((16,)), keras.layers.Dense(3)])
    network.compile("sgd", "mse")
    with pytest.raises(ValueError, match=r"Flatten\(\)"):
        network.fit(np.ones((5, 4, 4)), np.ones((5, 3)))


def test_unknown_monitored_metric_lists_those_there_are():
    stop = keras.callbacks.EarlyStopping(monitor="val_losss")
    with pytest.raises(ValueError, match="loss"):
        model().fit(X, LABELS, callbacks=[stop], verbose=0)


def test_predict_of_nothing_is_an_empty_array_of_the_right_shape():
    assert model().predict(X[:0], verbose=0).shape == (0, 3)


def test_generator_that_ends_early_warns_with_the_steps_seen():
    def batches():
        for _ in range(3):
            yield X, LABELS

    with pytest.warns(UserWarning, match="3 batches"):
        model().fit(batches(), steps_per_epoch=5, epochs=2, verbose=0)


def test_error_of_a_generator_goes_on():
    def batches():
        yield X, LABELS
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone") as caught:
        model().fit(batches(), verbose=0)
    notes = getattr(caught.value, "__notes__", None)
    assert notes is None or "batch 1" in notes[0]


@pytest.mark.parametrize("name", ["y", "sample_weight"])
def test_generator_takes_no_second_source_of_data(name):
    value = {"y": LABELS, "sample_weight": np.ones(12)}[name]
    with pytest.raises(ValueError, match=name):
        model().fit(iter([(X, LABELS)]), **{name: value})


class Interrupt(keras.callbacks.Callback):
    def __init__(self, error):
        super().__init__()
        self.error, self.ended = error, 0

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 1 and self.error:
            raise self.error

    def on_train_end(self, logs=None):
        self.ended += 1


@pytest.mark.parametrize("error", [RuntimeError("mine"), KeyboardInterrupt()])
def test_after_an_interrupt_training_goes_on(error):
    network, callback = model(), Interrupt(error)
    with pytest.raises(type(error)):
        network.fit(X, LABELS, epochs=5, callbacks=[callback], verbose=0)
    assert callback.ended == 1
    assert len(network.history.history["loss"]) >= 1
    callback.error = None
    assert len(network.fit(X, LABELS, epochs=2, verbose=0).history["loss"]) == 2
