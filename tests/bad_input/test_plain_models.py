"""Subclassed models, plain loops and single batches: mistakes no symbols tell of."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import callbacks, layers, losses
from tests.bad_input.mistakes import LABELS, Mistake, X, check

Y = X.sum(axis=1, keepdims=True)


class Own(keras.Model):
    def __init__(self, units=1):
        super().__init__()
        self.hidden, self.last = layers.Dense(8), layers.Dense(units)

    def call(self, x):
        return self.last(self.hidden(x))


def own(units=1):
    model = Own(units)
    model(X[:1])
    model.compile("sgd", "mse")
    return model


def fit(x=X, y=Y, **kwargs):
    return lambda model: model.fit(x, y, verbose=0, **kwargs)


NAN = np.where(np.arange(48).reshape(12, 4) == 14, np.nan, X)
MASKED = np.ma.masked_array(X, mask=X > 0.5)

OF_SUBCLASSES = {
    "features": Mistake(fit(X[:, :3]), ("x of shape (12, 3)", "last axis 4")),
    "features in evaluate": Mistake(
        lambda model: model.evaluate(X[:, :3], Y, verbose=0), ("x of shape (12, 3)",)
    ),
    "features of validation_data": Mistake(
        fit(validation_data=(X[:, :3], Y)), ("validation_data: x of shape (12, 3)",)
    ),
    "swapped": Mistake(fit(Y, X), ("x of shape (12, 1)", "swapped?")),
    "a batch of NaN": Mistake(
        lambda model: model.train_on_batch(NAN, Y), ("x", "nan at index (3, 2)", "1 of")
    ),
    "NaN in a tested batch": Mistake(
        lambda model: model.test_on_batch(X, Y * np.inf), ("y", "inf at index (0, 0)")
    ),
    "a masked array": Mistake(
        fit(MASKED), ("x is a masked array", "of its 48", "x.filled(0)")
    ),
    "a set": Mistake(fit({1, 2}), ("x must be an array", "received set")),
    "the name of a file": Mistake(
        fit("data.csv"), ("x must be an array", "received str", "Read the file")
    ),
    "a class": Mistake(fit(np.ndarray), ("x must be", "the class ndarray")),
    "class weights as sample weights": Mistake(
        fit(sample_weight={0: 1.0, 1: 2.0}), ("sample_weight", "class_weight={0:")
    ),
    "a word as sample weights": Mistake(
        fit(sample_weight="balanced"), ("sample_weight", "'balanced'", "class_weight=")
    ),
    "nothing": Mistake(fit([], []), ("x holds no samples", "(0,)")),
    "one sample": Mistake(
        fit(X[0], Y[0]), ("received 4 in x and 1 in y", "use x[None]")
    ),
    "a validation that never comes": Mistake(
        fit(callbacks=[callbacks.EarlyStopping()]),
        ("EarlyStopping monitors 'val_loss'", "Give fit validation_data"),
    ),
    "a misspelt one": Mistake(
        fit(callbacks=[callbacks.ReduceLROnPlateau("val_los")]),
        ("'val_los'", "Known: loss."),
    ),
}


@pytest.mark.parametrize("name", OF_SUBCLASSES)
def test_a_subclassed_model_answers_and_stays_as_it_was(name):
    check(OF_SUBCLASSES[name], own())


@pytest.mark.parametrize(
    ("batch", "told"),
    [((NAN, Y), "x holds nan at index"), ((X[:0], Y[:0]), r"no samples: .*\(0, 4\)")],
)
def test_a_bad_batch_of_a_generator_is_no_step(batch, told):
    model = own()
    before = model.get_weights()
    with pytest.raises(ValueError, match=told):
        model.fit(iter([batch, (X, Y)]), verbose=0)
    np.testing.assert_equal(model.get_weights(), before)


def test_what_is_looked_for_may_be_lifted():
    model = own()
    with pytest.warns(UserWarning, match="became NaN"):
        model.fit(iter([(NAN, Y)]), verbose=0, check_finite=False)
    assert np.isnan(own().test_on_batch(NAN, Y, check_finite=False))


def test_callbacks_of_ones_own_may_bring_what_others_monitor():
    class Score(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["val_score"] = epoch

    stop = callbacks.EarlyStopping("val_score", mode="max")
    history = own().fit(X, Y, epochs=2, verbose=0, callbacks=[Score(), stop])
    assert history.history["val_score"] == [0, 1]


P = np.full((12, 3), 0.3)
CALLS = {
    "one-hot targets of a sparse loss": Mistake(
        lambda: losses.sparse_categorical_crossentropy(np.eye(3)[LABELS], P),
        ("(12, 3)", "np.argmax(target"),
    ),
    "labels of a categorical loss": Mistake(
        lambda: losses.categorical_crossentropy(LABELS, P),
        ("(12,)", "sparse_categorical_crossentropy", "to_categorical(y_true, 3)"),
    ),
    "labels of the operation": Mistake(
        lambda: keras.ops.categorical_crossentropy(LABELS, P), ("one_hot(target",)
    ),
    "one column": Mistake(
        lambda: losses.mean_squared_error(P, P[:, :1]), ("1 column,", "3 units")
    ),
    "a ragged list": Mistake(
        lambda: layers.Dense(2)([[1, 2], [3]]), ("rows differ in length", "Pad")
    ),
    "no batch of series": Mistake(
        lambda: layers.LSTM(2)(np.ones((5, 3))), ("(5, 3)", "for one sample x[None]")
    ),
    "no list of layers": Mistake(
        lambda: keras.Sequential(5), ("list of layers", "5 of type int")
    ),
    "patience": Mistake(
        lambda: callbacks.EarlyStopping(patience="3"), ("patience", "'3'")
    ),
    "min_delta": Mistake(
        lambda: callbacks.EarlyStopping(min_delta="a"), ("min_delta", "'a'", "0.001")
    ),
    "no file of logs": Mistake(
        lambda: callbacks.CSVLogger(5), ("filename", "received 5", "'log.csv'")
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_single_call_answers(name):
    check(CALLS[name])


@pytest.mark.parametrize("last", [layers.Softmax, lambda: layers.Activation("softmax")])
def test_a_softmax_over_one_unit_is_found_behind_its_layer(last):
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1), last()])
    with pytest.raises(ValueError, match="softmax over 1 unit.*Use activation"):
        model.compile("sgd", "binary_crossentropy")
